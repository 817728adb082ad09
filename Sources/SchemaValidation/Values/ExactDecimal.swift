import JSON

/// A number as its decimal text says it, without rounding: `digits × 10^exponent`.
///
/// Shape: no leading and no trailing zeros; zero has no digits, exponent 0 and no sign.
struct ExactDecimal: Hashable {
    private(set) var isNegative: Bool
    /// Values 0...9, most significant first.
    private(set) var digits: [UInt8]
    private(set) var exponent: Int

    /// Exponents beyond are taken for this one: no number that fits in a text differs by it.
    private static let largestExponent = 1 << 40

    /// The exact value of a number; nil for anything else. A double stands for its shortest text, as it was written.
    init?(_ value: JSONValue) {
        switch value {
        case .integer(let number): self.init(text: String(number))
        case .double(let number) where number.isFinite: self.init(text: number.description)
        case .bigNumber(let text): self.init(text: text)
        default: return nil
        }
    }

    /// Reads a number of JSON's or Swift's spelling; the text has been checked before.
    init(text: String) {
        var digits: [UInt8] = []
        var exponent = 0
        var isNegative = false
        var isFraction = false
        var iterator = text.utf8.makeIterator()
        scan: while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "."): isFraction = true
            case 0x30...0x39:
                if isFraction { exponent -= 1 }
                if byte != 0x30 || !digits.isEmpty { digits.append(byte - 0x30) }
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                exponent += Self.readExponent(&iterator)
                break scan
            default: break
            }
        }
        let zeros = digits.reversed().prefix { $0 == 0 }.count
        digits.removeLast(zeros)
        self.digits = digits
        self.exponent = digits.isEmpty ? 0 : exponent + zeros
        self.isNegative = isNegative && !digits.isEmpty
    }

    private static func readExponent(_ iterator: inout String.UTF8View.Iterator) -> Int {
        var value = 0
        var isNegative = false
        while let byte = iterator.next() {
            if byte == UInt8(ascii: "-") { isNegative = true }
            guard byte &- 0x30 <= 9 else { continue }
            value = min(value * 10 + Int(byte - 0x30), largestExponent)
        }
        return isNegative ? -value : value
    }

    var isZero: Bool { digits.isEmpty }

    /// Whether the value has no fraction.
    var isInteger: Bool { exponent >= 0 }

    /// -1, 0 or 1.
    func compared(to other: ExactDecimal) -> Int {
        if isNegative != other.isNegative { return isNegative ? -1 : 1 }
        let magnitude = comparedMagnitude(to: other)
        return isNegative ? -magnitude : magnitude
    }

    private func comparedMagnitude(to other: ExactDecimal) -> Int {
        if isZero || other.isZero { return isZero ? (other.isZero ? 0 : -1) : 1 }
        let (left, right) = (digits.count + exponent, other.digits.count + other.exponent)
        if left != right { return left < right ? -1 : 1 }
        if digits == other.digits { return 0 }
        return digits.lexicographicallyPrecedes(other.digits) ? -1 : 1
    }

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
