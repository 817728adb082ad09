package import JSON

/// Data that a template reads by constant names.
package struct TemplateReference: Sendable, Hashable {
    /// The names as written, the root key first where one is written; never empty.
    package var path: [String]
    /// UTF-8 byte offsets in the template's text, half-open.
    package var start: Int
    package var end: Int
    /// Whether the first name is no known root key (nor `args` or `stepResults`, which stand for one).
    package var isBare: Bool

    package init(path: [String], start: Int, end: Int, isBare: Bool) {
        self.path = path
        self.start = start
        self.end = end
        self.isBare = isBare
    }
}

/// A text in Go's template language with sprig's functions, parsed and compiled once.
///
/// Immutable and cheap to copy. Data that is missing is an error, as with Go's `missingkey=error`.
package struct Template: Sendable {
    package let text: String
    private let program: Program

    /// - Throws: `TemplateError` with the place of the first fault; unknown functions are found here, missing data is not.
    package init(_ text: String) throws(TemplateError) {
        self.text = text
        program = try Compiler.compile(Array(text.utf8))
    }

    /// Whether the text contains `{{` and later `}}`; any other text stands for itself.
    package static func isTemplate(_ text: String) -> Bool {
        var copy = text
        return copy.withUTF8 { bytes in
            var index = 0
            var isOpen = false
            while index + 1 < bytes.count {
                let wanted = isOpen ? UInt8(ascii: "}") : UInt8(ascii: "{")
                if bytes[index] == wanted, bytes[index + 1] == wanted {
                    if isOpen { return true }
                    isOpen = true
                    index += 1
                }
                index += 1
            }
            return false
        }
    }

    /// Whether the template is exactly one output action; comments, definitions and trimmed white space don't count.
    package var isSingleAction: Bool { program.singleExpression != nil }

    /// Data read by constant names, in the order of the text, each path once.
    package var references: [TemplateReference] { program.references }

    /// The functions called, each once.
    package var functionNames: [String] { program.functionNames }

    /// Every function by family, with one sentence about it.
    package static var functions: [(family: String, name: String, summary: String)] {
        FunctionTable.families.flatMap { family in family.functions.map { (family.name, $0.name, $0.summary) } }
    }

    /// The text that the template gives.
    package func render(_ context: TemplateContext) throws(TemplateError) -> String {
        let evaluator = Evaluator(program, context)
        defer { evaluator.dispose() }
        return try evaluator.render()
    }

    /// The value of the only action with its JSON type; the text for every other template.
    package func evaluate(_ context: TemplateContext) throws(TemplateError) -> JSONValue {
        let evaluator = Evaluator(program, context)
        defer { evaluator.dispose() }
        guard let expression = program.singleExpression else { return .string(try evaluator.render()) }
        return try evaluator.value(of: expression, offset: program.singleOffset)
    }
}
