import JSON
import Storage
import WorkflowModel

/// The document that answers a call of a workflow. See docs/workflows.md.
struct ResponseDocument {
    let executionID: ExecutionID
    let plan: Plan
    let state: ExecutionState
    let status: ExecutionStatus
    let error: String?
    /// The rendered output template, if there is one.
    let output: JSONValue?
    let outputError: String?

    /// Members that a last step's own result never overwrites.
    private static let reservedKeys: Set<String> = [
        "execution_id", "workflow", "status", "input", "steps", "template_vars", "error",
    ]

    private var isDebug: Bool { state.start?.isDebug ?? false }

    var json: JSONValue {
        if status == .completed, let output, !isDebug {
            var object = output.objectValue ?? ["output": output]
            object["execution_id"] = .string(executionID.text)
            return .object(object)
        }
        return .object(wholeDocument)
    }

    private var wholeDocument: JSONObject {
        let showsAll = isDebug || outputError != nil
        // A template that cannot be rendered leaves a workflow whose steps have all completed.
        let shownStatus = outputError == nil ? status.rawValue : ExecutionStatus.completed.rawValue
        var document: JSONObject = [
            "execution_id": .string(executionID.text),
            "workflow": .string(plan.definition.name),
            "status": .string(shownStatus),
            "input": .object(state.start?.input ?? JSONObject()),
            "steps": .array(state.steps.filter(\.isShown).map { .object(entry($0, showsAll)) }),
            "template_vars": .array(plan.templateVariables.map { .string($0) }),
        ]
        if let outputError {
            document["output_error"] = .string(outputError)
        } else if let error {
            document["error"] = .string(error)
        }
        if status == .completed, plan.output != nil { document["output"] = output }
        if status == .completed, plan.output == nil { mergeLastStep(into: &document) }
        return document
    }

    private func entry(_ step: StepState, _ showsAll: Bool) -> JSONObject {
        var entry: JSONObject = [
            "id": .string(step.identity.id), "tool": .string(step.identity.tool),
            "status": .string(step.status.rawValue),
        ]
        let showsResult = showsAll || plan.step(forKey: step.identity.key)?.definition.showsResult == true
        if showsResult, step.status == .completed { entry["result"] = step.result }
        if let condition = step.condition {
            entry["condition_evaluation"] = .bool(condition.holds)
            entry["condition_result"] = condition.result
            entry["condition_tool"] = .string(condition.source)
        }
        if step.identity.allowsFailure { entry["allow_failure"] = true }
        if let error = step.error { entry["error"] = .string(error) }
        return entry
    }

    /// The object that a plain last step gave also stands at the top level, unless its step says what to show.
    private func mergeLastStep(into document: inout JSONObject) {
        guard let last = plan.steps.last, case .tool = last.action, last.definition.showsResult == nil,
            let step = state[last.id], step.status == .completed, let result = step.result?.objectValue
        else { return }
        for (key, value) in result where !Self.reservedKeys.contains(key) { document[key] = value }
    }
}

extension StepState {
    /// Steps that were stopped by a cancel are shown with their own status; those that never began have no state.
    fileprivate var isShown: Bool { status != .running || inFlight != nil }
}
