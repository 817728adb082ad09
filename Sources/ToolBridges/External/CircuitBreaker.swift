/// Keeps calls from a server that does not answer. A value: times come in with the events.
///
/// Only what says nothing about the tool counts: no connection, no answer in time. A tool's own error is an answer.
package struct CircuitBreaker: Sendable, Hashable {
    private enum State: Hashable, Sendable {
        case closed(failures: Int)
        case open(until: Duration)
        /// One call is on its way to see whether the server is back.
        case probing
    }

    package enum Verdict: Hashable, Sendable {
        case go
        /// How long until it is tried again.
        case refuse(for: Duration)
    }

    package static let threshold = 5
    package static let pause = Duration.seconds(10)

    private var state = State.closed(failures: 0)

    package init() {}

    /// - Parameter now: since any fixed moment.
    package mutating func admit(at now: Duration) -> Verdict {
        switch state {
        case .closed: return .go
        case .probing: return .refuse(for: Self.pause)
        case .open(let until):
            guard now >= until else { return .refuse(for: until - now) }
            state = .probing
            return .go
        }
    }

    package mutating func answered() { state = .closed(failures: 0) }

    /// A call that was let through ended without saying anything about the server.
    package mutating func abandoned() {
        if state == .probing { state = .open(until: .zero) }
    }

    package mutating func failed(at now: Duration) {
        switch state {
        case .closed(let failures) where failures + 1 < Self.threshold: state = .closed(failures: failures + 1)
        case .closed, .probing: state = .open(until: now + Self.pause)
        case .open: break
        }
    }
}
