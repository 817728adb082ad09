import Diagnostics

/// Arguments have one of the types of JSON (`WF0208`).
enum ArgumentTypes: WorkflowPass {
    static let types = ["string", "integer", "number", "boolean", "object", "array"]

    static func check(_ draft: WorkflowDraft, _ context: DecodeContext) { check(draft.arguments, context) }

    /// Also used for service classes.
    static func check(_ arguments: [ArgumentDraft], _ context: DecodeContext) {
        for argument in arguments {
            guard let type = argument.type, !types.contains(type.text) else { continue }
            let message = "args: argument \(argument.name): unknown type '\(type.text)'"
            let hint = NearestWord.hint(type.text, in: types) ?? "types are \(types.joined(separator: ", "))"
            context.finding("WF0208", message, at: type.range, hint: hint)
        }
    }
}
