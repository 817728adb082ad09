import Diagnostics
import JSON
import WorkflowModel

/// Service classes that are created or named as dependencies and that no file defines (`WF0212`).
enum MissingServiceClasses: SnapshotPass {
    private static let tools: Set<String> = ["core_service_create", "core_service_validate"]

    static func check(_ scope: CheckScope, _ diagnostics: inout DiagnosticBag) {
        let names = Set(scope.serviceClassNames)
        for step in scope.workflows.flatMap(\.allSteps) {
            for (tool, arguments) in step.literalTools where tools.contains(tool.text) {
                guard let node = arguments?["serviceClassName"], case .string(let name) = node.json else { continue }
                guard !name.contains("{{"), !names.contains(name) else { continue }
                let hint = NearestWord.hint(name, in: scope.serviceClassNames)
                let message = "\(step.label): service class '\(name)' is not defined"
                diagnostics.warning("WF0212", message, at: node.range, hint: hint)
            }
        }
        for serviceClass in scope.snapshot.serviceClasses {
            for name in serviceClass.dependencies where !names.contains(name) {
                let hint = NearestWord.hint(name, in: scope.serviceClassNames)
                let message = "service class '\(serviceClass.name)' depends on '\(name)', which is not defined"
                let range = scope.snapshot.definition(.serviceClass, named: serviceClass.name)?.nameRange
                diagnostics.warning("WF0212", message, at: range, hint: hint)
            }
        }
    }
}
