import Dispatch
import Foundation
import Synchronization

/// SIGINT and SIGTERM as something to wait for. A second signal ends the process at once.
final class StopSignal: Sendable {
    private struct State: Sendable {
        var count = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
        var handler: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    // Dispatch sources may be used from any thread; the type only lacks the mark.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    init() {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: DispatchQueue(label: "muster.signals"))
        }
        for source in sources {
            source.setEventHandler { [weak self] in self?.received() }
            source.resume()
        }
    }

    /// Returns at the first signal, or when released.
    func first() async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if state.count > 0 { return true }
                state.waiters.append(continuation)
                return false
            }
            if isDone { continuation.resume() }
        }
    }

    /// Calls `handler` at the first signal.
    func onFirst(_ handler: @escaping @Sendable () -> Void) { state.withLock { $0.handler = handler } }

    /// Lets those who wait go on.
    func release() { wake() }

    private func received() {
        let (count, handler) = state.withLock { ($0.count + 1, $0.handler) }
        if count > 1 { Foundation.exit(130) }
        wake()
        handler?()
    }

    private func wake() {
        let waiters = state.withLock { state in
            state.count += 1
            let waiters = state.waiters
            state.waiters = []
            return waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
