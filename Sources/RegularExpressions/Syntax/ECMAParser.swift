enum ECMAParser {
    static func parse(
        _ pattern: String,
        _ limits: RegularExpressionLimits,
        isStrict: Bool
    ) throws(RegularExpressionError) -> ParsedPattern { try RE2Parser.parse(pattern, limits) }
}
