/// What a template says, before names are resolved. Offsets are UTF-8 offsets in the text.
indirect enum SyntaxNode: Sendable {
    case text(start: Int, end: Int)
    case action(PipelineSyntax)
    case conditional(ControlSyntax)
    case with(ControlSyntax)
    case range(ControlSyntax)
    case template(name: String, argument: PipelineSyntax?, start: Int, end: Int)
    case breakLoop(start: Int)
    case continueLoop(start: Int)
}

/// `if`, `with` or `range` with its branches.
struct ControlSyntax: Sendable {
    var pipeline: PipelineSyntax
    var body: [SyntaxNode]
    var otherwise: [SyntaxNode]?
    var start: Int
}

/// Commands joined by `|`, with the variables that take the result.
struct PipelineSyntax: Sendable {
    var variables: [String] = []
    /// `=` instead of `:=`.
    var isAssignment = false
    var commands: [CommandSyntax] = []
    var start: Int
    var end: Int
}

/// Operands separated by white space.
struct CommandSyntax: Sendable {
    var operands: [OperandSyntax]
    var start: Int
}

indirect enum TermSyntax: Sendable {
    case dot
    case null
    case boolean(Bool)
    case number(NumberLiteral)
    case text(String)
    /// A text that is not UTF-8.
    case bytes([UInt8])
    /// A leading field chain, `.a.b`.
    case field
    /// `$x`; the name includes the dollar sign.
    case variable(String)
    /// A function or a bare reference.
    case name(String)
    case pipeline(PipelineSyntax)
}

/// A term and the fields read from it.
struct OperandSyntax: Sendable {
    var term: TermSyntax
    /// Names, and `[3]` for an element of a list: no name begins with a bracket.
    var fields: [String]
    var start: Int
    var end: Int

    var place: Place { Place(start, end) }
}

/// The bodies of a template's text: the main one and those of `define` and `block`.
struct TemplateSyntax: Sendable {
    var main: [SyntaxNode] = []
    var definitions: [String: [SyntaxNode]] = [:]
    /// Variables that `=` gives a new value somewhere.
    var assignedVariables: Set<String> = []
}
