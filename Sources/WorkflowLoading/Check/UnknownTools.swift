import Diagnostics
import WorkflowModel

/// Tools that nobody offers (`WF0209`). A warning: a server that offers them may come later.
enum UnknownTools: SnapshotPass {
    static func check(_ scope: CheckScope, _ diagnostics: inout DiagnosticBag) {
        guard let known = scope.knownTools else { return }
        let candidates = known.sorted()
        for step in scope.workflows.flatMap(\.allSteps) {
            for (tool, _) in step.literalTools where !isKnown(tool.text, known) {
                let hint = NearestWord.hint(tool.text, in: candidates)
                diagnostics.warning("WF0209", "\(step.label): unknown tool '\(tool.text)'", at: tool.range, hint: hint)
            }
        }
    }

    /// Workflows are the business of `MissingWorkflows`.
    private static func isKnown(_ tool: String, _ known: Set<String>) -> Bool {
        known.contains(tool) || tool.hasPrefix(WorkflowDefinition.toolPrefix)
    }
}
