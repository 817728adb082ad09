/// A compiled regular expression.
///
/// Searching is linear in the text for everything but look-around and back-references of the ECMAScript dialect, and
/// bounded by `RegularExpressionLimits.steps` for all. Offsets are UTF-8 bytes.
public struct RegularExpression: Sendable {
    /// The syntax that patterns are written in.
    public enum Dialect: Hashable, Sendable {
        /// RE2, as Go's `regexp.Compile` takes it.
        case re2
        /// ECMA-262 with Unicode matching, as JSON Schema's `pattern` takes it.
        case ecma262
    }

    /// One match. An absent range is a group that took no part.
    public struct Match: Hashable, Sendable {
        /// UTF-8 offsets of the whole match (first) and of the groups, in the order of their opening parentheses.
        public var ranges: [Range<Int>?]

        public var range: Range<Int> { (ranges.first ?? nil) ?? 0..<0 }
    }

    public let pattern: String
    public let dialect: Dialect
    public let limits: RegularExpressionLimits
    let program: RegexProgram

    /// Names of the groups; the first entry stands for the whole match and is nil, as are those of groups without name.
    public var groupNames: [String?] { program.groupNames }

    /// - Throws: where and why the pattern is not one of the dialect, or that it exceeds a limit.
    public init(
        _ pattern: String,
        dialect: Dialect = .re2,
        limits: RegularExpressionLimits = .init()
    )
        throws(RegularExpressionError)
    {
        self.pattern = pattern
        self.dialect = dialect
        self.limits = limits
        program = try RegexProgram(pattern)
    }

    /// Whether the pattern matches anywhere in the text.
    public func matches(_ text: String) throws(MatchingError) -> Bool { try firstMatch(in: text) != nil }

    /// Whether the pattern matches anywhere in the text, which should be valid UTF-8.
    public func matches(utf8 text: UnsafeBufferPointer<UInt8>) throws(MatchingError) -> Bool {
        try matches(String(decoding: text, as: UTF8.self))
    }

    public func firstMatch(in text: String) throws(MatchingError) -> Match? {
        try allMatches(in: text, limit: 1).first
    }

    /// Matches from left to right, at most `limit`; an empty one right behind another match does not count.
    public func allMatches(in text: String, limit: Int = .max) throws(MatchingError) -> [Match] {
        let decoded = Decoded(text)
        var result: [Match] = []
        var position = 0
        var previousEnd = -1
        while result.count < limit, position <= decoded.scalars.count,
            let found = program.match(decoded.scalars, from: position)
        {
            let isRepeated = found[1] == position && found[0] == previousEnd
            position = found[1] == position ? position + 1 : found[1]
            previousEnd = found[1]
            if !isRepeated { result.append(decoded.match(found)) }
        }
        return result
    }

    /// What `allMatches` finds, as texts.
    public func matchedTexts(in text: String, limit: Int = .max) throws(MatchingError) -> [String] {
        let bytes = Array(text.utf8)
        return try allMatches(in: text, limit: limit).map { String(decoding: bytes[$0.range], as: UTF8.self) }
    }

    /// The text with all matches replaced.
    ///
    /// - Parameters:
    ///   - expandsGroups: `$1`, `${1}`, `$name` and `${name}` insert groups, `$$` is a dollar sign.
    ///   - maximumBytes: how long the result may become.
    public func replacingMatches(
        in text: String,
        with replacement: String,
        expandsGroups: Bool = true,
        maximumBytes: Int = .max
    ) throws(MatchingError) -> String {
        let bytes = Array(text.utf8)
        let decoded = Decoded(text)
        let template = Array(replacement.unicodeScalars)
        var output = ""
        var lastEnd = 0
        var position = 0
        while position <= decoded.scalars.count, let found = program.match(decoded.scalars, from: position) {
            let match = decoded.match(found)
            output += String(decoding: bytes[decoded.offsets[lastEnd]..<match.range.lowerBound], as: UTF8.self)
            if found[1] > lastEnd || found[0] == 0 {
                if expandsGroups { expand(template, match, bytes, into: &output) } else { output += replacement }
            }
            guard output.utf8.count <= maximumBytes else {
                throw MatchingError(.outputTooLong, "text is longer than the limit of \(maximumBytes) bytes")
            }
            lastEnd = found[1]
            position = max(position + 1, found[1])
        }
        output += String(decoding: bytes[decoded.offsets[lastEnd]...], as: UTF8.self)
        return output
    }

    /// The parts between matches, at most `limit`, of which the last is the rest of the text.
    public func split(_ text: String, limit: Int = .max) throws(MatchingError) -> [String] {
        if limit <= 0 { return [] }
        if text.isEmpty, !pattern.isEmpty { return [""] }
        let bytes = Array(text.utf8)
        var parts: [String] = []
        var start = 0
        var end = 0
        for match in try allMatches(in: text, limit: limit) {
            if parts.count == limit - 1 { break }
            end = match.range.lowerBound
            if match.range.upperBound != 0 { parts.append(String(decoding: bytes[start..<end], as: UTF8.self)) }
            start = match.range.upperBound
        }
        if end != bytes.count { parts.append(String(decoding: bytes[start...], as: UTF8.self)) }
        return parts
    }

    /// The text with a backslash before everything that is special in a pattern.
    public static func quoted(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            if "\\.+*?()|[]{}^$".unicodeScalars.contains(scalar) { output += "\\" }
            output.unicodeScalars.append(scalar)
        }
        return output
    }

    private struct Decoded {
        var scalars: [UInt32] = []
        var offsets: [Int] = []

        init(_ text: String) {
            var offset = 0
            for scalar in text.unicodeScalars {
                scalars.append(scalar.value)
                offsets.append(offset)
                offset += UTF8.width(scalar)
            }
            offsets.append(offset)
        }

        func match(_ found: [Int]) -> Match {
            Match(
                ranges: stride(from: 0, to: found.count, by: 2).map {
                    found[$0] < 0 ? nil : offsets[found[$0]]..<offsets[found[$0 + 1]]
                }
            )
        }
    }

    private func expand(_ template: [Unicode.Scalar], _ match: Match, _ text: [UInt8], into output: inout String) {
        var index = 0
        while index < template.count {
            guard template[index] == "$" else {
                output.unicodeScalars.append(template[index])
                index += 1
                continue
            }
            if index + 1 < template.count, template[index + 1] == "$" {
                output += "$"
                index += 2
                continue
            }
            guard let (name, end) = groupName(template, at: index + 1) else {
                // A dollar sign without a name stands for itself.
                output += "$"
                index += 1
                continue
            }
            index = end
            let group = Int(name) ?? program.groupNames.firstIndex { $0 == name }
            if let group, group < match.ranges.count, let range = match.ranges[group] {
                output += String(decoding: text[range], as: UTF8.self)
            }
        }
    }

    /// The name behind a dollar sign, with or without braces, and where it ends.
    private func groupName(_ template: [Unicode.Scalar], at start: Int) -> (String, Int)? {
        let hasBrace = start < template.count && template[start] == "{"
        var end = hasBrace ? start + 1 : start
        var name = String.UnicodeScalarView()
        while end < template.count, template[end] == "_" || Self.isLetterOrDigit(template[end]) {
            name.append(template[end])
            end += 1
        }
        guard !name.isEmpty else { return nil }
        if hasBrace {
            guard end < template.count, template[end] == "}" else { return nil }
            end += 1
        }
        return (String(name), end)
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: true
        default: false
        }
    }
}
