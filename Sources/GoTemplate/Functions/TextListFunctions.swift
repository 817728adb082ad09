/// Between texts and lists of texts.
enum TextListFunctions {
    static let table: [Function] = [
        Function("splitList", [.text, .text], "Parts as a list.") { call throws(TemplateError) in
            .strings(Bytes.split(Array(call.text(1).utf8), by: Array(call.text(0).utf8)))
        },
        Function("split", [.text, .text], "Parts under the keys _0, _1, ….") { call throws(TemplateError) in
            numbered(Bytes.split(Array(call.text(1).utf8), by: Array(call.text(0).utf8)))
        },
        Function("splitn", [.text, .integer, .text], "Like `split` with at most n parts.") {
            call throws(TemplateError) in
            numbered(Bytes.split(Array(call.text(2).utf8), by: Array(call.text(0).utf8), limit: call.integer(1)))
        },
        Function("join", [.text, .any], "Texts of the non-null elements joined.") { call throws(TemplateError) in
            let texts = try ConversionFunctions.texts(call[1])
            let (size, overflow) = call.text(0).utf8.count.multipliedReportingOverflow(by: texts.count)
            try call.evaluator.checkText(bytes: overflow ? .max : size)
            return .string(texts.joined(separator: call.text(0)))
        },
        Function("cat", rest: .any, "Texts of the non-null values joined with spaces.") { call throws(TemplateError) in
            .string(try texts(call).joined(separator: " "))
        },
        Function("sortAlpha", [.any], "Texts of the elements in byte order.") { call throws(TemplateError) in
            guard case .list = call[0] else { return .strings([try call[0].text()]) }
            return .strings(
                try ConversionFunctions.texts(call[0]).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            )
        },
        Function("quote", rest: .any, "Each non-null value as a double-quoted literal, joined with spaces.") {
            call throws(TemplateError) in
            .string(try texts(call).map { QuotedText.quoted($0) }.joined(separator: " "))
        },
        Function("squote", rest: .any, "Each non-null value in single quotes, joined with spaces.") {
            call throws(TemplateError) in
            .string(try texts(call).map { "'\($0)'" }.joined(separator: " "))
        },
    ]

    private static func numbered(_ parts: [String]) -> Value {
        var members: [String: Value] = [:]
        for (index, part) in parts.enumerated() { members["_\(index)"] = .string(part) }
        return .map(MapBox(members, isTextMap: true))
    }

    private static func texts(_ call: Call) throws(TemplateError) -> [String] {
        var texts: [String] = []
        for value in call.arguments where !value.isNull { texts.append(try value.text()) }
        return texts
    }
}
