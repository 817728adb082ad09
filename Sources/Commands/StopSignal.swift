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

    private init() {
        let queue = DispatchQueue(label: "muster.signals")
        sources = [SIGINT, SIGTERM].map { DispatchSource.makeSignalSource(signal: $0, queue: queue) }
    }

    /// Begins to watch. A signal that came earlier has ended the process; from the return on none is missed.
    ///
    /// The signals are not ignored before: one that came between that and the start of the watch would be lost. Dispatch
    /// itself takes over what they do.
    static func watching() async -> StopSignal {
        let stop = StopSignal()
        for source in stop.sources {
            source.setEventHandler { [weak stop] in stop?.received() }
            await withCheckedContinuation { continuation in
                source.setRegistrationHandler { continuation.resume() }
                source.resume()
            }
        }
        return stop
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
