import Diagnostics
package import Engine
import Foundation
import GoTemplate
import JSON
package import Logging
import SQLiteStorage
package import ServiceManagement
package import Storage
package import ToolBridges
package import ToolCatalog
package import WorkflowLoading
package import WorkflowModel

/// One muster process: the only place that knows every part.
package final class Muster: Sendable {
    package static let version = "0.1.0"

    package let folder: ConfigurationFolder
    package let registry: DefinitionRegistry
    package let catalog: ToolCatalog
    package let store: any ExecutionStore
    package let engine: ExecutionEngine
    package let services: ServiceDirectory
    package let servers: ExternalServers
    package let workflows: WorkflowTools
    /// Resources and prompts for clients: ours, and those of external servers.
    package let contents: ServedContents
    package let tasks: ExecutionTasks
    let parked: ParkedCalls
    let servedTools: ServedTools
    package let news: ServedNews
    package let logger: Logger
    private let giveUpExecutions: @Sendable () -> Void

    /// Reads the configuration and opens the history. Starts nothing.
    ///
    /// - Throws: `MusterError` when the settings are wrong, `StoreError` when the history cannot be opened. Definitions
    ///   that are not valid are logged and listed, and fail when they are used.
    package init(_ options: MusterOptions) throws {
        let logger = Self.makeLogger(options)
        let folder = ConfigurationFolder.resolve(
            flag: options.configPath,
            workingDirectory: options.workingDirectory,
            home: options.home
        )
        let registry = DefinitionRegistry(folder: folder)
        let snapshot = registry.current
        try Self.report(snapshot.diagnostics, logger)
        let settings = snapshot.settings
        let catalog = ToolCatalog(policy: CallPolicy(allowsDestructiveTools: options.allowsDestructiveTools))
        let durability: SQLiteStorage.Durability = settings.durability == .strict ? .strict : .relaxed
        let store = try SQLiteExecutionStore(folder: folder.path + "/state", durability: durability)
        let clock = EngineClock(
            now: { SystemClock.now() },
            entropy: { UInt64.random(in: .min ... .max) },
            makeExecutionID: { ExecutionID(UUID().uuidString.lowercased()) }
        )
        let engine = ExecutionEngine(
            store: store,
            catalog: catalog,
            clock: clock,
            stepTimeout: options.stepTimeout,
            decode: Self.decodePinned
        )
        var serverSettings = ExternalServers.Settings(
            musterPrefix: settings.musterPrefix,
            version: Self.version,
            backoff: ServerBackoff(initial: options.serverBackoff)
        )
        serverSettings.credentialFolder = folder.path + "/state/credentials"
        let servers = ExternalServers(
            definitions: snapshot.mcpServers,
            settings: serverSettings,
            logger: logger,
            now: { SystemClock.now() },
            toolsChanged: { catalog.toolsChanged(of: ExternalServers.self) }
        )
        let services = ServiceDirectory(
            catalog: catalog,
            classes: { registry.serviceClass($0)?.serviceClass },
            isNameTaken: { servers.server($0) != nil },
            now: { SystemClock.now() },
            warn: { logger.warning("\($0)") }
        )
        let availability = WorkflowAvailability(registry: registry, catalog: catalog)
        let workflows = WorkflowTools(
            registry: registry,
            engine: engine,
            availability: availability,
            waitForServers: { await servers.waitWhileStarting() }
        )
        let core =
            WorkflowCoreTools.make(registry: registry, availability: availability)
            + ExecutionCoreTools.make(store: store, engine: engine, now: { SystemClock.now() })
            + ServiceClassCoreTools.make(registry: registry, catalog: catalog)
            + ServiceCoreTools.make(services: services, servers: servers)
            + MCPServerCoreTools.make(servers: servers, registry: registry)
            + AuthorizationCoreTools.make(servers: servers)
        catalog.register(CoreToolProvider(core))
        catalog.register(workflows)
        catalog.register(servers)

        let resources = MusterResources(registry: registry, store: store, catalog: catalog)
        contents = ServedContents()
        contents.register(resources)
        contents.register(MusterPrompts(resources: resources))
        let foreign = ExternalContents(servers: servers)
        contents.register(foreign as any ResourceProvider)
        contents.register(foreign as any PromptProvider)
        parked = ParkedCalls(limits: options.parkedCalls)
        tasks = ExecutionTasks(workflows: workflows, engine: engine, store: store)
        news = ServedNews(engine: engine, tasks: tasks)
        servedTools = ServedTools(
            catalog: catalog,
            registry: registry,
            availability: availability,
            exposure: settings.toolExposure
        )

        self.folder = folder
        self.registry = registry
        self.catalog = catalog
        self.store = store
        self.engine = engine
        self.services = services
        self.servers = servers
        self.workflows = workflows
        self.logger = logger
        giveUpExecutions = { store.giveUp() }
    }

    /// Calls that wait for their clients to answer a question.
    package var parkedCallCount: Int { parked.count }

    package var settings: ServerSettings { registry.current.settings }

    /// Names of the MCP servers that ``start()`` starts.
    package var automaticServers: [String] {
        servers.all.filter(\.definition.startsAutomatically).map(\.definition.name)
    }

    /// Starts the MCP servers and goes on with what a process that died has left. Returns the resumed executions.
    package func start() async throws -> [ExecutionID] {
        await servers.startAutomatic()
        return try await engine.resumeOrphans(report: reportOrphan)
    }

    /// Goes on with executions that were held back because tools were missing, whenever tools come.
    package func resumeWhenToolsCome() async {
        let (changes, feed) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        catalog.onChange { feed.yield() }
        // Something may have come before anybody listened.
        feed.yield()
        for await _ in changes {
            do {
                for id in try await engine.retryHeldBack(report: { _, _ in }) {
                    logger.notice("resumed execution \(id)")
                }
            } catch {
                logger.error("\(error)")
            }
        }
    }

    private var reportOrphan: @Sendable (ExecutionID, String) -> Void {
        let logger = logger
        return { id, reason in logger.warning("execution \(id): \(reason)") }
    }

    /// Stops services, then MCP servers. Executions that still run stay in the journal and are resumed at the next start.
    package func shutDown() async {
        await engine.shutDown()
        await tasks.finish()
        await parked.shutDown()
        await services.shutDown()
        await servers.shutDown()
        giveUpExecutions()
    }

    private static func makeLogger(_ options: MusterOptions) -> Logger {
        var logger = Logger(label: "muster") { label in
            guard !options.isSilent else { return SwiftLogNoOpLogHandler() }
            return StreamLogHandler.standardError(label: label)
        }
        logger.logLevel = options.logLevel
        return logger
    }

    /// Faulty settings stop the process; faulty definitions do not.
    private static func report(_ diagnostics: DiagnosticBag, _ logger: Logger) throws(MusterError) {
        let settings = diagnostics.errors.filter { $0.range?.file.name == ConfigurationFolder.settingsName }
        if !settings.isEmpty { throw MusterError(settings.map { $0.rendered() }.joined(separator: "\n")) }
        for diagnostic in diagnostics.sorted { logger.info("\(diagnostic.rendered())") }
        let errors = diagnostics.errors.count
        if errors > 0 { logger.warning("definitions have \(errors) errors: see 'muster check'") }
    }

    @Sendable private static func decodePinned(_ name: String, _ pinned: JSONObject) throws -> WorkflowDefinition {
        let (workflow, diagnostics) = DefinitionDecoder.decodePinnedWorkflow(name: name, pinned)
        guard let workflow else {
            throw MusterError("the pinned definition of workflow \(name) cannot be read:\n\(diagnostics.rendered())")
        }
        return workflow
    }
}

/// The machine's clock.
enum SystemClock {
    static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}
