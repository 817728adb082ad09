import JSON
import ServiceManagement
import ToolCatalog
import WorkflowModel

/// `core_auth_login` and `core_auth_logout`. See docs/mcp-servers.md.
package enum AuthorizationCoreTools {
    private static let named = CoreTool.Parameter("server", "string", "Name of the MCP server", isRequired: true)

    package static func make(servers: ExternalServers) -> [CoreTool] {
        [
            CoreTool(
                "core_auth_login",
                "Log in to an MCP server that wants authorization",
                [named],
                annotations: ToolAnnotations(readOnly: false, destructive: false, idempotent: true)
            ) { arguments, _ in
                let name = try arguments.requiredText("server")
                let server = try find(name, servers)
                if server.state == .running { return .text("Server '\(name)' is already authenticated and connected.") }
                return .text(try await login(server, servers))
            },
            CoreTool(
                "core_auth_logout",
                "Forget the login to an MCP server",
                [named],
                annotations: ToolAnnotations(readOnly: false, destructive: true, idempotent: true)
            ) { arguments, _ in
                let name = try arguments.requiredText("server")
                _ = try find(name, servers)
                throw CoreToolFailure("Server '\(name)' has no login: its definition does not say auth type oauth")
            },
        ]
    }

    private static func find(_ name: String, _ servers: ExternalServers) throws(CoreToolFailure) -> ExternalServer {
        guard let server = servers.server(name) else {
            throw CoreToolFailure("Server '\(name)' not found. Use list_tools to see available servers.")
        }
        return server
    }

    private static func login(_ server: ExternalServer, _ servers: ExternalServers) async throws -> String {
        let name = server.definition.name
        guard server.state == .authorizationRequired else {
            throw CoreToolFailure("Server '\(name)' is \(server.absence); it does not ask for a login")
        }
        throw CoreToolFailure("Server '\(name)' wants authorization: add a token to its definition")
    }
}
