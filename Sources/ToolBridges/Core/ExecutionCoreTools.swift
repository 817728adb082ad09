package import Engine
import JSON
package import Storage
import ToolCatalog
package import WorkflowModel

/// `core_workflow_execution_list`, `_get`, `_cancel` and `_resume`. See docs/history.md.
package enum ExecutionCoreTools {
    package static func make(
        store: any ExecutionStore,
        engine: ExecutionEngine,
        now: @escaping @Sendable () -> Timestamp
    ) -> [CoreTool] {
        [
            listTool(store, now),
            getTool(store, now),
            cancelTool(store, engine),
            resumeTool(store, engine),
        ]
    }

    private static let idParameter = CoreTool.Parameter(
        "execution_id",
        "string",
        "Id of the execution",
        isRequired: true
    )

    // MARK: List

    private static func listTool(
        _ store: any ExecutionStore,
        _ now: @escaping @Sendable () -> Timestamp
    ) -> CoreTool {
        let statuses = ExecutionStatus.allCases.map(\.rawValue)
        return CoreTool(
            "core_workflow_execution_list",
            "List executions of workflows, newest first",
            [
                CoreTool.Parameter("workflow_name", "string", "Only executions of this workflow"),
                CoreTool.Parameter("status", "string", "Only executions with this status", values: statuses),
                CoreTool.Parameter("limit", "integer", "Length of the page, 1 to 1000", defaultValue: 50),
                CoreTool.Parameter("offset", "integer", "Executions to leave out at the start", defaultValue: 0),
            ],
            output: CoreOutput.executionList,
            annotations: .reading
        ) { arguments, _ in
            let query = try query(arguments)
            let page = try await store.executions(matching: query)
            let moment = now()
            return .json([
                "executions": .array(page.executions.map { .object(line($0, moment)) }),
                "total": .integer(Int64(page.total)), "limit": .integer(Int64(query.limit)),
                "offset": .integer(Int64(query.offset)),
                "has_more": .bool(query.offset + page.executions.count < page.total),
            ])
        }
    }

    private static func query(_ arguments: CoreArguments) throws(CoreToolFailure) -> ExecutionQuery {
        var query = ExecutionQuery()
        if let name = try arguments.text("workflow_name"), !name.isEmpty { query.workflow = name }
        if let word = try arguments.text("status") {
            guard let status = ExecutionStatus(rawValue: word) else {
                let words = "inprogress, completed, failed, cancelled"
                throw CoreToolFailure("status must be one of the enum values: \(words)")
            }
            query.status = status
        }
        query.limit = try arguments.integer("limit", default: 50)
        guard query.limit >= 1 else { throw CoreToolFailure("limit must be at least 1 (minimum value)") }
        guard query.limit <= 1000 else { throw CoreToolFailure("limit must be at most 1000 (maximum value)") }
        query.offset = try arguments.integer("offset", default: 0)
        guard query.offset >= 0 else { throw CoreToolFailure("offset must be at least 0 (minimum value)") }
        return query
    }

    private static func line(_ summary: ExecutionSummary, _ now: Timestamp) -> JSONObject {
        var line: JSONObject = [
            "execution_id": .string(summary.id.text), "workflow_name": .string(summary.workflow),
            "status": .string(summary.status.rawValue),
        ]
        if let phase = summary.phase { line["phase"] = .string(phase.rawValue) }
        line["started_at"] = .string(summary.startedAt.rfc3339)
        if let endedAt = summary.endedAt { line["completed_at"] = .string(endedAt.rfc3339) }
        line["duration_ms"] = .integer((summary.endedAt ?? now).milliseconds(since: summary.startedAt))
        line["step_count"] = .integer(Int64(summary.stepCount))
        if let error = summary.error { line["error"] = .string(error) }
        if let parent = summary.parent { line["parent_execution_id"] = .string(parent.text) }
        return line
    }

    // MARK: Get

    private static func getTool(
        _ store: any ExecutionStore,
        _ now: @escaping @Sendable () -> Timestamp
    ) -> CoreTool {
        CoreTool(
            "core_workflow_execution_get",
            "Get the record of an execution",
            [
                idParameter,
                CoreTool.Parameter("include_steps", "boolean", "Whether to show the steps", defaultValue: true),
                CoreTool.Parameter("step_id", "string", "Show this step only"),
            ],
            output: CoreOutput.execution,
            annotations: .reading
        ) { arguments, _ in
            let id = try arguments.requiredText("execution_id", orElse: "execution_id is required")
            let showsSteps = try arguments.flag("include_steps", default: true)
            let step = try stepID(arguments)
            let journal = try await store.journal(of: ExecutionID(id))
            guard !journal.isEmpty else { throw CoreToolFailure("execution \(id) not found") }
            let record = ExecutionRecord(id: ExecutionID(id), journal: journal)
            guard let step else { return .json(.object(record.json(showsSteps ? .whole : .withoutSteps, now: now()))) }
            guard let object = record.json(step: step, now: now()) else {
                throw CoreToolFailure("step not found: step \(step) not found in execution \(id)")
            }
            return .json(.object(object))
        }
    }

    private static func stepID(_ arguments: CoreArguments) throws(CoreToolFailure) -> String? {
        guard let value = arguments.values["step_id"] else { return nil }
        if value.isNull { throw CoreToolFailure("step_id cannot be null") }
        let text = try arguments.text("step_id")
        if text == "" { throw CoreToolFailure("step_id is invalid: cannot be empty") }
        return text
    }

    // MARK: Control

    private static func cancelTool(_ store: any ExecutionStore, _ engine: ExecutionEngine) -> CoreTool {
        CoreTool(
            "core_workflow_execution_cancel",
            "Stop an execution: calls in flight are cancelled, no further step begins",
            [idParameter, CoreTool.Parameter("reason", "string", "Why; shown in the record")],
            annotations: ToolAnnotations(readOnly: false, destructive: true, idempotent: true)
        ) { arguments, _ in
            let id = try arguments.requiredText("execution_id", orElse: "execution_id is required")
            let reason = try arguments.text("reason") ?? "on request"
            if engine.cancel(ExecutionID(id), reason: reason) {
                await engine.waitUntilSettled(ExecutionID(id))
                return .text("Execution \(id) cancelled")
            }
            if try await engine.cancelHeldBack(ExecutionID(id), reason: reason) {
                return .text("Execution \(id) cancelled")
            }
            throw try await absent(id, store)
        }
    }

    private static func resumeTool(_ store: any ExecutionStore, _ engine: ExecutionEngine) -> CoreTool {
        CoreTool(
            "core_workflow_execution_resume",
            "Say what became of a step that was in flight when muster died, so that its execution goes on",
            [
                idParameter,
                CoreTool.Parameter("step", "string", "Key of the step; by default the one that waits"),
                CoreTool.Parameter(
                    "decision",
                    "string",
                    "retry: call it again; succeeded: it happened, see result; fail: it did not and shall not",
                    isRequired: true,
                    values: ["retry", "succeeded", "fail"]
                ),
                CoreTool.Parameter("result", "string", "For succeeded: the result, as JSON or text"),
                CoreTool.Parameter("message", "string", "For fail: the error of the step"),
            ],
            annotations: ToolAnnotations(readOnly: false, destructive: true)
        ) { arguments, _ in
            let id = try arguments.requiredText("execution_id", orElse: "execution_id is required")
            let journal = try await store.journal(of: ExecutionID(id))
            guard !journal.isEmpty else { throw CoreToolFailure("execution \(id) not found") }
            let waiting = ExecutionState(entries: journal).steps.filter(\.needsDecision).map(\.identity.key)
            let asked = try arguments.text("step")
            if asked == nil, waiting.count > 1 {
                throw CoreToolFailure(
                    "several steps wait for a decision, say which: \(waiting.joined(separator: ", "))"
                )
            }
            guard let step = asked ?? waiting.first, waiting.contains(step) else {
                throw CoreToolFailure(
                    "execution \(id) does not wait for a decision" + (asked.map { " on step \($0)" } ?? "")
                )
            }
            guard engine.decide(ExecutionID(id), step: step, try decision(arguments)) else {
                throw try await absent(id, store)
            }
            return .text("Execution \(id) goes on with step \(step)")
        }
    }

    private static func decision(_ arguments: CoreArguments) throws(CoreToolFailure) -> StepDecision {
        switch try arguments.requiredText("decision") {
        case "retry": return .retry
        case "succeeded":
            let text = try arguments.text("result")
            // A text that is no JSON is the result itself.
            return .succeeded(result: text.map { (try? JSONValue(parsing: $0)) ?? .string($0) })
        case "fail":
            return .fail(message: try arguments.text("message") ?? "decided to have failed after an interruption")
        case let other: throw CoreToolFailure("decision must be one of retry, succeeded, fail; got '\(other)'")
        }
    }

    private static func absent(_ id: String, _ store: any ExecutionStore) async throws -> CoreToolFailure {
        guard let summary = try await store.summary(of: ExecutionID(id)) else {
            return CoreToolFailure("execution \(id) not found")
        }
        if summary.status == .inProgress {
            return CoreToolFailure(
                "execution \(id) is not run by this process: it runs in another one, or goes on at the next start of muster"
            )
        }
        return CoreToolFailure("execution \(id) has ended already (\(summary.status.rawValue))")
    }
}
