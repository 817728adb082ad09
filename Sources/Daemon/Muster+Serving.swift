import Diagnostics
import Dispatch
import Engine
import Logging
import MCPProtocol
package import MCPTransports
import ToolBridges
import ToolCatalog
import WorkflowLoading

extension Muster {
    /// Puts edits of workflows and service classes into force while the process runs. Executions keep the definition
    /// that they started with. MCP servers are read at the start only.
    ///
    /// The watch lasts as long as the value that is returned.
    package func watchDefinitions() -> any Sendable {
        let registry = registry
        let catalog = catalog
        let logger = logger
        let kinds = [DefinitionKind.workflow, .serviceClass]
        return FolderWatch(folders: kinds.map { "\(folder.path)/\($0.folderName)" }, interval: .milliseconds(250)) {
            registry.reload()
            catalog.toolsChanged()
            logger.info("definitions were read again")
            for diagnostic in registry.current.diagnostics.sorted { logger.warning("\(diagnostic.rendered())") }
        }
    }

    private var profile: MCPServerProfile { MCPServerProfile(version: Self.version) }

    /// Listens for MCP clients over streamable HTTP. The listener is open before the MCP servers are up.
    package func listen(host: String, port: Int) async throws(HTTPServerError) -> HTTPServer {
        let server = try await HTTPServer.start(
            HTTPServer.Configuration(host: host, port: port),
            profile: profile,
            handler: CatalogHandler(catalog: catalog),
            logger: logger
        )
        catalog.onChange { server.notify(.tools) }
        return server
    }

    /// Serves one MCP client on standard input and output until it goes away.
    package func serveStandardStreams() async throws {
        let engine = engine
        let server = StdioServer(
            profile: profile,
            handler: CatalogHandler(catalog: catalog),
            logger: logger,
            // What still runs then is not cancelled: it stays in the journal and goes on at the next start.
            beforeCancelling: { await engine.shutDown() }
        )
        catalog.onChange { server.notify(.tools) }
        try await server.run()
    }
}
