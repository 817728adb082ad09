/// The decimal number with the fewest digits that no other double is nearer to; of several, the nearest.
package struct ShortestDecimal: Equatable {
    /// No trailing zeros; at most seventeen digits. Zero for zero.
    package private(set) var digits: UInt64
    package private(set) var exponent: Int

    /// The decimal number of a finite double; its sign is left out.
    ///
    /// Source: R. Giulietti, "The Schubfach way to render doubles", 2021, with powers of 128 bits.
    package init(_ value: Double) {
        let fraction = value.bitPattern & (1 << 52 - 1)
        let biased = Int(value.bitPattern >> 52 & 0x7FF)
        let significand = biased == 0 ? fraction : fraction | 1 << 52
        let power = biased == 0 ? -1074 : biased - 1075
        if power <= 0, power > -53, significand & (1 &<< UInt64(-power) &- 1) == 0 {
            // An integer below 2^53.
            self.init(digits: significand >> UInt64(-power), exponent: 0)
        } else if significand == 0 {
            self.init(digits: 0, exponent: 0)
        } else {
            self = Self.search(significand, power, isLowerNearer: fraction == 0 && biased > 1)
        }
    }

    /// Takes off trailing zeros.
    private init(digits: UInt64, exponent: Int) {
        self.digits = digits
        self.exponent = exponent
        guard digits != 0 else {
            self.exponent = 0
            return
        }
        while self.digits % 10 == 0 {
            self.digits /= 10
            self.exponent += 1
        }
    }

    /// Looks for a decimal number in the interval that rounds to `significand` × 2^`power`. At a power of two the lower
    /// neighbour is only half as far away.
    private static func search(_ significand: UInt64, _ power: Int, isLowerNearer: Bool) -> ShortestDecimal {
        // Floors of logarithms, by multiplication: right for every exponent of a double.
        let exponent = (power &* 1_262_611 &- (isLowerNearer ? 524_031 : 0)) >> 22
        let shift = UInt64(power &+ ((exponent &* -1_741_647) >> 19) &+ 1)
        let scale = Scale(power: -exponent)
        // Four times the value and its neighbours' midpoints, scaled by 10^-exponent.
        let value = scale.apply((4 &* significand) &<< shift)
        var lower = scale.apply((4 &* significand &- (isLowerNearer ? 1 : 2)) &<< shift)
        var upper = scale.apply((4 &* significand &+ 2) &<< shift)
        // The interval's ends round to the value only when it is even.
        if significand & 1 == 1 {
            lower &+= 1
            upper &-= 1
        }
        let candidate = value / 4
        if candidate >= 10 {
            let shorter = candidate / 10
            let isBelowInside = lower <= 40 &* shorter
            let isAboveInside = 40 &* shorter &+ 40 <= upper
            if isBelowInside != isAboveInside {
                return ShortestDecimal(digits: shorter &+ (isAboveInside ? 1 : 0), exponent: exponent &+ 1)
            }
        }
        let isBelowInside = lower <= 4 &* candidate
        let isAboveInside = 4 &* candidate &+ 4 <= upper
        if isBelowInside != isAboveInside {
            return ShortestDecimal(digits: candidate &+ (isAboveInside ? 1 : 0), exponent: exponent)
        }
        let middle = 4 &* candidate &+ 2
        let roundsUp = value > middle || (value == middle && candidate & 1 == 1)
        return ShortestDecimal(digits: candidate &+ (roundsUp ? 1 : 0), exponent: exponent)
    }

    /// A power of ten to multiply with, rounded up.
    private struct Scale {
        private let high: UInt64
        private let low: UInt64

        @inline(__always)
        init(power: Int) {
            let powers = PowersOfTen.shared
            let (low, overflow) = powers.low(power).addingReportingOverflow(PowersOfTen.isExact(power) ? 0 : 1)
            self.low = low
            high = powers.high(power) &+ (overflow ? 1 : 0)
        }

        /// The upper part of the product; odd whenever something was cut off.
        @inline(__always)
        func apply(_ factor: UInt64) -> UInt64 {
            let below = low.multipliedFullWidth(by: factor).high
            let product = high.multipliedFullWidth(by: factor)
            let (middle, overflow) = product.low.addingReportingOverflow(below)
            return (product.high &+ (overflow ? 1 : 0)) | (middle > 1 ? 1 : 0)
        }
    }
}

extension Int64 {
    /// The integer that a double's shortest text spells; nil when it has a fraction or does not fit.
    init?(decimal double: Double) {
        guard let integer = Int64(exactly: double) else { return nil }
        guard double.magnitude >= 0x1p53 else {
            self = integer
            return
        }
        let short = ShortestDecimal(double)
        var magnitude = short.digits
        for _ in 0..<short.exponent {
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            magnitude = product
        }
        guard magnitude <= UInt64(Int64.max) else { return nil }
        self = double < 0 ? -Int64(magnitude) : Int64(magnitude)
    }
}
