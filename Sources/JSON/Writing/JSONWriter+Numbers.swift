extension JSONWriter {
    @inline(__always)
    mutating func write(_ number: Int64) {
        output.reserve(20)
        if number < 0 { output.put(UInt8(ascii: "-")) }
        output.putDecimal(number.magnitude)
    }

    /// JSON has no infinities and no NaN: they are written as null.
    mutating func write(_ number: Double) {
        guard number.isFinite else { return output.append(word: 0x6C_6C75_6E, size: 4) }
        output.reserve(32)
        if number.sign == .minus { output.put(UInt8(ascii: "-")) }
        output.putDecimal(ShortestDecimal(number), isPositional: number.magnitude <= 0x1p53)
    }

    /// Writes digits as they are; what somebody made that is no number becomes null, so that the output is JSON.
    mutating func writeNumber(_ digits: String) {
        output.append(digits)
    }
}

extension OutputBuffer {
    /// Puts the digits of `number`; needs room for twenty bytes.
    @inline(__always)
    mutating func putDecimal(_ number: UInt64) {
        let count = Self.digitCount(number)
        var rest = number
        var position = count
        while rest >= 100 {
            let pair = Int(truncatingIfNeeded: rest % 100) &* 2
            rest /= 100
            position &-= 2
            set(Self.pairs.utf8Start[pair], Self.pairs.utf8Start[pair &+ 1], ahead: position)
        }
        if rest >= 10 {
            let pair = Int(truncatingIfNeeded: rest) &* 2
            set(Self.pairs.utf8Start[pair], Self.pairs.utf8Start[pair &+ 1], ahead: 0)
        } else {
            set(UInt8(truncatingIfNeeded: rest) &+ 0x30, ahead: 0)
        }
        skip(count)
    }

    /// Puts a double's decimal number as Swift does, with a point always (`1.0`); needs room for thirty-two bytes.
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
    @inline(__always)
    static func digitCount(_ number: UInt64) -> Int {
        var count = 1
        var rest = number
        while rest >= 10000 {
            rest /= 10000
            count &+= 4
        }
        if rest >= 1000 { return count &+ 3 }
        if rest >= 100 { return count &+ 2 }
        return rest >= 10 ? count &+ 1 : count
    }

    private static var pairs: StaticString {
        """
        00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657\
        585960616263646566676869707172737475767778798081828384858687888990919293949596979899
        """
    }
}
