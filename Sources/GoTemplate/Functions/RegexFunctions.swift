/// Regular expressions with the syntax and the preferences of RE2.
enum RegexFunctions {
    static let table: [Function] =
        [
            Function("regexMatch", [.text, .text], "Whether the pattern matches; an invalid one does not.") {
                call throws(TemplateError) in
                // An invalid pattern is an answer here, not a failure.
                guard let program = try? program(call) else { return .bool(false) }
                return .bool(try matches(program, scalars(call.text(1)), call, limit: 1).first != nil)
            },
            Function("mustRegexMatch", [.text, .text], "Whether the pattern matches anywhere.") {
                call throws(TemplateError) in
                .bool(try matches(try program(call), scalars(call.text(1)), call, limit: 1).first != nil)
            },
            Function("regexQuoteMeta", [.text], "Escapes everything that is special in a pattern.") {
                call throws(TemplateError) in
                var output = ""
                for scalar in call.text(0).unicodeScalars {
                    if "\\.+*?()|[]{}^$".unicodeScalars.contains(scalar) { output += "\\" }
                    output.unicodeScalars.append(scalar)
                }
                return .string(output)
            },
        ]
        + ListFunctions.withMust([
            Function("regexFind", [.text, .text], "First match or \"\".") { call throws(TemplateError) in
                let text = scalars(call.text(1))
                let first = try matches(try program(call), text, call, limit: 1).first
                return .string(first.map { string(text[$0[0]..<$0[1]]) } ?? "")
            },
            Function("regexFindAll", [.text, .text, .integer], "Up to n matches, all for a negative n.") {
                call throws(TemplateError) in
                let text = scalars(call.text(1))
                let found = try matches(try program(call), text, call, limit: call.integer(2))
                let parts = found.map { Value.string(string(text[$0[0]..<$0[1]])) }
                return .list(ListBox(parts, isNil: parts.isEmpty, elementType: "string"))
            },
            Function(
                "regexReplaceAll",
                [.text, .text, .text],
                "Replaces all matches; $1, ${1}, ${name} insert groups."
            ) {
                call throws(TemplateError) in try replace(call, expands: true)
            },
            Function("regexReplaceAllLiteral", [.text, .text, .text], "Replaces all matches with the text as it is.") {
                call throws(TemplateError) in try replace(call, expands: false)
            },
            Function("regexSplit", [.text, .text, .integer], "Parts between matches, at most n.", split),
        ])

    private static func scalars(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }

    private static func string(_ scalars: ArraySlice<UInt32>) -> String {
        var view = String.UnicodeScalarView()
        for value in scalars { if let scalar = Unicode.Scalar(value) { view.append(scalar) } }
        return String(view)
    }

    private static func program(_ call: Call) throws(TemplateError) -> RegexProgram {
        let pattern = call.text(0)
        if let known = call.evaluator.regexes[pattern] { return known }
        let program = try RegexProgram(pattern)
        call.evaluator.regexes[pattern] = program
        return program
    }

    /// Matching costs text times program.
    private static func search(
        _ program: RegexProgram,
        _ text: [UInt32],
        from start: Int,
        _ call: Call
    )
        throws(TemplateError) -> [Int]?
    {
        let found = program.match(text, from: start)
        let read = (found.map { $0[1] } ?? text.count) - start
        try call.evaluator.charge(1 + (read * program.size) / 64)
        return found
    }

    /// All matches from left to right; an empty one right behind another match does not count.
    private static func matches(
        _ program: RegexProgram,
        _ text: [UInt32],
        _ call: Call,
        limit: Int
    )
        throws(TemplateError) -> [[Int]]
    {
        var result: [[Int]] = []
        var position = 0
        var previousEnd = -1
        while limit < 0 || result.count < limit, position <= text.count,
            let found = try search(program, text, from: position, call)
        {
            let isRepeated = found[1] == position && found[0] == previousEnd
            position = found[1] == position ? position + 1 : found[1]
            previousEnd = found[1]
            if !isRepeated { result.append(found) }
        }
        return result
    }

    private static func replace(_ call: Call, expands: Bool) throws(TemplateError) -> Value {
        let program = try program(call)
        let text = scalars(call.text(1))
        let replacement = Array(call.text(2).unicodeScalars)
        var output = ""
        var lastEnd = 0
        var position = 0
        while position <= text.count, let found = try search(program, text, from: position, call) {
            output += string(text[lastEnd..<found[0]])
            if found[1] > lastEnd || found[0] == 0 {
                if expands { expand(replacement, program, found, text, into: &output) } else { output += call.text(2) }
            }
            try call.evaluator.checkText(bytes: output.utf8.count)
            lastEnd = found[1]
            position = max(position + 1, found[1])
        }
        output += string(text[min(lastEnd, text.count)...])
        return .string(output)
    }

    private static func expand(
        _ template: [Unicode.Scalar],
        _ program: RegexProgram,
        _ found: [Int],
        _ text: [UInt32],
        into output: inout String
    ) {
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
            if let group, group < program.groupCount, found[group * 2] >= 0 {
                output += string(text[found[group * 2]..<found[group * 2 + 1]])
            }
        }
    }

    /// The name behind a dollar sign, with or without braces, and where it ends.
    private static func groupName(_ template: [Unicode.Scalar], at start: Int) -> (String, Int)? {
        let hasBrace = start < template.count && template[start] == "{"
        var end = hasBrace ? start + 1 : start
        var name = String.UnicodeScalarView()
        while end < template.count, template[end] == "_" || Lexer.isLetterOrDigit(template[end]) {
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

    private static let split: Function.Body = { call throws(TemplateError) in
        let program = try program(call)
        let limit = call.integer(2)
        let text = scalars(call.text(1))
        if limit == 0 { return .list(ListBox([], isNil: true, elementType: "string")) }
        if text.isEmpty, !program.pattern.isEmpty { return .strings([""]) }
        var parts: [String] = []
        var start = 0
        var end = 0
        for found in try matches(program, text, call, limit: limit) {
            if limit > 0, parts.count == limit - 1 { break }
            end = found[0]
            if found[1] != 0 { parts.append(string(text[start..<end])) }
            start = found[1]
        }
        if end != text.count { parts.append(string(text[start...])) }
        return .list(ListBox(parts.map { .string($0) }, isNil: parts.isEmpty, elementType: "string"))
    }
}
