/// Looks at eight bytes of a text at once.
@usableFromInline
package enum WordScan {
    @inlinable
    static var ones: UInt64 { 0x0101_0101_0101_0101 }
    @inlinable
    static var highBits: UInt64 { 0x8080_8080_8080_8080 }

    /// A letter in every byte, which never has to be escaped.
    @inlinable
    package static var letters: UInt64 { ones &* 0x61 }

    /// Marks (by the high bit of its byte) the first byte that a string cannot hold as it is: a quote, a backslash or a
    /// control character. Marks above the first one may be wrong; zero means that there is none.
    @inlinable
    @inline(__always)
    package static func stops(_ word: UInt64) -> UInt64 {
        // A byte borrows from its neighbour only when it is marked itself, so the lowest mark is always right.
        let quotes = (word ^ (ones &* 0x22)) &- ones
        let backslashes = (word ^ (ones &* 0x5C)) &- ones
        let controls = word &- (ones &* 0x20)
        return (quotes | backslashes | controls) & ~word & highBits
    }

    /// Marks the first byte that has a meaning in HTML, `<`, `>` or `&`, or begins U+2028 and its neighbours, as `stops` does.
    @inlinable
    @inline(__always)
    package static func markup(_ word: UInt64) -> UInt64 {
        // `<` and `>` differ in one bit only.
        let brackets = (word | (ones &* 0x02)) ^ (ones &* 0x3E)
        let ampersands = word ^ (ones &* 0x26)
        let separators = word ^ (ones &* 0xE2)
        return
            ((brackets &- ones) & ~brackets | (ampersands &- ones) & ~ampersands | (separators &- ones) & ~separators)
            & highBits
    }

    /// What `stops` gives, for thirty-two bytes.
    @inline(__always)
    static func stops(_ words: SIMD4<UInt64>) -> SIMD4<UInt64> {
        let quotes = (words ^ (ones &* 0x22)) &- ones
        let backslashes = (words ^ (ones &* 0x5C)) &- ones
        let controls = words &- (ones &* 0x20)
        return (quotes | backslashes | controls) & ~words & highBits
    }

    /// What `stops` gives, for sixteen bytes.
    @inline(__always)
    static func stops(_ words: SIMD2<UInt64>) -> SIMD2<UInt64> {
        let quotes = (words ^ (ones &* 0x22)) &- ones
        let backslashes = (words ^ (ones &* 0x5C)) &- ones
        let controls = words &- (ones &* 0x20)
        return (quotes | backslashes | controls) & ~words & highBits
    }

    /// Whether there are no marks.
    @inline(__always)
    static func isClear(_ marks: SIMD4<UInt64>) -> Bool {
        let together = marks.lowHalf | marks.highHalf
        return together[0] | together[1] == 0
    }

    /// The number of bytes before the lowest mark, of which there is one. Without branches, as nobody can foresee them.
    @inline(__always)
    static func position(_ marks: SIMD4<UInt64>) -> Int {
        let low = marks[0] != 0 ? position(marks[0]) : 8 &+ position(marks[1])
        let high = marks[2] != 0 ? 16 &+ position(marks[2]) : 24 &+ position(marks[3])
        return marks[0] | marks[1] != 0 ? low : high
    }

    @inline(__always)
    static func union(_ words: SIMD4<UInt64>) -> UInt64 { words[0] | words[1] | words[2] | words[3] }

    /// Moves `position` on by thirty-two bytes for as long as a string can hold all of them as they are. Returns the bits of
    /// all the bytes that were passed.
    @inline(never)
    static func skipClear(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> UInt64 {
        var seen = SIMD4<UInt64>()
        while position &+ 32 <= bytes.count {
            let words = bytes.words(at: position)
            guard isClear(stops(words)) else { break }
            seen |= words
            position &+= 32
        }
        return union(seen)
    }

    /// The number of bytes before the lowest mark.
    @inline(__always)
    static func position(_ marks: UInt64) -> Int { marks.trailingZeroBitCount >> 3 }

    /// The lowest `count` bytes, at most seven.
    @inlinable
    @inline(__always)
    package static func low(_ word: UInt64, _ count: Int) -> UInt64 { word & ((1 &<< UInt64(count &* 8)) &- 1) }

    /// The number that eight digits make, the first one lowest in the word; nil when not all of them are digits.
    @inline(__always)
    static func eightDigits(_ word: UInt64) -> UInt64? {
        let highHalves = ones &* 0xF0
        let zeros = ones &* 0x30
        guard word & highHalves == zeros, (word &+ ones &* 0x06) & highHalves == zeros else { return nil }
        // Pairs, then pairs of pairs, then both halves, each in one multiplication.
        var digits = word &- zeros
        digits = digits &* 10 &+ digits >> 8
        let mask: UInt64 = 0x0000_00FF_0000_00FF
        let first = (digits & mask) &* (100 &+ 1_000_000 << 32)
        let second = (digits >> 16 & mask) &* (1 &+ 10_000 << 32)
        return (first &+ second) >> 32
    }

    /// The digits of a number below 10^8 as eight characters, with zeros in front, the first one lowest.
    @inline(__always)
    static func characters(ofEightDigits number: UInt64) -> UInt64 {
        // Halves of four digits, then pairs, then digits; the divisions are multiplications.
        let upper = number / 10_000
        let halves = upper | (number &- upper &* 10_000) << 32
        let hundreds = ((halves &* 10_486) >> 20) & 0x0000_007F_0000_007F
        let pairs = hundreds | (halves &- hundreds &* 100) << 16
        let tens = ((pairs &* 103) >> 10) & 0x000F_000F_000F_000F
        return (tens | (pairs &- tens &* 10) << 8) | ones &* 0x30
    }

    @inline(__always)
    static func isStop(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x22 || byte == 0x5C }
}

extension UnsafeBufferPointer<UInt8> {
    /// The eight bytes at `offset`, the first one lowest; all of them have to be inside.
    @inlinable
    @inline(__always)
    package func word(at offset: Int) -> UInt64 {
        assert(offset >= 0 && offset + 8 <= count, "a word that is not inside the text")
        return UInt64(littleEndian: UnsafeRawBufferPointer(self).loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The thirty-two bytes at `offset`; all of them have to be inside.
    @inline(__always)
    func words(at offset: Int) -> SIMD4<UInt64> {
        assert(offset >= 0 && offset + 32 <= count, "words that are not inside the text")
        return UnsafeRawBufferPointer(self).loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)
    }

    /// The sixteen bytes at `offset`; all of them have to be inside.
    @inline(__always)
    func pair(at offset: Int) -> SIMD2<UInt64> {
        assert(offset >= 0 && offset + 16 <= count, "words that are not inside the text")
        return UnsafeRawBufferPointer(self).loadUnaligned(fromByteOffset: offset, as: SIMD2<UInt64>.self)
    }

    /// The bytes from `offset` on, at most seven, the first one lowest; the rest is zero.
    @inline(__always)
    func shortWord(at offset: Int, count: Int) -> UInt64 {
        if offset &+ 8 <= self.count { return WordScan.low(word(at: offset), count) }
        var word: UInt64 = 0
        var index = count
        while index > 0 {
            index &-= 1
            word = word &<< 8 | UInt64(self[offset &+ index])
        }
        return word
    }
}
