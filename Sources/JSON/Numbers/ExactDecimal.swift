/// A number as its decimal text says it, without rounding: `digits × 10^exponent`.
///
/// Shape: no leading and no trailing zeros; zero has no digits, exponent 0 and no sign. Two are equal exactly when they
/// are the same number.
package struct ExactDecimal: Hashable, Sendable {
    package private(set) var isNegative: Bool
    /// Values 0...9, most significant first.
    package private(set) var digits: [UInt8]
    /// Exponents beyond ±2^40 are taken for that here: no number that fits in a text has as many digits.
    package private(set) var exponent: Int
    /// The exponent of the first digit, when ``exponent`` has been cut off; otherwise nil.
    private(set) var longExponent: LongExponent?

    private static let largestExponent = 1 << 40

    /// The exact value of a number; nil for anything else. A double stands for its shortest text, as it was written.
    package init?(_ value: JSONValue) {
        switch value {
        case .integer(let number): self.init(isNegative: number < 0, number.magnitude, exponent: 0)
        case .double(let number) where number.isFinite:
            let short = ShortestDecimal(number)
            self.init(isNegative: number < 0, short.digits, exponent: short.exponent)
        case .bigNumber(let number): self.init(text: number.text)
        default: return nil
        }
    }

    private init(isNegative: Bool, _ mantissa: UInt64, exponent: Int) {
        self.isNegative = isNegative
        self.exponent = mantissa == 0 ? 0 : exponent
        digits = []
        var rest = mantissa
        while rest != 0, rest % 10 == 0 {
            rest /= 10
            self.exponent += 1
        }
        while rest != 0 {
            digits.append(UInt8(rest % 10))
            rest /= 10
        }
        digits.reverse()
    }

    /// Reads a number of JSON's or Swift's spelling; the text has been checked before.
    package init(text: String) {
        var digits: [UInt8] = []
        var shift = 0
        var isNegative = false
        var isFraction = false
        var written = LongExponent()
        var iterator = text.utf8.makeIterator()
        scan: while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "."): isFraction = true
            case 0x30...0x39:
                if isFraction { shift -= 1 }
                if byte != 0x30 || !digits.isEmpty { digits.append(byte - 0x30) }
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                written = LongExponent(reading: &iterator)
                break scan
            default: break
            }
        }
        let zeros = digits.reversed().prefix { $0 == 0 }.count
        digits.removeLast(zeros)
        self.digits = digits
        self.isNegative = isNegative && !digits.isEmpty
        exponent = 0
        if !digits.isEmpty { setExponent(written, shift: shift + zeros) }
    }

    private mutating func setExponent(_ written: LongExponent, shift: Int) {
        let first = written.adding(shift + digits.count - 1)
        if let small = first.value, small.magnitude <= Self.largestExponent {
            exponent = small - (digits.count - 1)
        } else {
            exponent = first.isNegative ? -Self.largestExponent : Self.largestExponent
            longExponent = first
        }
    }

    package var isZero: Bool { digits.isEmpty }

    /// Whether the value has no fraction.
    package var isInteger: Bool { exponent >= 0 }

    /// -1, 0 or 1.
    package func compared(to other: ExactDecimal) -> Int {
        if isNegative != other.isNegative { return isNegative ? -1 : 1 }
        let magnitude = comparedMagnitude(to: other)
        return isNegative ? -magnitude : magnitude
    }

    private func comparedMagnitude(to other: ExactDecimal) -> Int {
        if isZero || other.isZero { return isZero ? (other.isZero ? 0 : -1) : 1 }
        if longExponent != other.longExponent {
            return (longExponent ?? LongExponent()).precedes(other.longExponent ?? LongExponent()) ? -1 : 1
        }
        if longExponent == nil {
            let (left, right) = (digits.count + exponent, other.digits.count + other.exponent)
            if left != right { return left < right ? -1 : 1 }
        }
        if digits == other.digits { return 0 }
        return digits.lexicographicallyPrecedes(other.digits) ? -1 : 1
    }
}

/// An exponent of any length, as a text may hold one.
struct LongExponent: Hashable, Sendable {
    private(set) var isNegative = false
    /// Values 0...9, most significant first, without zeros in front; none for zero.
    private(set) var digits: [UInt8] = []

    /// Zero.
    init() {}

    private init(isNegative: Bool, _ digits: some Sequence<UInt8>) {
        self.digits = Array(digits.drop { $0 == 0 })
        self.isNegative = isNegative && !self.digits.isEmpty
    }

    /// Reads what follows the `e` of a number.
    init(reading iterator: inout String.UTF8View.Iterator) {
        var digits: [UInt8] = []
        var isNegative = false
        while let byte = iterator.next() {
            if byte == UInt8(ascii: "-") { isNegative = true }
            if byte &- 0x30 <= 9 { digits.append(byte - 0x30) }
        }
        self.init(isNegative: isNegative, digits)
    }

    /// The exponent as an integer; nil for more than eighteen digits.
    var value: Int? {
        guard digits.count <= 18 else { return nil }
        let magnitude = digits.reduce(0) { $0 * 10 + Int($1) }
        return isNegative ? -magnitude : magnitude
    }

    /// The sum with a number of at most seventeen digits.
    func adding(_ shift: Int) -> LongExponent {
        if let value {
            let sum = value + shift
            return LongExponent(isNegative: sum < 0, String(sum.magnitude).utf8.map { $0 - 0x30 })
        }
        // The exponent is the larger one by far, so its sign stays.
        var sum = digits
        var carry = isNegative ? -shift : shift
        for index in sum.indices.reversed() where carry != 0 {
            let digit = Int(sum[index]) + carry
            // Rounded down, so that the digit that stays is never negative.
            carry = digit >= 0 ? digit / 10 : -((9 - digit) / 10)
            sum[index] = UInt8(digit - carry * 10)
        }
        if carry > 0 { sum.insert(UInt8(carry), at: 0) }
        return LongExponent(isNegative: isNegative, sum)
    }

    func precedes(_ other: LongExponent) -> Bool {
        guard isNegative == other.isNegative else { return isNegative }
        let (small, large) = isNegative ? (other.digits, digits) : (digits, other.digits)
        if small.count != large.count { return small.count < large.count }
        return small.lexicographicallyPrecedes(large)
    }
}
