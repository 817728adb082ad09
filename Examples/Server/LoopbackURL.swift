/// The address of an HTTP server on this machine, `http://127.0.0.1:<port>`; an example should not reach further.
struct LoopbackURL: Sendable, CustomStringConvertible {
    let port: Int

    var description: String { "http://127.0.0.1:\(port)" }

    init(_ text: String) throws(ToolFailure) {
        let trimmed = text.hasSuffix("/") ? text.dropLast() : text[...]
        for prefix in ["http://127.0.0.1:", "http://localhost:"] where trimmed.hasPrefix(prefix) {
            if let port = Int(trimmed.dropFirst(prefix.count)), 1...65_535 ~= port {
                self.port = port
                return
            }
        }
        throw ToolFailure("'\(text)' is no address of this machine, such as http://127.0.0.1:18000")
    }
}

/// Percent-encoding of query values. Source: RFC 3986, section 2.
enum PercentEncoding {
    static func encode(_ text: String) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            let isPlain =
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || "-._~".utf8.contains(byte)
            bytes += isPlain ? [byte] : [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Text that is not well encoded stays as it is.
    static func decode(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16) else { fallthrough }
                bytes.append(value)
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
