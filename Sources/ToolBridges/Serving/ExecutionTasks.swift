package import Engine
package import JSON
package import MCPProtocol
package import Storage
import Synchronization
package import ToolCatalog
package import WorkflowModel

/// Executions as tasks, of MCP's extension and of its sessions: the task is the execution, its id the execution's id. So a
/// task exists before its client is told of it, survives a restart, and can be read for as long as the history is kept.
package final class ExecutionTasks: Sendable {
    private let workflows: WorkflowTools
    let engine: ExecutionEngine
    let store: any ExecutionStore
    /// Executions that were begun here, until they end.
    private let running = Mutex<[UInt64: Task<Void, Never>]>([:])
    private let nextNumber = Atomic<UInt64>(0)
    /// What servers of their steps want to know, by execution.
    private let desks = Mutex<[String: QuestionDesk]>([:])
    /// Told when an execution has other questions than before.
    private let questionListeners = Mutex<[UInt64: @Sendable (ExecutionID) -> Void]>([:])

    package init(workflows: WorkflowTools, engine: ExecutionEngine, store: any ExecutionStore) {
        self.workflows = workflows
        self.engine = engine
        self.store = store
    }

    package enum Start: Sendable {
        case task(MCPTask)
        /// It had ended, or was refused, before it became one.
        case ended(ToolResult)
    }

    private enum Sign: Sendable {
        case started(ExecutionID)
        case ended(Result<ToolResult, ToolCallError>)
    }

    // MARK: - Begin

    /// Begins an execution that goes on without its caller, and returns when that is durable, with the task as it began.
    ///
    /// - Parameter capabilities: by which the task's client can be asked.
    package func start(
        tool: String,
        _ arguments: JSONObject,
        askableBy capabilities: JSONObject = [:]
    ) async throws(ToolCallError) -> Start {
        if let known = await known(tool, arguments) { return .task(known) }
        let (signs, feed) = AsyncStream<Sign>.makeStream(bufferingPolicy: .bufferingOldest(2))
        let begun = Mutex<ExecutionID?>(nil)
        let observer = engine.observe { update in
            // News come after they are durable.
            if case .started = update.news, begun.withLock({ $0 }) == update.execution {
                feed.yield(.started(update.execution))
            }
        }
        let desk = desk { begun.withLock { $0 } }
        var context = CallContext()
        if !capabilities.isEmpty { context.input = .asking({ await desk.ask($0) }, capabilities) }
        keep { [self, context] in
            let result: Result<ToolResult, ToolCallError>
            do throws(ToolCallError) {
                let reply = try await workflows.call(tool, arguments, context) { id in
                    begun.withLock { $0 = id }
                    desks.withLock { $0[id.text] = desk }
                }
                result = .success(reply)
            } catch {
                result = .failure(error)
            }
            // Not before: news are only made while somebody watches, and whoever follows the task comes a moment later.
            engine.stopObserving(observer)
            if let id = begun.withLock({ $0 }) { _ = desks.withLock { $0.removeValue(forKey: id.text) } }
            feed.yield(.ended(result))
        }
        for await sign in signs {
            switch sign {
            case .started(let id): if let task = await beginning(of: id) { return .task(task) }
            case .ended(let result): return .ended(try result.get())
            }
        }
        throw ToolCallError(.cancelled, "\(tool) was cancelled")
    }

    /// Keys have chance in them: after a restart, too, none comes again in the same task.
    private func desk(_ execution: @escaping @Sendable () -> ExecutionID?) -> QuestionDesk {
        let salt = String(UInt32.random(in: .min ... .max), radix: 36)
        return QuestionDesk(prefix: "ask-\(salt)-") { [weak self] in
            guard let self, let id = execution() else { return }
            for listener in self.questionListeners.withLock({ Array($0.values) }) { listener(id) }
        }
    }

    /// Calls `listener` when an execution has other questions than before. Returns the number that stops it.
    @discardableResult
    func onQuestions(_ listener: @escaping @Sendable (ExecutionID) -> Void) -> UInt64 {
        let number = nextNumber.wrappingAdd(1, ordering: .relaxed).newValue
        questionListeners.withLock { $0[number] = listener }
        return number
    }

    func stopListening(_ number: UInt64) { questionListeners.withLock { $0[number] = nil } }

    /// Tasks begin at work, however quickly they end.
    private func beginning(of id: ExecutionID) async -> MCPTask? {
        // What cannot be read now is as good as unknown; the store's own log has the reason.
        guard let journal = try? await store.journal(of: id), !journal.isEmpty else { return nil }
        return Self.task(id, Array(journal.prefix(1)))
    }

    private func keep(_ body: @escaping @Sendable () async -> Void) {
        let number = nextNumber.wrappingAdd(1, ordering: .relaxed).newValue
        running.withLock { running in
            running[number] = Task {
                await body()
                self.running.withLock { $0[number] = nil }
            }
        }
    }

    /// The execution in progress that a repeated call with the same key joins.
    private func known(_ tool: String, _ arguments: JSONObject) async -> MCPTask? {
        guard let key = arguments["_idempotencyKey"]?.stringValue else { return nil }
        let workflow = tool.dropFirst(WorkflowDefinition.toolPrefix.count)
        // Whatever is wrong with the key, or the store, is said by the call itself.
        guard let id = try? await store.execution(withKey: "\(workflow):\(key)"),
            let journal = try? await store.journal(of: id), Self.begins(journal, with: arguments),
            ExecutionState(entries: journal).end == nil
        else { return nil }
        return Self.task(id, journal)
    }

    private static func begins(_ journal: [JournalEntry], with arguments: JSONObject) -> Bool {
        // Other arguments are refused by the call, which knows the defaults; these are given ones that must agree.
        let input = ExecutionState(entries: journal).start?.input ?? [:]
        return arguments.allSatisfy { name, value in name.hasPrefix("_") || input[name] == value }
    }

    /// Waits for those that were begun here; their engine has to be shut down before.
    package func finish() async {
        for task in running.withLock({ Array($0.values) }) { await task.value }
    }

    // MARK: - Later

    /// Nil for an unknown one.
    package func task(_ id: String) async -> MCPTask? {
        // As above.
        guard let journal = try? await store.journal(of: ExecutionID(id)), !journal.isEmpty else { return nil }
        return task(id, at: journal)
    }

    /// With what servers of its steps want to know now.
    func task(_ id: String, at journal: [JournalEntry]) -> MCPTask {
        var task = Self.task(ExecutionID(id), journal)
        guard let open = desks.withLock({ $0[id] })?.open, !open.isEmpty else { return task }
        var requests = MCPInputNeed(open, state: .null).requestsObject
        switch task.status {
        case .working: task.statusMessage = "a server of one of its steps has a question"
        case .inputRequired(let decisions): for (key, request) in decisions { requests[key] = request }
        case .completed, .failed, .cancelled: return task
        }
        task.status = .inputRequired(requests)
        return task
    }

    /// False for an unknown one. Answers that decide nothing are ignored.
    package func update(_ id: String, _ responses: JSONObject) async -> Bool {
        // As above.
        guard let journal = try? await store.journal(of: ExecutionID(id)), !journal.isEmpty else { return false }
        desks.withLock { $0[id] }?.take(responses)
        let questions = ExecutionQuestions(ExecutionID(id), journal: journal)
        for (step, decision) in questions.decisions(in: responses) {
            _ = engine.decide(ExecutionID(id), step: step, decision)
        }
        return true
    }

    /// False for an unknown one; one that has ended stays as it is.
    package func cancel(_ id: String) async -> Bool {
        // One that cannot be cancelled here goes on elsewhere: cancelling is a wish.
        if await stop(ExecutionID(id)) { return true }
        return await task(id) != nil
    }

    /// False for one that has ended, or is not in this process.
    func stop(_ id: ExecutionID) async -> Bool {
        let reason = "its task was cancelled"
        if engine.cancel(id, reason: reason) { return true }
        // As above.
        return (try? await engine.cancelHeldBack(id, reason: reason)) ?? false
    }

    package static func task(_ id: ExecutionID, _ journal: [JournalEntry]) -> MCPTask {
        let state = ExecutionState(entries: journal)
        let questions = ExecutionQuestions(id, journal: journal)
        let status: MCPTask.Status =
            switch state.end {
            case nil: questions.isEmpty ? .working : .inputRequired(questions.inputRequests)
            case let end? where end.status == .cancelled: .cancelled
            case let end?:
                .completed(result(of: end).json)
            }
        return MCPTask(
            id: id.text,
            status: status,
            statusMessage: message(state, questions),
            createdAt: (state.startedAt ?? journal.first?.at)?.rfc3339 ?? "",
            lastUpdatedAt: journal.last?.at.rfc3339 ?? ""
        )
    }

    /// What a call that waited for the end was answered.
    static func result(of end: ExecutionEnd) -> ToolResult {
        .json(end.response, isError: end.status != .completed)
    }

    private static func message(_ state: ExecutionState, _ questions: ExecutionQuestions) -> String {
        if let end = state.end { return end.error ?? end.status.rawValue }
        if let question = questions.questions.first { return "step \(question.step) waits for a decision" }
        let done = state.steps.count(where: \.isFinished)
        guard let step = state.steps.last(where: { !$0.isFinished }) else { return "\(done) steps done" }
        return "step \(step.identity.key) is running, \(done) done"
    }
}
