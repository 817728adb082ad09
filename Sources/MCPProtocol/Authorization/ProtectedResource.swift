package import JSON

/// What a protected server says about itself.
///
/// - Source: RFC 9728; MCP 2026-07-28, "Authorization Server Discovery".
package struct ProtectedResource: Hashable, Sendable {
    /// The identifier that tokens are asked for.
    package var resource: String
    /// Issuers, at least one.
    package var authorizationServers: [String]
    package var scopes: [String]?

    private static let wellKnown = "/.well-known/oauth-protected-resource"
    package static let issuerLimit = 16

    package init(_ metadata: JSONObject) throws(AuthorizationFailure) {
        guard let resource = metadata["resource"]?.stringValue, !resource.isEmpty else {
            throw AuthorizationFailure(.malformed, "the metadata of the protected resource name no resource")
        }
        let issuers = (metadata["authorization_servers"]?.arrayValue ?? []).compactMap(\.stringValue)
        guard !issuers.isEmpty, issuers.count <= Self.issuerLimit else {
            throw AuthorizationFailure(
                .malformed,
                "the metadata of the protected resource name \(issuers.isEmpty ? "no" : "too many") authorization servers"
            )
        }
        self.resource = resource
        authorizationServers = issuers
        scopes = metadata["scopes_supported"]?.arrayValue?.compactMap(\.stringValue)
    }

    /// Where the metadata of a server may be, best first.
    ///
    /// - Parameter named: what its challenge says.
    package static func locations(named: String?, origin: String, path: String) -> [String] {
        var locations = named.map { [$0] } ?? []
        let trimmed = Self.trimmed(path)
        if !trimmed.isEmpty { locations.append(origin + wellKnown + trimmed) }
        locations.append(origin + wellKnown)
        var seen: Set<String> = []
        return locations.filter { seen.insert($0).inserted }
    }

    /// Whether a resource covers a server: the same, or a path above it.
    package static func covers(
        resource: (origin: String, path: String),
        server: (origin: String, path: String)
    ) -> Bool {
        guard resource.origin == server.origin else { return false }
        let (above, below) = (trimmed(resource.path), trimmed(server.path))
        return above == below || below.hasPrefix(above + "/")
    }

    private static func trimmed(_ path: String) -> String {
        var path = Substring(path)
        while path.hasSuffix("/") { path.removeLast() }
        return String(path)
    }
}
