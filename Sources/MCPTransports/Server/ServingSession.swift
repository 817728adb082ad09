import JSON
import MCPProtocol
import Synchronization

/// One client's session with what runs for it: its calls, and the questions it was asked.
final class ServingSession: Sendable {
    private struct State {
        var machine: ServerSession
        var tasks: [JSONRPCID: Task<Void, Never>] = [:]
        var questions: [JSONRPCID: CheckedContinuation<Result<JSONObject, JSONRPCError>, Never>] = [:]
    }

    private let state: Mutex<State>

    init(_ profile: MCPServerProfile, allowsRepeatedIDs: Bool) {
        state = Mutex(State(machine: ServerSession(profile, allowsRepeatedIDs: allowsRepeatedIDs)))
    }

    var isIdle: Bool { state.withLock { $0.machine.isIdle } }
    var allowsBatches: Bool { state.withLock { $0.machine.allowsBatches } }
    var version: MCPVersion? { state.withLock { $0.machine.version } }
    func isRunning(_ id: JSONRPCID) -> Bool { state.withLock { $0.machine.isRunning(id) } }
    func listenToEverything() { state.withLock { $0.machine.listenToEverything() } }
    func notification(_ news: ServerNews) -> [UInt8]? { state.withLock { $0.machine.notification(news) } }
    var interests: Set<MCPInterest> { state.withLock { $0.machine.interests } }
    func follow(_ task: String) { state.withLock { $0.machine.follow(task) } }

    /// Answers to our questions are handed to who asked.
    func handle(_ message: JSONRPCMessage) -> ServerOutput {
        let (output, asker) = state.withLock { state in
            let output = state.machine.handle(message, now: SystemTime.seconds)
            guard case .answered(let id, _) = output else {
                return (output, nil as CheckedContinuation<Result<JSONObject, JSONRPCError>, Never>?)
            }
            return (output, state.questions.removeValue(forKey: id))
        }
        guard case .answered(_, let result) = output else { return output }
        asker?.resume(returning: result)
        return .accepted
    }

    /// Notes that a request has been worked off. False when it was cancelled.
    func finish(_ id: JSONRPCID) -> Bool {
        state.withLock { state in
            state.tasks[id] = nil
            return state.machine.finish(id)
        }
    }

    /// Notes the task of a request, unless that has been finished already.
    func note(_ task: Task<Void, Never>, for id: JSONRPCID) {
        state.withLock { state in
            if state.machine.isRunning(id) { state.tasks[id] = task }
        }
    }

    func cancel(_ id: JSONRPCID) { state.withLock { $0.tasks.removeValue(forKey: id) }?.cancel() }

    var tasks: [Task<Void, Never>] { state.withLock { Array($0.tasks.values) } }

    /// Stops all calls; nothing is sent for them any more.
    func cancelAll() {
        let tasks = state.withLock { state in
            for id in state.tasks.keys { _ = state.machine.finish(id) }
            defer { state.tasks = [:] }
            return Array(state.tasks.values)
        }
        for task in tasks { task.cancel() }
    }

    /// Asks the client and waits for its answer, or until the surrounding task is cancelled.
    func ask(
        _ request: MCPInputRequest,
        send: @escaping @Sendable ([UInt8]) -> Void
    ) async -> Result<JSONObject, JSONRPCError> {
        let (id, message) = state.withLock { $0.machine.ask(request) }
        let cancelled = Result<JSONObject, JSONRPCError>.failure(.internalError("cancelled"))
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { $0.questions[id] = continuation }
                send(message)
                if Task.isCancelled { withdraw(id, cancelled, send) }
            }
        } onCancel: {
            withdraw(id, cancelled, send)
        }
    }

    private func withdraw(
        _ id: JSONRPCID,
        _ result: Result<JSONObject, JSONRPCError>,
        _ send: @Sendable ([UInt8]) -> Void
    ) {
        // Before the question is noted there is nothing to take back: whoever notes it looks for the cancellation.
        let asker = state.withLock { $0.questions.removeValue(forKey: id) }
        guard let asker else { return }
        if let message = state.withLock({ $0.machine.withdraw(id) }) { send(message) }
        asker.resume(returning: result)
    }
}
