import Checksums

/// One login that is under way: what the browser is sent with, and what is made of what it comes back with.
///
/// - Source: RFC 6749, section 4.1; RFC 7636; RFC 8707; RFC 9207.
package struct AuthorizationRequest: Sendable, CustomStringConvertible {
    package let server: AuthorizationServer
    package let client: RegisteredClient
    package let redirectURI: String
    /// Empty for none.
    package let scopes: [String]
    package let resource: String
    let state: String
    let verifier: String

    /// Bytes of chance that a login needs.
    package static let entropySize = 64

    /// - Parameter entropy: ``entropySize`` bytes that nobody can guess, used for nothing else.
    package init(
        server: AuthorizationServer,
        client: RegisteredClient,
        redirectURI: String,
        scopes: [String],
        resource: String,
        entropy: [UInt8]
    ) {
        precondition(entropy.count == Self.entropySize)
        self.server = server
        self.client = client
        self.redirectURI = redirectURI
        self.scopes = scopes
        self.resource = resource
        state = Base64Text.encoded(Array(entropy.prefix(Self.entropySize / 2)), .url)
        verifier = Base64Text.encoded(Array(entropy.suffix(Self.entropySize / 2)), .url)
    }

    package var description: String { "login at \(server.issuer)" }

    /// Of a verifier, the text that is shown before the verifier is.
    package static func challenge(_ verifier: String) -> String {
        Base64Text.encoded(SHA2.sha256(Array(verifier.utf8)), .url)
    }

    /// What the browser has to open.
    package var url: String {
        var fields = [
            (name: "response_type", value: "code"), (name: "client_id", value: client.id),
            (name: "redirect_uri", value: redirectURI), (name: "state", value: state),
            (name: "code_challenge", value: Self.challenge(verifier)), (name: "code_challenge_method", value: "S256"),
            (name: "resource", value: resource),
        ]
        if !scopes.isEmpty { fields.append((name: "scope", value: scopes.joined(separator: " "))) }
        // Without a person who agrees, no login is given that outlives the browser's session.
        if scopes.contains("offline_access") { fields.append((name: "prompt", value: "consent")) }
        let endpoint = server.authorizationEndpoint
        return endpoint + (endpoint.contains("?") ? "&" : "?") + FormFields.text(fields)
    }

    package enum Outcome: Hashable, Sendable {
        /// It belongs to no login of ours; the login goes on.
        case foreign
        case code(String)
        case failed(AuthorizationFailure)
    }

    /// What the browser came back with.
    ///
    /// - Parameter query: what follows the question mark.
    package func outcome(_ query: String) -> Outcome {
        var values: [String: String] = [:]
        var repeated: Set<String> = []
        for field in FormFields.read(query) where values.updateValue(field.value, forKey: field.name) != nil {
            repeated.insert(field.name)
        }
        guard !repeated.contains("state"), let state = values["state"], Self.equal(state, self.state) else {
            return .foreign
        }
        guard repeated.isDisjoint(with: ["code", "iss", "error"]) else {
            return .failed(AuthorizationFailure(.malformed, "the answer of the authorization server says things twice"))
        }
        if let failure = issuerFailure(values["iss"]) { return .failed(failure) }
        if let error = values["error"] {
            let text = values["error_description"].map { ": \(AuthorizationFailure.shown($0))" } ?? ""
            return .failed(
                AuthorizationFailure(
                    .refused(error),
                    "the authorization server refused the login (\(AuthorizationFailure.shown(error)))\(text)"
                )
            )
        }
        guard let code = values["code"], !code.isEmpty else {
            return .failed(AuthorizationFailure(.malformed, "the authorization server sent no code"))
        }
        return .code(code)
    }

    /// Nothing that the answer says is shown: it may come from anybody.
    private func issuerFailure(_ issuer: String?) -> AuthorizationFailure? {
        switch issuer {
        case nil where !server.namesItself: nil
        case nil:
            AuthorizationFailure(
                .mismatch,
                "the answer to the login does not name the authorization server, which says that it always does"
            )
        case server.issuer?: nil
        case .some:
            AuthorizationFailure(
                .mismatch,
                "the answer to the login comes from another authorization server than \(server.issuer)"
            )
        }
    }

    /// Takes the same time wherever the texts differ.
    private static func equal(_ first: String, _ second: String) -> Bool {
        let (first, second) = (Array(first.utf8), Array(second.utf8))
        guard first.count == second.count else { return false }
        return zip(first, second).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
