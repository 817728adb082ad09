/// Quick ways through texts of ASCII, which most texts are. Each gives nil where the general way has to be taken.
enum PlainText {
    /// The text with every byte mapped; nil when a byte is beyond ASCII.
    static func mapped(_ text: String, _ transform: (UInt8) -> UInt8) -> String? {
        var text = text
        return text.withUTF8 { bytes in
            guard isASCII(bytes) else { return nil }
            return String(unsafeUninitializedCapacity: bytes.count) { output in
                for index in 0..<bytes.count { output[index] = transform(bytes[index]) }
                return bytes.count
            }
        }
    }

    static func upper(_ byte: UInt8) -> UInt8 { byte &- 0x61 < 26 ? byte ^ 0x20 : byte }

    static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte ^ 0x20 : byte }

    static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var union: UInt8 = 0
        for byte in bytes { union |= byte }
        return union < 0x80
    }

    /// The text between two quotation marks; nil when a character in it has to be escaped.
    static func quoted(_ text: String) -> String? {
        var text = text
        return text.withUTF8 { bytes in
            for byte in bytes where byte &- 0x20 >= 0x5F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                return nil
            }
            return String(unsafeUninitializedCapacity: bytes.count + 2) { output in
                output[0] = UInt8(ascii: "\"")
                for index in 0..<bytes.count { output[index + 1] = bytes[index] }
                output[bytes.count + 1] = UInt8(ascii: "\"")
                return bytes.count + 2
            }
        }
    }

    /// The part between the first and the last byte that is not in `set`; nil when either text is not ASCII.
    static func trimmed(_ text: String, of set: String) -> String? {
        var (text, set) = (text, set)
        return set.withUTF8 { set in
            text.withUTF8 { bytes in
                guard isASCII(set), isASCII(bytes) else { return nil }
                var start = 0
                var end = bytes.count
                while start < end, set.contains(bytes[start]) { start += 1 }
                while end > start, set.contains(bytes[end - 1]) { end -= 1 }
                return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
            }
        }
    }

    /// The first `count` bytes; nil when they end inside a character.
    static func prefix(_ text: String, _ count: Int) -> String? {
        var text = text
        return text.withUTF8 { bytes in
            guard count < bytes.count, bytes[count] & 0xC0 != 0x80 else { return nil }
            return String(decoding: UnsafeBufferPointer(rebasing: bytes[..<count]), as: UTF8.self)
        }
    }

    /// Whether a character is in the text that HTML has to have escaped.
    static func needsHTMLEscapes(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            bytes.contains { byte in
                switch byte {
                case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"), 0:
                    true
                default: false
                }
            }
        }
    }

    /// The text with every occurrence of a single byte replaced by another.
    static func replaced(_ byte: UInt8, by other: UInt8, in text: String) -> String {
        var text = text
        return text.withUTF8 { bytes in
            String(unsafeUninitializedCapacity: bytes.count) { output in
                for index in 0..<bytes.count { output[index] = bytes[index] == byte ? other : bytes[index] }
                return bytes.count
            }
        }
    }

    /// The only byte of a text of one ASCII character.
    static func singleByte(_ text: String) -> UInt8? {
        guard text.utf8.count == 1 else { return nil }
        return text.utf8.first
    }
}
