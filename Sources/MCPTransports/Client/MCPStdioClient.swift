package import JSON
package import Logging
package import MCPProtocol
package import NIOCore
import NIOPosix
import Synchronization

/// A server that runs as our child and speaks on its standard streams. Any number of calls may run at once.
package final class MCPStdioClient: Sendable {
    package struct Definition: Sendable {
        /// A path, or a name looked up on the child's PATH.
        package var command: String
        package var arguments: [String]
        /// Added to what every child inherits (`ChildLaunch`).
        package var environment: [String: String]
        package var workingDirectory: String?
        package var mode = MCPClientMode.auto
        /// From the start of the process to the end of the handshake.
        package var handshakeTimeout = Duration.seconds(10)
        /// How long a server may be silent about `server/discover` before it is taken for an older one.
        package var probeTimeout = Duration.seconds(3)
        package var clientInfo = MCPImplementation(name: "muster", version: "0")

        package init(
            command: String,
            arguments: [String] = [],
            environment: [String: String] = [:],
            workingDirectory: String? = nil
        ) {
            self.command = command
            self.arguments = arguments
            self.environment = environment
            self.workingDirectory = workingDirectory
        }
    }

    /// Called on an event loop thread: must not block.
    package struct Observer: Sendable {
        package var onToolsChanged: @Sendable () -> Void = {}
        /// The process has ended, with its last lines on standard error. Called once, also after `close`.
        package var onExit: @Sendable (ProcessExit, [String]) -> Void = { _, _ in }
        package var onStandardError: @Sendable (String) -> Void = { _ in }

        package init() {}
    }

    package static let pageLimit = 100
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

    private init(_ definition: Definition, observer: Observer, logger: Logger, loop: any EventLoop) {
        self.definition = definition
        self.observer = observer
        self.logger = logger
        self.loop = loop
        state = Mutex(ClientState(definition))
    }

    /// Starts the process and shakes hands. When that fails nothing is left running.
    package static func start(
        _ definition: Definition,
        observer: Observer = Observer(),
        logger: Logger,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws(MCPClientError) -> MCPStdioClient {
        let deadline = ContinuousClock.now + definition.handshakeTimeout
        var definition = definition
        while true {
            // A process that failed its handshake is no exit of a server.
            let client = MCPStdioClient(definition, observer: observer, logger: logger, loop: group.next())
            switch await client.open(until: deadline) {
            case .success: return client
            case .failure(.restartLegacy): definition.mode = .legacy
            case .failure(.error(let error)): throw error
            }
        }
    }

    package var server: MCPServerFacts {
        state.withLock { $0.facts }
            ?? MCPServerFacts(info: nil, version: .newestLegacy, capabilities: [:])
    }

    package var processID: Int32 { state.withLock { $0.process?.processID } ?? 0 }
    package var isRunning: Bool { state.withLock { $0.facts != nil && $0.ending == nil } }
    /// At most 20 lines of at most 4 KiB.
    package var recentStandardError: [String] { state.withLock { $0.standardError } }
    /// Lines on standard output that were no JSON-RPC.
    package var skippedLineCount: Int { state.withLock { $0.skippedLines } }

    /// All tools as raw objects.
    package func listTools(timeout: Duration = .seconds(30)) async throws(MCPClientError) -> [JSONObject] {
        try await list("tools/list", key: "tools", timeout: timeout)
    }

    /// The raw result of the tool, be it an error result.
    ///
    /// Cancelling the task tells the server and throws `.cancelled`.
    /// - Throws: `.remote` with the server's own message when it answers with a JSON-RPC error.
    package func callTool(
        _ name: String,
        arguments: JSONObject,
        meta: JSONObject? = nil,
        timeout: Duration? = nil,
        onProgress: (@Sendable (MCPProgress) -> Void)? = nil
    ) async throws(MCPClientError) -> JSONObject {
        var params: JSONObject = ["name": .string(name), "arguments": .object(arguments)]
        if let meta { params["_meta"] = .object(meta) }
        return try await perform("tools/call", params, timeout: timeout, onProgress: onProgress)
    }

    package func ping(timeout: Duration = .seconds(5)) async throws(MCPClientError) {
        let method = server.version.era == .modern ? "server/discover" : "ping"
        _ = try await perform(method, [:], timeout: timeout, onProgress: nil)
    }

    /// The raw result of any other method.
    package func request(
        _ method: String,
        params: JSONObject = [:],
        timeout: Duration? = nil
    ) async throws(MCPClientError) -> JSONObject {
        try await perform(method, params, timeout: timeout, onProgress: nil)
    }

    /// All pages of a list, e.g. `resources/list` with the key `resources`.
    package func list(
        _ method: String,
        key: String,
        timeout: Duration = .seconds(30)
    ) async throws(MCPClientError) -> [JSONObject] {
        var items: [JSONObject] = []
        var cursors: Set<String> = []
        var params: JSONObject = [:]
        for _ in 0..<Self.pageLimit {
            let page = try await perform(method, params, timeout: timeout, onProgress: nil)
            guard case .array(let members)? = page[key] else {
                throw MCPClientError(.invalidResponse, "\(method) was answered without \(key)")
            }
            items += members.compactMap(\.objectValue)
            guard let cursor = page["nextCursor"]?.stringValue else { return items }
            guard cursors.insert(cursor).inserted else {
                throw MCPClientError(.invalidResponse, "\(method) repeats the cursor \(cursor)")
            }
            params["cursor"] = .string(cursor)
        }
        throw MCPClientError(.invalidResponse, "\(method) has more than \(Self.pageLimit) pages")
    }

    /// Ends the server; calls that still run fail with `.closed`. Returns when the process has been reaped.
    package func close() async {
        fail(with: MCPClientError(.closed, "the connection to \(definition.command) was closed"))
        await state.withLock { $0.process }?.terminate()
    }
}
