package import MCPProtocol

/// Which of the URLs that servers name are asked. What a server says must not make us ask the machines around us.
///
/// - Source: MCP, "Security Best Practices", on SSRF and on authorization URLs.
package struct AuthorizationPolicy: Sendable {
    /// Origins that the definition names: the server's own, and that of its issuer.
    private let trusted: Set<String>
    /// Servers on this machine may name others on this machine.
    private let allowsLoopback: Bool

    package init(server: WebAddress, issuer: WebAddress?) {
        trusted = Set([server.origin, issuer?.origin].compactMap(\.self))
        allowsLoopback = server.isLoopback
    }

    /// An address that may be asked, and how.
    package struct Target: Sendable {
        package var address: WebAddress
        /// Whether it is refused when its name leads to an address that is not public.
        package var refusesSpecialAddresses: Bool
    }

    /// - Parameter what: what the URL is, for messages.
    package func target(_ text: String, _ what: String) throws(AuthorizationFailure) -> Target {
        guard let address = WebAddress(text), !address.hasFragment, !address.hasUser else {
            throw AuthorizationFailure(.malformed, "\(what) is no URL that can be asked")
        }
        if trusted.contains(address.origin) { return Target(address: address, refusesSpecialAddresses: false) }
        if allowsLoopback, address.isLoopback { return Target(address: address, refusesSpecialAddresses: false) }
        guard address.scheme == "https" else {
            throw AuthorizationFailure(.forbiddenAddress, "\(what) is not asked: \(address.origin) is not https")
        }
        guard !address.isSpecial else {
            throw AuthorizationFailure(
                .forbiddenAddress,
                "\(what) is not asked: \(address.origin) is not a public address (the origin of "
                    + "auth.authorizationServer.issuer may be one)"
            )
        }
        return Target(address: address, refusesSpecialAddresses: true)
    }

    /// Checks a URL that a person is asked to open: https, or http on this machine.
    package static func checkPage(_ text: String) throws(AuthorizationFailure) {
        guard let address = WebAddress(text), !address.hasUser, !address.hasFragment else {
            throw AuthorizationFailure(.malformed, "the page for logins is no http or https URL")
        }
        guard address.scheme == "https" || address.isLoopback else {
            throw AuthorizationFailure(
                .forbiddenAddress,
                "the page for logins is not https: \(address.origin)"
            )
        }
    }
}
