import JSON

/// Texts are bytes in Go. A value is `string` while it is UTF-8, and `bytes` only when it is not: a character cut in
/// half, decoded binary data, an escape such as `\xff`.
extension Value {
    /// The text that the bytes are.
    static func text(_ bytes: some Collection<UInt8>) -> Value {
        bytes.withContiguousStorageIfAvailable { text($0) } ?? Array(bytes).withUnsafeBufferPointer { text($0) }
    }

    static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> Value {
        String(checking: bytes).map { .string($0) } ?? .bytes(Array(bytes))
    }

    /// The bytes of a text; nil for other values.
    var utf8Text: [UInt8]? {
        switch self {
        case .string(let text): Array(text.utf8)
        case .bytes(let bytes): bytes
        default: nil
        }
    }

    var isText: Bool {
        switch self {
        case .string, .bytes: true
        default: false
        }
    }

    /// The text as it leaves a template; nil for other values.
    var shownText: String? {
        switch self {
        case .string(let text): text
        case .bytes(let bytes): TextBytes.shown(bytes)
        default: nil
        }
    }
}

enum TextBytes {
    /// The text with U+FFFD for every byte that belongs to no character.
    static func shown(_ bytes: some Collection<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = String.UnicodeScalarView()
        for unit in Units(Array(bytes)) { text.append(unit.scalar ?? "\u{FFFD}") }
        return String(text)
    }

    /// One character, or one byte that belongs to none.
    struct Unit {
        /// Nil for a stray byte.
        var scalar: Unicode.Scalar?
        var range: Range<Int>
    }

    /// Walks through bytes as Go does: what is no character is taken byte by byte.
    struct Units: Sequence, IteratorProtocol {
        private let bytes: [UInt8]
        private var index = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        mutating func next() -> Unit? {
            guard index < bytes.count else { return nil }
            let start = index
            let scalar = TextBytes.scalar(in: bytes, at: start)
            index += scalar.map { UTF8.width($0) } ?? 1
            return Unit(scalar: scalar, range: start..<index)
        }
    }

    /// The character whose first byte is at `index`; nil when none begins there.
    static func scalar(in bytes: [UInt8], at index: Int) -> Unicode.Scalar? {
        let first = bytes[index]
        if first < 0x80 { return Unicode.Scalar(first) }
        let width = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard (0xC2...0xF4).contains(first), index + width <= bytes.count else { return nil }
        var value = UInt32(first) & (0x7F >> UInt32(width))
        for byte in bytes[(index + 1)..<(index + width)] {
            guard byte & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        guard let scalar = Unicode.Scalar(value), UTF8.width(scalar) == width else { return nil }
        return scalar
    }

    /// How many characters and stray bytes there are.
    static func count(_ bytes: [UInt8]) -> Int {
        var count = 0
        for _ in Units(bytes) { count += 1 }
        return count
    }
}
