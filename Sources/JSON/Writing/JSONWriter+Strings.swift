extension JSONWriter {
    @inline(__always)
    mutating func write(_ text: String) {
        text.withBytes { bytes in write(bytes) }
    }

    /// Copies eight bytes at a time for as long as none of them needs an escape.
    @inline(never)
    private mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) {
        // Two quotes, and a last word of which not all bytes count.
        output.reserve(bytes.count &+ 10)
        output.put(UInt8(ascii: "\""))
        var index = 0
        while index &+ 8 <= bytes.count {
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
        while index < bytes.count {
            let stretch = index
            while index &+ 8 <= bytes.count {
                let stops = WordScan.stops(bytes.word(at: index))
                if stops != 0 {
                    index &+= WordScan.position(stops)
                    break
                }
                index &+= 8
            }
            while index < bytes.count, !WordScan.isStop(bytes[index]) { index &+= 1 }
            output.reserve(index &- stretch &+ 8)
            output.put(UnsafeBufferPointer(rebasing: bytes[stretch..<index]))
            if index < bytes.count { putEscape(bytes[index]) }
            index &+= 1
        }
        for byte in bytes { seen |= UInt64(byte) }
        output.append(UInt8(ascii: "\""))
    }

    /// Needs room for six bytes.
    private mutating func putEscape(_ byte: UInt8) {
        output.put(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.put(byte)
        case 0x0A: output.put(UInt8(ascii: "n"))
        case 0x09: output.put(UInt8(ascii: "t"))
        case 0x0D: output.put(UInt8(ascii: "r"))
        case 0x08: output.put(UInt8(ascii: "b"))
        case 0x0C: output.put(UInt8(ascii: "f"))
        default:
            output.put(UInt8(ascii: "u"))
            output.put(UInt8(ascii: "0"))
            output.put(UInt8(ascii: "0"))
            let digits: StaticString = "0123456789abcdef"
            output.put(digits.utf8Start[Int(byte >> 4)])
            output.put(digits.utf8Start[Int(byte & 15)])
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The last `count` bytes, one to seven, the first one lowest; the rest is zero.
    @inline(__always)
    func lastWord(count: Int) -> UInt64 {
        if self.count >= 8 { return word(at: self.count &- 8) &>> UInt64((8 &- count) &* 8) }
        let raw = UnsafeRawBufferPointer(self)
        if count >= 4 {
            let low = UInt64(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: self.count &- count, as: UInt32.self)))
            let high = UInt64(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: self.count &- 4, as: UInt32.self)))
            return low | high &<< UInt64((count &- 4) &* 8)
        }
        // One, two or three: the middle one is the first or the last one when there are fewer.
        let start = self.count &- count
        return UInt64(self[start]) | UInt64(self[start &+ count / 2]) &<< UInt64(count / 2 &* 8)
            | UInt64(self[self.count &- 1]) &<< UInt64((count &- 1) &* 8)
    }
}
