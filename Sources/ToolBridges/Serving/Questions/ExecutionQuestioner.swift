import JSON
import MCPProtocol
import MCPTransports
import Storage
import ToolCatalog
import WorkflowModel

/// Asks a client's user about an execution that waits for a decision, where a call would otherwise wait for ever: a call
/// that joins such an execution by its key, or one that wants to decide and does not say what.
struct ExecutionQuestioner {
    let store: any ExecutionStore
    let tasks: ExecutionTasks

    /// The tool by which executions are decided about.
    private static let resume = "core_workflow_execution_resume"

    /// What to answer instead of making the call; nil when it is to be made.
    func outcome(
        of name: String,
        _ arguments: JSONObject,
        _ request: MCPRequestContext
    ) async throws(JSONRPCError) -> MCPOutcome? {
        guard !request.declaresTasks || name == Self.resume, request.canAsk,
            let id = await execution(name, arguments)
        else { return nil }
        // A store that cannot be read says so in the call itself.
        guard let journal = try? await store.journal(of: id) else { return nil }
        let questions = ExecutionQuestions(id, journal: journal)
        let responses = request.input?.responses ?? [:]
        guard let first = questions.questions.first else {
            return name == Self.resume && request.input != nil ? goesOn(id) : nil
        }
        guard request.canAsk(first.request) else { return nil }
        if questions.isRefused(in: responses) {
            let text = "Execution \(id) still waits for a decision about step \(first.step)"
            return .complete(ToolResult.failure(text).json)
        }
        let decided = Set(questions.decisions(in: responses).map(\.step))
        guard !decided.isEmpty else { return .inputRequired(questions.need(state: ["execution": .string(id.text)])) }
        _ = await tasks.update(id.text, responses)
        let open = questions.questions.filter { !decided.contains($0.step) }
        guard open.isEmpty else {
            var rest = questions
            rest.questions = open
            return .inputRequired(rest.need(state: ["execution": .string(id.text)]))
        }
        return name == Self.resume ? goesOn(id) : nil
    }

    private func goesOn(_ id: ExecutionID) -> MCPOutcome { .complete(ToolResult.text("Execution \(id) goes on").json) }

    private func execution(_ name: String, _ arguments: JSONObject) async -> ExecutionID? {
        if name == Self.resume {
            guard arguments["decision"] == nil, let id = arguments["execution_id"]?.stringValue else { return nil }
            return ExecutionID(id)
        }
        guard name.hasPrefix(WorkflowDefinition.toolPrefix), let key = arguments["_idempotencyKey"]?.stringValue else {
            return nil
        }
        // As above.
        return try? await store.execution(withKey: "\(name.dropFirst(WorkflowDefinition.toolPrefix.count)):\(key)")
    }
}
