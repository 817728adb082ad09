extension Compiler {
    mutating func pipeline(_ syntax: PipelineSyntax) throws(TemplateError) -> Expression {
        var piped: Expression?
        var result = Expression.constant(.null)
        for command in syntax.commands {
            result = try self.command(command, piped: piped)
            piped = result
        }
        guard !syntax.variables.isEmpty else { return result }
        var slots: [Int] = []
        for name in syntax.variables {
            if !syntax.isAssignment {
                slots.append(declare(name))
            } else if let slot = slot(of: name) {
                slots.append(slot)
            } else {
                return .failure(TemplateError(.unknownVariable, "undefined variable: \(name)", at: syntax.start))
            }
        }
        return .assign(slots, result)
    }

    private mutating func command(_ syntax: CommandSyntax, piped: Expression?) throws(TemplateError) -> Expression {
        let first = syntax.operands[0]
        let rest = Array(syntax.operands.dropFirst())
        if case .name(let name) = first.term, first.fields.isEmpty {
            return try call(name, rest, piped: piped, start: first.start, end: first.end)
        }
        if case .null = first.term {
            return .failure(TemplateError(.wrongKind, "nil is not a command", at: first.start))
        }
        if let path = methodPath(first), !rest.isEmpty || piped != nil {
            var arguments: [Expression] = []
            for operand in rest { arguments.append(try argument(operand, kind: .any)) }
            if let piped { arguments.append(piped) }
            let base = try self.base(of: first)
            return .method(base, path, arguments)
        }
        if !rest.isEmpty || piped != nil {
            let error = TemplateError(.wrongKind, "can't give argument to non-function", at: first.start)
            guard let piped else { return .failure(error) }
            return .refusal(piped, error)
        }
        return try operand(first)
    }

    /// The fields of an operand that may be a method call.
    private func methodPath(_ operand: OperandSyntax) -> FieldPath? {
        operand.fields.isEmpty ? nil : FieldPath(operand.fields, at: operand.start)
    }

    private mutating func base(of operand: OperandSyntax) throws(TemplateError) -> Expression {
        var copy = operand
        copy.fields = []
        if case .field = operand.term { copy.term = .dot }
        return try self.operand(copy)
    }

    // MARK: Operands

    mutating func operand(_ syntax: OperandSyntax) throws(TemplateError) -> Expression {
        let path = FieldPath(syntax.fields, at: syntax.start)
        switch syntax.term {
        case .dot: return .dot
        case .null: return .constant(.null)
        case .boolean(let flag): return .constant(.bool(flag))
        case .text(let text): return .constant(.string(text))
        case .bytes(let bytes): return .constant(.bytes(bytes))
        case .number(let literal): return number(literal, kind: .any, at: syntax.start)
        case .field:
            if dotIsRoot { references.add(syntax.fields, syntax) }
            return .path(.dot, path)
        case .variable(let name):
            guard let slot = slot(of: name) else {
                throw TemplateError(.unknownVariable, "undefined variable \"\(name)\"", at: syntax.start)
            }
            if slot == 0, isMain, !syntax.fields.isEmpty { references.add(syntax.fields, syntax) }
            return syntax.fields.isEmpty ? .slot(slot) : .path(.slot(slot), path)
        case .pipeline(let inner):
            let count = references.count
            let expression = try pipeline(inner)
            if !syntax.fields.isEmpty { references.extend(from: count, by: syntax.fields, inner, end: syntax.end) }
            return syntax.fields.isEmpty ? expression : .path(expression, path)
        case .name(let name):
            if syntax.fields.isEmpty { return try call(name, [], piped: nil, start: syntax.start, end: syntax.end) }
            return bare(name, syntax)
        }
    }

    /// `name.field…`: data, or else the field of what a function without parameters gives.
    private mutating func bare(_ name: String, _ syntax: OperandSyntax) -> Expression {
        let path = FieldPath([name] + syntax.fields, at: syntax.start)
        if let function = FunctionTable.all[name], function.accepts(count: 0) {
            note(function: name)
            return .bare(path, orCall: CallExpression(function, [], at: syntax.start))
        }
        references.add(path.keys, syntax)
        return .bare(path, orCall: nil)
    }

    private func number(_ literal: NumberLiteral, kind: ParameterKind, at offset: Int) -> Expression {
        switch kind {
        case .integer:
            guard let integer = literal.integer else {
                return .failure(TemplateError(.wrongKind, "expected integer; found \(literal.text)", at: offset))
            }
            return .constant(.integer(integer))
        case .float: return .constant(.double(literal.double))
        default:
            if !literal.isFloat, let integer = literal.integer { return .constant(.integer(integer)) }
            return .constant(.double(literal.double))
        }
    }

    /// An operand as an argument; numbers adapt to the parameter.
    mutating func argument(_ syntax: OperandSyntax, kind: ParameterKind) throws(TemplateError) -> Expression {
        if case .number(let literal) = syntax.term { return number(literal, kind: kind, at: syntax.start) }
        if case .null = syntax.term, kind == .object { return .constant(.emptyObject) }
        if case .null = syntax.term, kind == .list { return .constant(.emptyList) }
        return try operand(syntax)
    }

    // MARK: Calls

    private mutating func call(
        _ name: String,
        _ operands: [OperandSyntax],
        piped: Expression?,
        start: Int,
        end: Int
    ) throws(TemplateError) -> Expression {
        if let refusal = FunctionTable.refusal(of: name) {
            throw TemplateError(.refusedFunction, refusal, at: start)
        }
        let isCall = !operands.isEmpty || piped != nil
        if name == "and" || name == "or" {
            return try logic(name, operands, piped: piped, start: start)
        }
        guard let function = FunctionTable.all[name] else {
            guard !isCall else { throw FunctionTable.unknown(name, at: start) }
            references.add([name], start: start, end: end)
            return .bare(FieldPath([name], at: start), orCall: nil)
        }
        note(function: name)
        var arguments: [Expression] = []
        for (index, operand) in operands.enumerated() {
            // Nothing can be stored in a null object.
            let kind = name == "set" && index == 0 ? .any : function.kind(at: index)
            arguments.append(try argument(operand, kind: kind))
        }
        if let piped { arguments.append(piped) }
        let call = CallExpression(function, arguments, at: start)
        if name == "index" {
            references.noteIndex(operands, dotIsRoot: dotIsRoot, isMain: isMain, start: start, end: end)
        }
        guard function.accepts(count: arguments.count) else {
            if !isCall { return .bare(FieldPath([name], at: start), orCall: call) }
            return .failure(FunctionTable.wrongCount(function, arguments.count, at: start))
        }
        return .call(call)
    }

    private mutating func logic(
        _ name: String,
        _ operands: [OperandSyntax],
        piped: Expression?,
        start: Int
    ) throws(TemplateError) -> Expression {
        note(function: name)
        var expressions: [Expression] = []
        for operand in operands { expressions.append(try argument(operand, kind: .any)) }
        if let piped {
            // A piped operand was evaluated before the others are looked at.
            let slot = makeSlot()
            expressions.append(.slot(slot))
            return .sequence(slot, piped, name == "and" ? .and(expressions) : .or(expressions))
        }
        guard !expressions.isEmpty else {
            return .failure(
                TemplateError(.argumentCount, "wrong number of args for \(name): want at least 1 got 0", at: start)
            )
        }
        return name == "and" ? .and(expressions) : .or(expressions)
    }
}
