import JSON
import MCPProtocol
import MCPTransports
import Synchronization

/// The suite's tools that become tasks, kept in memory.
final class ConformanceTasks: Sendable {
    private struct State {
        var tasks: [String: MCPTask] = [:]
        /// Answers so far, and what is done when all are there.
        var answers: [String: JSONObject] = [:]
        var ends: [String: @Sendable (JSONObject) -> JSONObject] = [:]
    }

    private let state = Mutex(State())

    func outcome(
        of name: String,
        _ arguments: JSONObject,
        _ request: MCPRequestContext
    ) async throws(JSONRPCError) -> MCPOutcome? {
        @Sendable func text(_ text: String) -> JSONObject { ConformanceTools.result(ConformanceTools.block(text)) }
        switch name {
        case "greet": return .complete(text("Hello, \(arguments["name"]?.stringValue ?? "you")!"))
        case "slow_compute":
            let label = arguments["label"]?.stringValue ?? "nothing"
            let milliseconds = Int((arguments["seconds"]?.doubleValue ?? 0) * 1000)
            guard request.declaresTasks else {
                await ConformanceTools.pause(milliseconds: milliseconds)
                return .complete(text("computed \(label)"))
            }
            return .task(begin(after: milliseconds, .completed(text("computed \(label)"))))
        case "failing_job":
            try require(request, name)
            var failed = text("the job failed")
            failed["isError"] = true
            return .task(begin(after: 1000, .completed(failed)))
        case "protocol_error_job":
            try require(request, name)
            return .task(begin(after: 200, .failed(.internalError("the job broke"))))
        case "confirm_delete":
            try require(request, name)
            let file = arguments["filename"]?.stringValue ?? "a file"
            return .task(
                ask([("confirm", ConformanceInput.form("Delete \(file)?", "confirm", "boolean"))]) { _ in
                    text("deleted \(file)")
                }
            )
        case "multi_input":
            try require(request, name)
            let forms = ["first", "second"].map { ($0, ConformanceInput.form("The \($0)?", "value")) }
            return .task(ask(forms) { answers in text(answers.text()) })
        case "test_tool_with_task":
            guard case .accepted(let content)? = request.input?.elicitation("user_name") else {
                let form = ConformanceInput.form("What is your name?", "name")
                return .inputRequired(MCPInputNeed([("user_name", form)], state: "t"))
            }
            try require(request, name)
            return .task(begin(after: 300, .completed(text("Hello, \(content["name"]?.stringValue ?? "")!"))))
        default: return nil
        }
    }

    private func require(_ request: MCPRequestContext, _ name: String) throws(JSONRPCError) {
        guard !request.declaresTasks else { return }
        var tasks = JSONObject()
        tasks[MCPExtensions.tasks] = [:]
        throw .missingCapability(["extensions": .object(tasks)], for: name)
    }

    private func make(_ status: MCPTask.Status) -> MCPTask {
        var generator = SystemRandomNumberGenerator()
        let id = (0..<2).map { _ in String(generator.next(), radix: 16) }.joined()
        let time = "2026-01-01T00:00:00Z"
        let task = MCPTask(id: id, status: status, createdAt: time, lastUpdatedAt: time, pollInterval: 100)
        state.withLock { $0.tasks[id] = task }
        return task
    }

    private func begin(after milliseconds: Int, _ end: MCPTask.Status) -> MCPTask {
        let task = make(.working)
        Task {
            await ConformanceTools.pause(milliseconds: milliseconds)
            self.end(task.id, end)
        }
        return task
    }

    private func ask(
        _ forms: [(String, MCPInputRequest)],
        end: @escaping @Sendable (JSONObject) -> JSONObject
    ) -> MCPTask {
        let need = MCPInputNeed(forms.map { (key: $0.0, request: $0.1) }, state: .null)
        let task = make(.inputRequired(need.requestsObject))
        state.withLock { $0.ends[task.id] = end }
        var told = task
        told.status = .working
        return told
    }

    private func end(_ id: String, _ status: MCPTask.Status) {
        state.withLock { state in
            switch state.tasks[id]?.status {
            case .working, .inputRequired: state.tasks[id]?.status = status
            default: break
            }
        }
    }

    func task(_ id: String) -> MCPTask? { state.withLock { $0.tasks[id] } }

    func update(_ id: String, _ responses: JSONObject) -> Bool {
        state.withLock { state in
            guard let task = state.tasks[id] else { return false }
            guard case .inputRequired(var open) = task.status else { return true }
            for (key, response) in responses where open[key] != nil && MCPElicitation(response) != nil {
                open[key] = nil
                state.answers[id, default: [:]][key] = response
            }
            let result = open.isEmpty ? state.ends[id]?(state.answers[id] ?? [:]) : nil
            state.tasks[id]?.status = result.map { .completed($0) } ?? .inputRequired(open)
            return true
        }
    }

    func cancel(_ id: String) -> Bool {
        guard task(id) != nil else { return false }
        end(id, .cancelled)
        return true
    }
}
