package import JSON

/// What an authorization server says about itself.
///
/// - Source: RFC 8414; RFC 7009; OpenID Connect Discovery 1.0; RFC 9207.
package struct AuthorizationServer: Hashable, Sendable {
    package var issuer: String
    package var authorizationEndpoint: String
    package var tokenEndpoint: String
    package var registrationEndpoint: String?
    /// Where tokens can be made void (RFC 7009).
    package var revocationEndpoint: String?
    package var scopes: [String]?
    /// How clients may show themselves at the token endpoint; nil when not said.
    package var tokenEndpointMethods: [String]?
    package var takesClientMetadataDocuments = false
    /// Whether its answers always carry `iss`.
    package var namesItself = false

    private static let oauth = "/.well-known/oauth-authorization-server"
    private static let openID = "/.well-known/openid-configuration"

    /// Where the metadata of an issuer may be, best first.
    package static func locations(origin: String, path: String) -> [String] {
        var path = Substring(path)
        while path.hasSuffix("/") { path.removeLast() }
        guard !path.isEmpty else { return [origin + oauth, origin + openID] }
        return [origin + oauth + path, origin + openID + path, origin + path + openID]
    }

    /// - Parameter issuer: the issuer whose metadata were asked for; another one in them is an error.
    package init(_ metadata: JSONObject, issuer: String) throws(AuthorizationFailure) {
        func text(_ name: String) -> String? { metadata[name]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } }
        func words(_ name: String) -> [String]? { metadata[name]?.arrayValue?.compactMap(\.stringValue) }
        guard text("issuer") == issuer else {
            throw AuthorizationFailure(
                .mismatch,
                "the metadata found for the authorization server '\(AuthorizationFailure.shown(issuer))' are those of "
                    + "another one"
            )
        }
        guard let authorization = text("authorization_endpoint"), let token = text("token_endpoint") else {
            throw AuthorizationFailure(.malformed, "the authorization server names no endpoints for logins")
        }
        if let types = words("response_types_supported"), !types.contains("code") {
            throw AuthorizationFailure(.unsupported, "the authorization server gives out no authorization codes")
        }
        guard words("code_challenge_methods_supported")?.contains("S256") == true else {
            throw AuthorizationFailure(
                .unsupported,
                "the authorization server does not say that it supports PKCE with S256, without which a login is not safe"
            )
        }
        self.issuer = issuer
        authorizationEndpoint = authorization
        tokenEndpoint = token
        registrationEndpoint = text("registration_endpoint")
        revocationEndpoint = text("revocation_endpoint")
        scopes = words("scopes_supported")
        tokenEndpointMethods = words("token_endpoint_auth_methods_supported")
        takesClientMetadataDocuments = metadata["client_id_metadata_document_supported"]?.boolValue == true
        namesItself = metadata["authorization_response_iss_parameter_supported"]?.boolValue == true
    }

    /// The endpoints of servers of 2025-03-26 that publish nothing: they are at the server's own origin.
    package init(assumedAt origin: String) {
        issuer = origin
        authorizationEndpoint = origin + "/authorize"
        tokenEndpoint = origin + "/token"
        registrationEndpoint = origin + "/register"
    }
}
