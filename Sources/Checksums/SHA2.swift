/// SHA-256 and SHA-512. Source: FIPS 180-4.
package enum SHA2 {
    private static let primes: [Int] = {
        var primes: [Int] = []
        var candidate = 2
        while primes.count < 80 {
            if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
            candidate += 1
        }
        return primes
    }()

    /// The first 64 bits of the fraction of a prime's root: floor(root × 2^64) without its whole part.
    private static func rootFraction(_ prime: Int, isCube: Bool) -> UInt64 {
        // Bisection over integers: the largest r with r^n <= prime × 2^(64 n), r below 2^68, in 32-bit limbs.
        var low: [UInt32] = [0, 0, 0]
        for bit in stride(from: 67, through: 0, by: -1) {
            var candidate = low
            candidate[bit / 32] |= 1 << UInt32(bit % 32)
            var power = multiply(candidate, candidate)
            if isCube { power = multiply(power, candidate) }
            var target = [UInt32](repeating: 0, count: isCube ? 6 : 4)
            target.append(UInt32(prime))
            if !isGreater(power, target) { low = candidate }
        }
        return UInt64(low[1]) << 32 | UInt64(low[0])
    }

    private static func multiply(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        var result = [UInt32](repeating: 0, count: left.count + right.count)
        for (i, a) in left.enumerated() {
            var carry: UInt64 = 0
            for (j, b) in right.enumerated() {
                let sum = UInt64(a) * UInt64(b) + UInt64(result[i + j]) + carry
                result[i + j] = UInt32(truncatingIfNeeded: sum)
                carry = sum >> 32
            }
            result[i + right.count] = UInt32(truncatingIfNeeded: carry)
        }
        return result
    }

    private static func isGreater(_ left: [UInt32], _ right: [UInt32]) -> Bool {
        for index in stride(from: max(left.count, right.count) - 1, through: 0, by: -1) {
            let (a, b) = (index < left.count ? left[index] : 0, index < right.count ? right[index] : 0)
            if a != b { return a > b }
        }
        return false
    }

    /// The constants of both functions are the fractions of the roots of the first primes.
    private static let cubeRoots = primes.map { rootFraction($0, isCube: true) }
    private static let squareRoots = primes.prefix(8).map { rootFraction($0, isCube: false) }

    static func words<Word: FixedWidthInteger>(_ bytes: [UInt8], at start: Int, as: Word.Type) -> [Word] {
        let size = Word.bitWidth / 8
        return (0..<16).map { index in
            bytes[(start + index * size)..<(start + (index + 1) * size)].reduce(0) { $0 << 8 | Word($1) }
        }
    }

    private struct Rotations {
        var bigA: (Int, Int, Int)
        var bigE: (Int, Int, Int)
        var small0: (Int, Int, Int)
        var small1: (Int, Int, Int)
    }

    /// Thirty-two bytes.
    package static func sha256(_ message: [UInt8]) -> [UInt8] {
        digest(
            padded(message, block: 64, lengthBytes: 8),
            rounds: 64,
            state: squareRoots.map { UInt32($0 >> 32) },
            constants: cubeRoots.prefix(64).map { UInt32($0 >> 32) },
            Rotations(bigA: (2, 13, 22), bigE: (6, 11, 25), small0: (7, 18, 3), small1: (17, 19, 10))
        )
    }

    /// Sixty-four bytes.
    package static func sha512(_ message: [UInt8]) -> [UInt8] {
        digest(
            padded(message, block: 128, lengthBytes: 16),
            rounds: 80,
            state: Array(squareRoots),
            constants: cubeRoots,
            Rotations(bigA: (28, 34, 39), bigE: (14, 18, 41), small0: (1, 8, 7), small1: (19, 61, 6))
        )
    }

    private static func digest<Word: FixedWidthInteger & UnsignedInteger>(
        _ bytes: [UInt8],
        rounds: Int,
        state initial: [Word],
        constants: [Word],
        _ rotations: Rotations
    ) -> [UInt8] {
        func rotate(_ word: Word, _ count: Int) -> Word { word >> Word(count) | word << Word(Word.bitWidth - count) }
        func big(_ word: Word, _ by: (Int, Int, Int)) -> Word {
            rotate(word, by.0) ^ rotate(word, by.1) ^ rotate(word, by.2)
        }
        func small(_ word: Word, _ by: (Int, Int, Int)) -> Word {
            rotate(word, by.0) ^ rotate(word, by.1) ^ word >> Word(by.2)
        }
        var state = initial
        for start in stride(from: 0, to: bytes.count, by: Word.bitWidth * 2) {
            var schedule = words(bytes, at: start, as: Word.self)
            for index in 16..<rounds {
                let sum = schedule[index - 16] &+ small(schedule[index - 15], rotations.small0)
                schedule.append(sum &+ schedule[index - 7] &+ small(schedule[index - 2], rotations.small1))
            }
            var (a, b, c, d) = (state[0], state[1], state[2], state[3])
            var (e, f, g, h) = (state[4], state[5], state[6], state[7])
            for index in 0..<rounds {
                let choice = (e & f) ^ (~e & g)
                let first = h &+ big(e, rotations.bigE) &+ choice &+ constants[index] &+ schedule[index]
                let majority = (a & b) ^ (a & c) ^ (b & c)
                let second = big(a, rotations.bigA) &+ majority
                (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
            }
            for (index, value) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= value }
        }
        return bigEndian(state)
    }
}
