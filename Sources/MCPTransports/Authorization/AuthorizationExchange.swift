package import JSON
package import MCPProtocol

/// Requests to authorization servers, each within limits.
package struct AuthorizationExchange: Sendable {
    /// Bytes of one answer.
    package static let answerLimit = 256 << 10
    private static let redirectLimit = 3

    private let policy: AuthorizationPolicy
    private let timeout: Duration

    /// - Parameter timeout: of one request.
    package init(_ policy: AuthorizationPolicy, timeout: Duration = .seconds(10)) {
        self.policy = policy
        self.timeout = timeout
    }

    /// Metadata; nil when there are none at this place. Redirects are followed within the origin only.
    package func metadata(at text: String, _ what: String) async throws(AuthorizationFailure) -> JSONObject? {
        var target = try policy.target(text, what)
        let fields = [HTTPField("Accept", "application/json")]
        for _ in 0...Self.redirectLimit {
            let response = try await send(HTTPClientRequest("GET", target.address, fields: fields), target, what)
            switch response.head.status {
            case 200:
                guard let object = Self.object(response) else {
                    throw AuthorizationFailure(.malformed, "\(what) at \(target.address) is no JSON object")
                }
                return object
            case 300..<400:
                guard let next = response.head["location"].flatMap({ target.address.resolving($0) }),
                    next.isSameOrigin(as: target.address)
                else {
                    throw AuthorizationFailure(
                        .forbiddenAddress,
                        "\(what): a redirect from \(target.address) to another origin is not followed"
                    )
                }
                target.address = next
            case 400..<500: return nil
            default:
                let status = response.head.status
                throw AuthorizationFailure(.unreachable, "\(what) at \(target.address): HTTP status \(status)")
            }
        }
        throw AuthorizationFailure(.malformed, "\(what): more than \(Self.redirectLimit) redirects")
    }

    /// A form or document, and what an endpoint makes of it. Never redirected.
    ///
    /// - Parameter wantsAnswer: whether a success without a JSON object is an error.
    package func post(
        _ body: String,
        fields: [HTTPField],
        to text: String,
        _ what: String,
        wantsAnswer: Bool = true
    ) async throws(AuthorizationFailure) -> JSONObject {
        let target = try policy.target(text, what)
        let request = HTTPClientRequest("POST", target.address, fields: fields, body: Array(body.utf8))
        let response = try await send(request, target, what)
        let answer = Self.object(response)
        let status = response.head.status
        if (300..<400).contains(status) {
            throw AuthorizationFailure(.forbiddenAddress, "\(what) is redirected by \(target.address.origin)")
        }
        guard (200..<300).contains(status) else { throw TokenRequest.refusal(status, answer, of: what) }
        if !wantsAnswer { return answer ?? [:] }
        guard let answer else { throw AuthorizationFailure(.malformed, "\(what) was answered without a JSON object") }
        // Servers in the field answer 200 with an error.
        if answer["error"] != nil, answer["access_token"] == nil, answer["client_id"] == nil {
            throw TokenRequest.refusal(status, answer, of: what)
        }
        return answer
    }

    private func send(
        _ request: HTTPClientRequest,
        _ target: AuthorizationPolicy.Target,
        _ what: String
    ) async throws(AuthorizationFailure) -> HTTPResponse {
        var request = request
        request.timeout = timeout
        request.refusesSpecialAddresses = target.refusesSpecialAddresses
        switch await request.fetch(limit: Self.answerLimit) {
        case .success(let response): return response
        case .failure(let failure):
            let origin = target.address.origin
            switch failure.code {
            case .forbiddenAddress:
                throw AuthorizationFailure(
                    .forbiddenAddress,
                    "\(what) is not asked: \(origin) leads to an address that is not public (the origin of "
                        + "auth.authorizationServer.issuer may be one)"
                )
            case .unwanted:
                throw AuthorizationFailure(
                    .malformed,
                    "\(what) of \(origin) is larger than \(Self.answerLimit) bytes"
                )
            case .cancelled: throw AuthorizationFailure(.abandoned, "\(what): the login was given up")
            default: throw AuthorizationFailure(.unreachable, "\(what): cannot reach \(origin): \(failure.message)")
            }
        }
    }

    private static func object(_ response: HTTPResponse) -> JSONObject? {
        guard let value = try? JSONValue(parsing: response.body) else { return nil }
        return value.objectValue
    }
}
