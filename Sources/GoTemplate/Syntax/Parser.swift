/// Builds the tree of a template; one token of look-ahead.
struct Parser {
    /// Nesting of blocks and parentheses; keeps the parser's own stack small.
    static let depthLimit = 100

    let bytes: [UInt8]
    private var lexer: Lexer
    private(set) var token: Token
    private var definitions: [String: [SyntaxNode]] = [:]
    var assignedVariables: Set<String> = []
    private var depth = 0
    private var loopDepth = 0

    static func parse(_ bytes: [UInt8]) throws(TemplateError) -> TemplateSyntax {
        var parser = try Parser(bytes)
        let main = try parser.parseTop()
        return TemplateSyntax(
            main: main,
            definitions: parser.definitions,
            assignedVariables: parser.assignedVariables
        )
    }

    private init(_ bytes: [UInt8]) throws(TemplateError) {
        self.bytes = bytes
        lexer = Lexer(bytes)
        token = try lexer.next()
    }

    mutating func advance() throws(TemplateError) { token = try lexer.next() }

    func text(_ token: Token) -> String { String(decoding: bytes[token.start..<token.end], as: UTF8.self) }

    func unexpected(_ context: String) -> TemplateError {
        let what = token.kind == .end ? "end of the template" : "\"\(text(token))\""
        return TemplateError(.syntax, "unexpected \(what) in \(context)", at: token.start)
    }

    mutating func enter() throws(TemplateError) {
        depth += 1
        guard depth <= Self.depthLimit else {
            throw TemplateError(.limit, "template is nested deeper than \(Self.depthLimit) levels", at: token.start)
        }
    }

    mutating func leave() { depth -= 1 }

    // MARK: Lists

    private enum Terminator { case end, otherwise }

    private mutating func parseTop() throws(TemplateError) -> [SyntaxNode] {
        var nodes: [SyntaxNode] = []
        while token.kind != .end {
            if token.kind == .text {
                nodes.append(.text(start: token.start, end: token.end))
                try advance()
                continue
            }
            try advance()
            switch token.kind {
            case .defineWord: try parseDefinition()
            case .endWord, .elseWord: throw unexpected("template: no block is open")
            default: nodes.append(try parseAction())
            }
        }
        return nodes
    }

    /// Nodes up to `{{ end` or `{{ else`, whose word is the current token afterwards.
    private mutating func parseList() throws(TemplateError) -> ([SyntaxNode], Terminator) {
        var nodes: [SyntaxNode] = []
        while true {
            switch token.kind {
            case .end:
                throw TemplateError(.syntax, "unexpected end of the template: a block lacks its end", at: token.start)
            case .text:
                nodes.append(.text(start: token.start, end: token.end))
                try advance()
            default:
                try advance()
                if token.kind == .endWord { return (nodes, .end) }
                if token.kind == .elseWord { return (nodes, .otherwise) }
                nodes.append(try parseAction())
            }
        }
    }

    private mutating func expectRightDelimiter(_ context: String) throws(TemplateError) {
        guard token.kind == .rightDelimiter else { throw unexpected(context) }
        try advance()
    }

    // MARK: Actions

    private mutating func parseAction() throws(TemplateError) -> SyntaxNode {
        let start = token.start
        switch token.kind {
        case .ifWord: return .conditional(try parseControl("if"))
        case .withWord: return .with(try parseControl("with"))
        case .rangeWord: return .range(try parseControl("range"))
        case .blockWord: return try parseBlock()
        case .templateWord: return try parseTemplateCall()
        case .breakWord, .continueWord:
            let isBreak = token.kind == .breakWord
            guard loopDepth > 0 else {
                throw TemplateError(.syntax, "{{\(isBreak ? "break" : "continue")}} outside {{range}}", at: start)
            }
            try advance()
            try expectRightDelimiter(isBreak ? "break" : "continue")
            return isBreak ? .breakLoop(start: start) : .continueLoop(start: start)
        default:
            let pipeline = try parsePipeline("command", until: .rightDelimiter)
            try advance()
            return .action(pipeline)
        }
    }

    private mutating func parseControl(_ word: String) throws(TemplateError) -> ControlSyntax {
        let start = token.start
        try enter()
        defer { leave() }
        try advance()
        let pipeline = try parsePipeline(word, until: .rightDelimiter)
        try advance()
        if word == "range" { loopDepth += 1 }
        let (body, terminator) = try parseList()
        if word == "range" { loopDepth -= 1 }
        var otherwise: [SyntaxNode]?
        if terminator == .otherwise { otherwise = try parseElse(of: word) }
        if terminator == .end {
            try advance()
            try expectRightDelimiter("end")
        }
        return ControlSyntax(pipeline: pipeline, body: body, otherwise: otherwise, start: start)
    }

    /// The part behind `else`, through the block's `end`.
    private mutating func parseElse(of word: String) throws(TemplateError) -> [SyntaxNode] {
        try advance()
        // `else if` is an `if` in the `else` part that shares the outer one's end.
        if word != "range", token.kind == .ifWord, word == "if" { return [.conditional(try parseControl("if"))] }
        if word == "with", token.kind == .withWord { return [.with(try parseControl("with"))] }
        try expectRightDelimiter("else")
        let (nodes, terminator) = try parseList()
        guard terminator == .end else { throw TemplateError(.syntax, "expected end; found {{else}}", at: token.start) }
        try advance()
        try expectRightDelimiter("end")
        return nodes
    }

    private mutating func parseName(_ context: String) throws(TemplateError) -> String {
        let name: String
        switch token.kind {
        case .string:
            guard let value = TextLiteral.unquote(bytes[token.start..<token.end]) else { throw unexpected(context) }
            name = TextBytes.shown(value)
        case .rawString: name = String(decoding: bytes[token.start + 1..<token.end - 1], as: UTF8.self)
        default: throw unexpected(context)
        }
        try advance()
        return name
    }

    private mutating func parseTemplateCall() throws(TemplateError) -> SyntaxNode {
        let start = token.start
        try advance()
        let name = try parseName("template clause")
        let end = lastEnd
        if token.kind == .rightDelimiter {
            try advance()
            return .template(name: name, argument: nil, start: start, end: end)
        }
        let argument = try parsePipeline("template clause", until: .rightDelimiter)
        try advance()
        return .template(name: name, argument: argument, start: start, end: argument.end)
    }

    private mutating func parseDefinition() throws(TemplateError) {
        let start = token.start
        try advance()
        let name = try parseName("define clause")
        try expectRightDelimiter("define clause")
        try define(name, try parseBody("define clause"), at: start)
    }

    private mutating func parseBlock() throws(TemplateError) -> SyntaxNode {
        let start = token.start
        try advance()
        let name = try parseName("block clause")
        let argument = try parsePipeline("block clause", until: .rightDelimiter)
        try advance()
        try define(name, try parseBody("block clause"), at: start)
        return .template(name: name, argument: argument, start: start, end: argument.end)
    }

    /// The body of a definition, which sees no loop around it.
    private mutating func parseBody(_ context: String) throws(TemplateError) -> [SyntaxNode] {
        try enter()
        defer { leave() }
        let outerLoopDepth = loopDepth
        loopDepth = 0
        defer { loopDepth = outerLoopDepth }
        let (nodes, terminator) = try parseList()
        guard terminator == .end else { throw unexpected(context) }
        try advance()
        try expectRightDelimiter("end")
        return nodes
    }

    /// Repeated names are an error unless one of the bodies is blank.
    private mutating func define(_ name: String, _ body: [SyntaxNode], at start: Int) throws(TemplateError) {
        if let existing = definitions[name], !isBlank(existing) {
            if isBlank(body) { return }
            throw TemplateError(.syntax, "multiple definition of template \"\(name)\"", at: start)
        }
        definitions[name] = body
    }

    private func isBlank(_ nodes: [SyntaxNode]) -> Bool {
        nodes.allSatisfy { node in
            if case .text(let start, let end) = node { bytes[start..<end].allSatisfy(Lexer.isSpace) } else { false }
        }
    }
}
