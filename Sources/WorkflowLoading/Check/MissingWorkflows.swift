import Diagnostics
import WorkflowModel

/// Calls of workflows that no file defines (`WF0211`).
enum MissingWorkflows: SnapshotPass {
    static func check(_ scope: CheckScope, _ diagnostics: inout DiagnosticBag) {
        let prefix = WorkflowDefinition.toolPrefix
        let candidates = scope.workflowNames.sorted().map { prefix + $0 }
        for step in scope.workflows.flatMap(\.allSteps) {
            for (tool, _) in step.literalTools where tool.text.hasPrefix(prefix) {
                let name = String(tool.text.dropFirst(prefix.count))
                let isVerb = ReservedNames.names.contains(name)
                if isVerb || scope.workflowNames.contains(name) || scope.knownTools?.contains(tool.text) == true {
                    continue
                }
                let hint = NearestWord.hint(tool.text, in: candidates)
                let message = "\(step.label): workflow '\(name)' is not defined"
                diagnostics.warning("WF0211", message, at: tool.range, hint: hint)
            }
        }
    }
}
