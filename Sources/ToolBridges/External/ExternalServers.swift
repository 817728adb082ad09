import JSON
package import Logging
import MCPProtocol
import MCPTransports
package import ServiceManagement
import Synchronization
import ToolCatalog
package import WorkflowModel

/// The MCP servers of the configuration: started, watched, connected anew after a failure, and their tools offered under
/// names of ours. Decisions are made by values (`ServerLife`, `CircuitBreaker`, `ExposedTools`); this only acts on them.
package final class ExternalServers: ToolProvider {
    /// What the servers are run with.
    package struct Settings: Sendable {
        package var musterPrefix: String
        package var version: String
        package var backoff = ServerBackoff()
        /// Time between two looks at a server's health.
        package var healthInterval = Duration.seconds(30)
        package var pingTimeout = Duration.seconds(10)
        /// Shortest time after which a list is asked for again because it is old.
        package var shortestListAge = Duration.seconds(10)
        /// Longest silence of a call whose caller sets no limit.
        package var callIdleTimeout = Duration.seconds(300)
        /// Longest time of such a call, whatever progress it reports.
        package var callTimeout = Duration.seconds(3600)
        /// Where logins are kept; nil for as long as the process lives.
        package var credentialFolder: String?
        /// How long a person may take to log in.
        package var loginPatience = Duration.seconds(600)

        package init(musterPrefix: String, version: String, backoff: ServerBackoff = ServerBackoff()) {
            self.musterPrefix = musterPrefix
            self.version = version
            self.backoff = backoff
        }
    }

    struct State: Sendable {
        var servers: [String: ExternalServer] = [:]
        var exposure: ExposedTools
        /// Prefixes of the tools of servers that were removed, for what is said about those tools.
        var removed: [String: String] = [:]
        /// Retries, starts and health checks under way, by server.
        var tasks: [String: [Int: Task<Void, Never>]] = [:]
        var nextTask = 0
        var isShuttingDown = false
        /// Whether the servers that start by themselves are on their way, and who waits for them.
        var isStarting = false
        var startWaiters: [CheckedContinuation<Void, Never>] = []
        /// Who waits for the end of a start that somebody else began.
        var outcomeWaiters: [String: [AsyncStream<Void>.Continuation]] = [:]
        /// What the servers are to be made, when the change that is under way is over.
        var nextDefinitions: (@Sendable () -> [MCPServerDefinition])?
        var isReconciling = false
        var links = RecentLinks()
        /// Resources that somebody wants to hear of, by their exposed URI.
        var watched: Set<String> = []
    }

    let state: Mutex<State>
    let settings: Settings
    let logger: Logger
    let replyCheck = ReplyCheck()
    let now: @Sendable () -> Timestamp
    private let toolsChanged: @Sendable () -> Void
    /// Told about changed resources and prompts of servers, and of updates of watched resources (with their URI).
    private let contentListeners = Mutex<[@Sendable (ContentChange) -> Void]>([])
    /// Lists of resources and prompts that were asked for.
    let contents = Mutex(ContentLists())
    let logins = LoginDesk()
    private static let relistPause = Duration.milliseconds(250)

    package init(
        definitions: [MCPServerDefinition],
        settings: Settings,
        logger: Logger,
        now: @escaping @Sendable () -> Timestamp,
        toolsChanged: @escaping @Sendable () -> Void
    ) {
        self.settings = settings
        self.logger = logger
        self.now = now
        self.toolsChanged = toolsChanged
        var state = State(exposure: ExposedTools([], musterPrefix: settings.musterPrefix))
        for definition in definitions { state.servers[definition.name] = Self.server(definition, settings, now) }
        self.state = Mutex(state)
    }

    /// All servers, ordered by name.
    package var all: [ExternalServer] {
        state.withLock { $0.servers.values.sorted { $0.definition.name < $1.definition.name } }
    }

    package func server(_ name: String) -> ExternalServer? { state.withLock { $0.servers[name] } }

    package func onContentChange(_ listener: @escaping @Sendable (ContentChange) -> Void) {
        contentListeners.withLock { $0.append(listener) }
    }

    // MARK: Starting

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

    /// Starts a server and returns when its tools can be called; waits for a start that is under way already.
    package func start(_ name: String) async throws(ServiceError) -> ServiceDirectory.Change {
        guard try launch(name) else { return .alreadySo }
        await outcome(of: name)
        guard let server = server(name), server.state == .running else {
            let reason = server(name)?.failure?.message ?? "it was stopped"
            throw ServiceError(.lifecycleFailed, "\(name): \(reason)")
        }
        return .changed
    }

    /// Begins a start and waits for its end, though not for long.
    func startSoon(_ name: String, patience: Duration) async {
        guard (try? launch(name)) == true else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.outcome(of: name) }
            group.addTask { try? await Task.sleep(for: patience) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Begins a start that goes on by itself until it ends, or the server is stopped. False when the server runs.
    private func launch(_ name: String) throws(ServiceError) -> Bool {
        switch try begin(name) {
        case .alreadyRunning: return false
        case .busy: return true
        case .begin(let generation):
            keep(name) { [weak self] in
                do throws(MCPClientError) {
                    try await self?.connect(name, generation)
                } catch {
                    self?.fail(name, generation, ServerFailure(error))
                }
            }
            return true
        }
    }

    private func begin(_ name: String) throws(ServiceError) -> ServerLife.Start {
        let moment = now()
        let result: Result<ServerLife.Start, ServiceError> = state.withLock { state in
            guard var server = state.servers[name] else {
                return .failure(ServiceError(.notFound, "service \(name) not found"))
            }
            guard server.state != .stopping, !state.isShuttingDown else {
                return .failure(ServiceError(.busy, "service '\(name)' is stopping"))
            }
            let start = server.life.start()
            if case .begin = start {
                server.lastAttempt = moment
                server.nextRetry = nil
                server.breaker = CircuitBreaker()
                state.servers[name] = server
            }
            return .success(start)
        }
        return try result.get()
    }

    /// Waits until a server is not starting any more, or the task is cancelled.
    private func outcome(of name: String) async {
        let (ends, feed) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let isOver = state.withLock { state in
            guard state.servers[name]?.state == .starting else { return true }
            state.outcomeWaiters[name, default: []].append(feed)
            return false
        }
        if isOver { return }
        for await _ in ends {}
    }

    private func tellOutcome(of name: String) {
        let waiters = state.withLock { $0.outcomeWaiters.removeValue(forKey: name) } ?? []
        for waiter in waiters { waiter.finish() }
    }

    private func connect(_ name: String, _ generation: Int) async throws(MCPClientError) {
        guard let server = server(name) else { throw MCPClientError(.closed, "it was removed") }
        let definition = ServerConnection.definition(
            server.definition,
            version: settings.version,
            tokens: server.tokens
        )
        let client = try await MCPClient.start(
            definition,
            observer: observer(name, generation),
            logger: logger
        )
        do throws(MCPClientError) {
            let list = Self.offersTools(client) ? try await client.toolPages() : ([], .zero)
            guard settle(name, generation, client, list.tools) else {
                throw MCPClientError(.exited, "it ended, or was stopped, right after its start")
            }
            keep(name) { [weak self] in await self?.listWhenOld(name, generation, list.timeToLive) }
        } catch {
            await client.close()
            throw error
        }
        keep(name) { [weak self] in await self?.watchHealth(name, generation) }
        watchAgain(name, generation)
    }

    /// A server without the capability need not know the method.
    private static func offersTools(_ client: MCPClient) -> Bool { client.server.capabilities["tools"] != nil }

    private func observer(_ name: String, _ generation: Int) -> MCPClient.Observer {
        var observer = MCPClient.Observer()
        observer.onListChanged = { [weak self] change in
            switch change {
            case .tools: self?.listAgain(name, generation)
            case .resources: self?.contentsChanged(name, generation, .resources)
            case .prompts: self?.contentsChanged(name, generation, .prompts)
            }
        }
        observer.onResourceUpdated = { [weak self] uri in
            guard let self, let server = self.server(name) else { return }
            self.tell(.updated(uri: self.exposedURI(uri, server.definition)))
        }
        observer.onEnd = { [weak self] error in self?.fail(name, generation, ServerFailure(error)) }
        let logger = logger
        observer.onStandardError = { logger.debug("\($0)", metadata: ["server": "\(name)"]) }
        observer.onLog = {
            logger.debug("message of a server", metadata: ["server": "\(name)", "params": "\($0.text())"])
        }
        return observer
    }

    func tell(_ change: ContentChange) {
        for listener in contentListeners.withLock({ $0 }) { listener(change) }
    }

    /// Takes a list of tools in; false when the server is not wanted any more, or has ended.
    @discardableResult
    func settle(_ name: String, _ generation: Int, _ client: MCPClient, _ raw: [JSONObject]) -> Bool {
        let moment = now()
        let tools = descriptors(raw, server(name)?.definition)
        let news = state.withLock { state -> (isFirst: Bool, isChanged: Bool)? in
            guard var server = state.servers[name], client.isRunning else { return nil }
            let isFirst = server.life.connected(generation)
            guard isFirst || (server.state == .running && server.life.generation == generation) else { return nil }
            if isFirst {
                server.client = client
                server.failure = nil
                server.nextRetry = nil
                server.connectedAt = moment
            }
            let isChanged = isFirst || server.rawTools != raw
            if isChanged {
                server.rawTools = raw
                server.tools = tools
            }
            state.servers[name] = server
            return (isFirst, isChanged && expose(&state))
        }
        guard let news else { return false }
        // Who waited finds the tools in the catalogue.
        defer { tellOutcome(of: name) }
        if news.isFirst {
            logger.info("MCP server is running", metadata: ["server": "\(name)", "tools": "\(tools.count)"])
            contentsCameOrWent(name, client)
        }
        if news.isChanged { toolsChanged() }
        return true
    }

    private func descriptors(_ raw: [JSONObject], _ definition: MCPServerDefinition?) -> [ToolDescriptor] {
        guard let definition else { return [] }
        let prefix = definition.toolPrefix ?? definition.name
        return raw.compactMap { tool in
            guard let own = tool["name"]?.stringValue else { return nil }
            let exposed = ExposedTools.name(own, prefix: prefix, musterPrefix: settings.musterPrefix)
            guard var descriptor = ToolDescriptor(exposedAs: exposed, external: tool) else { return nil }
            do throws(ParameterHeaders.Invalid) {
                _ = try ParameterHeaders(validating: descriptor.inputSchema)
            } catch {
                // Clients of ours would leave such a tool out, though it can be called.
                descriptor.inputSchema = ParameterHeaders.stripped(descriptor.inputSchema)
                logger.warning(
                    "a tool is offered without its wishes for headers",
                    metadata: ["server": "\(definition.name)", "tool": "\(own)", "reason": "\(error.reason)"]
                )
            }
            return descriptor
        }
    }

    /// Works out under which names the tools of the running servers are offered. False when nothing of it is new.
    @discardableResult
    func expose(_ state: inout State) -> Bool {
        let before = state.exposure.tools
        let sources = state.servers.values.filter { $0.state == .running }
            .map { ExposedTools.Source(definition: $0.definition, tools: $0.tools) }
        state.exposure = ExposedTools(sources, musterPrefix: settings.musterPrefix)
        for name in Array(state.servers.keys) {
            let lost = state.exposure.conflicts[name] ?? []
            if state.servers[name]?.conflicts != lost {
                state.servers[name]?.conflicts = lost
                if !lost.isEmpty {
                    logger.warning(
                        "tools are offered by another server under the same name",
                        metadata: ["server": "\(name)", "tools": "\(lost.prefix(5).joined(separator: ", "))"]
                    )
                }
            }
        }
        let after = state.exposure.tools
        return before.count != after.count || !zip(before, after).allSatisfy { $0.isSame(as: $1) }
    }

    // MARK: Stopping

    package func stop(_ name: String) async throws(ServiceError) -> ServiceDirectory.Change {
        let result: Result<(MCPClient?, [Task<Void, Never>], Bool), ServiceError> = state.withLock { state in
            guard var server = state.servers[name], server.state != .idle else {
                return .failure(ServiceError(.notFound, "service \(name) not found"))
            }
            let tasks = state.tasks.removeValue(forKey: name)?.values.map(\.self) ?? []
            let decision = server.life.stop()
            let client = server.client
            server.client = nil
            server.tools = []
            server.rawTools = []
            server.chores = [:]
            server.connectedAt = nil
            server.nextRetry = nil
            state.servers[name] = server
            return .success((decision == .close ? client : nil, tasks, expose(&state)))
        }
        let (client, tasks, isNews) = try result.get()
        for task in tasks { task.cancel() }
        tellOutcome(of: name)
        if isNews { toolsChanged() }
        if let client { contentsCameOrWent(name, client) }
        await client?.close()
        // A start that is given up has a child to end, a failed connection perhaps too.
        for task in tasks { await task.value }
        guard let client else { return .alreadySo }
        state.withLock { state in
            state.servers[name]?.lastWords = client.recentStandardError
            state.servers[name]?.life.closed()
        }
        return .changed
    }

    /// Ends every server; none is started again.
    package func shutDown() async {
        let own = state.withLock { state in
            state.isShuttingDown = true
            return state.tasks.removeValue(forKey: Self.ownTasks)?.values.map(\.self) ?? []
        }
        for task in own { task.cancel() }
        for task in own { await task.value }
        let names = state.withLock { Array($0.servers.keys) }
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

    func fail(_ name: String, _ generation: Int, _ failure: ServerFailure) {
        let moment = now()
        let decision: (delay: Duration?, client: MCPClient?, isNews: Bool)? = state.withLock { state in
            guard var server = state.servers[name] else { return nil }
            let outcome = server.life.failed(
                generation,
                failure,
                isRemote: server.definition.isRemote,
                backoff: settings.backoff,
                chance: Double.random(in: 0..<1)
            )
            guard let delay = outcome else { return nil }
            let client = server.client
            if let client { server.lastWords = client.recentStandardError }
            server.client = nil
            server.tools = []
            server.rawTools = []
            server.chores = [:]
            server.connectedAt = nil
            server.failure = failure
            let isOver = state.isShuttingDown
            server.nextRetry = isOver ? nil : delay.map { moment.advanced(by: $0) }
            state.servers[name] = server
            return (isOver ? nil : delay, client, expose(&state))
        }
        defer { tellOutcome(of: name) }
        guard let decision else { return }
        if decision.isNews { toolsChanged() }
        if let client = decision.client { contentsCameOrWent(name, client) }
        logger.warning("MCP server failed", metadata: ["server": "\(name)", "error": "\(failure.message)"])
        keep(name) { [weak self] in
            // What is left of a connection that is given up; a child that has ended is gone already.
            await decision.client?.close()
            guard let delay = decision.delay else { return }
            do { try await Task.sleep(for: delay) } catch { return }
            guard let self, self.server(name)?.life.awaitsRetry(generation) == true else { return }
            // The failure is kept in the server's state and logged.
            _ = try? await self.start(name)
        }
    }

    /// Runs work that ends with the server.
    func keep(_ name: String, _ work: @escaping @Sendable () async -> Void) {
        state.withLock { state in
            let key = state.nextTask
            state.nextTask += 1
            state.tasks[name, default: [:]][key] = Task { [weak self] in
                await work()
                self?.state.withLock { $0.tasks[name]?[key] = nil }
            }
        }
    }

    /// Asks an announcing server for its tools again.
    private func listAgain(_ name: String, _ generation: Int) {
        perform(.listing, for: name, generation) { servers, client in
            // A server that cannot list any more is about to fail; the old list stays until then.
            if let tools = try? await client.listTools() { servers.settle(name, generation, client, tools) }
            // Bounds what a server that announces all the time can make us do.
            try? await Task.sleep(for: Self.relistPause)
        }
    }
}
