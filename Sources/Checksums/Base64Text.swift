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
}
