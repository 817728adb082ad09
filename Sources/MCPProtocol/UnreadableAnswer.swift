/// Finds out which request a message answers that cannot be parsed: one that is nested too deep, or whose strings are no
/// UTF-8. Otherwise the caller would wait for its timeout.
package struct UnreadableAnswer {
    private let bytes: [UInt8]
    private var offset = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The `id` of an object that is whole, has no `method` and has an `id` that is one of ours; each byte is looked at once.
    package static func id(_ bytes: [UInt8]) -> Int64? {
        var scan = UnreadableAnswer(bytes)
        return scan.id()
    }

    private mutating func id() -> Int64? {
        var depth = 0
        var id: Int64?
        skipSpace()
        guard peek() == UInt8(ascii: "{") else { return nil }
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                guard depth > 0 else {
                    offset += 1
                    skipSpace()
                    return depth == 0 && peek() == nil ? id : nil
                }
            case UInt8(ascii: "\""):
                guard let text = string() else { return nil }
                guard depth == 1, isKey() else { continue }
                if text.elementsEqual("method".utf8) { return nil }
                if text.elementsEqual("id".utf8) { id = number() }
                continue
            default: break
            }
            offset += 1
        }
        return nil
    }

    private func peek() -> UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || (0x09...0x0D).contains(byte) { offset += 1 }
    }

    /// The bytes of a string as they are written, and the place behind it; nil when it does not end.
    private mutating func string() -> ArraySlice<UInt8>? {
        offset += 1
        let start = offset
        while let byte = peek(), byte != UInt8(ascii: "\"") { offset += byte == UInt8(ascii: "\\") ? 2 : 1 }
        guard offset < bytes.count else { return nil }
        offset += 1
        return bytes[start..<offset - 1]
    }

    /// Goes behind the colon when there is one.
    private mutating func isKey() -> Bool {
        skipSpace()
        guard peek() == UInt8(ascii: ":") else { return false }
        offset += 1
        return true
    }

    /// An integer without sign, as our ids are.
    private mutating func number() -> Int64? {
        skipSpace()
        let start = offset
        while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { offset += 1 }
        let isWhole = [UInt8(ascii: ","), UInt8(ascii: "}"), 0x20].contains(peek())
        return isWhole ? Int64(String(decoding: bytes[start..<offset], as: UTF8.self)) : nil
    }
}
