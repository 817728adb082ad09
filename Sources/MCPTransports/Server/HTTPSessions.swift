import MCPProtocol
import Synchronization

/// One legacy client between `initialize` and `DELETE`. Its streams outlive the connections that carry them.
final class HTTPSession: Sendable {
    private struct State {
        var log = ReplayLog()
        /// The connections that carry streams now.
        var live: [ReplayLog.Stream: EventStream] = [:]
        /// The stream for what the client did not ask for, if it has ever opened one.
        var standalone: ReplayLog.Stream?
        var lastUse: ContinuousClock.Instant
        /// What the host has been told about.
        var watched: Set<MCPInterest> = []
    }

    let id: String
    let serving: ServingSession
    private let budget: ReplayBudget
    private let state: Mutex<State>

    init(id: String, profile: MCPServerProfile, budget: ReplayBudget, now: ContinuousClock.Instant) {
        self.id = id
        self.budget = budget
        serving = ServingSession(profile, allowsRepeatedIDs: true)
        state = Mutex(State(lastUse: now))
    }

    /// Since when it is neither at work nor listening; nil when it is.
    var idleSince: ContinuousClock.Instant? {
        guard serving.isIdle else { return nil }
        return state.withLock { $0.live.isEmpty ? $0.lastUse : nil }
    }

    /// Whether its client understands events without a message.
    var hasPositions: Bool { serving.version?.isAtLeast(.newestLegacy) ?? false }

    func handle(_ message: JSONRPCMessage, now: ContinuousClock.Instant) -> ServerOutput {
        state.withLock { $0.lastUse = now }
        return serving.handle(message)
    }

    // MARK: - Streams

    /// Opens a stream that `carrier` carries, and gives the id of its beginning. An older stream for what the client did
    /// not ask for is ended by a newer one.
    func open(_ carrier: EventStream, isStandalone: Bool) -> (stream: ReplayLog.Stream, start: String) {
        let (opened, older) = state.withLock { state in
            let opened = state.log.open()
            var older: EventStream?
            if isStandalone {
                if let standalone = state.standalone { older = state.live.removeValue(forKey: standalone) }
                state.standalone = opened.stream
            }
            state.live[opened.stream] = carrier
            return (opened, older)
        }
        older?.end()
        return (opened.stream, opened.event.id)
    }

    /// Lets `carrier` carry the rest of the stream that an event belongs to; false when that cannot be known any more.
    func resume(after id: String, on carrier: EventStream) -> Bool {
        let older = state.withLock { state -> EventStream?? in
            guard let rest = state.log.events(after: id) else { return nil }
            let older = state.live.removeValue(forKey: rest.stream)
            for event in rest.events {
                if let message = event.message { carrier.send(message, id: event.id, mayBeDropped: false) }
            }
            if rest.isEnded { carrier.end() } else { state.live[rest.stream] = carrier }
            return .some(older)
        }
        guard let older else { return false }
        if let older, older != carrier { older.end() }
        return true
    }

    /// Sends a message on a stream: to who carries it now, and to who may come back for it.
    func publish(_ message: [UInt8], to stream: ReplayLog.Stream, isLast: Bool = false, mayBeDropped: Bool = true) {
        state.withLock { state in
            let before = state.log.byteCount
            if !budget.hasRoom { state.log.clear() }
            let event = state.log.append(message, to: stream, isLast: isLast)
            budget.add(state.log.byteCount - before)
            guard let carrier = state.live[stream] else { return }
            if isLast {
                state.live[stream] = nil
                carrier.end(message, id: event.id)
            } else {
                carrier.send(message, id: event.id, mayBeDropped: mayBeDropped)
            }
        }
    }

    /// Ends the stream for what the client did not ask for.
    func endStandalone() {
        let carrier = state.withLock { state in state.standalone.flatMap { state.live.removeValue(forKey: $0) } }
        carrier?.end()
    }

    /// Ends a stream without a last message.
    func close(_ stream: ReplayLog.Stream) { state.withLock { $0.live.removeValue(forKey: stream) }?.end() }

    func pause(_ stream: ReplayLog.Stream, retry: Int) {
        state.withLock { $0.live.removeValue(forKey: stream) }?.pause(retry: retry)
    }

    /// The connection is gone.
    func detach(_ carrier: EventStream) {
        state.withLock { state in
            for (stream, other) in state.live where other == carrier { state.live[stream] = nil }
        }
    }

    /// False when its client is not told.
    func notify(_ news: ServerNews) -> Bool {
        guard let stream = state.withLock({ $0.standalone }), let message = serving.notification(news) else {
            return false
        }
        publish(message, to: stream)
        return true
    }

    /// The difference to what the host was told last.
    func changeOfWatched(isEnding: Bool = false) -> (added: Set<MCPInterest>, removed: Set<MCPInterest>) {
        let wanted = isEnding ? [] : serving.interests
        return state.withLock { state in
            defer { state.watched = wanted }
            return (wanted.subtracting(state.watched), state.watched.subtracting(wanted))
        }
    }

    func end() {
        serving.cancelAll()
        let live = state.withLock { state in
            budget.add(-state.log.byteCount)
            state.log.clear()
            defer { state.live = [:] }
            return Array(state.live.values)
        }
        for carrier in live { carrier.end() }
    }
}

/// What all sessions together keep for clients that may come back.
final class ReplayBudget: Sendable {
    /// Bytes.
    static let limit = 64 << 20
    private let used = Atomic<Int>(0)

    var hasRoom: Bool { used.load(ordering: .relaxed) < Self.limit }
    func add(_ count: Int) { used.wrappingAdd(count, ordering: .relaxed) }
}

/// The sessions of a server; at the limit the one unused for longest makes room, unless it is at work.
final class HTTPSessions: Sendable {
    private let limit: Int
    private let profile: MCPServerProfile
    private let budget = ReplayBudget()
    private let sessions = Mutex<[String: HTTPSession]>([:])

    init(limit: Int, profile: MCPServerProfile) {
        self.limit = limit
        self.profile = profile
    }

    var count: Int { sessions.withLock { $0.count } }
    var all: [HTTPSession] { sessions.withLock { Array($0.values) } }

    subscript(id: String) -> HTTPSession? { sessions.withLock { $0[id] } }

    /// The new session, and the one that made room for it; nil when all are at work.
    func make(now: ContinuousClock.Instant) -> (session: HTTPSession, evicted: HTTPSession?)? {
        let session = HTTPSession(id: RandomID.make(), profile: profile, budget: budget, now: now)
        return sessions.withLock { sessions in
            var evicted: HTTPSession?
            if sessions.count >= limit {
                guard let oldest = Self.oldestIdle(sessions.values) else { return nil }
                evicted = sessions.removeValue(forKey: oldest.id)
            }
            sessions[session.id] = session
            return (session, evicted)
        }
    }

    /// Nil when there is none.
    func remove(_ id: String) -> HTTPSession? { sessions.withLock { $0.removeValue(forKey: id) } }

    func removeAll() -> [HTTPSession] {
        sessions.withLock { sessions in
            defer { sessions = [:] }
            return Array(sessions.values)
        }
    }

    private static func oldestIdle(_ sessions: some Sequence<HTTPSession>) -> HTTPSession? {
        var oldest: (session: HTTPSession, since: ContinuousClock.Instant)?
        for session in sessions {
            if let since = session.idleSince, oldest.map({ since < $0.since }) ?? true { oldest = (session, since) }
        }
        return oldest?.session
    }
}

/// Ids that nobody can guess.
package enum RandomID {
    /// 128 random bits in hexadecimal digits.
    package static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        func half() -> String {
            let digits = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return half() + half()
    }
}
