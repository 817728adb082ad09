extension Parser {
    /// A pipeline up to the terminator, which stays the current token.
    mutating func parsePipeline(_ context: String, until terminator: Token.Kind) throws(TemplateError) -> PipelineSyntax
    {
        try enter()
        defer { leave() }
        var pipeline = PipelineSyntax(start: token.start, end: token.end)
        var pending: OperandSyntax?
        if token.kind == .variable { pending = try parseDeclaration(into: &pipeline, context: context) }
        while true {
            if pending == nil, token.kind == terminator { break }
            let command = try parseCommand(first: pending, terminator: terminator)
            pending = nil
            pipeline.commands.append(command)
        }
        try check(pipeline, context: context)
        pipeline.end = lastEnd
        if pipeline.isAssignment { assignedVariables.formUnion(pipeline.variables) }
        return pipeline
    }

    private func check(_ pipeline: PipelineSyntax, context: String) throws(TemplateError) {
        guard !pipeline.commands.isEmpty else {
            throw TemplateError(.syntax, "missing value for \(context)", at: token.start)
        }
        for command in pipeline.commands.dropFirst() {
            switch command.operands[0].term {
            case .boolean, .dot, .null, .number, .text:
                throw TemplateError(.syntax, "non executable command in pipeline", at: command.start)
            default: break
            }
        }
    }

    /// Reads `$x :=`, `$x =` or `$i, $x :=`. Returns the variable as an operand when it is none of these.
    private mutating func parseDeclaration(
        into pipeline: inout PipelineSyntax,
        context: String
    ) throws(TemplateError) -> OperandSyntax? {
        let variable = token
        try advance()
        switch token.kind {
        case .assign, .declare:
            pipeline.isAssignment = token.kind == .assign
            pipeline.variables.append(text(variable))
            try advance()
            return nil
        case .comma:
            guard context == "range", pipeline.variables.isEmpty else {
                throw TemplateError(.syntax, "too many declarations in \(context)", at: token.start)
            }
            pipeline.variables.append(text(variable))
            try advance()
            guard token.kind == .variable else {
                throw TemplateError(.syntax, "range can only initialize variables", at: token.start)
            }
            pipeline.variables.append(text(token))
            try advance()
            guard token.kind == .assign || token.kind == .declare else { throw unexpected(context) }
            pipeline.isAssignment = token.kind == .assign
            try advance()
            return nil
        default:
            var operand = OperandSyntax(
                term: .variable(text(variable)),
                fields: [],
                start: variable.start,
                end: variable.end
            )
            try parseFields(of: &operand)
            return operand
        }
    }

    /// Operands up to a pipe, which is consumed, or the terminator, which is not.
    private mutating func parseCommand(
        first: OperandSyntax?,
        terminator: Token.Kind
    ) throws(TemplateError) -> CommandSyntax {
        let start = first?.start ?? token.start
        var operands: [OperandSyntax] = []
        if let first { operands.append(first) }
        while true {
            if token.kind == .pipe {
                try advance()
                break
            }
            if token.kind == terminator { break }
            guard operands.isEmpty || token.followsSpace else { throw unexpected("operand") }
            guard let operand = try parseOperand() else { throw unexpected("operand") }
            operands.append(operand)
        }
        guard !operands.isEmpty else { throw TemplateError(.syntax, "empty command", at: start) }
        return CommandSyntax(operands: operands, start: start)
    }

    private mutating func parseOperand() throws(TemplateError) -> OperandSyntax? {
        let first = token
        guard let term = try parseTerm() else { return nil }
        var operand = OperandSyntax(term: term, fields: [], start: first.start, end: first.end)
        if case .field = term { operand.fields = [fieldName(first)] }
        if case .pipeline = term { operand.end = lastEnd }
        try parseFields(of: &operand)
        return operand
    }

    /// The end of the token before the current one: nothing but white space stands between them.
    var lastEnd: Int {
        var end = token.start
        while end > 0, Lexer.isSpace(bytes[end - 1]) { end -= 1 }
        return end
    }

    private func fieldName(_ token: Token) -> String {
        String(decoding: bytes[token.start + 1..<token.end], as: UTF8.self)
    }

    private mutating func parseFields(of operand: inout OperandSyntax) throws(TemplateError) {
        while token.kind == .field || token.kind == .element, !token.followsSpace {
            switch operand.term {
            case .boolean, .text, .number, .null, .dot:
                throw TemplateError(.syntax, "unexpected . after term", at: token.start)
            default: break
            }
            operand.fields.append(token.kind == .element ? text(token) : fieldName(token))
            operand.end = token.end
            try advance()
        }
    }

    private mutating func parseTerm() throws(TemplateError) -> TermSyntax? {
        let current = token
        let term: TermSyntax
        switch current.kind {
        case .dot: term = .dot
        case .nilWord: term = .null
        case .boolean: term = .boolean(text(current) == "true")
        case .field: term = .field
        case .variable: term = .variable(text(current))
        case .identifier: term = .name(text(current))
        case .number:
            guard let literal = NumberLiteral(text(current)) else { throw unexpected("number") }
            term = .number(literal)
        case .character:
            guard let value = TextLiteral.character(bytes[current.start..<current.end]) else {
                throw TemplateError(.syntax, "malformed character constant: \(text(current))", at: current.start)
            }
            term = .number(NumberLiteral(character: value))
        case .string:
            guard let value = TextLiteral.unquote(bytes[current.start..<current.end]) else {
                throw TemplateError(.syntax, "invalid escape in \(text(current))", at: current.start)
            }
            term = String(validating: value, as: UTF8.self).map { .text($0) } ?? .bytes(value)
        case .rawString:
            // Carriage returns don't count in raw strings, as in Go.
            let content = bytes[current.start + 1..<current.end - 1].filter { $0 != 0x0D }
            term = .text(String(decoding: content, as: UTF8.self))
        case .leftParenthesis:
            try advance()
            let pipeline = try parsePipeline("parenthesized pipeline", until: .rightParenthesis)
            term = .pipeline(pipeline)
        default: return nil
        }
        try advance()
        return term
    }
}
