/// A place in a pattern that is read code point by code point.
struct PatternCursor {
    private let scalars: [Unicode.Scalar]
    /// Index into the code points.
    private(set) var index = 0

    init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

    var isAtEnd: Bool { index >= scalars.count }
    var count: Int { scalars.count }

    /// The next code point, or one further on.
    func peek(_ offset: Int = 0) -> Unicode.Scalar? {
        index + offset < scalars.count ? scalars[index + offset] : nil
    }

    func isAt(_ scalar: Unicode.Scalar) -> Bool { peek() == scalar }

    mutating func next() -> Unicode.Scalar? {
        guard index < scalars.count else { return nil }
        index += 1
        return scalars[index - 1]
    }

    mutating func skip(_ count: Int = 1) { index = min(scalars.count, index + count) }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard isAt(scalar) else { return false }
        index += 1
        return true
    }

    /// Goes to an earlier place that `index` gave.
    mutating func rewind(to place: Int) { index = place }

    func starts(with word: StaticString) -> Bool {
        word.withUTF8Buffer { bytes in
            guard index + bytes.count <= scalars.count else { return false }
            for offset in bytes.indices where scalars[index + offset].value != UInt32(bytes[offset]) { return false }
            return true
        }
    }

    /// How far away the next `scalar` is; nil when there is none.
    func distance(to scalar: Unicode.Scalar) -> Int? {
        scalars[index...].firstIndex(of: scalar).map { $0 - index }
    }

    /// The pattern's text between two places; to its end without a second one.
    func text(from start: Int, to end: Int? = nil) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[start..<(end ?? scalars.count)])
        return String(view)
    }

    /// An error about the text between two places.
    func error(_ message: String, from start: Int, to end: Int? = nil) -> RegularExpressionError {
        var offset = 0
        for scalar in scalars[..<start] { offset += UTF8.width(scalar) }
        return RegularExpressionError(message: message, offset: offset, part: text(from: start, to: end))
    }

    /// A decimal number of any length, or nil; what exceeds a million becomes a million.
    mutating func number() -> Int? {
        var value: Int?
        while let next = peek(), ("0"..."9").contains(next) {
            value = min((value ?? 0) * 10 + Int(next.value - 0x30), 1_000_000)
            index += 1
        }
        return value
    }
}

extension Unicode.Scalar {
    /// The value of a hexadecimal digit.
    var hexadecimalDigit: UInt32? {
        switch self {
        case "0"..."9": value - 0x30
        case "a"..."f": value - 0x57
        case "A"..."F": value - 0x37
        default: nil
        }
    }

    var isOctalDigit: Bool { ("0"..."7").contains(self) }

    var isASCIILetterOrDigit: Bool {
        ("a"..."z").contains(self) || ("A"..."Z").contains(self) || ("0"..."9").contains(self)
    }
}
