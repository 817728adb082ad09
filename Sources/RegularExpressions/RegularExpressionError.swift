/// Why a pattern is no regular expression of its dialect, or is refused.
public struct RegularExpressionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, in the words of Go's `regexp` where there are such.
    public var message: String
    /// Where the offending part starts in the pattern, in UTF-8 bytes.
    public var offset: Int
    /// The part of the pattern that is wrong.
    public var part: String

    public init(message: String, offset: Int, part: String) {
        self.message = message
        self.offset = offset
        self.part = part
    }

    public var description: String { "error parsing regexp: \(message): `\(part)`" }
}

/// Why a search was given up: it says nothing about whether the text matches.
public struct MatchingError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: Hashable, Sendable {
        /// The search took more steps than `RegularExpressionLimits.steps`.
        case undecided
        /// A replacement would be longer than the caller allowed.
        case outputTooLong
    }

    public var code: Code
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
