/// Doubles from decimal numbers, correctly rounded.
enum DecimalToDouble {
    /// The double nearest to `mantissa` × 10^`exponent`, when there is an exact way with one operation; otherwise nil.
    @inline(__always)
    static func exact(_ mantissa: UInt64, _ exponent: Int) -> Double? {
        // Mantissa and power are exact doubles here, so that the one operation rounds correctly.
        guard mantissa < 1 << 53, exponent >= -22, exponent <= 22 else { return nil }
        let value = Double(mantissa)
        return exponent < 0 ? value / powersOfTen[-exponent] : value * powersOfTen[exponent]
    }

    /// The double nearest to `mantissa` × 10^`exponent`, ties to even; infinity when there is none so large.
    ///
    /// Source: D. Lemire, "Number Parsing at a Gigabyte per Second", 2021; without the last fallback, which N. Mushtak and
    /// D. Lemire, "Fast Number Parsing Without Fallback", 2023, show is never needed.
    static func nearest(_ mantissa: UInt64, _ exponent: Int) -> Double {
        if let value = exact(mantissa, exponent) { return value }
        guard mantissa != 0, exponent >= PowersOfTen.lowest else { return 0 }
        guard exponent <= 308 else { return .infinity }
        let zeros = mantissa.leadingZeroBitCount
        let product = multiply(mantissa &<< UInt64(zeros), exponent)
        let upperBit = Int(product.high >> 63)
        let shift = UInt64(upperBit &+ 9)
        // 54 bits: those of a double and one to round by.
        var bits = product.high >> shift
        // 217706 / 65536 approximates the binary logarithm of ten well enough for every exponent here.
        var power = (217_706 &* exponent) >> 16 &+ 63 &+ upperBit &- zeros &+ 1023
        if power <= 0 { return subnormal(bits, power) }
        // Exactly between two doubles: possible only while 5^|exponent| is small.
        if product.low <= 1, exponent >= -4, exponent <= 23, bits & 3 == 1, bits << shift == product.high { bits &= ~1 }
        bits = (bits &+ (bits & 1)) >> 1
        if bits >= 1 << 53 {
            bits = 1 << 52
            power &+= 1
        }
        guard power < 2047 else { return .infinity }
        return Double(bitPattern: bits & ~(1 << 52) | UInt64(power) << 52)
    }

    private static func subnormal(_ leading: UInt64, _ power: Int) -> Double {
        guard power > -62 else { return 0 }
        var bits = leading >> UInt64(1 &- power)
        bits = (bits &+ (bits & 1)) >> 1
        // Rounding up may make the smallest normal number; its bits come out right without more.
        return Double(bitPattern: bits)
    }

    /// The leading 128 bits of `factor` × 5^`exponent`, as many of them right as rounding needs.
    @inline(__always)
    private static func multiply(_ factor: UInt64, _ exponent: Int) -> (high: UInt64, low: UInt64) {
        let powers = PowersOfTen.shared
        // Inverses of small powers are rounded up: only then numbers that have an exact double come out exact.
        let isRoundedUp = exponent < 0 && exponent >= -27
        let low = powers.low(exponent) &+ (isRoundedUp ? 1 : 0)
        var (high, middle) = factor.multipliedFullWidth(by: powers.high(exponent))
        if high & 0x1FF == 0x1FF {
            // Only when all the bits below the rounding bit are set can the lower half of the power matter.
            let more = factor.multipliedFullWidth(by: low).high
            let (sum, overflow) = middle.addingReportingOverflow(more)
            middle = sum
            if overflow { high &+= 1 }
        }
        return (high, middle)
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ]
}
