import RegularExpressions

/// Patterns of schemas: the dialect of ECMA-262 with Unicode, within bounds.
enum SchemaPattern {
    static func compile(_ source: String) throws(RegularExpressionError) -> RegularExpression {
        var limits = RegularExpressionLimits()
        limits.patternBytes = 4_096
        limits.programSize = 20_000
        limits.steps = 20_000_000
        return try RegularExpression(source, limits: limits)
    }
}

extension Pattern {
    /// Whether the pattern matches somewhere in the text. A search that runs out of steps does not match.
    func matches(_ text: String) -> Bool {
        if let answer = shape.matches(text) { return answer }
        guard let expression else { return true }
        do throws(MatchingError) { return try expression.matches(text) } catch { return false }
    }
}
