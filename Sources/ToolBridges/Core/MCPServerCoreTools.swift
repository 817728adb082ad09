import Diagnostics
import JSON
import ToolCatalog
import WorkflowLoading
import WorkflowModel

/// `core_mcpserver_list`, `_get`, `_create`, `_update`, `_validate` and `_delete`. See docs/mcp-servers.md.
package enum MCPServerCoreTools {
    package static func make(servers: ExternalServers, registry: DefinitionRegistry) -> [CoreTool] {
        reading(servers) + changing(servers, registry)
    }

    private static func reading(_ servers: ExternalServers) -> [CoreTool] {
        [
            CoreTool(
                "core_mcpserver_list",
                "List the MCP servers",
                [
                    CoreTool.Parameter("showAll", "boolean", "Show failed servers too", defaultValue: false),
                    CoreTool.Parameter("verbose", "boolean", "Show errors", defaultValue: false),
                ],
                output: CoreOutput.serverList,
                annotations: .reading
            ) { arguments, _ in
                let showsAll = try arguments.flag("showAll", default: false)
                let isVerbose = try arguments.flag("verbose", default: false)
                let all = servers.all
                let shown = all.filter { showsAll || !$0.isFailed }
                var reply: JSONObject = [
                    "mcpServers": .array(shown.map { .object($0.info(showsSecrets: false, showsError: isVerbose)) }),
                    "total": .integer(Int64(shown.count)), "mode": "filesystem",
                ]
                if shown.count < all.count {
                    reply["hiddenFailed"] = .integer(Int64(all.count - shown.count))
                    reply["hint"] = "failed servers are hidden; use showAll to see them"
                }
                return .json(.object(reply))
            },
            CoreTool(
                "core_mcpserver_get",
                "Get an MCP server",
                [CoreTool.Parameter("name", "string", "Name of the MCP server", isRequired: true)],
                output: CoreOutput.server,
                annotations: .reading
            ) { arguments, _ in
                let name = try arguments.requiredText("name")
                guard let server = servers.server(name) else {
                    throw CoreToolFailure("Failed to get MCP server: MCP server \(name) not found")
                }
                return .json(.object(server.info(showsSecrets: true, showsError: true)))
            },
        ]
    }
}
