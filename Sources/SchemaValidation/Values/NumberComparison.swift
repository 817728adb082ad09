import JSON

/// Comparison of numbers by what their texts say: no rounding between integers, doubles and big numbers.
enum NumberComparison {
    /// Up to here every integer is a double, so the two kinds compare as doubles.
    private static let safe = 9_007_199_254_740_992.0

    /// -1, 0 or 1; both values are numbers.
    @inline(__always)
    static func compare(_ left: JSONValue, _ right: JSONValue) -> Int {
        if case .integer(let left) = left, case .integer(let right) = right {
            return left < right ? -1 : (left == right ? 0 : 1)
        }
        return compareMixed(left, right)
    }

    private static func compareMixed(_ left: JSONValue, _ right: JSONValue) -> Int {
        switch (left, right) {
        case (.double(let left), .double(let right)): return left < right ? -1 : (left == right ? 0 : 1)
        case (.double(let left), .integer(let right)): return compare(left, right)
        case (.integer(let left), .double(let right)): return -compare(right, left)
        default:
            guard let left = ExactDecimal(left), let right = ExactDecimal(right) else { return 0 }
            return left.compared(to: right)
        }
    }

    @inline(__always)
    static func compare(_ left: Double, _ right: Int64) -> Int {
        if abs(left) < safe {
            // A fraction is never within rounding distance of an integer here.
            let right = Double(right)
            return left < right ? -1 : (left == right ? 0 : 1)
        }
        return compareLarge(left, right)
    }

    private static func compareLarge(_ left: Double, _ right: Int64) -> Int {
        guard let exact = ExactDecimal(.double(left)), let right = ExactDecimal(.integer(right)) else { return 0 }
        return exact.compared(to: right)
    }

    /// Whether a number has no fraction.
    static func isIntegral(_ number: Double) -> Bool { number == number.rounded(.towardZero) }

    static func isIntegral(bigNumber text: String) -> Bool { ExactDecimal(text: text).isInteger }

    /// The same integer for every spelling of a number that small doubles and integers share; nil for others.
    static func smallInteger(_ value: JSONValue) -> Int64? {
        switch value {
        case .integer(let number) where abs(Double(number)) < safe: number
        case .double(let number) where abs(number) < safe: Int64(exactly: number)
        default: nil
        }
    }
}

/// What `multipleOf` divides by, prepared for the common cases.
struct Divisor: Sendable {
    private let exact: ExactDecimal
    /// The digits as an integer when they fit.
    private let mantissa: UInt64?

    init?(_ value: JSONValue) {
        guard let exact = ExactDecimal(value), !exact.isZero, !exact.isNegative else { return nil }
        self.exact = exact
        mantissa = exact.digits.count <= 18 ? exact.digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1) } : nil
    }

    /// Whether the number is a whole number of times this; nil when that would take too long to find out.
    func divides(_ value: JSONValue) -> Bool? {
        switch value {
        case .integer(let number):
            if let mantissa, exact.exponent == 0 { return number.magnitude % mantissa == 0 }
            if let mantissa, exact.exponent < 0 {
                return divides(number.magnitude, zeros: -exact.exponent, mantissa)
            }
        case .double(let number):
            if let mantissa, let short = ShortDecimal(number) {
                if short.mantissa == 0 { return true }
                guard short.exponent >= exact.exponent else { return false }
                return divides(short.mantissa, zeros: short.exponent - exact.exponent, mantissa)
            }
        default: break
        }
        return ExactDecimal(value)?.isMultiple(of: exact)
    }

    /// Whether `number` followed by `zeros` zeros is divisible by `mantissa`.
    private func divides(_ number: UInt64, zeros: Int, _ mantissa: UInt64) -> Bool {
        var rest = number % mantissa
        // No number of 18 digits has more than 59 factors of two.
        for _ in 0..<min(zeros, 64) where rest != 0 {
            rest = mantissa.dividingFullWidth(rest.multipliedFullWidth(by: 10)).remainder
        }
        return rest == 0
    }
}

/// The shortest decimal text of a double as an integer and an exponent; the integer has no trailing zeros.
struct ShortDecimal {
    private(set) var mantissa: UInt64 = 0
    private(set) var exponent = 0

    init?(_ number: Double) {
        guard number.isFinite else { return nil }
        var text = number.magnitude.description
        text.withUTF8 { bytes in
            var isFraction = false
            var index = 0
            while index < bytes.count, bytes[index] != UInt8(ascii: "e") {
                if bytes[index] == UInt8(ascii: ".") {
                    isFraction = true
                } else {
                    mantissa = mantissa * 10 + UInt64(bytes[index] - 0x30)
                    if isFraction { exponent -= 1 }
                }
                index += 1
            }
            guard index < bytes.count else { return }
            exponent += Self.signed(bytes[(index + 1)...])
        }
        guard mantissa != 0 else { return }
        while mantissa % 10 == 0 {
            mantissa /= 10
            exponent += 1
        }
    }

    private static func signed(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        var value = 0
        for byte in bytes where byte &- 0x30 <= 9 { value = value * 10 + Int(byte - 0x30) }
        return bytes.first == UInt8(ascii: "-") ? -value : value
    }
}
