import RegularExpressions

/// Patterns of schemas: the dialect of ECMA-262 with Unicode, within bounds.
enum SchemaPattern {
    static func compile(
        _ source: String,
        limits bounds: SchemaLimits = SchemaLimits()
    ) throws(RegularExpressionError) -> RegularExpression {
        var limits = RegularExpressionLimits()
        limits.patternBytes = bounds.patternBytes
        limits.programSize = bounds.patternSize
        limits.steps = bounds.patternSteps
        limits.backtrackingSteps = min(limits.backtrackingSteps, bounds.patternSteps)
        return try RegularExpression(source, dialect: .ecma262, limits: limits)
    }

    /// Whether every escaped letter means something. Patterns in use escape others too, and `pattern` takes them for
    /// themselves; the format `regex` is asked about what the standard says.
    static func isStrict(_ source: Bytes) -> Bool {
        var source = source
        while let byte = source.next {
            source.advance()
            guard byte == UInt8(ascii: "\\"), let escaped = source.next else { continue }
            source.advance()
            if escaped.isLetter, !"dDwWsSbBfnrtvcxukpP".utf8.contains(escaped) { return false }
        }
        return true
    }
}

extension Pattern {
    /// Whether the pattern matches somewhere in the text; nil when a search takes too many steps.
    func matches(_ text: String, stepsLeft: inout Int) -> Bool? {
        if let answer = shape.matches(text) { return answer }
        guard let expression else { return true }
        do throws(MatchingError) { return try expression.matches(text, stepsLeft: &stepsLeft) } catch { return nil }
    }

    /// The same for a single search.
    func matches(_ text: String) -> Bool? {
        var stepsLeft = Int.max
        return matches(text, stepsLeft: &stepsLeft)
    }
}
