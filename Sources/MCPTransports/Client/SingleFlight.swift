import Synchronization

/// Work that is done once for everybody who wants it while it runs.
final class SingleFlight<Value: Sendable>: Sendable {
    private struct State {
        var isRunning = false
        var waiters: [CheckedContinuation<Value?, Never>] = []
    }

    private let state = Mutex(State())

    /// Runs `body`, or waits for the value of the run that is under way.
    func run(_ body: () async -> Value) async -> Value {
        let joined: Value? = await withCheckedContinuation { continuation in
            let isFirst = state.withLock { state in
                guard state.isRunning else {
                    state.isRunning = true
                    return true
                }
                state.waiters.append(continuation)
                return false
            }
            if isFirst { continuation.resume(returning: nil) }
        }
        if let joined { return joined }
        let value = await body()
        let waiters = state.withLock { state in
            state.isRunning = false
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: value) }
        return value
    }
}
