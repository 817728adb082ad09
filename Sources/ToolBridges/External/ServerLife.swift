package import MCPTransports

/// The life of one MCP server as a value: what has happened, what may happen next, and when it is tried again. Knows no
/// clock, no connection and no chance; all of that comes in with the events.
package struct ServerLife: Sendable, Hashable {
    package enum State: String, Sendable {
        /// Defined, and never started.
        case idle
        case starting, running, stopping, stopped, failed
        /// A remote server that could not be reached several times in a row.
        case unreachable
        /// It wants somebody to log in.
        case authorizationRequired

        package var isFailure: Bool { self == .failed || self == .unreachable || self == .authorizationRequired }
    }

    package enum Start: Hashable, Sendable {
        /// Connect; the number goes with everything that is heard of this attempt.
        case begin(generation: Int)
        case alreadyRunning
        case busy
    }

    package enum Stop: Hashable, Sendable {
        case neverStarted
        /// There is nothing to close.
        case alreadyStopped
        case close
    }

    /// What a look at the server's health leads to.
    package enum Checkup: Hashable, Sendable {
        case nothing, nowHealthy, nowUnhealthy, giveUp
    }

    /// Connect failures in a row after which a remote server counts as unreachable.
    package static let unreachableAfter = 3
    /// Missed pings in a row after which an idle server is connected anew.
    package static let missedPingLimit = 3

    package private(set) var state = State.idle
    /// Counts starts and stops, so that news of an older life is not taken for that of a newer one.
    package private(set) var generation = 0
    package private(set) var consecutiveFailures = 0
    package private(set) var missedPings = 0

    package init() {}

    package var isHealthy: Bool { state == .running && missedPings == 0 }

    package mutating func start() -> Start {
        switch state {
        case .running: return .alreadyRunning
        case .starting, .stopping: return .busy
        case .idle, .stopped, .failed, .unreachable, .authorizationRequired:
            state = .starting
            generation += 1
            missedPings = 0
            return .begin(generation: generation)
        }
    }

    /// False when nobody waits for this connection any more.
    package mutating func connected(_ generation: Int) -> Bool {
        guard generation == self.generation, state == .starting else { return false }
        state = .running
        consecutiveFailures = 0
        return true
    }

    /// An attempt or a connection came to its end by itself.
    ///
    /// - Parameter chance: from 0 to below 1, so that servers that failed together do not come back together.
    /// - Returns: when it is tried again, which never happens by itself when that is nil; nil twice when it is old news.
    package mutating func failed(
        _ generation: Int,
        _ failure: ServerFailure,
        isRemote: Bool,
        backoff: ServerBackoff,
        chance: Double
    ) -> Duration?? {
        guard generation == self.generation, state == .starting || state == .running else { return .none }
        consecutiveFailures += 1
        missedPings = 0
        switch failure.kind {
        case .authorizationRequired: state = .authorizationRequired
        case .unreachable where isRemote && consecutiveFailures >= Self.unreachableAfter: state = .unreachable
        default: state = .failed
        }
        return .some(failure.isWorthRetrying ? backoff.delay(afterFailures: consecutiveFailures, chance: chance) : nil)
    }

    package mutating func stop() -> Stop {
        switch state {
        case .idle: return .neverStarted
        case .stopped, .stopping: return .alreadyStopped
        case .failed, .unreachable, .authorizationRequired, .starting:
            generation += 1
            state = .stopped
            return .alreadyStopped
        case .running:
            generation += 1
            state = .stopping
            return .close
        }
    }

    package mutating func closed() {
        if state == .stopping { state = .stopped }
    }

    /// Whether nothing has happened since that failure.
    package func awaitsRetry(_ generation: Int) -> Bool {
        generation == self.generation && state.isFailure
    }

    /// - Parameter isBusy: whether calls run; a server that works on one may have no time for pings.
    package mutating func pinged(_ generation: Int, isWell: Bool, isBusy: Bool) -> Checkup {
        guard generation == self.generation, state == .running else { return .nothing }
        if isWell {
            defer { missedPings = 0 }
            return missedPings > 0 ? .nowHealthy : .nothing
        }
        missedPings += 1
        if missedPings >= Self.missedPingLimit, !isBusy { return .giveUp }
        return missedPings == 1 ? .nowUnhealthy : .nothing
    }
}

/// Time until a failed server is tried again; doubles with every further failure.
package struct ServerBackoff: Sendable, Hashable {
    package var initial: Duration
    package var limit: Duration
    /// The share of the wait by which chance may lengthen it.
    package static let jitter = 0.2

    package init(initial: Duration = .seconds(30), limit: Duration = .seconds(1800)) {
        self.initial = initial
        self.limit = limit
    }

    package func delay(afterFailures count: Int, chance: Double) -> Duration {
        let base = min(limit, initial * (1 << min(max(count - 1, 0), 16)))
        return base + base * (Self.jitter * chance)
    }
}

/// Why a server failed, as people and the supervision see it.
package struct ServerFailure: Sendable, Hashable {
    package enum Kind: Sendable { case unreachable, authorizationRequired, other }

    package var kind: Kind
    package var message: String
    /// Short hint for people. See docs/mcp-servers.md.
    package var statusMessage: String
    package var isWorthRetrying: Bool

    package init(_ error: MCPClientError) {
        let said = error.standardError.last.map { " (it said: \($0))" } ?? ""
        message = error.message.contains(error.standardError.last ?? "\0") ? error.message : error.message + said
        isWorthRetrying = true
        kind = .other
        switch error.code {
        case .commandNotFound: statusMessage = "Command not found - check the executable path"
        case .permissionDenied: statusMessage = "Permission denied - check file permissions"
        case .handshakeFailed: statusMessage = "Protocol error - check server type configuration"
        case .invalidResponse, .status, .answerLost, .sessionLost:
            statusMessage = "Invalid response from server - check server compatibility"
        case .certificate:
            statusMessage = "Certificate error - verify TLS configuration"
            isWorthRetrying = false
        case .tls:
            statusMessage = "TLS error - check server certificate and TLS configuration"
            isWorthRetrying = false
        case .forbidden: statusMessage = "Access forbidden - check server permissions and credentials"
        case .connectionReset:
            statusMessage = "Connection was reset by server - check server logs"
            kind = .unreachable
        case .authorizationRequired:
            statusMessage = "Authentication required - log in or configure credentials"
            kind = .authorizationRequired
        case .unreachable, .handshakeTimedOut, .timedOut:
            statusMessage = "Server failed to start"
            kind = .unreachable
        case .exited where error.message.contains("during the handshake"): statusMessage = "Server failed to start"
        case .exited: statusMessage = "Server ended - check its logs"
        default: statusMessage = "Server failed to start"
        }
    }
}
