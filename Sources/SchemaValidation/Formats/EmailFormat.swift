/// Mail addresses. Source: RFC 5321, section 4.1.2, and RFC 6531 for those with letters beyond ASCII.
enum EmailFormat {
    static func isEmail(_ bytes: Bytes, allowsUnicode: Bool) -> Bool {
        guard let at = bytes.lastOffset(of: UInt8(ascii: "@")), at > 0, at <= 64 else { return false }
        let local = bytes.part(0, at)
        guard local[0] == UInt8(ascii: "\"") ? isQuoted(local, allowsUnicode) : isDotted(local, allowsUnicode) else {
            return false
        }
        let domain = bytes.part(at + 1, bytes.count)
        guard let first = domain.next else { return false }
        return first == UInt8(ascii: "[") ? isLiteral(domain) : isDomain(domain, allowsUnicode)
    }

    private static func isDotted(_ bytes: Bytes, _ allowsUnicode: Bool) -> Bool {
        var previous = UInt8(ascii: ".")
        var bytes = bytes
        while let byte = bytes.next {
            if byte == UInt8(ascii: ".") {
                guard previous != UInt8(ascii: ".") else { return false }
            } else {
                guard isAtom(byte) || (allowsUnicode && byte >= 0x80) else { return false }
            }
            previous = byte
            bytes.advance()
        }
        return previous != UInt8(ascii: ".")
    }

    private static func isAtom(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
    }

    private static func isQuoted(_ bytes: Bytes, _ allowsUnicode: Bool) -> Bool {
        var bytes = bytes
        bytes.advance()
        while let byte = bytes.next {
            bytes.advance()
            switch byte {
            case UInt8(ascii: "\""): return bytes.isAtEnd
            case UInt8(ascii: "\\"):
                guard let escaped = bytes.next, (0x20...0x7E).contains(escaped) else { return false }
                bytes.advance()
            case 0x20...0x7E: break
            default: guard allowsUnicode, byte >= 0x80 else { return false }
            }
        }
        return false
    }

    private static func isLiteral(_ bytes: Bytes) -> Bool {
        guard bytes.count > 2, bytes[bytes.count - 1] == UInt8(ascii: "]") else { return false }
        let inner = bytes.part(1, bytes.count - 1)
        var version = inner
        for letter in "ipv6:".utf8 {
            guard
                letter == UInt8(ascii: ":") || letter == UInt8(ascii: "6")
                    ? version.skip(letter) : version.skip(letter: letter)
            else { return AddressFormat.isIPv4(inner) }
        }
        return AddressFormat.isIPv6(version)
    }

    /// A domain as a server name; letters beyond ASCII are taken as they are, since mail programs normalise them.
    private static func isDomain(_ bytes: Bytes, _ allowsUnicode: Bool) -> Bool {
        guard bytes.count <= 255 else { return false }
        var label = 0
        var previous = UInt8(ascii: "-")
        var bytes = bytes
        while let byte = bytes.next {
            if byte == UInt8(ascii: ".") {
                guard label > 0, label <= 63 || allowsUnicode, previous != UInt8(ascii: "-") else { return false }
                label = 0
            } else {
                guard
                    byte.isLetter || byte.isDigit || (allowsUnicode && byte >= 0x80)
                        || (byte == UInt8(ascii: "-") && label > 0)
                else { return false }
                label += 1
            }
            previous = byte
            bytes.advance()
        }
        return label > 0 && (label <= 63 || allowsUnicode) && previous != UInt8(ascii: "-")
    }
}
