import Diagnostics

/// A workflow needs a step (`WF0220`).
enum EmptyWorkflows: WorkflowPass {
    static func check(_ draft: WorkflowDraft, _ context: DecodeContext) {
        guard let steps = draft.steps, steps.isEmpty else { return }
        context.error("WF0220", "workflow must have at least one step", at: draft.stepsRange)
    }
}
