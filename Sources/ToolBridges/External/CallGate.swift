import Synchronization

/// Lets so many calls run at once; the rest waits in the order of its coming.
final class CallGate: Sendable {
    enum Refusal: Error { case queueIsFull, timedOut, cancelled }

    private struct State {
        var running = 0
        var queue: [(key: Int, continuation: CheckedContinuation<Bool, Never>)] = []
        var nextKey = 0
    }

    static let queueLimit = 1000

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    /// Whether something runs or waits.
    var isBusy: Bool { state.withLock { $0.running > 0 } }

    /// Returns when the call may run; ``leave()`` has to follow.
    func enter(timeout: Duration?) async throws(Refusal) {
        let key = try takePlace()
        guard let key else { return }
        guard let timeout else {
            guard await wait(key) else { throw .cancelled }
            return
        }
        let isIn = await withTaskGroup(of: Bool.self) { group in
            group.addTask { await self.wait(key) }
            group.addTask {
                do { try await Task.sleep(for: timeout) } catch { return false }
                self.giveUp(key)
                return false
            }
            var isIn = false
            for await outcome in group {
                if outcome { isIn = true }
                group.cancelAll()
            }
            return isIn
        }
        guard isIn else { throw Task.isCancelled ? .cancelled : .timedOut }
    }

    func leave() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard !state.queue.isEmpty else {
                state.running -= 1
                return nil
            }
            // The place passes on.
            return state.queue.removeFirst().continuation
        }
        next?.resume(returning: true)
    }

    /// Nil when the call may run at once.
    private func takePlace() throws(Refusal) -> Int? {
        let result: Result<Int?, Refusal> = state.withLock { state in
            if state.running < limit {
                state.running += 1
                return .success(nil)
            }
            guard state.queue.count < Self.queueLimit else { return .failure(.queueIsFull) }
            state.nextKey += 1
            return .success(state.nextKey)
        }
        return try result.get()
    }

    private func wait(_ key: Int) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer = state.withLock { state -> Bool? in
                    // A place may have become free since, and the task may have been cancelled.
                    if Task.isCancelled { return false }
                    if state.running < limit {
                        state.running += 1
                        return true
                    }
                    state.queue.append((key, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            giveUp(key)
        }
    }

    private func giveUp(_ key: Int) {
        let continuation = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard let index = state.queue.firstIndex(where: { $0.key == key }) else { return nil }
            return state.queue.remove(at: index).continuation
        }
        continuation?.resume(returning: false)
    }
}
