/// A compiled regular expression.
///
/// Searching is linear in the text for everything but look-around and back-references of the ECMAScript dialects, and
/// bounded by `RegularExpressionLimits` for all. Offsets are UTF-8 bytes. A value may be used by many threads at once.
public struct RegularExpression: Sendable {
    /// The syntax that patterns are written in.
    public enum Dialect: Hashable, Sendable {
        /// RE2, as Go's `regexp.Compile` takes it.
        case re2
        /// ECMA-262 with Unicode matching, as JSON Schema's `pattern` means it; forms that browsers take for the sake of
        /// old pages (Annex B of ECMA-262) are taken too.
        case ecma262
        /// ECMA-262 with Unicode matching, nothing more; for asking whether a text is a pattern.
        case ecma262Strict
    }

    /// One match.
    public struct Match: Hashable, Sendable {
        /// UTF-8 offsets of the whole match, then of the groups in the order of their opening parentheses; nil for a
        /// group that took no part.
        public var ranges: [Range<Int>?]

        /// UTF-8 offsets of the whole match.
        public var range: Range<Int> { (ranges.first ?? nil) ?? 0..<0 }
    }

    public let pattern: String
    public let dialect: Dialect
    let engine: Engine

    /// Names of the groups; the first entry stands for the whole match and is nil, as are those of groups without name.
    public var groupNames: [String?] { engine.parsed.groupNames }

    /// Whether searches are linear in the text. Others can end undecided.
    public var isLinear: Bool { engine.backtracking == nil }

    /// Compiles a pattern.
    ///
    /// - Throws: where and why the pattern is not one of the dialect, or that it exceeds a limit.
    public init(
        _ pattern: String,
        dialect: Dialect = .re2,
        limits: RegularExpressionLimits = RegularExpressionLimits()
    ) throws(RegularExpressionError) {
        self.pattern = pattern
        self.dialect = dialect
        guard pattern.utf8.count <= limits.patternBytes else {
            throw RegularExpressionError(message: "expression too large", offset: 0, part: String(pattern.prefix(40)))
        }
        let parsed =
            switch dialect {
            case .re2: try RE2Parser.parse(pattern, limits)
            case .ecma262: try ECMAParser.parse(pattern, limits, isStrict: false)
            case .ecma262Strict: try ECMAParser.parse(pattern, limits, isStrict: true)
            }
        do throws(Compiler.TooLarge) { engine = try Engine(parsed, dialect, limits) } catch {
            throw RegularExpressionError(message: "expression too large", offset: 0, part: pattern)
        }
    }

    /// Whether the pattern matches anywhere in the text.
    ///
    /// - Throws: `undecided` when a limit is reached.
    public func matches(_ text: String) throws(MatchingError) -> Bool {
        try Self.withBytes(of: text) { bytes throws(MatchingError) in try matches(utf8: bytes) }
    }

    /// The same for a caller that bounds many searches together.
    ///
    /// - Parameter stepsLeft: loses what the search took; with none left it ends undecided.
    public func matches(_ text: String, stepsLeft: inout Int) throws(MatchingError) -> Bool {
        let span = text.utf8.span
        return try span.withUnsafeBufferPointer { bytes throws(MatchingError) in
            try engine.matches(bytes, stepsLeft: &stepsLeft)
        }
    }

    /// Whether the pattern matches anywhere in the text, which should be valid UTF-8.
    public func matches(utf8 text: UnsafeBufferPointer<UInt8>) throws(MatchingError) -> Bool {
        var stepsLeft = Int.max
        return try engine.matches(text, stepsLeft: &stepsLeft)
    }

    /// The text with a backslash before everything that is special in a pattern.
    public static func quoted(_ text: String) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "*"), UInt8(ascii: "?"),
                UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "|"), UInt8(ascii: "["), UInt8(ascii: "]"),
                UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "^"), UInt8(ascii: "$"):
                output.append(UInt8(ascii: "\\"))
            default: break
            }
            output.append(byte)
        }
        return String(decoding: output, as: UTF8.self)
    }

    static func withBytes<Result>(
        of text: String,
        _ body: (UnsafeBufferPointer<UInt8>) throws(MatchingError) -> Result
    ) throws(MatchingError) -> Result {
        let span = text.utf8.span
        return try span.withUnsafeBufferPointer(body)
    }
}
