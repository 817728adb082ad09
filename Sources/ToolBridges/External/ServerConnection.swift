import JSON
import MCPProtocol
import MCPTransports
import WorkflowModel

/// From what a definition says to what a client needs.
enum ServerConnection {
    private static let usualRemoteTimeout = Duration.seconds(30)
    /// What we can do for legacy servers, where somebody calls who can be asked; otherwise it is refused call by call.
    ///
    /// Roots are not among it: such servers keep them for the whole connection, and so would use the folders of one
    /// caller for another. Modern servers are told of them with the call.
    static let legacyCapabilities: JSONObject = ["elicitation": ["form": [:], "url": [:]], "sampling": [:]]

    static func definition(
        _ server: MCPServerDefinition,
        version: String,
        tokens: (any AccessTokens)?
    ) -> MCPClient.Definition {
        func endpoint(_ url: String) -> HTTPEndpoint {
            let fields = server.headers.sorted { $0.key < $1.key }.map { HTTPField($0.key, $0.value) }
            return HTTPEndpoint(url: url, fields: fields, tokens: tokens)
        }
        var definition: MCPClient.Definition
        switch server.transport {
        case .stdio(let command, let arguments, _):
            definition = MCPClient.Definition(
                command: SiblingProgram.resolve(command),
                arguments: arguments,
                environment: server.environment
            )
        case .streamableHTTP(let url):
            definition = MCPClient.Definition(.streamableHTTP(endpoint(url)))
            definition.handshakeTimeout = usualRemoteTimeout
        case .sse(let url):
            definition = MCPClient.Definition(.eventStream(endpoint(url)))
            definition.handshakeTimeout = usualRemoteTimeout
        }
        switch server.protocolEra {
        case .auto: definition.mode = if case .sse = server.transport { .legacy } else { .auto }
        case .modern: definition.mode = .modern
        case .legacy: definition.mode = .legacy
        }
        if let seconds = server.timeoutSeconds { definition.handshakeTimeout = .seconds(seconds) }
        definition.clientInfo = MCPImplementation(name: "muster", version: version)
        definition.capabilities = legacyCapabilities
        return definition
    }
}

extension MCPServerDefinition {
    var isRemote: Bool { if case .stdio = transport { false } else { true } }
}
