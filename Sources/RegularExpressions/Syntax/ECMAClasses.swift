/// Classes of ECMA-262 and the escapes that name code points by number.
enum ECMAClasses {
    static let lineEnd = ScalarSet([(0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)])
    static let notLineEnd = lineEnd.complement

    /// White space and line ends, among them all of Unicode's category Zs and the byte order mark.
    static let space = ScalarSet([
        (0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
        (0x202F, 0x202F),
        (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
    ])

    /// What `\d`, `\s`, `\w` and their capitals are about, before negation.
    static func set(_ letter: Unicode.Scalar) -> ScalarSet? {
        switch letter {
        case "d", "D": PerlClasses.digit
        case "s", "S": space
        case "w", "W": PerlClasses.word
        default: nil
        }
    }

    /// The members of `\p{text}`.
    static func property(_ text: String) -> ScalarSet? {
        guard let separator = text.firstIndex(of: "=") else {
            if let category = UnicodeSets.categoryName(text) { return UnicodeSets.category(short: category) }
            return UnicodeSets.property(text)
        }
        let value = String(text[text.index(after: separator)...])
        switch text[..<separator] {
        case "General_Category", "gc":
            return UnicodeSets.categoryName(value).map { UnicodeSets.category(short: $0) }
        case "Script", "sc": return UnicodeSets.script(value).map { UnicodeSets.script($0) }
        case "Script_Extensions", "scx": return UnicodeSets.script(value).map { UnicodeSets.scriptExtensions($0) }
        default: return nil
        }
    }

    /// What follows `\u`: four digits, two such escapes for a code point beyond U+FFFF, or digits in braces. Nil, with
    /// the cursor where it was, when it is none of these.
    static func readUnicodeEscape(_ cursor: inout PatternCursor) -> UInt32? {
        let start = cursor.index
        if cursor.take("{") {
            var value: UInt32 = 0
            var hasDigits = false
            while let digit = cursor.peek()?.hexadecimalDigit, value <= ScalarSet.lastScalar {
                cursor.skip()
                value = value * 16 + digit
                hasDigits = true
            }
            if hasDigits, value <= ScalarSet.lastScalar, cursor.take("}") { return value }
            cursor.rewind(to: start)
            return nil
        }
        guard let first = readHexadecimal(&cursor, digits: 4) else { return nil }
        guard (0xD800...0xDBFF).contains(first), cursor.starts(with: "\\u") else { return first }
        let end = cursor.index
        cursor.skip(2)
        if let second = readHexadecimal(&cursor, digits: 4), (0xDC00...0xDFFF).contains(second) {
            return 0x10000 + (first - 0xD800) << 10 + second - 0xDC00
        }
        cursor.rewind(to: end)
        return first
    }

    /// Exactly so many digits; nil, with the cursor where it was, when there are fewer.
    static func readHexadecimal(_ cursor: inout PatternCursor, digits: Int) -> UInt32? {
        var value: UInt32 = 0
        for offset in 0..<digits {
            guard let digit = cursor.peek(offset)?.hexadecimalDigit else { return nil }
            value = value * 16 + digit
        }
        cursor.skip(digits)
        return value
    }
}
