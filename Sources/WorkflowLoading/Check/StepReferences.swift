import Diagnostics
import JSON

/// `fromStep` and the paths `results.<step>` of conditions name steps that ran before (`WF0206`, `WF0207`).
enum StepReferences: WorkflowPass {
    static func check(_ draft: WorkflowDraft, _ context: DecodeContext) {
        let scopes = StepScopes(draft)
        for step in draft.allSteps {
            for condition in step.condition?.flattened ?? [] {
                for reference in references(of: condition) { check(reference, step, scopes, context) }
            }
        }
    }

    private static func references(of condition: ConditionDraft) -> [Located] {
        var references: [Located] = []
        if let fromStep = condition.fromStep, !fromStep.text.isEmpty { references.append(fromStep) }
        for entry in condition.jsonPath?.entries ?? [] where !entry.key.contains("{{") {
            let segments = entry.key.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
            guard segments.count > 1, segments[0] == "results" || segments[0] == "context" else { continue }
            let name = segments[1].prefix { $0 != "[" }
            references.append(Located(text: String(name), range: entry.keyRange))
        }
        return references
    }

    private static func check(_ name: Located, _ step: StepDraft, _ scopes: StepScopes, _ context: DecodeContext) {
        switch scopes.visibility(of: name.text, from: step) {
        case .visible: return
        case .notYet:
            let message = "\(step.label): condition refers to step '\(name.text)', which has not run by then"
            context.error("WF0207", message, at: name.range)
        case .unknown:
            let message = "\(step.label): condition references non-existent step result: \(name.text)"
            let hint = context.hint(name.text, in: scopes.allIDs)
            context.error("WF0206", message, at: name.range, hint: hint)
        }
    }
}
