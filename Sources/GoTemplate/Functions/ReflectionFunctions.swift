/// Kinds and types of values, by their names in Go.
enum ReflectionFunctions {
    static let table: [Function] = [
        Function("typeOf", [.any], "Go's name of the value's type.") { call throws(TemplateError) in
            .string(call[0].exactTypeName)
        },
        Function("typeIs", [.text, .any], "Whether this is the name of the value's type.") {
            call throws(TemplateError) in
            .bool(call.text(0) == call[1].exactTypeName)
        },
        Function("typeIsLike", [.text, .any], "Like `typeIs`, also true for a pointer to the type.") {
            call throws(TemplateError) in
            .bool(call.text(0) == call[1].exactTypeName || "*" + call.text(0) == call[1].exactTypeName)
        },
        Function("kindOf", [.any], "Go's kind of the value.") { call throws(TemplateError) in
            .string(call[0].kindName)
        },
        Function("kindIs", [.text, .any], "Whether this is the value's kind.") { call throws(TemplateError) in
            .bool(call.text(0) == call[1].kindName)
        },
        Function("deepEqual", [.any, .any], "Whether both have the same contents throughout.") {
            call throws(TemplateError) in .bool(call[0].isEqual(to: call[1]))
        },
    ]
}
