import RegularExpressions

/// Patterns of schemas: the dialect of ECMA-262 with Unicode, within bounds.
enum SchemaPattern {
    static func compile(_ source: String) throws(RegularExpressionError) -> RegularExpression {
        var limits = RegularExpressionLimits()
        limits.patternBytes = 4_096
        limits.programSize = 20_000
        limits.steps = 20_000_000
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
    /// Whether the pattern matches somewhere in the text. A search that runs out of steps does not match.
    func matches(_ text: String) -> Bool {
        if let answer = shape.matches(text) { return answer }
        guard let expression else { return true }
        do throws(MatchingError) { return try expression.matches(text) } catch { return false }
    }
}
