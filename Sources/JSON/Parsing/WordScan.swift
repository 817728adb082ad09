/// Looks at eight bytes of a text at once.
enum WordScan {
    static let ones: UInt64 = 0x0101_0101_0101_0101
    static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Marks (by the high bit of its byte) the first byte that a string cannot hold as it is: a quote, a backslash or a
    /// control character. Marks above the first one may be wrong; zero means that there is none.
    @inline(__always)
    static func stops(_ word: UInt64) -> UInt64 {
        // A byte borrows from its neighbour only when it is marked itself, so the lowest mark is always right.
        let quotes = (word ^ (ones &* 0x22)) &- ones
        let backslashes = (word ^ (ones &* 0x5C)) &- ones
        let controls = word &- (ones &* 0x20)
        return (quotes | backslashes | controls) & ~word & highBits
    }

    /// The number of bytes before the lowest mark.
    @inline(__always)
    static func position(_ marks: UInt64) -> Int { marks.trailingZeroBitCount >> 3 }

    /// The lowest `count` bytes, at most seven.
    @inline(__always)
    static func low(_ word: UInt64, _ count: Int) -> UInt64 { word & ((1 &<< UInt64(count &* 8)) &- 1) }

    @inline(__always)
    static func isStop(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x22 || byte == 0x5C }
}

extension UnsafeBufferPointer<UInt8> {
    /// The eight bytes at `offset`, the first one lowest; all of them have to be inside.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        assert(offset >= 0 && offset + 8 <= count, "a word that is not inside the text")
        return UInt64(littleEndian: UnsafeRawBufferPointer(self).loadUnaligned(fromByteOffset: offset, as: UInt64.self))
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
