import MCPTransports
import Synchronization

/// Logins under way, one for each server at most.
final class LoginDesk: Sendable {
    private struct State: Sendable {
        var callbacks: [String: LoginCallback] = [:]
        /// Logins whose end has not been dealt with yet, those that were given up included.
        var open = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var isEmpty: Bool { state.withLock { $0.open == 0 } }

    func isPending(_ server: String) -> Bool { state.withLock { $0.callbacks[server] != nil } }

    func put(_ callback: LoginCallback, _ server: String) {
        state.withLock { state in
            state.callbacks[server] = callback
            state.open += 1
        }
    }

    /// The login is not the one of the server any more.
    func take(_ server: String) -> LoginCallback? { state.withLock { $0.callbacks.removeValue(forKey: server) } }

    /// False when another one had taken its place.
    func remove(_ callback: LoginCallback, _ server: String) -> Bool {
        state.withLock { state in
            guard state.callbacks[server] === callback else { return false }
            state.callbacks[server] = nil
            return true
        }
    }

    /// What follows from a login that was put here has been done.
    func settle() {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.open -= 1
            guard state.open == 0 else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when there are none.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if state.open > 0 { state.waiters.append(continuation) }
                return state.open == 0
            }
            if isEmpty { continuation.resume() }
        }
    }
}
