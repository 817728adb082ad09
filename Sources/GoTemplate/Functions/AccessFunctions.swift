/// Reading parts of values.
enum AccessFunctions {
    static let table: [Function] = [
        Function("index", [.any], rest: .any, "Element at each key in turn; null for a missing object key.", index),
        Function("len", [.any], "Bytes of a string, elements of a list, entries of an object.", length),
        Function("call", [.any], rest: .any, "Always an error: data never holds a function.") {
            call throws(TemplateError) in
            throw .wrongKind("call: non-function of type \(call[0].typeName)")
        },
    ]

    private static let index: Function.Body = { call throws(TemplateError) in
        var value = call[0]
        if value.isNull { throw .function("index of untyped nil") }
        for key in call.arguments.dropFirst() { value = try element(of: value, at: key) }
        return value
    }

    private static func element(of value: Value, at key: Value) throws(TemplateError) -> Value {
        switch value {
        case .list(let list): return list[try position(key, in: list.count)]
        case .string, .bytes:
            let bytes = value.utf8Text ?? []
            return .integer(Int64(bytes[try position(key, in: bytes.count)]), .uint8)
        case .map(let map):
            guard let name = key.shownText else {
                throw .wrongKind("index: an object's key is a string, not \(key.typeName)")
            }
            return map[name] ?? (map.isTextMap ? .string("") : .null)
        case .null: throw .function("index of nil pointer")
        default: throw .wrongKind("can't index item of type \(value.typeName)")
        }
    }

    private static func position(_ key: Value, in count: Int) throws(TemplateError) -> Int {
        guard case .integer(let index, _) = key else {
            throw .wrongKind("cannot index list/string with type \(key.typeName)")
        }
        guard index >= 0, index < count else { throw .function("index out of range: \(index)") }
        return Int(index)
    }

    private static let length: Function.Body = { call throws(TemplateError) in
        switch call[0] {
        case .string(let text): return .int(text.utf8.count)
        case .bytes(let bytes): return .int(bytes.count)
        case .list(let list): return .int(list.count)
        case .map(let map): return .int(map.count)
        case .null: throw .function("len of nil pointer")
        default: throw .wrongKind("len of type \(call[0].typeName)")
        }
    }
}
