package import MCPProtocol

/// A way on which a client's messages reach a server and the server's come back.
///
/// All of it may be called from any thread; nothing blocks.
protocol ClientTransport: Sendable {
    /// Makes the connection, so far as there is one before the first message.
    func start() async throws(MCPClientError)

    /// To be called before requests: sees to credentials.
    ///
    /// - Parameter refusal: what the server said when it refused the last ones; nil for the first attempt. Without other
    ///   credentials to try it is thrown.
    func prepare(after refusal: MCPClientError?) async throws(MCPClientError)

    func send(_ message: ClientMessage)

    /// The answer to this request is not wanted any more.
    func abandon(_ id: Int64)

    /// The handshake is over; what the server says without being asked may come from now on.
    func agreed(_ facts: MCPServerFacts)

    /// Returns when what the server says without being asked has a way to us, or will have none.
    func listening() async

    /// Forgets the session, so that a new handshake can begin.
    func reset()

    /// Ends the connection and returns when nothing of it is left.
    func close() async

    /// 0 when the server is no child of ours.
    var processID: Int32 { get }
    /// Whether leaving the answer to a modern request says that it is not wanted any more.
    var abandoningCancels: Bool { get }
}

extension ClientTransport {
    func listening() async {}
}

/// What a transport tells its client. Called on threads of the transports: must not block.
struct TransportEvents: Sendable {
    /// One message, and the request in whose answer it came where the transport knows that. The result tells whether it
    /// answered that request.
    var onMessage: @Sendable ([UInt8], Int64?) -> Bool
    /// There will be no answer to this request.
    var onFailure: @Sendable (Int64, MCPClientError) -> Void
    var onErrorLine: @Sendable (String) -> Void
    /// Nothing can be sent any more.
    var onEnd: @Sendable (MCPClientError, ProcessExit?) -> Void
}

/// Where the access token for a server comes from.
package protocol AccessTokens: Sendable {
    /// The token to send; nil for none. Called before every request, so it has to be quick when nothing changed.
    func current() async throws(MCPClientError) -> String?

    /// Gets another token after the server refused the last one, if there is a way without asking a person.
    ///
    /// - Throws: what to tell the caller instead of the server's refusal.
    func renewed(after refusal: MCPClientError) async throws(MCPClientError) -> String?
}

/// A server that is reached over HTTP.
package struct HTTPEndpoint: Sendable {
    package var url: String
    /// Sent with every request.
    package var fields: [HTTPField]
    package var tokens: (any AccessTokens)?
    /// Bytes of one message of the server.
    package var messageLimit = 64 << 20
    /// How long calls wait for the stream of a legacy session, on which the server may ask during them.
    package var streamPatience = Duration.seconds(2)

    package init(url: String, fields: [HTTPField] = [], tokens: (any AccessTokens)? = nil) {
        self.url = url
        self.fields = fields
        self.tokens = tokens
    }

    /// The token for the next requests; nil when there is none to send.
    ///
    /// - Parameter refusal: what the server said when it refused the last one. Without another token it is thrown.
    func token(after refusal: MCPClientError?) async throws(MCPClientError) -> String? {
        guard let tokens else {
            if let refusal { throw refusal }
            return nil
        }
        guard let refusal else { return try await tokens.current() }
        return try await tokens.renewed(after: refusal)
    }

    /// What every request has: the fields of the definition, where a token takes the place of their authorization.
    func fields(token: String?) -> [HTTPField] {
        guard let token else { return fields }
        return fields.filter { $0.name.lowercased() != "authorization" }
            + [HTTPField("Authorization", "Bearer \(token)")]
    }

    /// Where the server is.
    var address: WebAddress {
        get throws(MCPClientError) {
            guard let address = WebAddress(url) else {
                throw MCPClientError(.unreachable, "'\(url)' is not an http or https URL")
            }
            return address
        }
    }
}
