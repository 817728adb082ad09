import RegularExpressions

/// Regular expressions with the syntax and the preferences of RE2.
enum RegexFunctions {
    static let table: [Function] =
        [
            Function("regexMatch", [.text, .text], "Whether the pattern matches; an invalid one does not.") {
                call throws(TemplateError) in
                do throws(TemplateError) {
                    return .bool(try matches(try compiled(call), call))
                } catch {
                    // An invalid pattern is an answer here, not a failure.
                    if error.code == .limit { throw error }
                    return .bool(false)
                }
            },
            Function("mustRegexMatch", [.text, .text], "Whether the pattern matches anywhere.") {
                call throws(TemplateError) in
                .bool(try matches(try compiled(call), call))
            },
            Function("regexQuoteMeta", [.text], "Escapes everything that is special in a pattern.") {
                call throws(TemplateError) in
                .string(RegularExpression.quoted(call.text(0)))
            },
        ]
        + ListFunctions.withMust([
            Function("regexFind", [.text, .text], "First match or \"\".") { call throws(TemplateError) in
                .string(try found(call, limit: 1).first ?? "")
            },
            Function("regexFindAll", [.text, .text, .integer], "Up to n matches, all for a negative n.") {
                call throws(TemplateError) in
                texts(try found(call, limit: limit(call)))
            },
            Function(
                "regexReplaceAll",
                [.text, .text, .text],
                "Replaces all matches; $1, ${1}, ${name} insert groups."
            ) {
                call throws(TemplateError) in try replace(call, expandsGroups: true)
            },
            Function("regexReplaceAllLiteral", [.text, .text, .text], "Replaces all matches with the text as it is.") {
                call throws(TemplateError) in try replace(call, expandsGroups: false)
            },
            Function("regexSplit", [.text, .text, .integer], "Parts between matches, at most n.") {
                call throws(TemplateError) in
                let expression = try compiled(call)
                let text = try searched(call)
                do throws(MatchingError) {
                    return texts(try expression.split(text, limit: limit(call)))
                } catch { throw failure(error) }
            },
        ])

    /// Whether a function's first argument is a pattern.
    static func takesPatternFirst(_ name: String) -> Bool {
        (name.hasPrefix("regex") || name.hasPrefix("mustRegex")) && name != "regexQuoteMeta"
    }

    private static func compiled(_ call: Call) throws(TemplateError) -> RegularExpression {
        if case .pattern(let expression)? = call.site.prepared { return expression }
        guard case .string(let pattern) = call[0] else {
            throw .function("error parsing regexp: invalid UTF-8: `\(call.text(0))`")
        }
        if let known = call.evaluator.extras.expressions[pattern] { return known }
        try call.evaluator.charge(pattern.utf8.count * FunctionWork.patternByte)
        do throws(RegularExpressionError) {
            let expression = try RegularExpression(pattern)
            call.evaluator.extras.expressions[pattern] = expression
            return expression
        } catch { throw .function("\(error)") }
    }

    /// The text to search; reading it counts as work.
    private static func searched(_ call: Call) throws(TemplateError) -> String {
        let text = call.text(1)
        try call.evaluator.charge(1 + text.utf8.count / 16)
        return text
    }

    /// How many results are wanted: all for a negative number.
    private static func limit(_ call: Call) -> Int { call.integer(2) < 0 ? .max : call.integer(2) }

    private static func texts(_ parts: [String]) -> Value {
        .list(ListBox(parts.map { .string($0) }, isNil: parts.isEmpty, elementType: "string"))
    }

    private static func failure(_ error: MatchingError) -> TemplateError {
        TemplateError(.limit, error.message)
    }

    private static func matches(_ expression: RegularExpression, _ call: Call) throws(TemplateError) -> Bool {
        let text = try searched(call)
        do throws(MatchingError) { return try expression.matches(text) } catch { throw failure(error) }
    }

    private static func found(_ call: Call, limit: Int) throws(TemplateError) -> [String] {
        let expression = try compiled(call)
        let text = try searched(call)
        do throws(MatchingError) { return try expression.matchedTexts(in: text, limit: limit) } catch {
            throw failure(error)
        }
    }

    private static func replace(_ call: Call, expandsGroups: Bool) throws(TemplateError) -> Value {
        let expression = try compiled(call)
        let text = try searched(call)
        let maximum = call.evaluator.context.limits.outputBytes
        do throws(MatchingError) {
            return .string(
                try expression.replacingMatches(
                    in: text,
                    with: call.text(2),
                    expandsGroups: expandsGroups,
                    maximumBytes: maximum
                )
            )
        } catch { throw failure(error) }
    }
}
