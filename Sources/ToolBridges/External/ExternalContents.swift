package import JSON
package import MCPProtocol
package import MCPTransports
import ToolCatalog

/// The resources and prompts of external servers, for our clients.
package struct ExternalContents: ResourceProvider, PromptProvider {
    private let servers: ExternalServers

    package init(servers: ExternalServers) { self.servers = servers }

    package func resources() async -> [JSONObject] { await servers.resources() }
    package func resourceTemplates() async -> [JSONObject] { await servers.resourceTemplates() }
    package func prompts() async -> [JSONObject] { await servers.prompts() }
    package func watch(_ uri: String, _ isWatched: Bool) { servers.watch(uri, isWatched) }

    package func read(_ uri: String, _ request: MCPRequestContext) async throws(JSONRPCError) -> MCPOutcome? {
        let context = request.callContext()
        guard let result = try await servers.read(uri, { servers.options(for: context, of: $0) }) else { return nil }
        // Whatever it may be kept for at its server, who is told nothing of our clients.
        let timeToLive = result["ttlMs"]?.integerValue ?? 0
        return .complete(result, MCPCaching(timeToLive: timeToLive, isPublic: false))
    }

    package func prompt(
        _ name: String,
        _ arguments: JSONObject,
        _ request: MCPRequestContext
    ) async throws(JSONRPCError) -> MCPOutcome? {
        let context = request.callContext()
        let result = try await servers.prompt(name, arguments) { servers.options(for: context, of: $0) }
        return result.map { .complete($0) }
    }

    package func complete(
        template: String,
        _ completion: MCPCompletion
    ) async throws(JSONRPCError) -> MCPCompletionValues? {
        try await servers.complete(completion)
    }

    package func complete(
        prompt: String,
        _ completion: MCPCompletion
    ) async throws(JSONRPCError) -> MCPCompletionValues? {
        try await servers.complete(completion)
    }
}
