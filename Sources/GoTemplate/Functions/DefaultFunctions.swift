/// Choosing between values, and stopping.
enum DefaultFunctions {
    static let table: [Function] = [
        Function("default", [.any], rest: .any, "The last value, or the fallback when it is empty.") {
            call throws(TemplateError) in call.count > 1 && call[1].isTrue ? call[1] : call[0]
        },
        Function("empty", [.any], "Whether the value is empty.") { call throws(TemplateError) in
            .bool(!call[0].isTrue)
        },
        Function("coalesce", rest: .any, "First value that is not empty, else null.") { call throws(TemplateError) in
            call.arguments.first { $0.isTrue } ?? .null
        },
        Function("all", rest: .any, "Whether all values are non-empty.") { call throws(TemplateError) in
            .bool(call.arguments.allSatisfy(\.isTrue))
        },
        Function("any", rest: .any, "Whether at least one value is non-empty.") { call throws(TemplateError) in
            .bool(call.arguments.contains(where: \.isTrue))
        },
        Function("ternary", [.any, .any, .boolean], "First value if the test is true, else the second.") {
            call throws(TemplateError) in call.flag(2) ? call[0] : call[1]
        },
        Function("fail", [.text], "Stops with this error.") { call throws(TemplateError) in
            throw TemplateError(.failed, call.text(0))
        },
        Function("hello", [], "A constant greeting.") { _ throws(TemplateError) in .string("Hello!") },
    ]
}
