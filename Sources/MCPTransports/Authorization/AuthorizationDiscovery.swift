import JSON
package import MCPProtocol

/// From a server that wants authorization to where it is given.
package struct AuthorizationDiscovery: Sendable {
    /// What was found.
    package struct Findings: Sendable {
        package var server: AuthorizationServer
        /// What tokens are asked for.
        package var resource: String
        /// The scopes that the protected server names.
        package var scopes: [String]?
    }

    private let address: WebAddress
    /// What the definition says; no other one is taken then.
    private let issuer: String?
    private let exchange: AuthorizationExchange

    package init(_ address: WebAddress, issuer: String?, _ exchange: AuthorizationExchange) {
        self.address = address
        self.issuer = issuer
        self.exchange = exchange
    }

    /// - Parameter challenge: what the server said when it refused a request.
    package func run(_ challenge: AuthorizationChallenge?) async throws(AuthorizationFailure) -> Findings {
        guard let resource = try await protectedResource(challenge) else {
            let server =
                if let issuer { try await authorizationServer(issuer) } else { try await legacyServer() }
            return Findings(server: server, resource: canonical, scopes: nil)
        }
        let server = try await authorizationServer(try chosen(resource.authorizationServers))
        return Findings(server: server, resource: resource.resource, scopes: resource.scopes)
    }

    /// The server's URL as an identifier. Source: RFC 8707, section 2; MCP, "Canonical Server URI".
    private var canonical: String {
        let query = address.query.map { "?\($0)" } ?? ""
        return address.origin + (address.path == "/" && query.isEmpty ? "" : address.path) + query
    }

    private func protectedResource(
        _ challenge: AuthorizationChallenge?
    ) async throws(AuthorizationFailure) -> ProtectedResource? {
        let what = "the metadata of the protected resource"
        let locations = ProtectedResource.locations(
            named: challenge?.resourceMetadata,
            origin: address.origin,
            path: address.path
        )
        for location in locations {
            guard let metadata = try await exchange.metadata(at: location, what) else { continue }
            let resource = try ProtectedResource(metadata)
            guard let named = WebAddress(resource.resource), !named.hasFragment,
                ProtectedResource.covers(
                    resource: (named.origin, named.path),
                    server: (address.origin, address.path)
                )
            else {
                throw AuthorizationFailure(
                    .mismatch,
                    "\(what) are those of another server (\(AuthorizationFailure.shown(resource.resource)))"
                )
            }
            return resource
        }
        return nil
    }

    private func chosen(_ issuers: [String]) throws(AuthorizationFailure) -> String {
        guard let issuer else { return issuers[0] }
        guard issuers.contains(issuer) else {
            throw AuthorizationFailure(
                .mismatch,
                "the server does not name the authorization server of its definition (\(issuer)) but "
                    + AuthorizationFailure.shown(issuers.joined(separator: ", "))
            )
        }
        return issuer
    }

    private func authorizationServer(_ issuer: String) async throws(AuthorizationFailure) -> AuthorizationServer {
        guard let address = WebAddress(issuer), !address.hasFragment, address.query == nil else {
            throw AuthorizationFailure(
                .malformed,
                "the authorization server '\(AuthorizationFailure.shown(issuer))' is no http or https URL"
            )
        }
        let locations = AuthorizationServer.locations(origin: address.origin, path: address.path)
        if let found = try await firstServer(locations, issuer: { _ in issuer }) { return found }
        throw AuthorizationFailure(
            .unreachable,
            "the authorization server \(AuthorizationFailure.shown(issuer)) publishes no metadata"
        )
    }

    /// Servers of 2025-03-26 are their own authorization servers, with metadata or without.
    private func legacyServer() async throws(AuthorizationFailure) -> AuthorizationServer {
        let origin = address.origin
        let locations = AuthorizationServer.locations(origin: origin, path: "")
        // Nobody has named an issuer yet; it has to be one of this origin.
        let found = try await firstServer(locations) { said in
            said.flatMap { WebAddress($0) }?.isSameOrigin(as: address) == true ? said ?? origin : origin
        }
        return found ?? AuthorizationServer(assumedAt: origin)
    }

    private func firstServer(
        _ locations: [String],
        issuer: (String?) -> String
    ) async throws(AuthorizationFailure) -> AuthorizationServer? {
        for location in locations {
            let what = "the metadata of the authorization server"
            guard let metadata = try await exchange.metadata(at: location, what) else { continue }
            return try AuthorizationServer(metadata, issuer: issuer(metadata["issuer"]?.stringValue))
        }
        return nil
    }
}
