/// Comparison of numbers by their decimal values: no rounding between integers, doubles and big numbers.
package enum NumberComparison {
    /// Up to here every integer is a double, so the two kinds compare as doubles.
    @usableFromInline static let safe = 9_007_199_254_740_992.0

    /// -1, 0 or 1; both values are numbers. Doubles that are not finite lie beyond all numbers: NaN above them.
    @inlinable
    package static func compare(_ left: JSONValue, _ right: JSONValue) -> Int {
        if case .integer(let left) = left, case .integer(let right) = right {
            return left < right ? -1 : (left == right ? 0 : 1)
        }
        return compareMixed(left, right)
    }

    @usableFromInline
    static func compareMixed(_ left: JSONValue, _ right: JSONValue) -> Int {
        switch (left, right) {
        case (.double(let left), .double(let right)): return left < right ? -1 : (left == right ? 0 : 1)
        case (.double(let left), .integer(let right)): return compare(left, right)
        case (.integer(let left), .double(let right)): return -compare(right, left)
        default: return compareExactly(left, right)
        }
    }

    @inlinable
    package static func compare(_ left: Double, _ right: Int64) -> Int {
        if abs(left) < safe {
            // A fraction is never within rounding distance of an integer here.
            let right = Double(right)
            return left < right ? -1 : (left == right ? 0 : 1)
        }
        return compareExactly(.double(left), .integer(right))
    }

    @usableFromInline
    static func compareExactly(_ left: JSONValue, _ right: JSONValue) -> Int {
        if let left = ExactDecimal(left), let right = ExactDecimal(right) { return left.compared(to: right) }
        let (left, right) = (place(left), place(right))
        return left < right ? -1 : (left == right ? 0 : 1)
    }

    /// Where a number lies among the infinities.
    private static func place(_ value: JSONValue) -> Int {
        guard case .double(let number) = value, !number.isFinite else { return 0 }
        return number.isNaN ? 2 : number < 0 ? -1 : 1
    }

    /// Whether a number has no fraction.
    package static func isIntegral(_ number: Double) -> Bool { number == number.rounded(.towardZero) }

    package static func isIntegral(_ number: JSONBigNumber) -> Bool { ExactDecimal(text: number.text).isInteger }

    /// The same integer for every spelling of a number that small doubles and integers share; nil for others.
    package static func smallInteger(_ value: JSONValue) -> Int64? {
        switch value {
        case .integer(let number) where abs(Double(number)) < safe: number
        case .double(let number) where abs(number) < safe: Int64(exactly: number)
        default: nil
        }
    }
}
