/// Finds bytes that are not UTF-8. Source: RFC 3629, section 4.
enum UTF8Check {
    /// The offset of the first byte in `range` that does not belong to a complete, shortest-form character other than a
    /// surrogate; nil when all do.
    static func firstFault(in bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
        var offset = range.lowerBound
        let end = range.upperBound
        while offset < end {
            while offset &+ 8 <= end, bytes.word(at: offset) & WordScan.highBits == 0 { offset &+= 8 }
            guard offset < end else { return nil }
            let length = sequenceLength(bytes, offset, end)
            if length == 0 { return offset }
            offset &+= length
        }
        return nil
    }

    static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var seen: UInt64 = 0
        var offset = 0
        while offset &+ 8 <= bytes.count {
            seen |= bytes.word(at: offset)
            offset &+= 8
        }
        while offset < bytes.count {
            seen |= UInt64(bytes[offset])
            offset &+= 1
        }
        return seen & WordScan.highBits == 0
    }

    /// The number of bytes of the character at `offset`; zero when there is no valid one before `end`.
    @inline(__always)
    private static func sequenceLength(_ bytes: UnsafeBufferPointer<UInt8>, _ offset: Int, _ end: Int) -> Int {
        let first = bytes[offset]
        if first < 0x80 { return 1 }
        let left = end &- offset
        guard left >= 2 else { return 0 }
        let second = bytes[offset &+ 1]
        switch first {
        case 0xC2...0xDF:
            return isContinuation(second) ? 2 : 0
        case 0xE0...0xEF:
            guard left >= 3, isContinuation(second), isContinuation(bytes[offset &+ 2]) else { return 0 }
            // E0 below A0 would be an overlong form, ED from A0 on a surrogate.
            if first == 0xE0, second < 0xA0 { return 0 }
            if first == 0xED, second >= 0xA0 { return 0 }
            return 3
        case 0xF0...0xF4:
            guard left >= 4, isContinuation(second), isContinuation(bytes[offset &+ 2]),
                isContinuation(bytes[offset &+ 3])
            else { return 0 }
            // F0 below 90 would be an overlong form, F4 from 90 on is above U+10FFFF.
            if first == 0xF0, second < 0x90 { return 0 }
            if first == 0xF4, second >= 0x90 { return 0 }
            return 4
        default:
            return 0
        }
    }

    @inline(__always)
    private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
