extension Compiler {
    mutating func pipeline(_ syntax: PipelineSyntax) throws(TemplateError) -> Compiled {
        var piped: NodeIndex?
        var result = Compiled(node: -1)
        for command in syntax.commands {
            result = try self.command(command, piped: piped)
            piped = result.node
        }
        guard !syntax.variables.isEmpty else { return result }
        var slots: [Int32] = []
        for name in syntax.variables {
            if !syntax.isAssignment {
                slots.append(Int32(declare(name, result.origin)))
            } else if let variable = variable(name) {
                slots.append(Int32(variable.slot))
            } else {
                let place = Place(syntax.start, syntax.end)
                let error = TemplateError(.unknownVariable, "undefined variable: \(name)", at: place)
                expectedNames += syntax.variables
                return Compiled(node: refuse(error, after: result.node))
            }
        }
        let node = tables.add(.assign(tables.append(slots, to: \.lists), result.node))
        return Compiled(node: node, origin: result.origin)
    }

    private mutating func command(_ syntax: CommandSyntax, piped: NodeIndex?) throws(TemplateError) -> Compiled {
        let first = syntax.operands[0]
        let rest = Array(syntax.operands.dropFirst())
        let place = Place(syntax.start, syntax.operands[rest.count].end)
        if case .name(let name) = first.term, first.fields.isEmpty {
            return try call(name, rest, piped: piped, at: place)
        }
        if case .null = first.term { return fail(.wrongKind, "nil is not a command", at: first.place) }
        let hasArguments = !rest.isEmpty || piped != nil
        if hasArguments, !first.fields.isEmpty {
            var arguments: [NodeIndex] = []
            for operand in rest { arguments.append(try argument(operand, kind: .any)) }
            let base = try self.base(of: first)
            let path = tables.append(FieldPath(first.fields, at: place), to: \.paths)
            return Compiled(
                node: evaluating(piped) { compiler, slot in
                    let list = compiler.tables.append(arguments + slot, to: \.lists)
                    return compiler.tables.add(.method(base, path, list))
                }
            )
        }
        if hasArguments {
            if case .variable = first.term { _ = try operand(first) }
            // Unknown names in the arguments are found all the same.
            for operand in rest { _ = try argument(operand, kind: .any) }
            let error = TemplateError(.wrongKind, "can't give argument to non-function", at: first.place)
            return Compiled(node: refuse(error, after: piped))
        }
        return try operand(first)
    }

    /// A node that finds the piped value, which is evaluated before anything else, in a slot.
    private mutating func evaluating(
        _ piped: NodeIndex?,
        then make: (inout Compiler, [NodeIndex]) -> NodeIndex
    ) -> NodeIndex {
        guard let piped else { return make(&self, []) }
        let slot = Int32(makeSlot())
        let value = tables.add(.slot(slot))
        let node = make(&self, [value])
        return tables.add(.sequence(slot, piped, node))
    }

    /// A failure that is only seen once `node` has been evaluated.
    private mutating func refuse(_ error: TemplateError, after node: NodeIndex?) -> NodeIndex {
        guard let node else { return tables.add(failure: error) }
        return tables.add(.refusal(node, tables.append(error, to: \.failures)))
    }

    /// A failure that is only seen once all of `nodes` have been evaluated, what came through a pipe first.
    private mutating func refuse(_ error: TemplateError, afterAll nodes: [NodeIndex], isPiped: Bool) -> NodeIndex {
        let order = isPiped ? nodes.suffix(1) + nodes.dropLast() : nodes
        let slot = Int32(makeSlot())
        return order.reversed().reduce(tables.add(failure: error)) { next, node in
            tables.add(.sequence(slot, node, next))
        }
    }

    private mutating func base(of operand: OperandSyntax) throws(TemplateError) -> NodeIndex {
        var copy = operand
        copy.fields = []
        if case .field = operand.term { copy.term = .dot }
        return try self.operand(copy).node
    }

    private mutating func fail(_ code: TemplateError.Code, _ message: String, at place: Place) -> Compiled {
        Compiled(node: tables.add(failure: TemplateError(code, message, at: place)))
    }

    // MARK: Operands

    mutating func operand(_ syntax: OperandSyntax) throws(TemplateError) -> Compiled {
        switch syntax.term {
        case .dot: return Compiled(node: tables.add(dot == .root ? .root : .dot), origin: dot)
        case .null: return Compiled(node: tables.add(constant: .null))
        case .boolean(let flag): return Compiled(node: tables.add(constant: .bool(flag)))
        case .text(let text): return Compiled(node: tables.add(constant: .string(text)))
        case .bytes(let bytes): return Compiled(node: tables.add(constant: .bytes(bytes)))
        case .number(let literal): return Compiled(node: number(literal, kind: .any, at: syntax.place))
        case .field: return path(dot == .root ? .root : .dot, dot, syntax)
        case .variable(let name):
            guard let variable = variable(name) else {
                let error = TemplateError(.unknownVariable, "undefined variable \"\(name)\"", at: syntax.place)
                guard expectedNames.contains(name) else { throw error }
                return Compiled(node: tables.add(failure: error))
            }
            let isRoot = variable.slot == 0 && isMain
            return path(isRoot ? .root : .slot(Int32(variable.slot)), variable.origin, syntax)
        case .pipeline(let inner):
            let count = references.count
            let value = try pipeline(inner)
            guard !syntax.fields.isEmpty else { return value }
            let origin = value.origin.appending(syntax.fields)
            if case .path = value.origin { references.replaceLast(from: count) }
            references.add(origin, at: syntax.place)
            let path = tables.append(FieldPath(syntax.fields, at: syntax.place), to: \.paths)
            return Compiled(node: tables.add(.path(value.node, path)), origin: origin)
        case .name(let name):
            if syntax.fields.isEmpty { return try call(name, [], piped: nil, at: syntax.place) }
            return bare(name, syntax)
        }
    }

    /// The operand's fields, read from a value that is `base`.
    private mutating func path(_ base: Node, _ start: Origin, _ syntax: OperandSyntax) -> Compiled {
        guard !syntax.fields.isEmpty else { return Compiled(node: tables.add(base), origin: start) }
        let origin = start.appending(syntax.fields)
        references.add(origin, at: syntax.place)
        let path = tables.append(FieldPath(syntax.fields, at: syntax.place), to: \.paths)
        if case .root = base { return Compiled(node: tables.add(.rootPath(path)), origin: origin) }
        return Compiled(node: tables.add(.path(tables.add(base), path)), origin: origin)
    }

    /// `name.field…`: data, or else the field of what a function without parameters gives.
    private mutating func bare(_ name: String, _ syntax: OperandSyntax) -> Compiled {
        let path = tables.append(FieldPath([name] + syntax.fields, at: syntax.place), to: \.paths)
        if let function = FunctionTable.all[name], function.accepts(count: 0) {
            note(function: name)
            let call = tables.append(CallSite(function, [], at: syntax.place), to: \.calls)
            return Compiled(node: tables.add(.bare(path, orCall: call)))
        }
        let origin = Origin.path([name] + syntax.fields)
        references.add(origin, at: syntax.place)
        return Compiled(node: tables.add(.bare(path, orCall: -1)), origin: origin)
    }

    private mutating func number(_ literal: NumberLiteral, kind: ParameterKind, at place: Place) -> NodeIndex {
        switch kind {
        case .integer:
            guard let integer = literal.integer else {
                return fail(.wrongKind, "expected integer; found \(literal.text)", at: place).node
            }
            return tables.add(constant: .integer(integer))
        case .float: return tables.add(constant: .double(literal.double))
        default:
            if literal.isFloat { return tables.add(constant: .double(literal.double)) }
            guard let integer = literal.integer else {
                return fail(.wrongKind, "\(literal.text) is too large for an integer", at: place).node
            }
            return tables.add(constant: .integer(integer))
        }
    }

    /// An operand as an argument; numbers adapt to the parameter.
    mutating func argument(_ syntax: OperandSyntax, kind: ParameterKind) throws(TemplateError) -> NodeIndex {
        if case .number(let literal) = syntax.term { return number(literal, kind: kind, at: syntax.place) }
        if case .null = syntax.term, kind == .object { return tables.add(constant: .emptyObject) }
        if case .null = syntax.term, kind == .list { return tables.add(constant: .emptyList) }
        return try operand(syntax).node
    }

    // MARK: Calls

    private mutating func call(
        _ name: String,
        _ operands: [OperandSyntax],
        piped: NodeIndex?,
        at place: Place
    ) throws(TemplateError) -> Compiled {
        if let refusal = FunctionTable.refusal(of: name) { throw TemplateError(.refusedFunction, refusal, at: place) }
        let isCall = !operands.isEmpty || piped != nil
        if name == "and" || name == "or" { return try logic(name, operands, piped: piped, at: place) }
        guard let function = FunctionTable.all[name] else {
            guard !isCall else { throw FunctionTable.unknown(name, at: place) }
            let origin = Origin.path([name])
            references.add(origin, at: place)
            let path = tables.append(FieldPath([name], at: place), to: \.paths)
            return Compiled(node: tables.add(.bare(path, orCall: -1)), origin: origin)
        }
        note(function: name)
        if name == "index", piped == nil, operands.count > 1 {
            return try index(function, operands, at: place)
        }
        var arguments: [NodeIndex] = []
        var allowsNull: UInt64 = 0
        for (index, operand) in operands.enumerated() {
            // Nothing can be stored in a null object.
            let kind = name == "set" && index == 0 ? .any : function.kind(at: index)
            if name != "set", mayBeUntyped(operand) { allowsNull |= 1 << UInt64(index) }
            arguments.append(try argument(operand, kind: kind))
        }
        if let piped {
            if name != "set" { allowsNull |= 1 << UInt64(arguments.count) }
            arguments.append(piped)
        }
        let site = CallSite(
            function,
            arguments,
            isPiped: piped != nil,
            allowsNull: allowsNull,
            prepared: prepared(function, operands),
            at: place
        )
        guard function.accepts(count: arguments.count) else {
            if isCall {
                let error = FunctionTable.wrongCount(function, arguments.count, at: place)
                if function.countsLate {
                    return Compiled(node: refuse(error, afterAll: arguments, isPiped: piped != nil))
                }
                return Compiled(node: refuse(error, after: piped))
            }
            let path = tables.append(FieldPath([name], at: place), to: \.paths)
            return Compiled(node: tables.add(.bare(path, orCall: tables.append(site, to: \.calls))))
        }
        return Compiled(node: tables.add(.call(tables.append(site, to: \.calls))))
    }

    /// Whether null has no type in Go when the operand gives it: it comes from a pipeline, not from data or a loop.
    private func mayBeUntyped(_ operand: OperandSyntax) -> Bool {
        guard operand.fields.isEmpty else { return false }
        return switch operand.term {
        case .pipeline, .name: true
        case .dot: !dotIsElement
        case .variable(let name): variable(name).map { !$0.isElement } ?? false
        default: false
        }
    }

    /// The first argument, where it is a constant that can be read once for all calls.
    private func prepared(_ function: Function, _ operands: [OperandSyntax]) -> PreparedArgument? {
        guard case .text(let text)? = operands.first?.term else { return nil }
        return PreparedArgument(text, of: function)
    }

    /// `index .results "a" "b"` reads `results.a.b`: constant keys belong to the path.
    private mutating func index(
        _ function: Function,
        _ operands: [OperandSyntax],
        at place: Place
    ) throws(TemplateError) -> Compiled {
        let count = references.count
        let base = try operand(operands[0])
        var origin = base.origin
        var arguments = [base.node]
        var keysAreConstant = true
        for operand in operands.dropFirst() {
            switch operand.term {
            case .text(let key): origin = origin.appending([key])
            case .number(let literal) where literal.integer != nil:
                origin = origin.appending(["[\(literal.integer ?? 0)]"])
            default:
                origin = origin.appending(["[]"])
                keysAreConstant = false
            }
            arguments.append(try argument(operand, kind: .any))
        }
        // The whole says more than its beginning. References inside the keys have been added behind it.
        if case .path = base.origin, count < references.count, keysAreConstant { references.replaceLast(from: count) }
        references.add(origin, at: place)
        let site = tables.append(CallSite(function, arguments, at: place), to: \.calls)
        return Compiled(node: tables.add(.call(site)), origin: origin)
    }

    private mutating func logic(
        _ name: String,
        _ operands: [OperandSyntax],
        piped: NodeIndex?,
        at place: Place
    ) throws(TemplateError) -> Compiled {
        note(function: name)
        var nodes: [NodeIndex] = []
        for operand in operands { nodes.append(try argument(operand, kind: .any)) }
        guard !nodes.isEmpty || piped != nil else {
            return fail(.argumentCount, "wrong number of args for \(name): want at least 1 got 0", at: place)
        }
        return Compiled(
            node: evaluating(piped) { compiler, slot in
                let list = compiler.tables.append(nodes + slot, to: \.lists)
                return compiler.tables.add(name == "and" ? .and(list) : .or(list))
            }
        )
    }
}
