/// URIs and IRIs. Source: RFC 3986, appendix A; RFC 3987, section 2.2.
enum URIFormat {
    static func isURI(_ bytes: Bytes, allowsUnicode: Bool, allowsRelative: Bool) -> Bool {
        var rest = bytes
        if let hash = rest.firstOffset(of: UInt8(ascii: "#")) {
            let fragment = rest.part(hash + 1, rest.count)
            guard Characters.areValid(fragment, .query, allowsUnicode) else { return false }
            rest = rest.part(0, hash)
        }
        if let mark = rest.firstOffset(of: UInt8(ascii: "?")) {
            let query = rest.part(mark + 1, rest.count)
            guard Characters.areValid(query, .query, allowsUnicode, allowsPrivate: true) else { return false }
            rest = rest.part(0, mark)
        }
        if let colon = schemeEnd(rest) {
            rest = rest.part(colon + 1, rest.count)
        } else {
            guard allowsRelative else { return false }
            // Without a scheme, a colon in the first segment would look like one.
            let slash = rest.firstOffset(of: UInt8(ascii: "/")) ?? rest.count
            if let colon = rest.firstOffset(of: UInt8(ascii: ":")), colon < slash { return false }
        }
        if rest.count >= 2, rest[0] == UInt8(ascii: "/"), rest[1] == UInt8(ascii: "/") {
            rest = rest.part(2, rest.count)
            let end = rest.firstOffset(of: UInt8(ascii: "/")) ?? rest.count
            guard isAuthority(rest.part(0, end), allowsUnicode) else { return false }
            rest = rest.part(end, rest.count)
        }
        return Characters.areValid(rest, .path, allowsUnicode)
    }

    private static func schemeEnd(_ bytes: Bytes) -> Int? {
        guard let colon = bytes.firstOffset(of: UInt8(ascii: ":")), colon > 0, bytes[0].isLetter else { return nil }
        let scheme = bytes.part(0, colon)
        return scheme.allSatisfy { $0.isLetter || $0.isDigit || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E } ? colon : nil
    }

    private static func isAuthority(_ bytes: Bytes, _ allowsUnicode: Bool) -> Bool {
        var rest = bytes
        if let at = rest.lastOffset(of: UInt8(ascii: "@")) {
            guard Characters.areValid(rest.part(0, at), .userInfo, allowsUnicode) else { return false }
            rest = rest.part(at + 1, rest.count)
        }
        if rest.next == UInt8(ascii: "[") {
            guard let end = rest.firstOffset(of: UInt8(ascii: "]")), isLiteral(rest.part(1, end)) else { return false }
            return isPort(rest.part(end + 1, rest.count))
        }
        if let colon = rest.firstOffset(of: UInt8(ascii: ":")) {
            guard isPort(rest.part(colon, rest.count)) else { return false }
            rest = rest.part(0, colon)
        }
        return Characters.areValid(rest, .host, allowsUnicode)
    }

    private static func isPort(_ bytes: Bytes) -> Bool {
        var bytes = bytes
        if bytes.isAtEnd { return true }
        return bytes.skip(UInt8(ascii: ":")) && bytes.allSatisfy(\.isDigit)
    }

    private static func isLiteral(_ bytes: Bytes) -> Bool {
        var bytes = bytes
        guard bytes.skip(letter: UInt8(ascii: "v")) else { return AddressFormat.isIPv6(bytes) }
        guard let dot = bytes.firstOffset(of: UInt8(ascii: ".")), dot > 0, dot + 1 < bytes.count else { return false }
        return bytes.part(0, dot).allSatisfy(\.isHexDigit)
            && bytes.part(dot + 1, bytes.count).allSatisfy {
                Characters.isUnreserved($0) || Characters.isSubDelimiter($0) || $0 == 0x3A
            }
    }

    /// Which characters a part of a URI may hold.
    enum Characters {
        case path, query, userInfo, host

        static func areValid(
            _ bytes: Bytes,
            _ part: Characters,
            _ allowsUnicode: Bool,
            allowsPrivate: Bool = false
        ) -> Bool {
            var bytes = bytes
            while let byte = bytes.next {
                if byte >= 0x80 {
                    guard allowsUnicode, let scalar = bytes.scalar() else { return false }
                    guard isInternational(scalar) || (allowsPrivate && isPrivate(scalar)) else { return false }
                    continue
                }
                bytes.advance()
                if byte == UInt8(ascii: "%") {
                    guard let high = bytes.next, high.isHexDigit else { return false }
                    bytes.advance()
                    guard let low = bytes.next, low.isHexDigit else { return false }
                    bytes.advance()
                    continue
                }
                guard isUnreserved(byte) || isSubDelimiter(byte) || part.adds(byte) else { return false }
            }
            return true
        }

        private func adds(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: ":"): self != .host
            case UInt8(ascii: "@"), UInt8(ascii: "/"): self == .path || self == .query
            case UInt8(ascii: "?"): self == .query
            default: false
            }
        }

        static func isUnreserved(_ byte: UInt8) -> Bool {
            byte.isLetter || byte.isDigit || byte == 0x2D || byte == 0x2E || byte == 0x5F || byte == 0x7E
        }

        static func isSubDelimiter(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x21, 0x24, 0x26...0x2C, 0x3B, 0x3D: true
            default: false
            }
        }

        /// `ucschar`.
        static func isInternational(_ scalar: UInt32) -> Bool {
            switch scalar {
            case 0xA0...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFEF: true
            case 0x10000...0xDFFFD: scalar & 0xFFFF <= 0xFFFD
            case 0xE1000...0xEFFFD: true
            default: false
            }
        }

        /// `iprivate`.
        static func isPrivate(_ scalar: UInt32) -> Bool {
            (0xE000...0xF8FF).contains(scalar) || (scalar >= 0xF0000 && scalar & 0xFFFF <= 0xFFFD)
        }
    }
}

extension Bytes {
    /// Takes one code point of UTF-8 that is known to be valid and not ASCII.
    mutating func scalar() -> UInt32? {
        guard let first = next else { return nil }
        let length = first >= 0xF0 ? 4 : (first >= 0xE0 ? 3 : 2)
        guard count >= length else { return nil }
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for offset in 1..<length { value = value << 6 | UInt32(self[offset] & 0x3F) }
        for _ in 0..<length { advance() }
        return value
    }
}

/// URI templates. Source: RFC 6570, section 2.
enum URITemplateFormat {
    static func isTemplate(_ text: String) -> Bool {
        var scalars = text.unicodeScalars[...]
        while let scalar = scalars.first {
            scalars.removeFirst()
            switch scalar {
            case "{":
                guard let end = scalars.firstIndex(of: "}"), isExpression(scalars[..<end]) else { return false }
                scalars = scalars[scalars.index(after: end)...]
            case "%":
                guard isEscape(&scalars) else { return false }
            default:
                guard isLiteral(scalar) else { return false }
            }
        }
        return true
    }

    private static func isLiteral(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x20, 0x22, 0x25, 0x3C, 0x3E, 0x5C, 0x5E, 0x60, 0x7B...0x7D, 0x7F: false
        case 0x21...0x7E: true
        default: URIFormat.Characters.isInternational(scalar.value) || URIFormat.Characters.isPrivate(scalar.value)
        }
    }

    private static func isEscape(_ scalars: inout Substring.UnicodeScalarView) -> Bool {
        for _ in 0..<2 {
            guard let digit = scalars.popFirst(), digit.isASCII, UInt8(truncatingIfNeeded: digit.value).isHexDigit
            else {
                return false
            }
        }
        return true
    }

    private static func isExpression(_ body: Substring.UnicodeScalarView) -> Bool {
        var body = body
        if let first = body.first, "+#./;?&".unicodeScalars.contains(first) { body.removeFirst() }
        guard !body.isEmpty else { return false }
        return body.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { isVariable($0) }
    }

    private static func isVariable(_ variable: Substring.UnicodeScalarView) -> Bool {
        var name = variable
        if name.last == "*" {
            name.removeLast()
        } else if let colon = name.firstIndex(of: ":") {
            let length = name[name.index(after: colon)...]
            guard (1...4).contains(length.count), length.first != "0", length.allSatisfy({ ("0"..."9").contains($0) })
            else {
                return false
            }
            name = name[..<colon]
        }
        return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { isName($0) }
    }

    private static func isName(_ part: Substring.UnicodeScalarView) -> Bool {
        guard !part.isEmpty else { return false }
        var part = part
        while let scalar = part.popFirst() {
            if scalar == "%" {
                guard isEscape(&part) else { return false }
            } else {
                guard scalar.isASCII else { return false }
                let byte = UInt8(truncatingIfNeeded: scalar.value)
                guard byte.isLetter || byte.isDigit || byte == 0x5F else { return false }
            }
        }
        return true
    }
}
