/// Code points of UTF-8 text by offset. Text that is no valid UTF-8 gives some code points or other, but never reads
/// outside the text.
enum Scalars {
    /// The code point at `offset`, which is below `text.count`, and its length.
    @inline(__always)
    static func at(_ text: UnsafeBufferPointer<UInt8>, _ offset: Int) -> (scalar: UInt32, width: Int) {
        let first = UInt32(text[offset])
        if first < 0x80 { return (first, 1) }
        return beyondASCII(text, offset, first)
    }

    /// The code point before `offset`, which is above 0, and its length.
    @inline(__always)
    static func before(_ text: UnsafeBufferPointer<UInt8>, _ offset: Int) -> (scalar: UInt32, width: Int) {
        let last = UInt32(text[offset - 1])
        if last < 0x80 { return (last, 1) }
        var start = offset - 1
        while start > 0, offset - start < 4, text[start] & 0xC0 == 0x80 { start -= 1 }
        let found = at(text, start)
        return found.width == offset - start ? found : (0xFFFD, 1)
    }

    private static func beyondASCII(
        _ text: UnsafeBufferPointer<UInt8>,
        _ offset: Int,
        _ first: UInt32
    ) -> (scalar: UInt32, width: Int) {
        let width = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 1
        guard width > 1, first < 0xF8, offset + width <= text.count else { return (0xFFFD, 1) }
        var scalar = first & (0x7F >> UInt32(width))
        for index in 1..<width {
            let byte = text[offset + index]
            guard byte & 0xC0 == 0x80 else { return (0xFFFD, 1) }
            scalar = scalar << 6 | UInt32(byte & 0x3F)
        }
        return scalar <= ScalarSet.lastScalar ? (scalar, width) : (0xFFFD, 1)
    }
}

extension Assertion {
    @inline(__always)
    func holds(before: Alphabet.Kind, after: Alphabet.Kind) -> Bool {
        switch self {
        case .textStart: before == .edge
        case .textEnd: after == .edge
        case .lineStart: before == .edge || before == .newline
        case .lineEnd: after == .edge || after == .newline
        case .wordBoundary: (before == .word) != (after == .word)
        case .noWordBoundary: (before == .word) == (after == .word)
        }
    }

    /// The same at a place in a text.
    func holds(_ text: UnsafeBufferPointer<UInt8>, _ offset: Int) -> Bool {
        holds(
            before: offset == 0 ? .edge : Alphabet.Kind(text[offset - 1]),
            after: offset == text.count ? .edge : Alphabet.Kind(text[offset])
        )
    }
}

extension Alphabet.Kind {
    /// Words and newlines are ASCII, so that one byte says enough.
    init(_ byte: UInt8) {
        switch byte {
        case 10: self = .newline
        case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: self = .word
        default: self = .other
        }
    }
}
