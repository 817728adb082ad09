package import JSON
package import Logging
import MCPProtocol
import MCPTransports
package import ServiceManagement
import Synchronization
package import ToolCatalog
package import WorkflowModel

/// The MCP servers of the configuration: started, watched, restarted after a failure, and their tools offered as
/// `x_<server>_<tool>`.
package final class ExternalServers: ToolProvider {
    /// Time until a failed server is tried again; doubles with every further failure.
    package struct Backoff: Sendable {
        package var initial: Duration
        package var limit: Duration

        package init(initial: Duration = .seconds(30), limit: Duration = .seconds(1800)) {
            self.initial = initial
            self.limit = limit
        }

        func delay(afterFailures count: Int) -> Duration {
            min(limit, initial * (1 << min(max(count - 1, 0), 16)))
        }
    }

    private struct State: Sendable {
        var servers: [String: ExternalServer] = [:]
        /// Exposed tool name → server and its own name for the tool.
        var routes: [String: Route] = [:]
        var retries: [String: Task<Void, Never>] = [:]
        var isShuttingDown = false
        /// Whether the servers that start by themselves are on their way, and who waits for them.
        var isStarting = false
        var startWaiters: [CheckedContinuation<Void, Never>] = []
    }

    private struct Route: Sendable {
        var server: String
        var tool: String
        var client: MCPClient
    }

    private let state: Mutex<State>
    private let musterPrefix: String
    private let backoff: Backoff
    private let version: String
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let toolsChanged: @Sendable () -> Void

    package init(
        definitions: [MCPServerDefinition],
        musterPrefix: String,
        backoff: Backoff,
        version: String,
        logger: Logger,
        now: @escaping @Sendable () -> Timestamp,
        toolsChanged: @escaping @Sendable () -> Void
    ) {
        self.musterPrefix = musterPrefix
        self.backoff = backoff
        self.version = version
        self.logger = logger
        self.now = now
        self.toolsChanged = toolsChanged
        var state = State()
        for definition in definitions { state.servers[definition.name] = ExternalServer(definition: definition) }
        self.state = Mutex(state)
    }

    /// All servers, ordered by name.
    package var all: [ExternalServer] {
        state.withLock { $0.servers.values.sorted { $0.definition.name < $1.definition.name } }
    }

    package func server(_ name: String) -> ExternalServer? { state.withLock { $0.servers[name] } }

    // MARK: Lives

    /// Starts every server that starts by itself, all at once; returns when each runs or has failed.
    package func startAutomatic() async {
        let names = all.filter(\.definition.startsAutomatically).map(\.definition.name)
        state.withLock { $0.isStarting = true }
        await withTaskGroup(of: Void.self) { group in
            for name in names {
                group.addTask {
                    // The failure is kept in the server's state and logged.
                    _ = try? await self.start(name)
                }
            }
        }
        endStarting()
    }

    private func endStarting() {
        let waiters = state.withLock { state in
            defer { state.startWaiters = [] }
            state.isStarting = false
            return state.startWaiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when the servers that start by themselves run or have failed; at once when none is on its way.
    package func waitWhileStarting() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.isStarting { state.startWaiters.append(continuation) }
                return !state.isStarting
            }
            if isOver { continuation.resume() }
        }
    }

    /// Starts a server and returns when its tools can be called.
    package func start(_ name: String) async throws(ServiceError) -> ServiceDirectory.Change {
        let begun: (definition: MCPServerDefinition, generation: Int)? = try begin(name)
        guard let (definition, generation) = begun else { return .alreadySo }
        do throws(MCPClientError) {
            let client = try await connect(definition, generation)
            do throws(MCPClientError) {
                guard settle(name, generation, client, try await client.listTools()) else {
                    throw MCPClientError(.exited, "it ended, or was stopped, right after its start")
                }
            } catch {
                await client.close()
                throw error
            }
            return .changed
        } catch {
            fail(name, generation, error.message, error.statusMessage, error.standardError)
            throw ServiceError(.lifecycleFailed, "\(name): \(error.message)")
        }
    }

    private func begin(_ name: String) throws(ServiceError) -> (MCPServerDefinition, Int)? {
        let moment = now()
        let result: Result<(MCPServerDefinition, Int)?, ServiceError> = state.withLock { state in
            guard var server = state.servers[name] else {
                return .failure(ServiceError(.notFound, "service \(name) not found"))
            }
            if server.state == .running { return .success(nil) }
            guard server.state != .starting, server.state != .stopping else {
                return .failure(ServiceError(.busy, "service '\(name)' is \(server.state.rawValue)"))
            }
            server.state = .starting
            server.statusMessage = "Starting..."
            server.lastAttempt = moment
            server.generation += 1
            state.retries.removeValue(forKey: name)
            state.servers[name] = server
            return .success((server.definition, server.generation))
        }
        return try result.get()
    }

    private func connect(
        _ definition: MCPServerDefinition,
        _ generation: Int
    ) async throws(MCPClientError) -> MCPClient {
        guard case .stdio(let command, let arguments, _) = definition.transport else {
            throw MCPClientError(.cannotStart, "servers of type \(definition.typeName) are not supported yet")
        }
        var launch = MCPClient.Definition(
            command: SiblingProgram.resolve(command),
            arguments: arguments,
            environment: definition.environment
        )
        launch.clientInfo = MCPImplementation(name: "muster", version: version)
        if let seconds = definition.timeoutSeconds { launch.handshakeTimeout = .seconds(seconds) }
        let name = definition.name
        var observer = MCPClient.Observer()
        observer.onListChanged = { [weak self] _ in self?.listAgain(name, generation) }
        observer.onExit = { [weak self] exit, lines in self?.exited(name, generation, exit, lines) }
        let logger = logger
        observer.onStandardError = { logger.debug("\($0)", metadata: ["server": "\(name)"]) }
        return try await MCPClient.start(launch, observer: observer, logger: logger)
    }

    /// Takes a list of tools in; false when the server is not wanted any more, or has ended.
    @discardableResult
    private func settle(_ name: String, _ generation: Int, _ client: MCPClient, _ tools: [JSONObject]) -> Bool {
        let moment = now()
        let isSettled = state.withLock { state in
            guard var server = state.servers[name], server.generation == generation, client.isRunning,
                server.state == .starting || server.state == .running
            else { return false }
            server.state = .running
            server.client = client
            server.error = nil
            server.statusMessage = nil
            server.consecutiveFailures = 0
            server.nextRetry = nil
            server.connectedAt = moment
            server.tools = tools.compactMap { tool in
                guard let original = tool["name"]?.stringValue else { return nil }
                let exposed = ExternalServer.exposedName(original, of: server.definition, musterPrefix: musterPrefix)
                return ToolDescriptor(exposedAs: exposed, external: tool)
            }
            state.servers[name] = server
            Self.reroute(&state)
            return true
        }
        guard isSettled else { return false }
        logger.info("MCP server is running", metadata: ["server": "\(name)", "tools": "\(tools.count)"])
        toolsChanged()
        return true
    }

    package func stop(_ name: String) async throws(ServiceError) -> ServiceDirectory.Change {
        let result: Result<MCPClient?, ServiceError> = state.withLock { state in
            guard var server = state.servers[name], server.state != .idle else {
                return .failure(ServiceError(.notFound, "service \(name) not found"))
            }
            state.retries.removeValue(forKey: name)?.cancel()
            // Whatever is still under way of this life does not count any more.
            server.generation += 1
            guard server.state == .running else {
                if server.state == .failed || server.state == .starting { server.state = .stopped }
                state.servers[name] = server
                return .success(nil)
            }
            let client = server.client
            server.state = .stopping
            server.client = nil
            server.tools = []
            server.connectedAt = nil
            state.servers[name] = server
            Self.reroute(&state)
            return .success(client)
        }
        guard let client = try result.get() else { return .alreadySo }
        toolsChanged()
        await client.close()
        state.withLock { $0.servers[name]?.state = .stopped }
        return .changed
    }

    /// Ends every server; none is started again.
    package func shutDown() async {
        let names = state.withLock { state in
            state.isShuttingDown = true
            for retry in state.retries.values { retry.cancel() }
            state.retries = [:]
            return Array(state.servers.keys)
        }
        await withTaskGroup(of: Void.self) { group in
            for name in names {
                group.addTask {
                    // Not running is fine here.
                    _ = try? await self.stop(name)
                }
            }
        }
    }

    // MARK: Trouble

    private func exited(_ name: String, _ generation: Int, _ exit: ProcessExit, _ lines: [String]) {
        let isUnexpected = state.withLock { state in
            guard let server = state.servers[name] else { return false }
            return server.generation == generation && server.state == .running
        }
        guard isUnexpected else { return }
        fail(name, generation, "the server ended: \(exit)", "Server ended - check its logs", lines)
    }

    private func fail(
        _ name: String,
        _ generation: Int,
        _ message: String,
        _ statusMessage: String,
        _ standardError: [String]
    ) {
        let moment = now()
        let said = standardError.last.map { " (it said: \($0))" } ?? ""
        let text = message.contains(standardError.last ?? "\0") ? message : message + said
        let delay: Duration? = state.withLock { state in
            guard var server = state.servers[name], server.generation == generation else { return nil }
            server.state = .failed
            server.client = nil
            server.tools = []
            server.connectedAt = nil
            server.error = text
            server.statusMessage = statusMessage
            server.consecutiveFailures += 1
            let delay = backoff.delay(afterFailures: server.consecutiveFailures)
            server.nextRetry = state.isShuttingDown ? nil : moment.advanced(by: delay)
            state.servers[name] = server
            Self.reroute(&state)
            return state.isShuttingDown ? nil : delay
        }
        toolsChanged()
        guard let delay else { return }
        logger.warning("MCP server failed", metadata: ["server": "\(name)", "error": "\(text)"])
        let retry = Task { [weak self] in
            do { try await Task.sleep(for: delay) } catch { return }
            guard let self, self.isStillFailed(name, generation) else { return }
            // The failure is kept in the server's state and logged.
            _ = try? await self.start(name)
        }
        state.withLock { $0.retries[name] = retry }
    }

    /// Whether nobody has started or stopped a server since it failed.
    private func isStillFailed(_ name: String, _ generation: Int) -> Bool {
        state.withLock { state in
            guard let server = state.servers[name], !state.isShuttingDown else { return false }
            return server.state == .failed && server.generation == generation
        }
    }

    private func listAgain(_ name: String, _ generation: Int) {
        guard let client = state.withLock({ $0.servers[name]?.client }) else { return }
        Task { [weak self] in
            // A server that cannot list any more is about to fail; the old list stays until then.
            guard let tools = try? await client.listTools() else { return }
            self?.settle(name, generation, client, tools)
        }
    }

    // MARK: Tools

    package var tools: [ToolDescriptor] {
        state.withLock { state in
            let servers = state.servers.values.sorted { $0.definition.name < $1.definition.name }
            return servers.flatMap(\.tools)
        }
    }

    package func reasonForMissing(_ name: String) -> String? {
        state.withLock { state in
            let servers = state.servers.values.sorted { $0.definition.name < $1.definition.name }
            for server in servers where server.state != .running {
                let prefix = server.definition.toolPrefix ?? server.definition.name
                guard name.hasPrefix("\(musterPrefix)_\(prefix)_") else { continue }
                let state = server.state == .idle ? "not started" : server.state.rawValue
                let error = server.error.map { ": \($0)" } ?? ""
                return "server not found: \(server.definition.name) is \(state)\(error)"
            }
            return nil
        }
    }

    package func call(
        _ name: String,
        _ arguments: JSONObject,
        _ context: CallContext
    ) async throws(ToolCallError) -> ToolResult {
        guard let route = state.withLock({ $0.routes[name] }) else {
            let reason = reasonForMissing(name).map { " (\($0))" } ?? ""
            throw ToolCallError(.notFound, "tool not found: \(name)\(reason)")
        }
        var meta: JSONObject?
        if let caller = context.caller { meta = ["muster/idempotencyKey": .string(caller.idempotencyKey)] }
        var forward: (@Sendable (MCPProgress) -> Void)?
        if let progress = context.progress {
            forward = { progress(Progress(done: $0.progress, total: $0.total, message: $0.message)) }
        }
        do throws(MCPClientError) {
            let result = try await route.client.callTool(
                route.tool,
                arguments: arguments,
                meta: meta,
                timeout: context.timeout,
                onProgress: forward
            )
            return ToolResult(external: result)
        } catch {
            switch error.code {
            // The server refused; the tool itself has said nothing.
            case .remote: throw ToolCallError(.unreachable, "tool execution failed: \(error.message)")
            case .timedOut: throw ToolCallError(.timedOut, "\(name): \(error.message)")
            case .cancelled: throw ToolCallError(.cancelled, "\(name) was cancelled")
            default: throw ToolCallError(.unreachable, "\(name): \(error.message)")
            }
        }
    }

    /// Where two servers give the same exposed name, the first by server name has it.
    private static func reroute(_ state: inout State) {
        state.routes = [:]
        for server in state.servers.values.sorted(by: { $0.definition.name < $1.definition.name }) {
            guard let client = server.client else { continue }
            for tool in server.tools where state.routes[tool.name] == nil {
                let own = tool.originalName ?? tool.name
                state.routes[tool.name] = Route(server: server.definition.name, tool: own, client: client)
            }
        }
    }
}
