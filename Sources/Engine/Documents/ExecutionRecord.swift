package import JSON
package import Storage
package import WorkflowModel

/// The record of an execution as it is shown to clients. See docs/history.md.
package struct ExecutionRecord: Sendable {
    private let id: ExecutionID
    private let state: ExecutionState

    package init(id: ExecutionID, journal: [JournalEntry]) {
        self.id = id
        state = ExecutionState(entries: journal)
    }

    package enum View: Sendable {
        case whole
        /// Nothing that names a step.
        case withoutSteps
    }

    /// Size from which a record is shortened, and size of a field that is replaced then; bytes of JSON.
    package static let sizeLimit = 256 << 10
    package static let fieldLimit = 32 << 10
    private static let truncation = "[truncated: payload exceeded retention size limit]"

    package func json(_ view: View, now: Timestamp) -> JSONObject {
        var record = head(now: now)
        record["input"] = .object(state.start?.input ?? JSONObject())
        if let end = state.end {
            record["result"] = view == .whole ? end.response : Self.withoutSteps(end.response)
        }
        record["error"] = state.end?.error.map { .string($0) }
        if view == .whole { record["steps"] = .array(visibleSteps.map { .object(json($0, now: now)) }) }
        return Self.shortened(record)
    }

    /// The record reduced to one step, chosen by its id or key; nil when there is no such step.
    ///
    /// It names no other step: `result` is left out, and the execution's error and input belong to the step that failed.
    package func json(step id: String, now: Timestamp) -> JSONObject? {
        let chosen = visibleSteps.filter { $0.identity.id == id || $0.identity.key == id }
        guard let step = chosen.last else { return nil }
        var record = head(now: now)
        let failed = step.status == .failed && state.end?.error?.hasPrefix("step \(step.identity.id) failed: ") == true
        record["input"] = failed ? .object(state.start?.input ?? JSONObject()) : [:]
        if failed { record["error"] = state.end?.error.map { .string($0) } }
        record["steps"] = .array(chosen.map { .object(json($0, now: now)) })
        return Self.shortened(record)
    }

    private var visibleSteps: [StepState] {
        state.steps.filter { $0.status != .running || $0.inFlight != nil || $0.needsDecision }
    }

    private func head(now: Timestamp) -> JSONObject {
        let startedAt = state.startedAt ?? now
        var record: JSONObject = [
            "execution_id": .string(id.text), "workflow_name": .string(state.start?.workflow ?? ""),
            "status": .string(state.status.rawValue),
        ]
        if let phase = state.phase { record["phase"] = .string(phase.rawValue) }
        record["started_at"] = .string(startedAt.rfc3339)
        if let endedAt = state.endedAt { record["completed_at"] = .string(endedAt.rfc3339) }
        record["duration_ms"] = .integer((state.endedAt ?? now).milliseconds(since: startedAt))
        return record
    }

    private func json(_ step: StepState, now: Timestamp) -> JSONObject {
        var record: JSONObject = [
            "step_id": .string(step.identity.id), "tool": .string(step.identity.tool),
            "status": .string(step.needsDecision ? "uncertain" : step.status.word),
        ]
        if step.identity.key != step.identity.id { record["key"] = .string(step.identity.key) }
        record["started_at"] = .string(step.startedAt.rfc3339)
        if let endedAt = step.endedAt { record["completed_at"] = .string(endedAt.rfc3339) }
        record["duration_ms"] = .integer((step.endedAt ?? now).milliseconds(since: step.startedAt))
        record["input"] = .object(step.input ?? JSONObject())
        if step.status == .completed { record["result"] = step.result }
        if let error = step.error { record["error"] = .string(error) }
        if let condition = step.condition {
            record["condition_evaluation"] = .bool(condition.holds)
            record["condition_result"] = condition.result
            record["condition_tool"] = .string(condition.source)
        }
        if step.identity.allowsFailure { record["allow_failure"] = true }
        record["stored_as"] = .string(step.identity.id)
        return record
    }

    /// Removes everything step-wise, at any depth of the response document.
    private static func withoutSteps(_ response: JSONValue) -> JSONValue {
        switch response {
        case .array(let elements): return .array(elements.map(withoutSteps))
        case .object(let object):
            let hidden = ["steps", "template_vars", "error", "output_error"]
            return .object(JSONObject(object.filter { !hidden.contains($0.0) }.map { ($0.0, withoutSteps($0.1)) }))
        default: return response
        }
    }

    // MARK: Shortening

    private static func shortened(_ record: JSONObject) -> JSONObject {
        guard JSONValue.object(record).bytes().count > sizeLimit else { return record }
        var record = record
        shorten(&record)
        if isLarge(record["input"]) { record["input"] = ["_truncated": .string(truncation)] }
        if let steps = record["steps"]?.arrayValue {
            record["steps"] = .array(
                steps.map { step in
                    guard var object = step.objectValue else { return step }
                    shorten(&object)
                    if isLarge(object["input"]) { object["input"] = ["_truncated": .string(truncation)] }
                    return .object(object)
                }
            )
        }
        record["truncated"] = true
        return record
    }

    private static func shorten(_ object: inout JSONObject) {
        for key in ["result", "error", "condition_result"] where isLarge(object[key]) {
            object[key] = .string(truncation)
        }
    }

    private static func isLarge(_ value: JSONValue?) -> Bool { (value?.bytes().count ?? 0) > fieldLimit }
}

extension StepState.Status {
    /// The word of a record: clients know `inprogress`, not `running`.
    fileprivate var word: String { self == .running ? "inprogress" : rawValue }
}
