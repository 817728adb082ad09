/// Patterns that need no regular expression.
enum PatternShape: Sendable {
    /// Matches everything: an empty pattern, `.*`.
    case everything
    case prefix(String)
    case exact(String)
    case suffix(String)
    case contained(String)
    /// Anything else.
    case expression

    init(_ pattern: String) {
        // A dot does not match a line break, but a repetition of none matches anywhere.
        if ["", "^", "$", ".*", "^.*"].contains(pattern) {
            self = .everything
            return
        }
        var body = pattern[...]
        let hasStart = body.first == "^"
        if hasStart { body.removeFirst() }
        let hasEnd = body.last == "$"
        if hasEnd { body.removeLast() }
        guard let literal = Self.literal(body) else {
            self = .expression
            return
        }
        self =
            switch (hasStart, hasEnd) {
            case (true, true): .exact(literal)
            case (true, false): .prefix(literal)
            case (false, true): .suffix(literal)
            case (false, false): .contained(literal)
            }
    }

    /// The text that a pattern without operators stands for.
    private static func literal(_ pattern: Substring) -> String? {
        var output = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in pattern.unicodeScalars {
            if isEscaped {
                // Only escaped punctuation stands for itself.
                guard "^$\\.*+?()[]{}|/-".unicodeScalars.contains(scalar) else { return nil }
                output.append(scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else if "^$.*+?()[]{}|".unicodeScalars.contains(scalar) {
                return nil
            } else {
                output.append(scalar)
            }
        }
        return isEscaped ? nil : String(output)
    }

    /// Whether the text matches; nil when the regular expression has to be asked.
    func matches(_ text: String) -> Bool? {
        switch self {
        case .everything: true
        case .exact(let literal): isSameText(text, literal)
        case .prefix(let literal):
            Self.isPart(text, literal) { text, part in Self.equal(text.prefix(part.count), part) }
        case .suffix(let literal):
            Self.isPart(text, literal) { text, part in Self.equal(text.suffix(part.count), part) }
        case .contained, .expression: nil
        }
    }

    @inline(__always)
    private static func isPart(
        _ text: String,
        _ literal: String,
        _ compare: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Bool? {
        (text.utf8.withContiguousStorageIfAvailable { text in
            literal.utf8.withContiguousStorageIfAvailable { part in part.count <= text.count && compare(text, part) }
        }) ?? nil
    }

    @inline(__always)
    private static func equal(_ left: Slice<UnsafeBufferPointer<UInt8>>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        for index in 0..<right.count where left[left.startIndex + index] != right[index] { return false }
        return true
    }
}
