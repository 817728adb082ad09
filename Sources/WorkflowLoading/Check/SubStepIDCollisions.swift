import Diagnostics

/// Ids of sub-steps and handlers differ from ids of steps and from the keys `<id>_<n>` of iterations (`WF0205`).
///
/// All results live under one root, so a repeated id hides a result. Between two groups that is a warning only: each
/// group works by itself.
enum SubStepIDCollisions: WorkflowPass {
    static func check(_ draft: WorkflowDraft, _ context: DecodeContext) {
        let steps = draft.steps ?? []
        var owners: [String: String] = [:]
        for step in steps { if let id = step.id?.text { owners[id] = "step \(id)" } }
        let stepIDs = Set(owners.keys)
        for step in steps {
            let group = "a sub-step of step \(step.id?.text ?? "")"
            claim(step.children, as: group, stepIDs, &owners, context)
        }
        claim(draft.onFailure, as: "an onFailure handler", stepIDs, &owners, context)
        checkIterationKeys(draft, context)
    }

    /// Twins inside one group are the business of `DuplicateStepIDs`.
    private static func claim(
        _ steps: [StepDraft],
        as owner: String,
        _ stepIDs: Set<String>,
        _ owners: inout [String: String],
        _ context: DecodeContext
    ) {
        var claimed: [String: String] = [:]
        for step in steps {
            guard let id = step.id, !id.text.isEmpty else { continue }
            if let other = owners[id.text] {
                let severity: Diagnostic.Severity = stepIDs.contains(id.text) ? .error : .warning
                let message = "\(step.label): id '\(id.text)' is already the id of \(other)"
                context.diagnostics.append(Diagnostic(severity, "WF0205", message, at: id.range))
            } else {
                claimed[id.text] = owner
            }
        }
        owners.merge(claimed) { first, _ in first }
    }

    private static func checkIterationKeys(_ draft: WorkflowDraft, _ context: DecodeContext) {
        let loopIDs = Set((draft.steps ?? []).flatMap { $0.forEach?.steps ?? [] }.compactMap { $0.id?.text })
        guard !loopIDs.isEmpty else { return }
        for step in draft.allSteps {
            guard let id = step.id, let base = iterationBase(id.text), loopIDs.contains(base) else { continue }
            let message = "\(step.label): id '\(id.text)' is the key of an iteration's result of sub-step '\(base)'"
            context.error("WF0205", message, at: id.range)
        }
    }

    /// `make` for `make_12`; nil for an id that is no iteration key.
    static func iterationBase(_ id: String) -> String? {
        guard let separator = id.lastIndex(of: "_") else { return nil }
        let number = id[id.index(after: separator)...]
        guard !number.isEmpty, number.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return number.count > 1 && number.first == "0" ? nil : String(id[..<separator])
    }
}
