import Diagnostics
import Dispatch
import Engine
import Logging
package import MCPProtocol
package import MCPTransports
package import ToolBridges
import ToolCatalog
import WorkflowLoading

extension Muster {
    /// Puts edits of workflows, service classes and MCP servers into force while the process runs. Executions keep the
    /// definition that they started with. A server whose file cannot be read any more stays as it is.
    ///
    /// The watch lasts as long as the value that is returned.
    package func watchDefinitions() -> any Sendable {
        let registry = registry
        let catalog = catalog
        let logger = logger
        let servers = servers
        let reload = ServerReload(registry.current)
        let kinds = [DefinitionKind.workflow, .serviceClass, .mcpServer]
        return FolderWatch(folders: kinds.map { "\(folder.path)/\($0.folderName)" }, interval: .milliseconds(250)) {
            if registry.reload().contains(.workflow) { catalog.toolsChanged(of: WorkflowTools.self) }
            servers.reconcileSoon { reload.wanted(registry.current, servers.all.map(\.definition)) }
            logger.info("definitions were read again")
            for diagnostic in registry.current.diagnostics.sorted { logger.warning("\(diagnostic.rendered())") }
        }
    }

    /// What clients are told about this server.
    package var profile: MCPServerProfile {
        MCPServerProfile(
            version: Self.version,
            title: "muster",
            instructions: Self.instructions,
            features: .all,
            seal: RequestStateSeal(key: SealKey.load(folder: folder.path + "/state", logger))
        )
    }

    private static let instructions = """
        Tools named workflow_… run procedures of many steps as one call. Their executions are recorded and survive \
        crashes; core_workflow_execution_get shows one by its execution_id. Tools named core_… manage muster itself, those \
        named x_… belong to other servers. filter_tools finds a tool by what it does.
        """

    /// Answers clients; the same for every transport.
    package var handler: CatalogHandler {
        CatalogHandler(
            catalog: catalog,
            tools: servedTools,
            contents: contents,
            tasks: tasks,
            parked: parked,
            news: news,
            store: store,
            serversRequiringLogin: { [servers] in servers.serversRequiringLogin }
        )
    }

    /// Listens for MCP clients over streamable HTTP. The listener is open before the MCP servers are up.
    package func listen(host: String, port: Int) async throws(HTTPServerError) -> HTTPServer {
        let server = try await HTTPServer.start(
            HTTPServer.Configuration(host: host, port: port),
            profile: profile,
            handler: handler,
            logger: logger
        )
        announceChanges { server.notify($0) }
        return server
    }

    /// Serves one MCP client on standard input and output until it goes away.
    package func serveStandardStreams() async throws {
        let engine = engine
        let server = StdioServer(
            profile: profile,
            handler: handler,
            logger: logger,
            // What still runs then is not cancelled: it stays in the journal and goes on at the next start.
            beforeCancelling: { await engine.shutDown() }
        )
        announceChanges { server.notify($0) }
        try await server.run()
    }

    private func announceChanges(_ notify: @escaping @Sendable (ServerNews) -> Void) {
        catalog.onChange { notify(.listChanged(.tools)) }
        // Workflows are resources as well.
        registry.onChange { if $0.contains(.workflow) { notify(.listChanged(.resources)) } }
        servers.onContentChange { change in
            switch change {
            case .resources: notify(.listChanged(.resources))
            case .prompts: notify(.listChanged(.prompts))
            case .updated(let uri): notify(.resourceUpdated(uri: uri))
            }
        }
        news.onNews(notify)
    }
}
