package import JSON

/// What an MCP server file says. See docs/mcp-servers.md.
package struct MCPServerDefinition: Sendable, Hashable {
    package enum Transport: Sendable, Hashable {
        /// `spelledLocalCommand`: the file says `localCommand`, and reading it back says so too.
        case stdio(command: String, arguments: [String], spelledLocalCommand: Bool)
        case streamableHTTP(url: String)
        case sse(url: String)
    }

    /// Servers of one family share their tools; an argument chooses among them.
    package struct Family: Sendable, Hashable {
        package var name: String
        package var instanceArgument: String

        package init(name: String, instanceArgument: String) {
            self.name = name
            self.instanceArgument = instanceArgument
        }
    }

    /// How we show a remote server who we are.
    package enum Authorization: Sendable, Hashable {
        case token(String)
        /// The file's text without surrounding white space; read again for every connection attempt and refusal.
        case tokenFile(String)
        case tokenVariable(String)
        /// What the program prints; never run by a shell.
        case tokenCommand([String])
        /// By a person in a browser.
        case oauth(Login)
        /// Not at all, not even when the server asks for it.
        case off
    }

    /// How a person logs in. What is not written comes from the server.
    package struct Login: Sendable, Hashable {
        package enum Secret: Sendable, Hashable { case text(String), file(String), variable(String) }

        package var clientID: String?
        package var clientSecret: Secret?
        /// URL of a document about us that authorization servers read.
        package var clientDocument: String?
        package var scopes: [String] = []
        /// The only authorization server that is taken.
        package var issuer: String?
        /// Where on this machine the browser comes back to; nil for any free port.
        package var callbackPort: Int?

        package init() {}
    }

    /// Which revisions of the protocol are tried.
    package enum ProtocolEra: String, Sendable, CaseIterable { case auto, modern, legacy }

    package var name: String
    package var description: String
    package var transport: Transport
    package var environment: [String: String]
    package var headers: [String: String]
    /// Limit of connecting and initialising, whole seconds from 1 to 300; nil when not written.
    package var timeoutSeconds: Int?
    package var startsAutomatically: Bool
    package var toolPrefix: String?
    package var family: Family?
    package var authorization: Authorization?
    package var protocolEra = ProtocolEra.auto
    /// How many calls may run at once; nil for the usual number.
    package var callLimit: Int?
    /// The whole `spec` as JSON, in the file's own spelling.
    package var source: JSONObject

    package init(
        name: String,
        description: String = "",
        transport: Transport,
        environment: [String: String] = [:],
        headers: [String: String] = [:],
        timeoutSeconds: Int? = nil,
        startsAutomatically: Bool = false,
        toolPrefix: String? = nil,
        source: JSONObject = JSONObject()
    ) {
        self.name = name
        self.description = description
        self.transport = transport
        self.environment = environment
        self.headers = headers
        self.timeoutSeconds = timeoutSeconds
        self.startsAutomatically = startsAutomatically
        self.toolPrefix = toolPrefix
        self.source = source
    }

    /// The word of the file: `stdio`, `localCommand`, `streamable-http` or `sse`.
    package var typeName: String {
        switch transport {
        case .stdio(_, _, let spelledLocalCommand): spelledLocalCommand ? "localCommand" : "stdio"
        case .streamableHTTP: "streamable-http"
        case .sse: "sse"
        }
    }
}
