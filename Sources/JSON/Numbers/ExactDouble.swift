/// Doubles from decimal numbers, exactly rounded.
enum ExactDouble {
    /// The double nearest to `mantissa` × 10^`exponent`, when it keeps the decimal number; nil when a slower look is needed.
    @inline(__always)
    static func value(_ mantissa: UInt64, _ exponent: Int, isNegative: Bool) -> Double? {
        // Mantissa and power are exact here, so that the one operation rounds correctly; fifteen digits are always kept.
        guard mantissa < 1_000_000_000_000_000, exponent >= -22, exponent <= 22 else { return nil }
        let magnitude = Double(mantissa)
        let value = exponent < 0 ? magnitude / powersOfTen[-exponent] : magnitude * powersOfTen[exponent]
        return isNegative ? -value : value
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
        1e21, 1e22,
    ]
}
