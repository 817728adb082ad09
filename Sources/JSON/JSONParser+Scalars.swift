extension JSONParser {
    /// Parses a number; keeps the digits of those that `Int64` or `Double` would change.
    mutating func parseNumber() throws(JSONError) -> JSONValue {
        let start = offset
        _ = consume(UInt8(ascii: "-"))
        let digitsStart = offset
        guard skipDigits() > 0 else { throw error(.invalidNumber, "a number needs a digit here") }
        if bytes[digitsStart] == UInt8(ascii: "0"), offset - digitsStart > 1 {
            throw error(.invalidNumber, "a number must not start with a zero", at: digitsStart)
        }
        var isInteger = true
        if consume(UInt8(ascii: ".")) {
            isInteger = false
            guard skipDigits() > 0 else { throw error(.invalidNumber, "a digit is needed after the point") }
        }
        if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            offset += 1
            if !consume(UInt8(ascii: "-")) { _ = consume(UInt8(ascii: "+")) }
            guard skipDigits() > 0 else { throw error(.invalidNumber, "a digit is needed in the exponent") }
        }
        if isInteger, let value = integer(from: digitsStart, isNegative: digitsStart > start) { return .integer(value) }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        return JSONValue(number: text)
    }

    private mutating func skipDigits() -> Int {
        let start = offset
        while offset < bytes.count, bytes[offset] &- 0x30 <= 9 { offset += 1 }
        return offset - start
    }

    private func integer(from start: Int, isNegative: Bool) -> Int64? {
        // Minus zero is a double: the integer would lose the sign.
        if isNegative, offset - start == 1, bytes[start] == 0x30 { return nil }
        var value: Int64 = 0
        for index in start..<offset {
            let digit = Int64(bytes[index] &- 0x30)
            let (product, overflow1) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow2) =
                isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            if overflow1 || overflow2 { return nil }
            value = sum
        }
        return value
    }

    mutating func parseString() throws(JSONError) -> String {
        let start = offset
        offset += 1
        let contentStart = offset
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") {
                let content = UnsafeBufferPointer(rebasing: bytes[contentStart..<offset])
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw error(.invalidUTF8, "text is not valid UTF-8", at: contentStart)
                }
                offset += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try parseEscapedString(from: contentStart) }
            guard byte >= 0x20 else {
                throw error(.invalidString, "control character in a string must be escaped")
            }
            offset += 1
        }
        throw error(.unexpectedEnd, "string without end", at: start)
    }

    /// Goes on with a string from its first escape; `start` is the first byte of its content.
    private mutating func parseEscapedString(from start: Int) throws(JSONError) -> String {
        var content = Array(bytes[start..<offset])
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw error(.invalidUTF8, "text is not valid UTF-8", at: start)
                }
                return text
            case UInt8(ascii: "\\"): try appendEscape(to: &content)
            case 0..<0x20: throw error(.invalidString, "control character in a string must be escaped", at: offset - 1)
            default: content.append(byte)
            }
        }
        throw error(.unexpectedEnd, "string without end", at: start - 1)
    }

    private mutating func appendEscape(to content: inout [UInt8]) throws(JSONError) {
        guard offset < bytes.count else { throw error(.unexpectedEnd, "string without end") }
        let byte = bytes[offset]
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"): content.append(contentsOf: String(try parseUnicodeEscape()).utf8)
        default: throw error(.invalidString, "unknown escape in a string", at: offset - 1)
        }
    }

    private mutating func parseUnicodeEscape() throws(JSONError) -> Character {
        let high = try parseFourHexDigits()
        if (0xD800..<0xDC00).contains(high), offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
            bytes[offset + 1] == UInt8(ascii: "u")
        {
            let resume = offset
            offset += 2
            let low = try parseFourHexDigits()
            if (0xDC00..<0xE000).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
            {
                return Character(scalar)
            }
            offset = resume
        }
        return Character(Unicode.Scalar(high) ?? "\u{FFFD}")
    }

    private mutating func parseFourHexDigits() throws(JSONError) -> UInt32 {
        guard offset + 4 <= bytes.count else { throw error(.unexpectedEnd, "string without end") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = bytes[offset]
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x41 + 10
            case 0x61...0x66: digit = byte - 0x61 + 10
            default: throw error(.invalidString, "\\u needs four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        return value
    }
}

extension JSONValue {
    /// Digits that a `Double` always keeps.
    private static let safeDigits = 15

    /// The value of a number literal that is valid JSON: an integer, a double, or the digits themselves when neither
    /// holds them without loss.
    public init(number text: String) {
        if let integer = Int64(text), text != "-0" {
            self = .integer(integer)
            return
        }
        guard let double = Double(text), double.isFinite else {
            self = .bigNumber(text)
            return
        }
        let digits = Self.significantDigits(text)
        if digits.isEmpty {
            // A zero however written; a text with other digits that rounds to zero is not one.
            self = .double(double)
        } else if double == 0
            || (digits.count > Self.safeDigits && digits != Self.significantDigits(double.description))
        {
            self = .bigNumber(text)
        } else {
            self = .double(double)
        }
    }

    /// The digits of the mantissa without leading and trailing zeros.
    private static func significantDigits(_ text: String) -> [UInt8] {
        var digits = text.utf8.prefix { $0 | 0x20 != UInt8(ascii: "e") }.filter { $0 &- 0x30 <= 9 }
        while digits.last == 0x30 { digits.removeLast() }
        return Array(digits.drop { $0 == 0x30 })
    }
}
