import Diagnostics

/// A workflow named like a verb would hide the tool of that verb (`WF0204`).
enum ReservedNames: WorkflowPass {
    static let names: Set<String> = [
        "list", "get", "create", "update", "delete", "validate", "available", "execution_list", "execution_get",
    ]

    static func check(_ draft: WorkflowDraft, _ context: DecodeContext) {
        guard names.contains(draft.name.text) else { return }
        let message = "the name '\(draft.name.text)' is reserved: it would shadow the tool workflow_\(draft.name.text)"
        context.error("WF0204", message, at: draft.name.range, hint: "choose another name")
    }
}
