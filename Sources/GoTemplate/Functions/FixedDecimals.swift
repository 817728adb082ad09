import JSON

/// `%.3f` by integer arithmetic: the exact value of a float, rounded half to even like the C library does.
enum FixedDecimals {
    private static let largestPrecision = 18

    /// Appends a finite float that is not negative; false, with nothing written, for those that need more bits.
    static func append(_ value: Double, precision: Int, to output: inout OutputBuffer) -> Bool {
        guard precision <= largestPrecision, value < 0x1p63, value == 0 || value >= 0x1p-60 else { return false }
        // value = mantissa / 2^shift
        let shift = value == 0 ? 0 : 52 - Int(value.exponent)
        let mantissa = value == 0 ? 0 : value.significandBitPattern | 1 << 52
        guard shift > 0 else {
            output.append(decimal: Int64(mantissa << UInt64(-shift)))
            appendFraction(0, precision, to: &output)
            return true
        }
        var whole = shift < 64 ? mantissa >> UInt64(shift) : 0
        let fraction = UInt128(shift < 64 ? mantissa & (1 << UInt64(shift) - 1) : mantissa)
        // At most 53 bits times 60 bits.
        let scaled = fraction * UInt128(powers[precision])
        var digits = UInt64(scaled >> UInt128(shift))
        let rest = scaled & (1 << UInt128(shift) - 1)
        let half: UInt128 = 1 << UInt128(shift - 1)
        let isOdd = (precision == 0 ? whole : digits) & 1 == 1
        if rest > half || (rest == half && isOdd) { digits += 1 }
        if digits == powers[precision] {
            digits = 0
            whole += 1
        }
        output.append(decimal: Int64(whole))
        appendFraction(digits, precision, to: &output)
        return true
    }

    private static let powers: [UInt64] = (0...largestPrecision).reduce(into: []) { powers, _ in
        powers.append((powers.last ?? 0) == 0 ? 1 : powers[powers.count - 1] * 10)
    }

    private static func appendFraction(_ digits: UInt64, _ precision: Int, to output: inout OutputBuffer) {
        guard precision > 0 else { return }
        output.append(UInt8(ascii: "."))
        let start = output.count
        output.append(decimal: Int64(digits))
        output.insert(0x30, count: precision - (output.count - start), at: start)
    }
}
