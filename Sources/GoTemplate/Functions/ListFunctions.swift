/// Lists. None of these changes its argument.
enum ListFunctions {
    static let table: [Function] =
        [
            list, list.renamed("tuple", "Old spelling of `list`."),
        ] + withMust(basics) + numbers + [concat, push, push.renamed("mustPush")]

    /// The functions, each also under its `must` name, which does the same.
    static func withMust(_ functions: [Function]) -> [Function] {
        functions.flatMap { function in
            [function, function.renamed("must" + function.name.prefix(1).uppercased() + function.name.dropFirst())]
        }
    }

    private static let list = Function("list", rest: .any, "List of the arguments.") { call throws(TemplateError) in
        try call.evaluator.checked(.list(Array(call.arguments)))
    }

    private static let concat = Function("concat", rest: .any, "One list from several.") { call throws(TemplateError) in
        var elements: [Value] = []
        for index in 0..<call.count { elements += try call.list(index) }
        try call.evaluator.charge(elements.count / 16)
        return .list(ListBox(elements, isNil: elements.isEmpty))
    }

    private static let push = Function("push", [.any, .any], "Same as `append`.", append)

    private static let append: Function.Body = { call throws(TemplateError) in
        let list = try call.box(0)
        try call.evaluator.charge(list.count / 16)
        return try call.evaluator.checked(.list(list.appending(call[1])))
    }

    private static let basics: [Function] = [
        Function("first", [.any], "First element, null for an empty list.") { call throws(TemplateError) in
            try call.list(0).first ?? .null
        },
        Function("last", [.any], "Last element, null for an empty list.") { call throws(TemplateError) in
            try call.list(0).last ?? .null
        },
        Function("rest", [.any], "All but the first element.") { call throws(TemplateError) in
            let elements = try call.list(0)
            return .list(ListBox(Array(elements.dropFirst()), isNil: elements.isEmpty))
        },
        Function("initial", [.any], "All but the last element.") { call throws(TemplateError) in
            let elements = try call.list(0)
            return .list(ListBox(Array(elements.dropLast()), isNil: elements.isEmpty))
        },
        Function("append", [.any, .any], "New list with one more element at the end.", append),
        Function("prepend", [.any, .any], "New list with one more element in front.") { call throws(TemplateError) in
            let elements = try call.list(0)
            try call.evaluator.charge(elements.count / 16)
            return try call.evaluator.checked(.list([call[1]] + elements))
        },
        Function("reverse", [.any], "Elements in opposite order.") { call throws(TemplateError) in
            .list(try call.list(0).reversed())
        },
        Function("uniq", [.any], "Without repeated elements, first ones kept.", uniq),
        Function("without", [.any], rest: .any, "Without the given elements.") { call throws(TemplateError) in
            .list(
                try call.list(0).filter { element in
                    !call.arguments.dropFirst().contains { $0.isEqual(to: element) }
                }
            )
        },
        Function("has", [.any, .any], "Whether the value is an element of the list.") { call throws(TemplateError) in
            if call[1].isNull { return .bool(false) }
            return .bool(try call.list(1).contains { $0.isEqual(to: call[0]) })
        },
        Function("compact", [.any], "Elements that are not empty.") { call throws(TemplateError) in
            .list(try call.list(0).filter(\.isTrue))
        },
        Function("slice", [.any], rest: .any, "Part of a list from start up to end.", slice),
        Function("chunk", [.integer, .any], "Groups of the given size, the last one possibly shorter.", chunk),
    ]

    private static let uniq: Function.Body = { call throws(TemplateError) in
        var result: [Value] = []
        // Bytes, as two spellings of the same character are different texts.
        var texts: Set<[UInt8]> = []
        for element in try call.list(0) {
            if case .string(let text) = element {
                if texts.insert(Array(text.utf8)).inserted { result.append(element) }
                continue
            }
            try call.evaluator.charge(result.count / 16)
            if !result.contains(where: { $0.isEqual(to: element) }) { result.append(element) }
        }
        return .list(result)
    }

    private static let slice: Function.Body = { call throws(TemplateError) in
        let elements = try call.list(0)
        guard !elements.isEmpty else { return .null }
        let start = call.count > 1 ? ConversionFunctions.integer(call[1]) : 0
        let end = call.count > 2 ? ConversionFunctions.integer(call[2]) : Int64(elements.count)
        guard 0 <= start, start <= end, end <= elements.count else {
            throw .function("slice: index out of range: \(start) to \(end) of \(elements.count)")
        }
        return .list(Array(elements[Int(start)..<Int(end)]))
    }

    private static let chunk: Function.Body = { call throws(TemplateError) in
        let size = call.integer(0)
        let elements = try call.list(1)
        // As in Go, where a negative size gives no groups when it is large enough, and one element makes one group.
        if size < 0, elements.count > 1, elements.count - 1 <= size.magnitude { return .list([]) }
        if size < -1, elements.count == 1 { return .list([.list(elements)]) }
        guard size > 0 else { throw .function("chunk: the size must be positive") }
        return .list(
            stride(from: 0, to: elements.count, by: size).map { start in
                .list(Array(elements[start..<(elements.count - start > size ? start + size : elements.count)]))
            }
        )
    }

    // MARK: Numbers

    private static let numbers: [Function] = [
        Function("until", [.integer], "0 up to n-1, or down to n+1 for a negative n.") { call throws(TemplateError) in
            try numbers(from: 0, to: call.integer(0), by: call.integer(0) < 0 ? -1 : 1, call)
        },
        Function("untilStep", [.integer, .integer, .integer], "start, start+step, … before stop.") {
            call throws(TemplateError) in
            try numbers(from: call.integer(0), to: call.integer(1), by: call.integer(2), call)
        },
        Function("seq", rest: .integer, "Numbers like the Unix tool, separated by spaces.", sequence),
    ]

    private static func numbers(
        from start: Int,
        to stop: Int,
        by step: Int,
        _ call: Call
    ) throws(TemplateError)
        -> Value
    {
        guard step != 0, (stop < start) == (step < 0) else { return .list(ListBox([], elementType: "int")) }
        let (span, overflow) = stop.subtractingReportingOverflow(start)
        guard !overflow, span != .min, step != .min else {
            throw TemplateError(.limit, "\(call.name): too many numbers")
        }
        let count = (abs(span) - 1) / abs(step) + (span == 0 ? 0 : 1)
        try call.evaluator.charge(span == 0 ? 0 : count)
        return .list(ListBox(span == 0 ? [] : (0..<count).map { .int(start + $0 * step) }, elementType: "int"))
    }

    private static let sequence: Function.Body = { call throws(TemplateError) in
        guard (1...3).contains(call.count) else { return .string("") }
        let start = call.count == 1 ? 1 : call.integer(0)
        let end = call.integer(call.count - 1)
        let direction = end < start ? -1 : 1
        let step = call.count == 3 ? call.integer(1) : direction
        if end < start, step > 0 { return .string("") }
        let (stop, overflow) = end.addingReportingOverflow(direction)
        guard !overflow else { throw TemplateError(.limit, "seq: too many numbers") }
        guard case .list(let list) = try numbers(from: start, to: stop, by: step, call) else { return .string("") }
        var texts: [String] = []
        for element in list.elements { texts.append(try element.text()) }
        return .string(texts.joined(separator: " "))
    }
}
