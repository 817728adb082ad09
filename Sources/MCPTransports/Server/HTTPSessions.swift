import MCPProtocol
import Synchronization

/// One legacy client between `initialize` and `DELETE`.
final class HTTPSession: Sendable {
    struct State {
        var machine: ServerSession
        var tasks: [JSONRPCID: Task<Void, Never>] = [:]
        /// The open GET request, if any.
        var stream: EventStream?
        var lastUse: ContinuousClock.Instant
    }

    let id: String
    let state: Mutex<State>

    init(id: String, profile: MCPServerProfile, now: ContinuousClock.Instant) {
        self.id = id
        state = Mutex(State(machine: ServerSession(profile, allowsRepeatedIDs: true), lastUse: now))
    }

    func handle(_ message: JSONRPCMessage, now: ContinuousClock.Instant) -> ServerOutput {
        state.withLock { state in
            state.lastUse = now
            return state.machine.handle(message)
        }
    }

    /// False when the request was cancelled.
    func finish(_ id: JSONRPCID) -> Bool {
        state.withLock { state in
            state.tasks[id] = nil
            return state.machine.finish(id)
        }
    }

    /// Notes the task of a request, unless that has been finished already.
    func note(_ task: Task<Void, Never>, for id: JSONRPCID) {
        state.withLock { state in
            if state.machine.isRunning(id) { state.tasks[id] = task }
        }
    }

    func cancel(_ id: JSONRPCID) { state.withLock { $0.tasks.removeValue(forKey: id) }?.cancel() }

    /// Makes `stream` the one that gets notifications; an older one is ended.
    func attach(_ stream: EventStream) {
        let older = state.withLock { state in
            defer { state.stream = stream }
            return state.stream
        }
        older?.end()
    }

    func detach(_ stream: EventStream) {
        state.withLock { if $0.stream == stream { $0.stream = nil } }
    }

    func end() {
        let (tasks, stream) = state.withLock { state in
            defer { (state.tasks, state.stream) = ([:], nil) }
            return (state.tasks, state.stream)
        }
        for task in tasks.values { task.cancel() }
        stream?.end()
    }
}

/// The sessions of a server; at the limit the one unused for longest makes room, unless it is at work.
final class HTTPSessions: Sendable {
    private let limit: Int
    private let profile: MCPServerProfile
    private let sessions = Mutex<[String: HTTPSession]>([:])

    init(limit: Int, profile: MCPServerProfile) {
        self.limit = limit
        self.profile = profile
    }

    var count: Int { sessions.withLock { $0.count } }

    subscript(id: String) -> HTTPSession? { sessions.withLock { $0[id] } }

    /// Nil when all sessions are at work.
    func make(now: ContinuousClock.Instant) -> HTTPSession? {
        let session = HTTPSession(id: Self.randomID(), profile: profile, now: now)
        let (isAdded, evicted) = sessions.withLock { sessions -> (Bool, HTTPSession?) in
            var evicted: HTTPSession?
            if sessions.count >= limit {
                guard let oldest = Self.oldestIdle(sessions.values) else { return (false, nil) }
                evicted = sessions.removeValue(forKey: oldest.id)
            }
            sessions[session.id] = session
            return (true, evicted)
        }
        evicted?.end()
        return isAdded ? session : nil
    }

    /// False when there is none.
    func remove(_ id: String) -> Bool {
        guard let session = sessions.withLock({ $0.removeValue(forKey: id) }) else { return false }
        session.end()
        return true
    }

    func endAll() {
        let all = sessions.withLock { sessions in
            defer { sessions = [:] }
            return sessions
        }
        for session in all.values { session.end() }
    }

    private static func oldestIdle(_ sessions: some Sequence<HTTPSession>) -> HTTPSession? {
        var oldest: (session: HTTPSession, use: ContinuousClock.Instant)?
        for session in sessions {
            let use = session.state.withLock { $0.machine.isIdle && $0.stream == nil ? $0.lastUse : nil }
            if let use, oldest.map({ use < $0.use }) ?? true { oldest = (session, use) }
        }
        return oldest?.session
    }

    /// 128 random bits in hexadecimal digits.
    private static func randomID() -> String {
        var generator = SystemRandomNumberGenerator()
        func half() -> String {
            let digits = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return half() + half()
    }
}
