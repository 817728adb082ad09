public import JSON

/// Data that a template reads by constant names.
public struct TemplateReference: Sendable, Hashable {
    /// The names as written, the root key first where one is written; never empty. `[3]` and `[]` stand for an element
    /// of a list, the latter for any (also for a key that is computed).
    public var path: [String]
    /// UTF-8 byte offsets in the template's text, half-open.
    public var start: Int
    public var end: Int
    /// Whether the first name is no known root key (nor `args` or `stepResults`, which stand for one).
    public var isBare: Bool
}

/// A text in Go's template language with sprig's functions, parsed and compiled once.
///
/// Immutable and cheap to copy. Data that is missing is an error, as with Go's `missingkey=error`.
/// Source: Go's package text/template, sprig v3; differences are listed in docs/templates.md.
public struct Template: Sendable {
    public let text: String
    private let program: Program

    /// - Throws: `TemplateError` with the place of the first fault; unknown functions are found here, missing data is not.
    public init(_ text: String) throws(TemplateError) {
        self.text = text
        let bytes = Array(text.utf8)
        do throws(TemplateError) { program = try Compiler.compile(bytes) } catch { throw error.located(in: bytes) }
    }

    /// Whether the text contains `{{` and later `}}`; any other text stands for itself.
    public static func isTemplate(_ text: String) -> Bool {
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
    public var isSingleAction: Bool { program.singleNode >= 0 }

    /// Data read by constant names, in the order of the text, each path once; what is read of a list's element belongs
    /// to the list.
    public var references: [TemplateReference] { program.references.distinct }

    /// Every place where data is read by constant names, in the order of the text, with the path as far as the text
    /// tells it: through variables, `with`, `range` and `index` too.
    public var occurrences: [TemplateReference] { program.references.all }

    /// The functions called, each once.
    public var functionNames: [String] { program.functionNames }

    /// The text that the template gives.
    ///
    /// - Throws: `TemplateError` with the place in the template.
    public func render(_ context: TemplateContext) throws(TemplateError) -> String {
        let evaluator = Evaluator(program, context.data, context.environment)
        defer { evaluator.dispose() }
        do throws(TemplateError) { return try evaluator.render() } catch { throw error.located(in: program.text) }
    }

    /// The value of the only action with its JSON type; the text for every other template.
    ///
    /// - Throws: `TemplateError` with the place in the template.
    public func evaluate(_ context: TemplateContext) throws(TemplateError) -> JSONValue {
        let evaluator = Evaluator(program, context.data, context.environment)
        defer { evaluator.dispose() }
        do throws(TemplateError) {
            return isSingleAction ? try evaluator.value() : .string(try evaluator.render())
        } catch {
            throw error.located(in: program.text)
        }
    }
}
