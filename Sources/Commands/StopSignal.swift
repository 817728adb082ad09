import Dispatch
import Foundation
import Synchronization

/// SIGINT and SIGTERM as something to wait for. A second signal ends the process at once.
final class StopSignal: Sendable {
    private struct State: Sendable {
        /// Signals that have come.
        var count = 0
        var isReleased = false
        var waiters: [CheckedContinuation<Void, Never>] = []
        var handler: (@Sendable () -> Void)?

        mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
            defer { waiters = [] }
            return waiters
        }
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
                if state.count > 0 || state.isReleased { return true }
                state.waiters.append(continuation)
                return false
            }
            if isDone { continuation.resume() }
        }
    }

    /// Calls `handler` at the first signal, at once if that has come already.
    func onFirst(_ handler: @escaping @Sendable () -> Void) {
        let hasCome = state.withLock { state in
            state.handler = handler
            return state.count > 0
        }
        if hasCome { handler() }
    }

    /// Lets those who wait go on.
    func release() {
        let waiters = state.withLock { state in
            state.isReleased = true
            return state.takeWaiters()
        }
        for waiter in waiters { waiter.resume() }
    }

    private func received() {
        let (count, handler, waiters) = state.withLock { state in
            state.count += 1
            return (state.count, state.handler, state.takeWaiters())
        }
        if count > 1 { Foundation.exit(130) }
        for waiter in waiters { waiter.resume() }
        handler?()
    }
}
