extension JSONWriter {
    @inline(__always)
    mutating func write(_ text: String) {
        text.withBytes { bytes in write(bytes) }
    }

    /// Copies many bytes at a time for as long as none of them needs an escape.
    @inline(never)
    private mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) {
        // Two quotes, and a last word of which not all bytes count.
        output.reserve(bytes.count &+ 10)
        output.put(UInt8(ascii: "\""))
        var index = 0
        while index &+ 32 <= bytes.count {
            let words = bytes.words(at: index)
            guard WordScan.isClear(WordScan.stops(words)) else { return writeEscaped(bytes, from: index) }
            seen |= WordScan.union(words)
            output.put(words)
            index &+= 32
        }
        if index &+ 16 <= bytes.count {
            let words = bytes.pair(at: index)
            let stops = WordScan.stops(words)
            guard stops[0] | stops[1] == 0 else { return writeEscaped(bytes, from: index) }
            seen |= words[0] | words[1]
            output.put(words)
            index &+= 16
        }
        if index &+ 8 <= bytes.count {
            let word = bytes.word(at: index)
            guard WordScan.stops(word) == 0 else { return writeEscaped(bytes, from: index) }
            seen |= word
            output.put(word, size: 8)
            index &+= 8
        }
        let rest = bytes.count &- index
        if rest > 0 {
            let word = bytes.lastWord(count: rest)
            guard WordScan.low(WordScan.stops(word), rest) == 0 else { return writeEscaped(bytes, from: index) }
            seen |= word
            output.put(word, size: rest)
        }
        output.put(UInt8(ascii: "\""))
    }

    /// Goes on with a string in which some byte needs an escape.
    @inline(never)
    private mutating func writeEscaped(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) {
        var index = start
        while true {
            let stretch = output.appendStretch(of: bytes, from: index)
            seen |= stretch.seen
            index = stretch.end
            guard index < bytes.count else { break }
            output.reserve(8)
            putEscape(bytes[index])
            index &+= 1
        }
        output.append(UInt8(ascii: "\""))
    }

    /// Needs room for eight bytes.
    private mutating func putEscape(_ byte: UInt8) {
        let short = Self.shortEscape(byte)
        if short != 0 { return output.put(0x5C | UInt64(short) << 8, size: 2) }
        let digits: StaticString = "0123456789abcdef"
        let word = UInt64(digits.utf8Start[Int(byte >> 4)]) << 32 | UInt64(digits.utf8Start[Int(byte & 15)]) << 40
        // A backslash, u and two zeros come first.
        output.put(word | 0x3030_755C, size: 6)
    }

    /// The character behind the backslash; zero when there is no short form.
    private static func shortEscape(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x08: UInt8(ascii: "b")
        case 0x09: UInt8(ascii: "t")
        case 0x0A: UInt8(ascii: "n")
        case 0x0C: UInt8(ascii: "f")
        case 0x0D: UInt8(ascii: "r")
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): byte
        default: 0
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The last `count` bytes, one to seven, the first one lowest; the rest is zero.
    @inlinable
    @inline(__always)
    package func lastWord(count: Int) -> UInt64 {
        if self.count >= 8 { return word(at: self.count &- 8) &>> UInt64((8 &- count) &* 8) }
        let raw = UnsafeRawBufferPointer(self)
        if count >= 4 {
            let low = UInt64(
                UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: self.count &- count, as: UInt32.self))
            )
            let high = UInt64(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: self.count &- 4, as: UInt32.self)))
            return low | high &<< UInt64((count &- 4) &* 8)
        }
        // One, two or three: the middle one is the first or the last one when there are fewer.
        let start = self.count &- count
        return UInt64(self[start]) | UInt64(self[start &+ count / 2]) &<< UInt64(count / 2 &* 8)
            | UInt64(self[self.count &- 1]) &<< UInt64((count &- 1) &* 8)
    }
}
