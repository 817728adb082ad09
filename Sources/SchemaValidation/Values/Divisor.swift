import JSON

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
            if let mantissa, number.isFinite {
                let short = ShortestDecimal(number)
                if short.digits == 0 { return true }
                guard short.exponent >= exact.exponent else { return false }
                return divides(short.digits, zeros: short.exponent - exact.exponent, mantissa)
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

extension ExactDecimal {
    /// Whether the value is a whole number of times `divisor`; nil when that would take too long to find out.
    ///
    /// Neither number ends in a zero, so a value with the smaller exponent is never a multiple. Otherwise the digits,
    /// followed by as many zeros as the exponents differ, have to be divisible. Zeros only add factors of two and five,
    /// so more of them than the divisor can hold do not matter.
    func isMultiple(of divisor: ExactDecimal) -> Bool? {
        guard !divisor.isZero else { return false }
        guard !isZero else { return true }
        guard exponent >= divisor.exponent else { return false }
        let zeros = min(exponent - divisor.exponent, 4 * divisor.digits.count)
        if divisor.digits.count <= 18 {
            let modulus = divisor.digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1) }
            var rest: UInt64 = 0
            for digit in digits { rest = Self.appended(rest, UInt64(digit), modulus) }
            for _ in 0..<zeros { rest = Self.appended(rest, 0, modulus) }
            return rest == 0
        }
        guard (digits.count + zeros) * divisor.digits.count < Self.longDivisionLimit else { return nil }
        return longRemainderIsZero(divisor.digits, zeros: zeros)
    }

    private static let longDivisionLimit = 4_000_000

    /// `(rest × 10 + digit) mod modulus` without overflow.
    private static func appended(_ rest: UInt64, _ digit: UInt64, _ modulus: UInt64) -> UInt64 {
        let product = rest.multipliedFullWidth(by: 10)
        let (low, carry) = product.low.addingReportingOverflow(digit)
        return modulus.dividingFullWidth((product.high + (carry ? 1 : 0), low)).remainder
    }

    /// School division that keeps only the remainder, least significant digit first.
    private func longRemainderIsZero(_ divisor: [UInt8], zeros: Int) -> Bool {
        let divisor = Array(divisor.reversed())
        var rest: [UInt8] = []
        for index in 0..<digits.count + zeros {
            rest.insert(index < digits.count ? digits[index] : 0, at: 0)
            while rest.last == 0 { rest.removeLast() }
            while Self.isAtLeast(rest, divisor) { Self.subtract(divisor, from: &rest) }
        }
        return rest.isEmpty
    }

    private static func isAtLeast(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        if left.count != right.count { return left.count > right.count }
        return !left.reversed().lexicographicallyPrecedes(right.reversed())
    }

    private static func subtract(_ right: [UInt8], from left: inout [UInt8]) {
        var borrow: UInt8 = 0
        for index in left.indices {
            let taken = (index < right.count ? right[index] : 0) + borrow
            borrow = left[index] < taken ? 1 : 0
            left[index] = left[index] &+ borrow * 10 &- taken
        }
        while left.last == 0 { left.removeLast() }
    }
}
