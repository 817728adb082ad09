/// The leading 128 bits of powers of five, which are those of powers of ten but for a shift.
///
/// For each exponent `k` from ``lowest`` to ``highest``, `high(k)` and `low(k)` are the quotient of 5^k and that power of
/// two which gives it 128 bits, rounded down. The table, 10 kB, is computed exactly when it is first needed.
struct PowersOfTen: Sendable {
    static let lowest = -342
    static let highest = 324

    static let shared = PowersOfTen()

    /// High and low half of each.
    private let halves: ContiguousArray<UInt64>

    @inline(__always)
    func high(_ exponent: Int) -> UInt64 { halves[(exponent &- Self.lowest) &* 2] }

    @inline(__always)
    func low(_ exponent: Int) -> UInt64 { halves[(exponent &- Self.lowest) &* 2 &+ 1] }

    /// Whether the 128 bits are the power itself.
    @inline(__always)
    static func isExact(_ exponent: Int) -> Bool { exponent >= 0 && exponent <= 55 }

    private init() {
        var halves = ContiguousArray<UInt64>(repeating: 0, count: (Self.highest - Self.lowest + 1) * 2)
        func store(_ number: LongNumber, at exponent: Int) {
            let leading = number.leadingBits
            halves[(exponent - Self.lowest) * 2] = leading.high
            halves[(exponent - Self.lowest) * 2 + 1] = leading.low
        }
        var power = LongNumber(words: [1])
        for exponent in 0...Self.highest {
            store(power, at: exponent)
            power.multiplyByFive()
        }
        // Dividing and rounding down again and again gives the same as doing it once. 5^342 has 795 bits, so that of 1024
        // bits more than 128 stay.
        var inverse = LongNumber(words: Array(repeating: 0, count: 16) + [1])
        for exponent in 1...(-Self.lowest) {
            inverse.divideByFive()
            store(inverse, at: -exponent)
        }
        self.halves = halves
    }
}

/// A natural number of any size, as far as the table above needs one.
private struct LongNumber {
    /// Lowest first; the last one is not zero.
    var words: [UInt64]

    mutating func multiplyByFive() {
        var carry: UInt64 = 0
        for index in words.indices {
            let product = words[index].multipliedFullWidth(by: 5)
            let (sum, overflow) = product.low.addingReportingOverflow(carry)
            words[index] = sum
            carry = product.high + (overflow ? 1 : 0)
        }
        if carry > 0 { words.append(carry) }
    }

    /// Divides and rounds down.
    mutating func divideByFive() {
        var remainder: UInt64 = 0
        for index in words.indices.reversed() {
            (words[index], remainder) = UInt64(5).dividingFullWidth((remainder, words[index]))
        }
        while words.last == 0 { words.removeLast() }
    }

    /// The first 128 bits, beginning with the first one that is set.
    var leadingBits: (high: UInt64, low: UInt64) {
        func word(_ back: Int) -> UInt64 { words.count > back ? words[words.count - 1 - back] : 0 }
        let shift = UInt64(word(0).leadingZeroBitCount)
        // A shift by 64 gives zero here.
        return (word(0) << shift | word(1) >> (64 - shift), word(1) << shift | word(2) >> (64 - shift))
    }
}
