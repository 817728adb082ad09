/// Between texts and lists of texts.
enum TextListFunctions {
    static let table: [Function] = [
        Function("splitList", [.text, .text], "Parts as a list.") { call throws(TemplateError) in
            .list(ListBox(try split(call.bytes(1), call, cost: FunctionWork.part), elementType: "string"))
        },
        Function("split", [.text, .text], "Parts under the keys _0, _1, ….") { call throws(TemplateError) in
            numbered(try split(call.bytes(1), call, cost: FunctionWork.member))
        },
        Function("splitn", [.text, .integer, .text], "Like `split` with at most n parts.") {
            call throws(TemplateError) in
            numbered(try split(call.bytes(2), call, limit: call.integer(1), cost: FunctionWork.member))
        },
        Function("join", [.text, .any], "Texts of the non-null elements joined.") { call throws(TemplateError) in
            let texts = try ConversionFunctions.texts(call[1])
            let (size, overflow) = call.bytes(0).count.multipliedReportingOverflow(by: texts.count)
            try call.evaluator.checkText(bytes: overflow ? .max : size)
            return joined(texts, separator: call.bytes(0))
        },
        Function("cat", rest: .any, "Texts of the non-null values joined with spaces.") { call throws(TemplateError) in
            joined(try texts(call), separator: [0x20])
        },
        Function("sortAlpha", [.any], "Texts of the elements in byte order.") { call throws(TemplateError) in
            guard case .list = call[0] else {
                return .list(ListBox([.text(try call[0].textBytes())], elementType: "string"))
            }
            let texts = try ConversionFunctions.texts(call[0]).map { $0.utf8Text ?? [] }
            let sorted = texts.sorted { $0.lexicographicallyPrecedes($1) }
            return .list(ListBox(sorted.map { .text($0) }, elementType: "string"))
        },
        Function("quote", rest: .any, "Each non-null value as a double-quoted literal, joined with spaces.") {
            call throws(TemplateError) in
            if call.count == 1, case .string(let text) = call[0], let quoted = PlainText.quoted(text) {
                return .string(quoted)
            }
            return .string(try texts(call).map { QuotedText.quoted($0.utf8Text ?? []) }.joined(separator: " "))
        },
        Function("squote", rest: .any, "Each non-null value in single quotes, joined with spaces.") {
            call throws(TemplateError) in
            joined(try texts(call).map { .text([0x27] + ($0.utf8Text ?? []) + [0x27]) }, separator: [0x20])
        },
    ]

    /// The parts of `text` between the first arguments of the call; each takes `cost` steps.
    private static func split(
        _ text: [UInt8],
        _ call: Call,
        limit: Int = -1,
        cost: Int
    ) throws(TemplateError) -> [Value] {
        try Bytes.split(text, by: call.bytes(0), limit: limit) { () throws(TemplateError) in
            try call.evaluator.charge(cost)
        }
    }

    private static func numbered(_ parts: [Value]) -> Value {
        var members = MemberTable()
        members.reserveCapacity(parts.count)
        for (index, part) in parts.enumerated() { members.append("_" + String(index), part) }
        return .map(MapBox(members, isTextMap: true))
    }

    private static func texts(_ call: Call) throws(TemplateError) -> [Value] {
        var texts: [Value] = []
        for value in call.arguments where !value.isNull { texts.append(.text(try value.textBytes())) }
        return texts
    }

    private static func joined(_ texts: [Value], separator: [UInt8]) -> Value {
        var output: [UInt8] = []
        for (index, text) in texts.enumerated() {
            if index > 0 { output.append(contentsOf: separator) }
            switch text {
            case .string(let text): output.append(text)
            case .bytes(let bytes): output.append(contentsOf: bytes)
            default: break
            }
        }
        return .text(output)
    }
}
