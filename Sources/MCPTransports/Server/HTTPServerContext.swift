import Logging
import MCPProtocol
import NIOCore
import Synchronization

/// What the connections of a server share.
final class HTTPServerContext: Sendable {
    let configuration: HTTPServer.Configuration
    let profile: MCPServerProfile
    let handler: any MCPOperationHandler
    let logger: Logger
    let sessions: HTTPSessions
    let hosts: HostPolicy

    struct Connections {
        var entries: [ObjectIdentifier: (loop: any EventLoop, connection: NIOLoopBound<HTTPConnection>)] = [:]
        var isClosing = false
        var waiter: CheckedContinuation<Void, Never>?
        var count: Int { entries.count }
    }

    private enum Listener {
        case all
        case chosen(ServerListen)
    }

    private struct Listeners {
        /// Streams without a session.
        var streams: [UInt64: (stream: EventStream, listener: Listener)] = [:]
        /// Clients of the older transport, by their session's id.
        var pairs: [String: (peer: DuplexPeer, stream: EventStream)] = [:]
        /// How many wait for each of them.
        var watched: [MCPInterest: Int] = [:]
    }

    let connections = Mutex(Connections())
    private let listeners = Mutex(Listeners())
    private let nextStream = Atomic<UInt64>(0)
    private let buffered = Atomic<Int>(0)

    init(
        _ configuration: HTTPServer.Configuration,
        profile: MCPServerProfile,
        handler: any MCPOperationHandler,
        logger: Logger
    ) {
        self.configuration = configuration
        self.profile = profile
        self.handler = handler
        self.logger = logger
        sessions = HTTPSessions(limit: configuration.maximumSessions, profile: profile)
        hosts = HostPolicy(configuration)
    }

    // MARK: - Bodies

    /// Takes room for bytes of bodies that are being received; false when there is none.
    func reserve(_ count: Int) -> Bool {
        let used = buffered.wrappingAdd(count, ordering: .relaxed).newValue
        if used <= configuration.totalBodyLimit { return true }
        buffered.wrappingSubtract(count, ordering: .relaxed)
        return false
    }

    func release(_ count: Int) { buffered.wrappingSubtract(count, ordering: .relaxed) }

    // MARK: - Streams

    func takeStreamNumber() -> UInt64 { nextStream.wrappingAdd(1, ordering: .relaxed).newValue }

    /// A stream that gets all changes, or those that the client chose. False when there are too many.
    func add(_ stream: EventStream, _ listen: ServerListen? = nil) -> Bool {
        let isAdded = listeners.withLock { listeners in
            guard listeners.streams.count < configuration.maximumListeners else { return false }
            listeners.streams[stream.number] = (stream, listen.map { .chosen($0) } ?? .all)
            return true
        }
        if isAdded, let listen { watch(added: listen.interests, removed: []) }
        return isAdded
    }

    func remove(_ number: UInt64) {
        let removed = listeners.withLock { $0.streams.removeValue(forKey: number) }
        if case .chosen(let listen)? = removed?.listener { watch(added: [], removed: listen.interests) }
    }

    func add(_ peer: DuplexPeer, id: String, _ stream: EventStream) {
        listeners.withLock { $0.pairs[id] = (peer, stream) }
    }

    /// Its calls run on: losing a connection is no cancellation there. What they come to reaches nobody.
    func removePair(_ id: String) { listeners.withLock { $0.pairs.removeValue(forKey: id) }?.peer.forget() }

    func pair(_ id: String) -> DuplexPeer? { listeners.withLock { $0.pairs[id]?.peer } }

    func notify(_ news: ServerNews) {
        let (streams, pairs) = listeners.withLock { (Array($0.streams.values), Array($0.pairs.values)) }
        for (stream, listener) in streams {
            switch listener {
            case .all:
                if case .listChanged(let change) = news {
                    stream.send(JSONRPCEncoder.notification(method: change.method))
                }
            case .chosen(let listen):
                if let message = listen.notification(news) { stream.send(message) }
            }
        }
        for pair in pairs { pair.peer.notify(news) }
        for session in sessions.all {
            let isTold = session.notify(news)
            // A task that has ended is not followed any more.
            if isTold, case .task = news { reportWatched(session) }
        }
    }

    // MARK: - What is watched

    func watch(added: Set<MCPInterest>, removed: Set<MCPInterest>) {
        let (begun, ended) = listeners.withLock { listeners in
            var begun: [MCPInterest] = []
            var ended: [MCPInterest] = []
            for interest in added {
                listeners.watched[interest, default: 0] += 1
                if listeners.watched[interest] == 1 { begun.append(interest) }
            }
            for interest in removed {
                guard let count = listeners.watched[interest] else { continue }
                listeners.watched[interest] = count > 1 ? count - 1 : nil
                if count == 1 { ended.append(interest) }
            }
            return (begun, ended)
        }
        for interest in begun { handler.watch(interest, true) }
        for interest in ended { handler.watch(interest, false) }
    }

    /// Tells the host what a session waits for now.
    func reportWatched(_ session: HTTPSession) {
        let change = session.changeOfWatched()
        if !change.added.isEmpty || !change.removed.isEmpty { watch(added: change.added, removed: change.removed) }
    }

    func end(_ session: HTTPSession) {
        session.end()
        let change = session.changeOfWatched(isEnding: true)
        watch(added: [], removed: change.removed)
    }

    // MARK: - Connections

    /// False when there are too many or we are closing.
    func add(_ connection: HTTPConnection, loop: any EventLoop) -> Bool {
        let bound = NIOLoopBound(connection, eventLoop: loop)
        let id = ObjectIdentifier(connection)
        return connections.withLock { connections in
            guard !connections.isClosing, connections.count < configuration.maximumConnections else { return false }
            connections.entries[id] = (loop, bound)
            return true
        }
    }

    func remove(_ connection: HTTPConnection) {
        let id = ObjectIdentifier(connection)
        let waiter = connections.withLock { connections in
            connections.entries[id] = nil
            guard connections.entries.isEmpty else { return nil as CheckedContinuation<Void, Never>? }
            defer { connections.waiter = nil }
            return connections.waiter
        }
        waiter?.resume()
    }

    func closeConnections(grace: Duration) async {
        let entries = connections.withLock { connections in
            connections.isClosing = true
            return Array(connections.entries.values)
        }
        let (streams, pairs) = listeners.withLock { (Array($0.streams.values), Array($0.pairs.values)) }
        for (stream, listener) in streams {
            switch listener {
            case .all: stream.end()
            case .chosen(let listen): stream.end(listen.end)
            }
        }
        for pair in pairs where pair.peer.session.isIdle { pair.stream.end() }
        for session in sessions.all { session.endStandalone() }
        for entry in entries {
            entry.loop.execute { entry.connection.value.closeWhenIdle() }
            entry.loop.scheduleTask(in: grace.timeAmount) { entry.connection.value.closeNow() }
        }
        await withCheckedContinuation { continuation in
            let isEmpty = connections.withLock { connections in
                if !connections.entries.isEmpty { connections.waiter = continuation }
                return connections.entries.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
        // Calls whose clients had gone away before.
        for session in sessions.removeAll() { end(session) }
        for pair in pairs { pair.peer.session.cancelAll() }
    }
}
