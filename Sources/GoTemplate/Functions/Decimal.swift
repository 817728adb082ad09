import JSON

/// A decimal number of any size: digits × 10^exponent.
struct Decimal {
    private var isNegative: Bool
    /// Decimal digits, least significant first, without zeros at the top; empty for zero.
    private var digits: [UInt8]
    private var exponent: Int

    private init(isNegative: Bool, digits: [UInt8], exponent: Int) {
        self.isNegative = isNegative
        self.digits = digits
        self.exponent = exponent
        while self.digits.last == 0 { self.digits.removeLast() }
    }

    /// The number that the shortest text of the float shows; zero for infinities and NaN.
    init(_ value: Double) {
        guard value.isFinite, value != 0 else {
            self.init(isNegative: false, digits: [], exponent: 0)
            return
        }
        let number = ShortestDecimal(value)
        let digits = String(number.digits).utf8.reversed().map { $0 - 0x30 }
        self.init(isNegative: value < 0, digits: digits, exponent: number.exponent)
    }

    var double: Double {
        guard !digits.isEmpty else { return 0 }
        let text = String(decoding: digits.reversed().map { $0 + 0x30 }, as: UTF8.self)
        return Double((isNegative ? "-" : "") + text + "e\(exponent)") ?? 0
    }

    var negated: Decimal { Decimal(isNegative: !isNegative, digits: digits, exponent: exponent) }

    func adding(_ other: Decimal) -> Decimal {
        if digits.isEmpty { return other }
        if other.digits.isEmpty { return self }
        let shared = min(exponent, other.exponent)
        let left = shifted(to: shared)
        let right = other.shifted(to: shared)
        if isNegative == other.isNegative {
            return Decimal(isNegative: isNegative, digits: Self.sum(left, right), exponent: shared)
        }
        let isLeftLarger = !Self.isLess(left, right)
        let difference = isLeftLarger ? Self.difference(left, right) : Self.difference(right, left)
        return Decimal(isNegative: isLeftLarger ? isNegative : other.isNegative, digits: difference, exponent: shared)
    }

    func multiplied(by other: Decimal) -> Decimal {
        var result = [Int](repeating: 0, count: digits.count + other.digits.count)
        for (i, left) in digits.enumerated() {
            for (j, right) in other.digits.enumerated() { result[i + j] += Int(left) * Int(right) }
        }
        var carry = 0
        for index in result.indices {
            carry += result[index]
            result[index] = carry % 10
            carry /= 10
        }
        return Decimal(
            isNegative: isNegative != other.isNegative,
            digits: result.map { UInt8($0) },
            exponent: exponent + other.exponent
        )
    }

    /// The quotient rounded to `places` digits behind the point, half away from zero; nil for a division by zero.
    func divided(by other: Decimal, places: Int) -> Decimal? {
        guard !other.digits.isEmpty else { return nil }
        let shift = exponent - other.exponent + places
        // A negative shift drops digits of the dividend instead: the divisor grows.
        let dividend = [UInt8](repeating: 0, count: max(0, shift)) + digits
        let divisor = [UInt8](repeating: 0, count: max(0, -shift)) + other.digits
        var quotient: [UInt8] = []
        var rest: [UInt8] = []
        for digit in dividend.reversed() {
            rest.insert(digit, at: 0)
            while rest.last == 0 { rest.removeLast() }
            var count: UInt8 = 0
            while !Self.isLess(rest, divisor) {
                rest = Self.difference(rest, divisor)
                count += 1
            }
            quotient.append(count)
        }
        var result = Array(quotient.reversed())
        if !Self.isLess(Self.sum(rest, rest), divisor) { result = Self.sum(result, [1]) }
        return Decimal(isNegative: isNegative != other.isNegative, digits: result, exponent: -places)
    }

    private func shifted(to other: Int) -> [UInt8] { [UInt8](repeating: 0, count: exponent - other) + digits }

    private static func isLess(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        for index in stride(from: max(left.count, right.count) - 1, through: 0, by: -1) {
            let (a, b) = (index < left.count ? left[index] : 0, index < right.count ? right[index] : 0)
            if a != b { return a < b }
        }
        return false
    }

    private static func sum(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var carry: UInt8 = 0
        for index in 0..<max(left.count, right.count) {
            let digit = (index < left.count ? left[index] : 0) + (index < right.count ? right[index] : 0) + carry
            result.append(digit % 10)
            carry = digit / 10
        }
        if carry > 0 { result.append(carry) }
        return result
    }

    /// `left` must not be less than `right`.
    private static func difference(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var borrow: UInt8 = 0
        for index in left.indices {
            let subtrahend = (index < right.count ? right[index] : 0) + borrow
            borrow = left[index] < subtrahend ? 1 : 0
            result.append(left[index] + borrow * 10 - subtrahend)
        }
        while result.last == 0 { result.removeLast() }
        return result
    }
}
