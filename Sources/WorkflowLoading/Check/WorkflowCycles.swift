import Diagnostics
import WorkflowModel

/// Workflows that call themselves, directly or through others (`WF0210`).
///
/// A warning: a condition may end the recursion, and the engine limits its depth. Each cycle is told once, at the call
/// in its first workflow by name.
enum WorkflowCycles: SnapshotPass {
    private struct Call {
        var target: String
        var range: SourceRange?
    }

    static func check(_ scope: CheckScope, _ diagnostics: inout DiagnosticBag) {
        var calls: [String: [Call]] = [:]
        for workflow in scope.workflows { calls[workflow.name.text] = self.calls(of: workflow) }
        var reported: Set<Set<String>> = []
        for start in calls.keys.sorted() {
            for call in calls[start] ?? [] {
                guard let way = shortestWay(from: call.target, to: start, calls) else { continue }
                let cycle = [start] + way
                guard reported.insert(Set(cycle)).inserted else { continue }
                let message = "workflows call each other in a circle: \(cycle.joined(separator: " → "))"
                diagnostics.warning("WF0210", message, at: call.range, hint: "a condition must end the recursion")
            }
        }
    }

    private static func calls(of workflow: WorkflowDraft) -> [Call] {
        let prefix = WorkflowDefinition.toolPrefix
        return workflow.allSteps.flatMap(\.literalTools).filter { $0.name.text.hasPrefix(prefix) }
            .map { Call(target: String($0.name.text.dropFirst(prefix.count)), range: $0.name.range) }
    }

    /// The names from `start` to `goal`, both included; breadth first.
    private static func shortestWay(from start: String, to goal: String, _ calls: [String: [Call]]) -> [String]? {
        var ways: [[String]] = [[start]]
        var seen: Set<String> = [start]
        var next = 0
        while next < ways.count {
            let way = ways[next]
            next += 1
            guard let last = way.last else { continue }
            if last == goal { return way }
            for call in calls[last] ?? [] where seen.insert(call.target).inserted { ways.append(way + [call.target]) }
        }
        return nil
    }
}
