extension JSONWriter {
    @inline(__always)
    mutating func write(_ number: Int64) { output.append(decimal: number) }

    /// JSON has no infinities and no NaN: they are written as null.
    mutating func write(_ number: Double) {
        guard number.isFinite else { return output.append(word: 0x6C_6C75_6E, size: 4) }
        // Twenty-five bytes at most, and what moves with a point.
        output.reserve(48)
        if number.sign == .minus { output.put(UInt8(ascii: "-")) }
        output.putDecimal(ShortestDecimal(number), isPositional: number.magnitude <= 0x1p53)
    }
}

extension OutputBuffer {
    package mutating func append(decimal number: Int64) {
        reserve(25)
        if number < 0 { put(UInt8(ascii: "-")) }
        putDecimal(number.magnitude)
    }

    /// Puts the digits of `number`; needs room for twenty-four bytes.
    package mutating func putDecimal(_ number: UInt64) {
        if number < 100_000_000 { return putUpToEightDigits(number) }
        let upper = number / 100_000_000
        if upper < 100_000_000 {
            putUpToEightDigits(upper)
        } else {
            putUpToEightDigits(upper / 100_000_000)
            put(WordScan.characters(ofEightDigits: upper % 100_000_000), size: 8)
        }
        put(WordScan.characters(ofEightDigits: number &- upper &* 100_000_000), size: 8)
    }

    /// Puts a number below 10^8 without zeros in front; needs room for eight bytes.
    @inline(__always)
    private mutating func putUpToEightDigits(_ number: UInt64) {
        if number < 10 { return put(UInt8(truncatingIfNeeded: number) &+ 0x30) }
        if number < 10_000 { return putUpToFourDigits(number) }
        let characters = WordScan.characters(ofEightDigits: number)
        let zeros = (characters ^ WordScan.ones &* 0x30).trailingZeroBitCount >> 3
        put(characters &>> UInt64(zeros &* 8), size: 8 &- zeros)
    }

    /// Puts a number from 10 up to 9999; needs room for eight bytes.
    @inline(__always)
    private mutating func putUpToFourDigits(_ number: UInt64) {
        let upper = number / 100
        let lower = number &- upper &* 100
        let lowerTens = lower / 10
        let lowerPair = lowerTens | (lower &- lowerTens &* 10) << 8 | 0x3030
        if upper == 0 { return put(lowerPair, size: 2) }
        let upperTens = upper / 10
        let upperOnes = (upper &- upperTens &* 10) | 0x30
        if upperTens == 0 { return put(upperOnes | lowerPair << 8, size: 3) }
        put(upperTens | 0x30 | upperOnes << 8 | lowerPair << 16, size: 4)
    }

    /// Puts a double's decimal number as Swift does, with a point always (`1.0`); needs room for forty-eight bytes.
    ///
    /// From 1e-4 up to 2^53 the number is positional, otherwise there is an exponent.
    mutating func putDecimal(_ number: ShortestDecimal, isPositional: Bool) {
        let digits = Self.digitCount(number.digits)
        // Digits before the point, when the number is positional.
        let point = digits &+ number.exponent
        guard isPositional, point > -4 else { return putScientific(number, digits: digits) }
        if point <= 0 {
            put(UInt8(ascii: "0"))
            put(UInt8(ascii: "."))
            for _ in 0..<(0 &- point) { put(UInt8(ascii: "0")) }
            putDecimal(number.digits)
        } else if number.exponent >= 0 {
            putDecimal(number.digits)
            for _ in 0..<number.exponent { put(UInt8(ascii: "0")) }
            put(UInt8(ascii: "."))
            put(UInt8(ascii: "0"))
        } else {
            putDecimal(number.digits)
            insertPoint(before: 0 &- number.exponent)
        }
    }

    private mutating func putScientific(_ number: ShortestDecimal, digits: Int) {
        putDecimal(number.digits)
        if digits > 1 { insertPoint(before: digits &- 1) }
        let exponent = number.exponent &+ digits &- 1
        put(UInt8(ascii: "e"))
        put(exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
        if exponent.magnitude < 10 { put(UInt8(ascii: "0")) }
        putDecimal(UInt64(exponent.magnitude))
    }

    /// The number of decimal digits; one for zero.
    package static func digitCount(_ number: UInt64) -> Int {
        // 1233 / 4096 approximates the decimal logarithm of two; at most one too few.
        let approximate = ((64 &- (number | 1).leadingZeroBitCount) &* 1233) >> 12
        return approximate < 20 && number >= powersOfTen[approximate] ? approximate &+ 1 : max(approximate, 1)
    }

    private static let powersOfTen: [UInt64] = [
        1, 10, 100, 1000, 10000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000,
        1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
        100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ]
}
