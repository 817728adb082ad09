package import JSON
package import MCPProtocol
package import MCPTransports
package import ToolCatalog

/// The catalogue as an MCP server.
package struct CatalogHandler: MCPServerHandler {
    private let catalog: ToolCatalog

    package init(catalog: ToolCatalog) { self.catalog = catalog }

    package func listTools(_ request: MCPRequestContext) async throws(JSONRPCError) -> MCPToolList {
        .encoded(catalog.encodedTools)
    }

    /// Failures of tools are results with `isError`; only a name that never existed is a JSON-RPC error. See docs/tools.md.
    package func callTool(
        name: String,
        arguments: JSONObject,
        request: MCPRequestContext
    ) async throws(JSONRPCError) -> JSONObject {
        var context = CallContext()
        if let sender = request.progress {
            context.progress = { progress in
                sender.send(MCPProgress(progress: progress.done, total: progress.total, message: progress.message))
            }
        }
        do throws(ToolCallError) {
            return try await catalog.call(name, arguments, context).json
        } catch {
            if error.code == .notFound, !error.message.contains("server not found") {
                throw JSONRPCError(code: -32602, message: error.message)
            }
            return ToolResult.failure(error.message).json
        }
    }
}
