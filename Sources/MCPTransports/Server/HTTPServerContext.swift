import Logging
import MCPProtocol
import NIOCore
import Synchronization

/// A stream of events to a client, open until one of both ends it. May be used from any thread.
struct EventStream: Sendable, Equatable {
    let number: UInt64
    let connection: NIOLoopBound<HTTPConnection>
    let loop: any EventLoop

    static func == (left: EventStream, right: EventStream) -> Bool { left.number == right.number }

    /// Drops the message when the client does not read: then it has unread notifications anyway.
    func send(_ message: [UInt8]) {
        loop.execute { connection.value.notify(message, on: number) }
    }

    /// Sends a last message, if any, and ends the answer.
    func end(_ message: [UInt8]? = nil) {
        loop.execute { connection.value.end(message, on: number) }
    }
}

/// What the connections of a server share.
final class HTTPServerContext: Sendable {
    let configuration: HTTPServer.Configuration
    let profile: MCPServerProfile
    let handler: any MCPServerHandler
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

    let connections = Mutex(Connections())
    private let listeners = Mutex<[UInt64: (stream: EventStream, listener: Listener)]>([:])
    private let nextStream = Atomic<UInt64>(0)

    init(
        _ configuration: HTTPServer.Configuration,
        profile: MCPServerProfile,
        handler: any MCPServerHandler,
        logger: Logger
    ) {
        self.configuration = configuration
        self.profile = profile
        self.handler = handler
        self.logger = logger
        sessions = HTTPSessions(limit: configuration.maximumSessions, profile: profile)
        hosts = HostPolicy(configuration)
    }

    // MARK: - Streams

    func takeStreamNumber() -> UInt64 { nextStream.wrappingAdd(1, ordering: .relaxed).newValue }

    /// A stream that gets all changes, or those that the client chose.
    func add(_ stream: EventStream, _ listen: ServerListen? = nil) {
        listeners.withLock { $0[stream.number] = (stream, listen.map { .chosen($0) } ?? .all) }
    }

    func remove(_ number: UInt64) { listeners.withLock { $0[number] = nil } }

    func notify(_ change: MCPListChange) {
        let plain = JSONRPCEncoder.notification(method: change.method)
        for (stream, listener) in listeners.withLock({ Array($0.values) }) {
            switch listener {
            case .all: stream.send(plain)
            case .chosen(let listen):
                if let message = listen.notification(change) { stream.send(message) }
            }
        }
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
        for (stream, listener) in listeners.withLock({ Array($0.values) }) {
            switch listener {
            case .all: stream.end()
            case .chosen(let listen): stream.end(listen.end)
            }
        }
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
        sessions.endAll()
    }
}

/// Which `Host` and `Origin` headers are served, so that a web page cannot reach us through the user's browser.
struct HostPolicy: Sendable {
    private static let loopbackNames: Set = ["localhost", "127.0.0.1", "[::1]", "::1"]

    private let isLoopback: Bool
    private let hosts: Set<String>
    private let origins: Set<String>

    init(_ configuration: HTTPServer.Configuration) {
        let host = configuration.host.lowercased()
        isLoopback = Self.loopbackNames.contains(host) || host.hasPrefix("127.")
        hosts = Self.loopbackNames.union(configuration.allowedHosts.map { $0.lowercased() }).union([host])
        origins = Set(configuration.allowedOrigins.map { $0.lowercased() })
    }

    func allows(host: String?, origin: String?) -> Bool {
        let name = host.map { Self.name($0.lowercased()) }
        if isLoopback, let name, !hosts.contains(name) { return false }
        guard let origin = origin?.lowercased() else { return true }
        if origins.contains(origin) { return true }
        guard let separator = origin.firstRange(of: "://") else { return false }
        let originName = Self.name(String(origin[separator.upperBound...]))
        return hosts.contains(originName) || (!isLoopback && originName == name)
    }

    /// Without the port.
    private static func name(_ authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return String(authority[...end]) }
        guard let colon = authority.lastIndex(of: ":") else { return authority }
        return String(authority[..<colon])
    }
}
