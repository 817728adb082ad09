/// Base64 as text. Source: RFC 4648, sections 4 and 5.
package enum Base64Text {
    package enum Alphabet: Sendable {
        /// With `+`, `/` and padding.
        case standard
        /// With `-` and `_`, without padding: fit for URLs.
        case url
    }

    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    package static func encoded(_ bytes: [UInt8], _ alphabet: Alphabet = .standard) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            bits <<= UInt32(8 * (3 - group.count))
            for position in 0...group.count { text.append(digits[Int(bits >> UInt32(18 - 6 * position) & 63)]) }
            if alphabet == .standard { text += [UInt8](repeating: UInt8(ascii: "="), count: 3 - group.count) }
        }
        if alphabet == .url {
            for index in text.indices {
                if text[index] == UInt8(ascii: "+") { text[index] = UInt8(ascii: "-") }
                if text[index] == UInt8(ascii: "/") { text[index] = UInt8(ascii: "_") }
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Strict: nil for anything that ``encoded(_:_:)`` does not write, such as missing padding, foreign characters and
    /// stray trailing bits.
    package static func bytes(_ text: some Collection<UInt8>, _ alphabet: Alphabet = .standard) -> [UInt8]? {
        var padding = 0
        if alphabet == .standard {
            guard text.count % 4 == 0 else { return nil }
            padding = text.suffix(2).count { $0 == UInt8(ascii: "=") }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3 + 2)
        var bits: UInt32 = 0
        var count = 0
        for byte in text.dropLast(padding) {
            guard let digit = value(of: byte, alphabet) else { return nil }
            bits = bits << 6 | digit
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
                bits &= 1 << UInt32(count) - 1
            }
        }
        // Six bits left over are a character too many.
        return bits == 0 && count < 6 ? bytes : nil
    }

    private static func value(of byte: UInt8, _ alphabet: Alphabet) -> UInt32? {
        switch (byte, alphabet) {
        case (UInt8(ascii: "A")...UInt8(ascii: "Z"), _): UInt32(byte - UInt8(ascii: "A"))
        case (UInt8(ascii: "a")...UInt8(ascii: "z"), _): UInt32(byte - UInt8(ascii: "a")) + 26
        case (UInt8(ascii: "0")...UInt8(ascii: "9"), _): UInt32(byte - UInt8(ascii: "0")) + 52
        case (UInt8(ascii: "+"), .standard), (UInt8(ascii: "-"), .url): 62
        case (UInt8(ascii: "/"), .standard), (UInt8(ascii: "_"), .url): 63
        default: nil
        }
    }
}
