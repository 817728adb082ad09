import JSON
import MCPProtocol
import MCPTransports
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
                guard server.state != .running || server.login?.status.awaitsStepUp == true else {
                    return .text("Server '\(name)' is already authenticated and connected.")
                }
                return .text(try await logIn(server, servers))
            },
            CoreTool(
                "core_auth_logout",
                "Forget the login to an MCP server",
                [named],
                annotations: ToolAnnotations(readOnly: false, destructive: true, idempotent: true)
            ) { arguments, _ in
                let name = try arguments.requiredText("server")
                _ = try find(name, servers)
                do throws(AuthorizationFailure) {
                    switch try await servers.logOut(name) {
                    case .notLoggedIn: break
                    case .ended: return .text("Logged out of server '\(name)'.")
                    case .forgotten(let reason):
                        return .text(
                            "Logged out of server '\(name)'. Its token is good until it ends by itself: \(reason)"
                        )
                    }
                } catch {
                    throw CoreToolFailure("Server '\(name)': \(error.message)")
                }
                throw CoreToolFailure("Server '\(name)': nobody is logged in")
            },
        ]
    }

    private static func find(_ name: String, _ servers: ExternalServers) throws(CoreToolFailure) -> ExternalServer {
        guard let server = servers.server(name) else {
            throw CoreToolFailure("Server '\(name)' not found. Use list_tools to see available servers.")
        }
        return server
    }

    private static func logIn(_ server: ExternalServer, _ servers: ExternalServers) async throws -> String {
        let name = server.definition.name
        guard server.login != nil else { throw CoreToolFailure(noLogins(server)) }
        guard server.asksForLogin else {
            throw CoreToolFailure("Server '\(name)' is \(server.absence); it does not ask for a login")
        }
        do throws(AuthorizationFailure) {
            let url = try await servers.logIn(name)
            let minutes = max(1, servers.settings.loginPatience.components.seconds / 60)
            return """
                Open this URL in a browser on the machine where muster runs to log in to server '\(name)':

                \(url)

                The server is connected by itself afterwards. The link is good for \(minutes) minutes; the resource \
                auth://status shows what became of it.
                """
        } catch {
            throw CoreToolFailure("Server '\(name)': \(error.message)")
        }
    }

    private static func noLogins(_ server: ExternalServer) -> String {
        let name = server.definition.name
        guard server.definition.isRemote else {
            return "Server '\(name)' is a program of this machine: give it credentials by its environment"
        }
        return server.definition.authorization == .off
            ? "Server '\(name)' has no logins: its definition says auth type none"
            : "Server '\(name)' uses the token of its definition, which is refused or missing: mend the definition"
    }
}

extension ExternalServer {
    /// Whether it refused us for want of a login, or its definition says that people log in.
    fileprivate var asksForLogin: Bool {
        if state == .authorizationRequired || login?.status.awaitsStepUp == true { return true }
        if case .oauth? = definition.authorization { return true }
        return false
    }
}
