import NIOCore
import Synchronization

/// Calls that have waited long enough. One look is planned for all calls, not one for each: most are answered long before,
/// and a timer of its own costs a call two visits to the loop.
extension MCPClient {
    /// Sees to it that a look comes in time for a call that has just begun.
    func planLook(before due: ContinuousClock.Instant) {
        let isNew = state.withLock { state in
            if let planned = state.nextLook, planned <= due { return false }
            state.nextLook = due
            return true
        }
        if isNew { schedule(due) }
    }

    private func schedule(_ due: ContinuousClock.Instant) {
        loop.scheduleTask(in: max(.zero, due - .now).timeAmount) { [weak self] in self?.look(due) }
    }

    private func look(_ planned: ContinuousClock.Instant) {
        let now = ContinuousClock.now
        var overdue: [(id: Int64, error: MCPClientError)] = []
        let next = state.withLock { state -> ContinuousClock.Instant? in
            // An earlier one was planned after this, and has planned what comes next.
            guard state.nextLook == planned else { return nil }
            var next: ContinuousClock.Instant?
            for (id, call) in state.calls {
                guard let due = call.due else { continue }
                if due <= now { overdue.append((id, call.timeoutError(now))) } else { next = min(next ?? due, due) }
            }
            state.nextLook = next
            return next
        }
        for (id, error) in overdue { abandon(id, error) }
        if let next { schedule(next) }
    }
}

extension ClientState.Call {
    /// When the call is given up, should nothing more be heard; nil for never.
    var due: ContinuousClock.Instant? {
        let total = options.timeout.map { begun + $0 }
        // As long as the server waits for us its silence is no fault.
        let idle = options.idleTimeout.map { (isAsking ? .now : lastSign) + $0 }
        return [total, idle].compactMap(\.self).min()
    }

    fileprivate func timeoutError(_ now: ContinuousClock.Instant) -> MCPClientError {
        if let total = options.timeout, begun + total <= now {
            return MCPClientError(.timedOut, "no answer within \(total)")
        }
        return MCPClientError(.timedOut, "no sign of life within \(options.idleTimeout ?? .zero)")
    }
}
