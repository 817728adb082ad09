import Diagnostics

/// Ids are unique among the steps, and among the sub-steps of one group (`WF0201`).
enum DuplicateStepIDs: WorkflowPass {
    static func check(_ draft: WorkflowDraft, _ context: DecodeContext) {
        let steps = draft.steps ?? []
        check(steps, context) { "duplicate step ID '\($0)' found" }
        check(draft.onFailure, context) { "onFailure: duplicate sub-step id '\($0)'" }
        for step in steps {
            let owner = "step \(step.id?.text ?? "")"
            check(step.parallel ?? [], context) { "\(owner) parallel: duplicate sub-step id '\($0)'" }
            check(step.forEach?.steps ?? [], context) { "\(owner) forEach: duplicate sub-step id '\($0)'" }
        }
    }

    private static func check(_ steps: [StepDraft], _ context: DecodeContext, _ message: (String) -> String) {
        var seen: [String: SourceRange?] = [:]
        for step in steps {
            guard let id = step.id, !id.text.isEmpty else { continue }
            guard let first = seen[id.text] else {
                seen[id.text] = .some(id.range)
                continue
            }
            var finding = Diagnostic(.error, "WF0201", message(id.text), at: id.range)
            if let first { finding.notes.append("it is first used at \(first.place)") }
            context.diagnostics.append(finding)
        }
    }
}
