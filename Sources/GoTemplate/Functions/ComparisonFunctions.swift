/// Comparisons and negation. Integers and floats compare as numbers.
enum ComparisonFunctions {
    static let table: [Function] = [
        Function("eq", [.any], rest: .any, "Whether the first argument equals any of the others.") {
            call throws(TemplateError) in
            guard call.count > 1 else { throw .wrongKind("eq: there is nothing to compare with") }
            for other in call.arguments.dropFirst() where try areEqual(call[0], other) { return .bool(true) }
            return .bool(false)
        },
        Function("ne", [.any, .any], "Opposite of `eq` for two arguments.") { call throws(TemplateError) in
            .bool(!(try areEqual(call[0], call[1])))
        },
        Function("lt", [.any, .any], "a < b for two numbers or two strings (byte order).") {
            call throws(TemplateError) in .bool(try order(call) == .less)
        },
        Function("le", [.any, .any], "a <= b for two numbers or two strings.") { call throws(TemplateError) in
            let order = try order(call)
            return .bool(order == .less || order == .same)
        },
        Function("gt", [.any, .any], "a > b for two numbers or two strings.") { call throws(TemplateError) in
            .bool(try order(call) == .greater)
        },
        Function("ge", [.any, .any], "a >= b for two numbers or two strings.") { call throws(TemplateError) in
            let order = try order(call)
            return .bool(order == .greater || order == .same)
        },
        Function("not", [.any], "True for an empty value.") { call throws(TemplateError) in .bool(!call[0].isTrue) },
        // `and` and `or` are compiled, as they don't evaluate all arguments; they stand here to be known as functions.
        Function("and", [.any], rest: .any, "First argument that is empty, else the last one; lazy.") {
            call throws(TemplateError) in call.arguments.first { !$0.isTrue } ?? call.arguments[call.count - 1]
        },
        Function("or", [.any], rest: .any, "First argument that is not empty, else the last one; lazy.") {
            call throws(TemplateError) in call.arguments.first { $0.isTrue } ?? call.arguments[call.count - 1]
        },
    ]

    /// Null equals only null; other kinds that don't match are an error, as are lists and objects.
    static func areEqual(_ left: Value, _ right: Value) throws(TemplateError) -> Bool {
        switch (left, right) {
        // The list that was never made is nil too, but has a type.
        case (.null, _), (_, .null): return left.isNil && right.isNil
        case (.list(let first), .list(let second)) where first.isNil || second.isNil:
            return first.isNil && second.isNil
        case (.list, .list), (.map, .map):
            throw .wrongKind("non-comparable type \(left.typeName) against \(right.typeName)")
        case (.string, .string), (.bytes, .bytes), (.bool, .bool), (.integer, .integer), (.double, .double),
            (.integer, .double),
            (.double, .integer), (.time, .time):
            return left.isEqual(to: right)
        case (.string, .bytes), (.bytes, .string): return false
        // Versions are pointers in Go: equal only to themselves.
        case (.version(let first), .version(let second)): return first === second
        default: throw .wrongKind("incompatible types for comparison: \(left.typeName) and \(right.typeName)")
        }
    }

    private enum Order { case less, same, greater, none }

    private static func order(_ call: Call) throws(TemplateError) -> Order {
        switch (call[0], call[1]) {
        case (.integer(let left, _), .integer(let right, _)): return order(left, right)
        case (.double(let left), .double(let right)):
            return left < right ? .less : left > right ? .greater : left == right ? .same : .none
        case (.integer(let left, _), .double(let right)): return order(Numbers.compare(left, right))
        case (.double(let left), .integer(let right, _)): return order(Numbers.compare(right, left).map { -$0 })
        case (.string(let left), .string(let right)):
            if left.utf8.elementsEqual(right.utf8) { return .same }
            return left.utf8.lexicographicallyPrecedes(right.utf8) ? .less : .greater
        case (.bytes, .string), (.string, .bytes), (.bytes, .bytes):
            let (left, right) = (call.bytes(0), call.bytes(1))
            return left == right ? .same : left.lexicographicallyPrecedes(right) ? .less : .greater
        default:
            throw .wrongKind("incompatible types for comparison: \(call[0].typeName) and \(call[1].typeName)")
        }
    }

    private static func order(_ left: Int64, _ right: Int64) -> Order {
        left < right ? .less : left > right ? .greater : .same
    }

    private static func order(_ comparison: Int?) -> Order {
        guard let comparison else { return .none }
        return comparison < 0 ? .less : comparison > 0 ? .greater : .same
    }
}
