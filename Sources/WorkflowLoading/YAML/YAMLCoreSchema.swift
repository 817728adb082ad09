package import JSON

/// How plain scalars read: the core schema of YAML 1.2. Source: YAML 1.2.2, section 10.3.2.
///
/// Only `true` and `false` (also `True` and `TRUE`) are booleans; integers keep every digit; what JSON has no value for
/// (`.inf`, `.nan`) stays text.
package enum YAMLCoreSchema {
    /// Hexadecimal and octal numbers longer than this stay text.
    private static let prefixedDigitsLimit = 256

    /// The value of a plain scalar's text.
    package static func value(of text: String) -> JSONValue {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: return number(text) ?? .string(text)
        }
    }

    /// Whether the text is an infinity or no number in YAML; JSON has neither.
    package static func isSpecialFloat(_ text: String) -> Bool {
        switch text {
        case ".nan", ".NaN", ".NAN": return true
        default:
            let unsigned = text.hasPrefix("-") || text.hasPrefix("+") ? String(text.dropFirst()) : text
            return [".inf", ".Inf", ".INF"].contains(unsigned)
        }
    }

    /// The number that `text` spells in the core schema; nil when it is not one.
    package static func number(_ text: String) -> JSONValue? {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, first <= UInt8(ascii: "9") else { return nil }
        if bytes.starts(with: [0x30, 0x6F]) { return prefixed(bytes.dropFirst(2), radix: 8) }
        if bytes.starts(with: [0x30, 0x78]) { return prefixed(bytes.dropFirst(2), radix: 16) }
        guard let literal = decimalLiteral(bytes) else { return nil }
        return JSONValue(number: literal)
    }

    /// The text as a JSON number literal: no plus sign, no leading zeros, digits on both sides of a point.
    private static func decimalLiteral(_ bytes: [UInt8]) -> String? {
        var rest = bytes[...]
        var literal = ""
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            if sign == UInt8(ascii: "-") { literal = "-" }
            rest = rest.dropFirst()
        }
        let whole = takeDigits(&rest)
        var fraction = ""
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = takeDigits(&rest)
            guard !whole.isEmpty || !fraction.isEmpty else { return nil }
            fraction = "." + (fraction.isEmpty ? "0" : fraction)
        } else if whole.isEmpty {
            return nil
        }
        let significant = whole.drop { $0 == "0" }
        literal += (significant.isEmpty ? "0" : significant) + fraction
        guard let letter = rest.first else { return literal }
        guard letter | 0x20 == UInt8(ascii: "e"), let exponent = exponent(rest.dropFirst()) else { return nil }
        return literal + String(Unicode.Scalar(letter)) + exponent
    }

    private static func exponent(_ bytes: ArraySlice<UInt8>) -> String? {
        var rest = bytes
        var sign = ""
        if let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            sign = String(Unicode.Scalar(first))
            rest = rest.dropFirst()
        }
        let digits = takeDigits(&rest)
        return digits.isEmpty || !rest.isEmpty ? nil : sign + digits
    }

    private static func takeDigits(_ rest: inout ArraySlice<UInt8>) -> String {
        let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
        rest = rest.dropFirst(digits.count)
        return String(decoding: digits, as: UTF8.self)
    }

    private static func prefixed(_ digits: ArraySlice<UInt8>, radix: Int) -> JSONValue? {
        guard !digits.isEmpty, digits.count <= prefixedDigitsLimit else { return nil }
        // Decimal digits, least significant first: the number may be larger than any machine integer.
        var decimal: [Int] = [0]
        for byte in digits {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < radix else { return nil }
            var carry = digit
            for index in decimal.indices {
                let product = decimal[index] * radix + carry
                decimal[index] = product % 10
                carry = product / 10
            }
            while carry > 0 {
                decimal.append(carry % 10)
                carry /= 10
            }
        }
        return JSONValue(number: decimal.reversed().map(String.init).joined())
    }
}
