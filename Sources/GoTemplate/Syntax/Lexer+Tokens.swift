extension Lexer {
    /// Scans the token at `offset`, which is inside an action and not at white space.
    mutating func scanToken() throws(TemplateError) -> Token {
        let start = offset
        let first = bytes[offset]
        switch first {
        case UInt8(ascii: "="): return single(.assign)
        case UInt8(ascii: "|"): return single(.pipe)
        case UInt8(ascii: "("): return single(.leftParenthesis)
        case UInt8(ascii: ")"): return single(.rightParenthesis)
        case UInt8(ascii: ","): return single(.comma)
        case UInt8(ascii: ":"):
            guard byte(at: offset + 1) == UInt8(ascii: "=") else { throw error("expected :=") }
            offset += 2
            return Token(kind: .declare, start: start, end: offset)
        case UInt8(ascii: "\""): return try scanQuoted(.string, quote: first, name: "quoted string")
        case UInt8(ascii: "'"): return try scanQuoted(.character, quote: first, name: "character constant")
        case UInt8(ascii: "`"): return try scanRaw()
        case UInt8(ascii: "$"): return try scanName(.variable, alone: .variable)
        case UInt8(ascii: "."):
            if let next = byte(at: offset + 1), isDigit(next) { return try scanNumber() }
            return try scanName(.field, alone: .dot)
        case UInt8(ascii: "+"), UInt8(ascii: "-"), 0x30...0x39: return try scanNumber()
        case UInt8(ascii: "["): return try scanElement()
        default:
            if isNameByte(first) { return try scanIdentifier() }
            throw error("unexpected character \(shown(at: offset)) in an action")
        }
    }

    private mutating func single(_ kind: Token.Kind) -> Token {
        offset += 1
        return Token(kind: kind, start: offset - 1, end: offset)
    }

    /// `[3]` directly behind a field: an element of a list.
    private mutating func scanElement() throws(TemplateError) -> Token {
        let start = offset
        offset += 1
        while let byte = byte(at: offset), isDigit(byte) { offset += 1 }
        guard offset > start + 1, byte(at: offset) == UInt8(ascii: "]") else {
            throw error("an element is written [number]", at: start)
        }
        offset += 1
        guard isAtTerminator() else { throw error("bad character \(shown(at: offset)) behind an element") }
        return Token(kind: .element, start: start, end: offset)
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }

    /// Letters, digits, `_` and every byte of a character beyond ASCII.
    private func isNameByte(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "_") || isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 26
    }

    private func shown(at index: Int) -> String {
        let rest = String(decoding: bytes[index..<min(index + 4, bytes.count)], as: UTF8.self)
        return rest.first.map { "'\($0)'" } ?? "end"
    }

    private mutating func scanQuoted(_ kind: Token.Kind, quote: UInt8, name: String) throws(TemplateError) -> Token {
        let start = offset
        offset += 1
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\\"):
                offset += 2
                if offset > bytes.count || bytes[offset - 1] == 0x0A {
                    throw error("unterminated \(name)", at: start)
                }
            case 0x0A: throw error("unterminated \(name)", at: start)
            case quote:
                offset += 1
                return Token(kind: kind, start: start, end: offset)
            default: offset += 1
            }
        }
        throw error("unterminated \(name)", at: start)
    }

    private mutating func scanRaw() throws(TemplateError) -> Token {
        let start = offset
        offset += 1
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "`") { offset += 1 }
        guard offset < bytes.count else { throw error("unterminated raw quoted string", at: start) }
        offset += 1
        return Token(kind: .rawString, start: start, end: offset)
    }

    /// Letters and digits; also hyphens between two of them when `allowsHyphens`.
    private mutating func skipName(allowsHyphens: Bool) throws(TemplateError) {
        let start = offset
        while let byte = byte(at: offset) {
            if isNameByte(byte) {
                offset += 1
            } else if allowsHyphens, byte == UInt8(ascii: "-"), offset > start, let next = self.byte(at: offset + 1),
                isNameByte(next) || next == UInt8(ascii: "-")
            {
                offset += 1
            } else {
                break
            }
        }
        try checkLetters(from: start)
    }

    /// Characters beyond ASCII must be letters or digits; a no-break space, for one, is no part of a name.
    private func checkLetters(from start: Int) throws(TemplateError) {
        guard bytes[start..<offset].contains(where: { $0 >= 0x80 }) else { return }
        var place = start
        for scalar in String(decoding: bytes[start..<offset], as: UTF8.self).unicodeScalars {
            if !scalar.isASCII, !Self.isLetterOrDigit(scalar) {
                throw error("unexpected character '\(scalar)' in an action", at: place)
            }
            place += UTF8.width(scalar)
        }
    }

    static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: true
        default: false
        }
    }

    /// What may stand directly behind a name or a number.
    private func isAtTerminator() -> Bool {
        guard let byte = byte(at: offset) else { return true }
        switch byte {
        case 0x20, 0x09, 0x0D, 0x0A, UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "|"), UInt8(ascii: ":"),
            UInt8(ascii: ")"), UInt8(ascii: "("), UInt8(ascii: "["):
            return true
        default: return has(0x7D, 0x7D, at: offset)
        }
    }

    /// A name behind `.` or `$`; the sign alone when no name follows.
    private mutating func scanName(_ kind: Token.Kind, alone: Token.Kind) throws(TemplateError) -> Token {
        let start = offset
        offset += 1
        if isAtTerminator() { return Token(kind: alone, start: start, end: offset) }
        try skipName(allowsHyphens: kind == .field)
        guard isAtTerminator() else { throw error("bad character \(shown(at: offset)) in a name") }
        return Token(kind: kind, start: start, end: offset)
    }

    private mutating func scanIdentifier() throws(TemplateError) -> Token {
        let start = offset
        try skipName(allowsHyphens: true)
        guard isAtTerminator() else { throw error("bad character \(shown(at: offset)) in a name") }
        let name = String(decoding: bytes[start..<offset], as: UTF8.self)
        return Token(kind: Token.Kind.keyword(name) ?? .identifier, start: start, end: offset)
    }

    /// The extent of a number; whether it is a good one is decided when it is read.
    private mutating func scanNumber() throws(TemplateError) -> Token {
        let start = offset
        if bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") { offset += 1 }
        let isHex = byte(at: offset) == 0x30 && (byte(at: offset + 1) ?? 0) | 0x20 == UInt8(ascii: "x")
        while let byte = byte(at: offset) {
            let previous = bytes[offset - (offset > start ? 1 : 0)] | 0x20
            let isExponentSign =
                (byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")) && offset > start
                && (previous == UInt8(ascii: "p") || (!isHex && previous == UInt8(ascii: "e")))
            guard isNameByte(byte) || byte == UInt8(ascii: ".") || isExponentSign else { break }
            offset += 1
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        guard NumberLiteral(text) != nil else { throw error("bad number syntax: \"\(text)\"", at: start) }
        return Token(kind: .number, start: start, end: offset)
    }
}
