package import JSON
package import Logging
package import MCPProtocol
package import NIOCore
import NIOPosix
import Synchronization

/// A connection to an MCP server, whatever the transport. Any number of calls may run at once.
package final class MCPClient: Sendable {
    /// Where a server is.
    package enum Endpoint: Sendable {
        /// A child of ours, on its standard streams.
        case process(ChildLaunch)
        case streamableHTTP(HTTPEndpoint)
        /// HTTP with SSE, of the revision 2024-11-05.
        case eventStream(HTTPEndpoint)
    }

    package struct Definition: Sendable {
        package var endpoint: Endpoint
        package var mode = MCPClientMode.auto
        /// From the start of the connection to the end of the handshake.
        package var handshakeTimeout = Duration.seconds(10)
        /// How long a server may be silent about `server/discover` before it is taken for an older one; nil for what is
        /// usual: older children are often silent, while every HTTP server answers, if slowly.
        package var probeTimeout: Duration?
        package var clientInfo = MCPImplementation(name: "muster", version: "0")
        /// What legacy servers are told we can do; modern ones are told with every request.
        package var capabilities: JSONObject = [:]

        package init(_ endpoint: Endpoint) { self.endpoint = endpoint }

        package init(
            command: String,
            arguments: [String] = [],
            environment: [String: String] = [:],
            workingDirectory: String? = nil
        ) {
            self.init(
                .process(
                    ChildLaunch(
                        command: command,
                        arguments: arguments,
                        environment: environment,
                        workingDirectory: workingDirectory
                    )
                )
            )
        }

        var usedProbeTimeout: Duration {
            if let probeTimeout { return probeTimeout }
            if case .process = endpoint { return .seconds(3) }
            return min(.seconds(10), handshakeTimeout / 2)
        }

        /// For messages: the command, or the URL without what may be secret.
        package var name: String {
            switch endpoint {
            case .process(let launch): launch.command
            case .streamableHTTP(let endpoint), .eventStream(let endpoint):
                WebAddress(endpoint.url).map { $0.origin + $0.path } ?? endpoint.url
            }
        }
    }

    /// Called on threads of the transports: must not block.
    package struct Observer: Sendable {
        package var onListChanged: @Sendable (MCPListChange) -> Void = { _ in }
        /// A resource that somebody subscribed to has changed.
        package var onResourceUpdated: @Sendable (String) -> Void = { _ in }
        /// The process has ended, with its last lines on standard error. Called once, also after `close`.
        package var onExit: @Sendable (ProcessExit, [String]) -> Void = { _, _ in }
        /// The connection is gone and nothing can be called any more, without anybody having closed it. Called once.
        package var onEnd: @Sendable (MCPClientError) -> Void = { _ in }
        package var onStandardError: @Sendable (String) -> Void = { _ in }
        /// What the server logs (`notifications/message`).
        package var onLog: @Sendable (JSONObject) -> Void = { _ in }

        package init() {}
    }

    package static let pageLimit = 1000
    /// Of a list, in milliseconds: a day.
    static let longestTimeToLive: Int64 = 86_400_000
    package static let standardErrorLines = 20
    /// How much of a line that is no JSON-RPC is quoted.
    static let quotedBytes = 200
    /// How long a process whose handshake failed may take to go after each step of its termination.
    static let failedStartPatience = Duration.milliseconds(250)

    let definition: Definition
    let observer: Observer
    let logger: Logger
    let loop: any EventLoop
    let state: Mutex<ClientState>
    let transportBox = Mutex<(any ClientTransport)?>(nil)
    let renewal = SingleFlight<Result<Void, MCPClientError>>()

    init(_ definition: Definition, observer: Observer, logger: Logger, loop: any EventLoop) {
        self.definition = definition
        self.observer = observer
        self.logger = logger
        self.loop = loop
        state = Mutex(ClientState(definition))
    }

    /// Connects and shakes hands. When that fails nothing is left running.
    package static func start(
        _ definition: Definition,
        observer: Observer = Observer(),
        logger: Logger,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws(MCPClientError) -> MCPClient {
        let deadline = ContinuousClock.now + definition.handshakeTimeout
        var definition = definition
        while true {
            let client = MCPClient(definition, observer: observer, logger: logger, loop: group.next())
            switch await client.open(until: deadline) {
            case .success: return client
            case .failure(.restartLegacy): definition.mode = .legacy
            case .failure(.tryEventStream(let endpoint)):
                definition.endpoint = .eventStream(endpoint)
                definition.mode = .legacy
            case .failure(.error(let error)): throw error
            }
        }
    }

    package var server: MCPServerFacts {
        state.withLock { $0.facts }
            ?? MCPServerFacts(info: nil, version: .newestLegacy, capabilities: [:])
    }

    var transport: (any ClientTransport)? { transportBox.withLock { $0 } }

    /// 0 when the server is no child of ours.
    package var processID: Int32 { transport?.processID ?? 0 }
    package var isRunning: Bool { state.withLock { $0.facts != nil && $0.ending == nil } }
    /// Whether the server tells when something changes: a modern one may have refused that, or have been lost just now.
    package var hearsOfChanges: Bool {
        state.withLock { $0.dialect.version.era == .legacy || !$0.listens.isEmpty }
    }
    /// At most 20 lines of at most 4 KiB.
    package var recentStandardError: [String] { state.withLock { $0.standardError } }
    /// Messages that were no JSON-RPC.
    package var skippedLineCount: Int { state.withLock { $0.skippedLines } }

    /// Ends the connection, and the server with it if it is our child; calls that still run fail with `.closed`.
    package func close() async {
        for farewell in state.withLock({ Array($0.farewells.values) }) { await farewell.value }
        fail(with: MCPClientError(.closed, "the connection to \(definition.name) was closed"))
        await transport?.close()
    }
}
