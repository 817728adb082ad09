import Storage
import WorkflowModel

/// The executions of this process and who waits for them. A value: whoever holds it guards it.
struct RunningExecutions: Sendable {
    typealias Waiter = CheckedContinuation<Void, Never>

    private struct Running: Sendable {
        var post: AsyncStream<ExecutionEvent>.Continuation
        var task: Task<ExecutionResult, any Error>
        /// The execution of whose step this one is the call.
        var parent: ExecutionID?
        /// Nil while an event is under way that may change it.
        var callsInFlight: Int?
        var waiters: [Waiter] = []
    }

    private var running: [ExecutionID: Running] = [:]

    var ids: [ExecutionID] { Array(running.keys) }

    /// An execution comes before those that its steps have called.
    var outermostFirst: [(post: AsyncStream<ExecutionEvent>.Continuation, task: Task<ExecutionResult, any Error>)] {
        running.map { (depth: depth(of: $0.key), $0.value) }.sorted { $0.depth < $1.depth }
            .map { ($0.1.post, $0.1.task) }
    }

    private func depth(of id: ExecutionID) -> Int {
        var depth = 0
        var next = running[id]?.parent
        while let parent = next {
            depth += 1
            next = running[parent]?.parent
        }
        return depth
    }

    func task(_ id: ExecutionID) -> Task<ExecutionResult, any Error>? { running[id]?.task }

    mutating func add(
        _ id: ExecutionID,
        parent: ExecutionID?,
        post: AsyncStream<ExecutionEvent>.Continuation,
        task: Task<ExecutionResult, any Error>
    ) {
        running[id] = Running(post: post, task: task, parent: parent)
    }

    /// The way to post an event, which unsettles the execution; nil when it is not here.
    mutating func post(to id: ExecutionID) -> AsyncStream<ExecutionEvent>.Continuation? {
        running[id]?.callsInFlight = nil
        return running[id]?.post
    }

    /// Gives back whom to wake.
    mutating func remove(_ id: ExecutionID) -> [Waiter] { running.removeValue(forKey: id)?.waiters ?? [] }

    /// Takes in how many calls are in flight now and gives back whom to wake.
    mutating func report(_ id: ExecutionID, callsInFlight: Int) -> [Waiter] {
        running[id]?.callsInFlight = callsInFlight
        var woken: [Waiter] = []
        var next: ExecutionID? = id
        while let id = next, let execution = running[id] {
            if !execution.waiters.isEmpty, isSettled(id) {
                woken += execution.waiters
                running[id]?.waiters = []
            }
            next = execution.parent
        }
        return woken
    }

    /// Keeps a waiter for later; false when there is nothing to wait for.
    mutating func keep(_ waiter: Waiter, for id: ExecutionID) -> Bool {
        if isSettled(id) { return false }
        running[id]?.waiters.append(waiter)
        return true
    }

    /// Whether an execution is not here, or nothing more happens in it without somebody's decision: it calls nothing but
    /// workflows of which the same is true.
    private func isSettled(_ id: ExecutionID) -> Bool {
        guard let execution = running[id] else { return true }
        guard let calls = execution.callsInFlight else { return false }
        return calls == 0 || calls == running.count { $0.value.parent == id && isSettled($0.key) }
    }
}
