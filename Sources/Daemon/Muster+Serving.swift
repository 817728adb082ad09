import MCPProtocol
package import MCPTransports
import ToolBridges
import ToolCatalog
import WorkflowLoading

extension Muster {
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
        let server = StdioServer(profile: profile, handler: CatalogHandler(catalog: catalog), logger: logger)
        catalog.onChange { server.notify(.tools) }
        try await server.run()
    }
}
