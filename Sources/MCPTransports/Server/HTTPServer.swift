import Glibc
package import Logging
package import MCPProtocol
package import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Why a server could not be started.
package struct HTTPServerError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: Sendable { case addressInUse, cannotBind }

    package var code: Code
    /// Names the host and the port.
    package var message: String

    package var description: String { message }
}

/// MCP over streamable HTTP, sessions of the legacy era and stateless requests of the modern one, the older HTTP+SSE
/// transport, and `/health`.
package final class HTTPServer: Sendable {
    package struct Configuration: Sendable {
        package var host: String
        /// 0 takes any free port.
        package var port: Int
        package var path = "/mcp"
        /// The two paths of the older transport: a stream of events, and where messages are posted.
        package var eventPath = "/sse"
        package var messagePath = "/message"
        /// Bytes.
        package var bodyLimit = 64 << 20
        /// Bytes of all bodies that are being received at once.
        package var totalBodyLimit = 256 << 20
        /// Bytes of all header names and values of a request.
        package var headerLimit = 64 << 10
        package var maximumSessions = 10_000
        package var maximumConnections = 4_096
        /// Streams of changes that belong to no session.
        package var maximumListeners = 2_048
        /// In which a request has to arrive whole.
        package var requestTimeout = Duration.seconds(60)
        /// After which a connection without a request is closed.
        package var idleTimeout = Duration.seconds(300)
        /// For which a client may read nothing of what it is sent.
        package var writeTimeout = Duration.seconds(60)
        /// Accepted in `Host` besides the names of the loopback, which are the only ones when listening on it.
        package var allowedHosts: [String] = []
        /// Accepted in `Origin` besides origins on the loopback and our own host.
        package var allowedOrigins: [String] = []
        /// When a call has been silent for so long its answer becomes an event stream with comments in it.
        package var keepAliveInterval = Duration.seconds(15)
        /// Lets a handler run on the event loop until it first suspends, which spares two switches of threads for quick
        /// answers. Off for handlers that compute for long before they suspend.
        package var startsCallsOnEventLoop = true

        package init(host: String = "localhost", port: Int = 8090) {
            self.host = host
            self.port = port
        }
    }

    package let host: String
    package let port: Int
    private let context: HTTPServerContext
    private let listeners: [any Channel]
    private let news: NewsCollector

    private init(host: String, port: Int, context: HTTPServerContext, listeners: [any Channel]) {
        self.host = host
        self.port = port
        self.context = context
        self.listeners = listeners
        news = NewsCollector { context.notify($0) }
    }

    package static func start(
        _ configuration: Configuration,
        profile: MCPServerProfile,
        handler: any MCPOperationHandler,
        logger: Logger,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws(HTTPServerError) -> HTTPServer {
        let context = HTTPServerContext(configuration, profile: profile, handler: handler, logger: logger)
        let bootstrap = makeBootstrap(context, group: group)
        let isLocalhost = configuration.host == "localhost"
        let host = isLocalhost ? "127.0.0.1" : configuration.host
        let listener: any Channel
        do {
            listener = try await bootstrap.bind(host: host, port: configuration.port).get()
        } catch {
            throw bindError(error, configuration)
        }
        let port = listener.localAddress?.port ?? configuration.port
        var listeners = [listener]
        // `localhost` means both families, but machines without IPv6 do as well.
        if isLocalhost, let second = try? await bootstrap.bind(host: "::1", port: port).get() {
            listeners.append(second)
        }
        return HTTPServer(host: configuration.host, port: port, context: context, listeners: listeners)
    }

    package var sessionCount: Int { context.sessions.count }
    package var connectionCount: Int { context.connections.withLock { $0.count } }

    /// Tells all clients that want to hear of it, in a moment.
    package func notify(_ item: ServerNews) { news.add(item) }

    package func notify(_ change: MCPListChange) { notify(.listChanged(change)) }

    /// Stops accepting, ends streams and idle connections, waits for running requests up to `grace`, then closes the
    /// rest.
    package func shutdown(grace: Duration = .seconds(5)) async {
        // Closing again is all that can fail.
        for listener in listeners { try? await listener.close() }
        await context.closeConnections(grace: grace)
    }

    private static func makeBootstrap(_ context: HTTPServerContext, group: any EventLoopGroup) -> ServerBootstrap {
        let backlog: Int32 = 1024
        return ServerBootstrap(group: group)
            .serverChannelOption(ChannelOptions.backlog, value: backlog)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true, withErrorHandling: true)
                    try pipeline.addHandler(HTTPConnection(context, channel: channel))
                }
            }
    }

    private static func bindError(_ error: any Error, _ configuration: Configuration) -> HTTPServerError {
        let address = "\(configuration.host):\(configuration.port)"
        if let error = error as? IOError, error.errnoCode == EADDRINUSE {
            let message = "cannot listen on \(address): the address is already in use"
            return HTTPServerError(code: .addressInUse, message: message)
        }
        return HTTPServerError(code: .cannotBind, message: "cannot listen on \(address): \(error)")
    }
}
