import Checksums
package import JSON

/// An access token and what belongs to it.
///
/// - Source: RFC 6749, sections 5.1 and 6; RFC 6750.
package struct AccessGrant: Hashable, Sendable, CustomStringConvertible {
    package var accessToken: String
    package var refreshToken: String?
    /// Seconds since 1970.
    package var issued: Int64
    /// Seconds since 1970; nil when not said.
    package var expiry: Int64?
    /// What it allows; nil when not said, which means what was asked for.
    package var scopes: [String]?

    package static let tokenLimit = 64 << 10
    private static let lifetimeLimit: Int64 = 10 * 366 * 86_400
    /// How long before its end a token is not used any more, at most.
    package static let skew: Int64 = 60

    package init(
        accessToken: String,
        refreshToken: String? = nil,
        issued: Int64,
        expiry: Int64? = nil,
        scopes: [String]? = nil
    ) {
        self.accessToken = accessToken
        self.refreshToken = refreshToken
        self.issued = issued
        self.expiry = expiry
        self.scopes = scopes
    }

    /// - Parameters:
    ///   - answer: of the token endpoint.
    ///   - previous: the grant that it renews; its refresh token stays good when the answer has none.
    package init(_ answer: JSONObject, now: Int64, previous: AccessGrant? = nil) throws(AuthorizationFailure) {
        guard let token = answer["access_token"]?.stringValue, Self.isToken(token) else {
            throw AuthorizationFailure(.malformed, "the authorization server sent no usable access token")
        }
        let type = answer["token_type"]?.stringValue ?? ""
        guard type.lowercased() == "bearer" else {
            throw AuthorizationFailure(
                .unsupported,
                "the authorization server sent a token of type '\(AuthorizationFailure.shown(type))'; muster knows Bearer"
            )
        }
        accessToken = token
        if let renewed = answer["refresh_token"]?.stringValue {
            guard Self.isToken(renewed) else {
                throw AuthorizationFailure(.malformed, "the authorization server sent an unusable refresh token")
            }
            refreshToken = renewed
        } else {
            refreshToken = previous?.refreshToken
        }
        issued = now
        // Some servers write the number as a text.
        let lifetime = answer["expires_in"]?.integerValue ?? answer["expires_in"]?.stringValue.flatMap { Int64($0) }
        expiry = lifetime.map { now + min(max($0, 0), Self.lifetimeLimit) }
        scopes = answer["scope"]?.stringValue.map { ScopeList.words($0) } ?? previous?.scopes
    }

    package var description: String { "access token" }

    /// Whether it may still be sent. A token that lives for a short time only is used for three quarters of it.
    package func isFresh(at now: Int64) -> Bool {
        guard let expiry else { return true }
        return now < expiry - min(Self.skew, (expiry - issued) / 4)
    }

    /// Visible ASCII: anything else would break the header.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= tokenLimit && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}

/// What is sent to a token endpoint.
package struct TokenRequest: Sendable {
    package var fields: [HTTPField]
    /// A form.
    package var body: String

    /// Gives a code for a token.
    package init(code: String, _ request: AuthorizationRequest) {
        self.init(
            [
                (name: "grant_type", value: "authorization_code"), (name: "code", value: code),
                (name: "redirect_uri", value: request.redirectURI), (name: "code_verifier", value: request.verifier),
                (name: "resource", value: request.resource),
            ],
            request.client
        )
    }

    /// Gives a refresh token for another access token.
    package init(refreshToken: String, resource: String, client: RegisteredClient) {
        self.init(
            [
                (name: "grant_type", value: "refresh_token"), (name: "refresh_token", value: refreshToken),
                (name: "resource", value: resource),
            ],
            client
        )
    }

    /// Makes a token void.
    ///
    /// - Source: RFC 7009, section 2.1.
    package init(revoking token: String, isRefreshToken: Bool, client: RegisteredClient) {
        let hint = isRefreshToken ? "refresh_token" : "access_token"
        self.init([(name: "token", value: token), (name: "token_type_hint", value: hint)], client)
    }

    private init(_ form: [(name: String, value: String)], _ client: RegisteredClient) {
        var form = form
        fields = [
            HTTPField("Content-Type", "application/x-www-form-urlencoded"), HTTPField("Accept", "application/json"),
        ]
        switch client.method {
        case .basic:
            let pair = "\(FormFields.encoded(client.id)):\(FormFields.encoded(client.secret ?? ""))"
            fields.append(HTTPField("Authorization", "Basic \(Base64Text.encoded(Array(pair.utf8)))"))
        case .post:
            form.append((name: "client_id", value: client.id))
            form.append((name: "client_secret", value: client.secret ?? ""))
        case .none: form.append((name: "client_id", value: client.id))
        }
        body = FormFields.text(form)
    }

    /// What an answer of a token or registration endpoint means that is no success.
    package static func refusal(_ status: Int, _ answer: JSONObject?, of what: String) -> AuthorizationFailure {
        guard let error = answer?["error"]?.stringValue else {
            return AuthorizationFailure(
                status >= 500 ? .unreachable : .refused(""),
                "the authorization server refused \(what) (HTTP \(status))"
            )
        }
        let text = answer?["error_description"]?.stringValue.map { ": \(AuthorizationFailure.shown($0))" } ?? ""
        return AuthorizationFailure(
            .refused(error),
            "the authorization server refused \(what) (\(AuthorizationFailure.shown(error)))\(text)"
        )
    }
}
