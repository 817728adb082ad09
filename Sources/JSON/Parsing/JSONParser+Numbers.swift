extension JSONParser {
    /// Parses a number; keeps the digits of those that `Int64` or `Double` would change.
    @inline(__always)
    mutating func parseNumber() throws(JSONError) -> JSONValue {
        let start = offset
        let isNegative = peek() == UInt8(ascii: "-")
        if isNegative { offset &+= 1 }
        let digitsStart = offset
        var mantissa: UInt64 = 0
        appendDigits(to: &mantissa)
        let digits = offset &- digitsStart
        guard digits > 0 else { throw error(.invalidNumber, "a number needs a digit here") }
        if digits > 1, bytes[digitsStart] == UInt8(ascii: "0") {
            throw error(.invalidNumber, "a number must not start with a zero", at: digitsStart)
        }
        let next = peek()
        if next != UInt8(ascii: "."), next | 0x20 != UInt8(ascii: "e") {
            // Eighteen digits always fit. Minus zero is a double: the integer would lose the sign.
            if digits <= 18, !isNegative || mantissa != 0 {
                return .integer(isNegative ? -Int64(mantissa) : Int64(mantissa))
            }
            return number(from: start)
        }
        return try parseFraction(mantissa, digits: digits, from: start)
    }

    /// Goes on with a number whose integer part has been read.
    @inline(never)
    private mutating func parseFraction(
        _ integer: UInt64,
        digits integerDigits: Int,
        from start: Int
    ) throws(JSONError) -> JSONValue {
        var mantissa = integer
        var digits = integerDigits
        var exponent = 0
        if peek() == UInt8(ascii: ".") {
            offset &+= 1
            let fractionStart = offset
            while offset &+ 8 <= bytes.count, let digits = WordScan.eightDigits(bytes.word(at: offset)) {
                mantissa = mantissa &* 100_000_000 &+ digits
                offset &+= 8
            }
            appendDigits(to: &mantissa)
            let count = offset &- fractionStart
            guard count > 0 else { throw error(.invalidNumber, "a digit is needed after the point") }
            digits &+= count
            exponent = 0 &- count
        }
        if peek() | 0x20 == UInt8(ascii: "e") {
            offset &+= 1
            let isNegative = peek() == UInt8(ascii: "-")
            if isNegative || peek() == UInt8(ascii: "+") { offset &+= 1 }
            let exponentStart = offset
            var written: UInt64 = 0
            appendDigits(to: &written)
            let count = offset &- exponentStart
            guard count > 0 else { throw error(.invalidNumber, "a digit is needed in the exponent") }
            // A longer exponent is for the slow way, whatever it is.
            if count > 6 { digits = .max }
            let magnitude = Int(truncatingIfNeeded: written & 0xFF_FFFF)
            exponent &+= isNegative ? 0 &- magnitude : magnitude
        }
        // Up to nineteen digits the mantissa has not overflowed.
        if digits <= 19, let value = Self.double(mantissa, exponent) {
            return .double(bytes[start] == UInt8(ascii: "-") ? -value : value)
        }
        return number(from: start)
    }

    /// The double of a decimal number that has a fraction or an exponent, if it keeps all digits; nil otherwise.
    @inline(__always)
    private static func double(_ mantissa: UInt64, _ exponent: Int) -> Double? {
        // A double keeps any fifteen digits, unless it is subnormal.
        let isShort = mantissa < 1_000_000_000_000_000
        if isShort, let value = DecimalToDouble.exact(mantissa, exponent) { return value }
        let value = DecimalToDouble.nearest(mantissa, exponent)
        guard value.isFinite, value != 0 || mantissa == 0 else { return nil }
        let isKept = isShort && value >= .leastNormalMagnitude
        return isKept || ShortestDecimal(value).digits == withoutTrailingZeros(mantissa) ? value : nil
    }

    private static func withoutTrailingZeros(_ mantissa: UInt64) -> UInt64 {
        var digits = mantissa
        while digits != 0, digits % 10 == 0 { digits /= 10 }
        return digits
    }

    /// The number that stands between `start` and `offset`, the slow way.
    @inline(never)
    private func number(from start: Int) -> JSONValue {
        JSONValue(checkedNumber: String(checked: UnsafeBufferPointer(rebasing: bytes[start..<offset]), isASCII: true))
    }

    /// Reads digits as far as they go. The value wraps around after nineteen.
    @inline(__always)
    private mutating func appendDigits(to value: inout UInt64) {
        while offset < bytes.count {
            let digit = bytes[offset] &- 0x30
            if digit > 9 { return }
            value = value &* 10 &+ UInt64(digit)
            offset &+= 1
        }
    }
}
