package import JSON

/// What we are to one authorization server.
package struct RegisteredClient: Hashable, Sendable, CustomStringConvertible {
    /// How we show ourselves at its token endpoint.
    package enum Method: String, Sendable { case none, basic = "client_secret_basic", post = "client_secret_post" }

    package enum Origin: String, Sendable {
        /// Somebody registered us and wrote it into the definition.
        case definition
        /// The id is the URL of a document about us.
        case document
        /// We registered ourselves.
        case dynamic
    }

    package var id: String
    package var secret: String?
    package var method: Method
    package var origin: Origin
    /// The redirection that the registration is for; nil when not known.
    package var redirectURI: String?
    /// When the secret ends, in seconds since 1970; nil for never.
    package var secretExpiry: Int64?

    package init(
        id: String,
        secret: String? = nil,
        method: Method,
        origin: Origin,
        redirectURI: String? = nil,
        secretExpiry: Int64? = nil
    ) {
        self.id = id
        self.secret = secret
        self.method = method
        self.origin = origin
        self.redirectURI = redirectURI
        self.secretExpiry = secretExpiry
    }

    package var description: String { "client \(id)" }
}

/// How we become known to an authorization server: registered by somebody, by a document about us, or by ourselves.
///
/// - Source: MCP 2026-07-28, "Client Registration"; RFC 7591.
package struct ClientRegistration: Hashable, Sendable {
    package enum Choice: Hashable, Sendable {
        case use(RegisteredClient)
        /// Ask the registration endpoint with this document.
        case register(endpoint: String, JSONObject)
    }

    package var clientID: String?
    package var clientSecret: String?
    /// URL of a document about us.
    package var documentURL: String?

    package init(clientID: String? = nil, clientSecret: String? = nil, documentURL: String? = nil) {
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.documentURL = documentURL
    }

    /// - Parameters:
    ///   - known: what we became at this very authorization server earlier.
    ///   - now: seconds since 1970.
    package func choice(
        at server: AuthorizationServer,
        known: RegisteredClient?,
        redirectURI: String,
        scopes: [String],
        now: Int64
    ) throws(AuthorizationFailure) -> Choice {
        if let clientID {
            let method = try Self.method(server, hasSecret: clientSecret != nil)
            return .use(RegisteredClient(id: clientID, secret: clientSecret, method: method, origin: .definition))
        }
        if server.takesClientMetadataDocuments, let documentURL {
            return .use(RegisteredClient(id: documentURL, method: .none, origin: .document))
        }
        if let known, known.origin == .dynamic, known.redirectURI == redirectURI,
            known.secretExpiry.map({ $0 > now }) ?? true
        {
            return .use(known)
        }
        guard let endpoint = server.registrationEndpoint else {
            throw AuthorizationFailure(
                .noClient,
                "the authorization server \(AuthorizationFailure.shown(server.issuer)) lets nobody register: register "
                    + "muster there and write auth.clientId into the definition"
            )
        }
        return .register(endpoint: endpoint, try Self.document(server, redirectURI: redirectURI, scopes: scopes))
    }

    private static func document(
        _ server: AuthorizationServer,
        redirectURI: String,
        scopes: [String]
    ) throws(AuthorizationFailure) -> JSONObject {
        let methods = server.tokenEndpointMethods ?? [RegisteredClient.Method.basic.rawValue]
        let wanted = [RegisteredClient.Method.none, .basic, .post].first { methods.contains($0.rawValue) }
        guard let wanted else { throw noMethod }
        var document: JSONObject = [
            "client_name": "muster", "redirect_uris": [.string(redirectURI)], "response_types": ["code"],
            "grant_types": ["authorization_code", "refresh_token"], "application_type": "native",
            "token_endpoint_auth_method": .string(wanted.rawValue),
        ]
        if !scopes.isEmpty { document["scope"] = .string(scopes.joined(separator: " ")) }
        return document
    }

    /// What the registration endpoint answered.
    package static func registered(
        _ answer: JSONObject,
        at server: AuthorizationServer,
        redirectURI: String
    ) throws(AuthorizationFailure) -> RegisteredClient {
        guard let id = answer["client_id"]?.stringValue, !id.isEmpty else {
            throw AuthorizationFailure(.malformed, "the registration was answered without a client id")
        }
        let secret = answer["client_secret"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        let said = answer["token_endpoint_auth_method"]?.stringValue.flatMap { RegisteredClient.Method(rawValue: $0) }
        let expiry = answer["client_secret_expires_at"]?.integerValue ?? 0
        let method: RegisteredClient.Method =
            if let said, said == .none || secret != nil { said } else { try method(server, hasSecret: secret != nil) }
        return RegisteredClient(
            id: id,
            secret: secret,
            method: method,
            origin: .dynamic,
            redirectURI: redirectURI,
            secretExpiry: expiry > 0 ? expiry : nil
        )
    }

    private static func method(
        _ server: AuthorizationServer,
        hasSecret: Bool
    ) throws(AuthorizationFailure) -> RegisteredClient.Method {
        guard hasSecret else { return .none }
        // Silence means basic authentication.
        let methods = server.tokenEndpointMethods ?? [RegisteredClient.Method.basic.rawValue]
        let order: [RegisteredClient.Method] = [.basic, .post, .none]
        guard let method = order.first(where: { methods.contains($0.rawValue) }) else { throw noMethod }
        return method
    }

    private static var noMethod: AuthorizationFailure {
        AuthorizationFailure(
            .unsupported,
            "the authorization server wants clients to show themselves in a way that muster does not know"
        )
    }
}
