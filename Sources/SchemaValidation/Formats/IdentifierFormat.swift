/// UUIDs and JSON pointers.
enum IdentifierFormat {
    /// Source: RFC 4122, section 3.
    static func isUUID(_ bytes: Bytes) -> Bool {
        guard bytes.count == 36 else { return false }
        for index in 0..<36 {
            let byte = bytes[index]
            switch index {
            case 8, 13, 18, 23: guard byte == UInt8(ascii: "-") else { return false }
            default: guard byte.isHexDigit else { return false }
            }
        }
        return true
    }

    /// Source: RFC 6901, section 3.
    static func isJSONPointer(_ bytes: Bytes) -> Bool {
        var bytes = bytes
        guard !bytes.isAtEnd else { return true }
        guard bytes.next == UInt8(ascii: "/") else { return false }
        while let next = bytes.next {
            bytes.advance()
            if next == UInt8(ascii: "~") {
                guard bytes.skip(UInt8(ascii: "0")) || bytes.skip(UInt8(ascii: "1")) else { return false }
            }
        }
        return true
    }

    /// Source: draft-handrews-relative-json-pointer-01: a number, then `#` or a pointer.
    static func isRelativeJSONPointer(_ bytes: Bytes) -> Bool {
        var bytes = bytes
        guard let first = bytes.next else { return false }
        let digits = bytes.skipDigits()
        guard digits > 0, digits == 1 || first != 0x30 else { return false }
        if bytes.skip(UInt8(ascii: "#")) { return bytes.isAtEnd }
        return isJSONPointer(bytes)
    }
}
