import JSON
import MCPProtocol
import TestSupport
import Testing

@Suite("Authorization: logins and tokens")
struct AuthorizationLoginTests {
    private static func server(_ change: (inout AuthorizationServer) -> Void = { _ in }) throws -> AuthorizationServer {
        var server = try AuthorizationServer(AuthorizationDiscoveryTests.metadata, issuer: "https://as.example/t")
        change(&server)
        return server
    }

    private static func request(
        scopes: [String] = ["a", "b"],
        _ change: (inout AuthorizationServer) -> Void = { _ in }
    ) throws -> AuthorizationRequest {
        AuthorizationRequest(
            server: try server(change),
            client: RegisteredClient(id: "me & you", method: .none, origin: .definition),
            redirectURI: "http://127.0.0.1:1234/callback",
            scopes: scopes,
            resource: "https://a.example/mcp",
            entropy: (0..<64).map { $0 }
        )
    }

    private static func fields(_ url: String) -> [String: String] {
        let query = url.drop { $0 != "?" }.dropFirst()
        return Dictionary(FormFields.read(String(query)).map { ($0.name, $0.value) }) { first, _ in first + " twice" }
    }

    // MARK: The request

    @Test("C-70 the URL carries S256, state, resource and redirection; PKCE as RFC 7636 computes it")
    func url() throws {
        #expect(
            AuthorizationRequest.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
                == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        )
        let fields = Self.fields(try Self.request().url)
        #expect(fields["response_type"] == "code")
        #expect(fields["client_id"] == "me & you")
        #expect(fields["code_challenge_method"] == "S256")
        #expect(fields["code_challenge"]?.utf8.count == 43)
        #expect(fields["state"]?.utf8.count == 43)
        #expect(fields["resource"] == "https://a.example/mcp")
        #expect(fields["redirect_uri"] == "http://127.0.0.1:1234/callback")
        #expect(fields["scope"] == "a b")
        #expect(fields["prompt"] == nil)
        let bare = Self.fields(try Self.request(scopes: []).url)
        #expect(bare["scope"] == nil)
        let other = try Self.request { $0.authorizationEndpoint = "https://as.example/authorize?tenant=1" }
        #expect(other.url.hasPrefix("https://as.example/authorize?tenant=1&response_type=code&"))
    }

    @Test("C-74 what describes a login, a client or a grant shows no secret")
    func descriptions() throws {
        let request = try Self.request()
        let state = try #require(Self.fields(request.url)["state"])
        #expect(!"\(request)".contains(state))
        let client = RegisteredClient(id: "id", secret: "s3cret", method: .post, origin: .dynamic)
        let grant = AccessGrant(accessToken: "t0ken", refreshToken: "r3fresh", issued: 0)
        var credentials = ServerCredentials()
        credentials.keep(client, of: "https://as")
        credentials.login = ServerCredentials.Login(
            issuer: "https://as",
            tokenEndpoint: "https://as/token",
            resource: "r",
            client: client,
            scopes: [],
            grant: grant
        )
        for text in ["\(client)", "\(grant)", "\(credentials)", "\(credentials.login.map { "\($0)" } ?? "")"] {
            #expect(!text.contains("s3cret") && !text.contains("t0ken") && !text.contains("r3fresh"), "\(text)")
        }
    }

    // MARK: The answer

    struct AnswerCase: Sendable, CustomTestStringConvertible {
        var name: String
        /// `STATE` stands for the right one.
        var query: String
        var namesItself = false
        /// `foreign`, `code …` or the start of a failure's code.
        var expected: String
        var testDescription: String { name }
    }

    private static let issuer = "iss=https%3A%2F%2Fas.example%2Ft"

    @Test(
        "C-70, C-71 state and issuer are checked before anything else is believed",
        arguments: [
            AnswerCase(name: "plain", query: "code=c1&state=STATE", expected: "code c1"),
            AnswerCase(name: "escaped", query: "code=c%2B1+x&state=STATE", expected: "code c+1 x"),
            AnswerCase(name: "no state", query: "code=c1", expected: "foreign"),
            AnswerCase(name: "other state", query: "code=c1&state=x", expected: "foreign"),
            AnswerCase(name: "state twice", query: "code=c1&state=STATE&state=STATE", expected: "foreign"),
            AnswerCase(name: "error without state", query: "error=access_denied", expected: "foreign"),
            AnswerCase(name: "code twice", query: "code=c1&code=c2&state=STATE", expected: "malformed"),
            AnswerCase(name: "no code", query: "state=STATE", expected: "malformed"),
            AnswerCase(
                name: "right iss",
                query: "code=c1&state=STATE&\(issuer)",
                namesItself: true,
                expected: "code c1"
            ),
            AnswerCase(name: "right iss, not announced", query: "code=c1&state=STATE&\(issuer)", expected: "code c1"),
            AnswerCase(name: "iss missing", query: "code=c1&state=STATE", namesItself: true, expected: "mismatch"),
            AnswerCase(name: "wrong iss", query: "code=c1&state=STATE&iss=https%3A%2F%2Fevil", expected: "mismatch"),
            AnswerCase(name: "iss with a slash more", query: "code=c1&state=STATE&\(issuer)%2F", expected: "mismatch"),
            AnswerCase(name: "empty iss", query: "code=c1&state=STATE&iss=", expected: "mismatch"),
            AnswerCase(name: "refusal", query: "error=access_denied&state=STATE", expected: "refused"),
            AnswerCase(
                name: "refusal of another server",
                query: "error=access_denied&state=STATE&iss=https%3A%2F%2Fevil",
                expected: "mismatch"
            ),
        ]
    )
    func answers(_ test: AnswerCase) throws {
        let request = try Self.request { $0.namesItself = test.namesItself }
        let state = try #require(Self.fields(request.url)["state"])
        let outcome = request.outcome(
            test.query.split(separator: "STATE", omittingEmptySubsequences: false)
                .joined(separator: state)
        )
        let shown =
            switch outcome {
            case .foreign: "foreign"
            case .code(let code): "code \(code)"
            case .failed(let failure): "\(failure.code)"
            }
        #expect(shown == test.expected || (test.expected == "refused" && shown.hasPrefix("refused")))
    }

    @Test("C-71 nothing that an answer of another server says is shown; what the right one says is cleaned")
    func noTextOfOthers() throws {
        let request = try Self.request()
        let state = try #require(Self.fields(request.url)["state"])
        let evil = request.outcome("error=PWNED&error_description=PWNED&state=\(state)&iss=https%3A%2F%2FPWNED")
        guard case .failed(let failure) = evil else { return #expect(Bool(false), "\(evil)") }
        #expect(!failure.message.contains("PWNED"))
        let said = request.outcome(
            "error=access_denied&error_description=no%0A%1B%5B2J\(String(repeating: "x", count: 999))&state=\(state)"
        )
        guard case .failed(let refusal) = said else { return #expect(Bool(false), "\(said)") }
        #expect(refusal.message.utf8.allSatisfy { $0 >= 0x20 })
        #expect(refusal.message.utf8.count < 400)
    }

    // MARK: Registration

    private static func choice(
        _ registration: ClientRegistration,
        _ server: AuthorizationServer,
        known: RegisteredClient? = nil
    ) throws -> ClientRegistration.Choice {
        try registration.choice(
            at: server,
            known: known,
            redirectURI: "http://127.0.0.1:1/callback",
            scopes: ["a"],
            now: 1000
        )
    }

    @Test("C-72 the definition's client, then a document about us, then what we registered, then a registration")
    func registrationOrder() throws {
        let server = try Self.server { $0.registrationEndpoint = "https://as.example/register" }
        let all = ClientRegistration(clientID: "mine", documentURL: "https://me.example/client")
        guard case .use(let first) = try Self.choice(all, server) else { return #expect(Bool(false)) }
        #expect(first == RegisteredClient(id: "mine", method: .none, origin: .definition))
        let document = ClientRegistration(documentURL: "https://me.example/client")
        guard case .use(let second) = try Self.choice(document, server) else { return #expect(Bool(false)) }
        #expect(second.id == "https://me.example/client")
        #expect(second.origin == .document)
        var old = server
        old.takesClientMetadataDocuments = false
        guard case .register(let endpoint, let body) = try Self.choice(document, old) else {
            return #expect(Bool(false))
        }
        #expect(endpoint == "https://as.example/register")
        #expect(body["application_type"] == "native")
        #expect(body["redirect_uris"] == ["http://127.0.0.1:1/callback"])
        #expect(body["scope"] == "a")
        let known = RegisteredClient(
            id: "k",
            method: .none,
            origin: .dynamic,
            redirectURI: "http://127.0.0.1:1/callback"
        )
        #expect(try Self.choice(document, old, known: known) == .use(known))
    }

    @Test("C-72 a registration for another redirection, or whose secret has ended, is made anew")
    func staleRegistrations() throws {
        let server = try Self.server { $0.registrationEndpoint = "https://as.example/register" }
        let nobody = ClientRegistration()
        for known in [
            RegisteredClient(id: "k", method: .none, origin: .dynamic, redirectURI: "http://127.0.0.1:2/callback"),
            RegisteredClient(
                id: "k",
                secret: "s",
                method: .basic,
                origin: .dynamic,
                redirectURI: "http://127.0.0.1:1/callback",
                secretExpiry: 1000
            ),
        ] {
            guard case .register = try Self.choice(nobody, server, known: known) else { return #expect(Bool(false)) }
        }
    }

    @Test("C-72 without any way to register the failure says what to write")
    func noRegistration() throws {
        let server = try Self.server()
        let failure = #expect(throws: AuthorizationFailure.self) { try Self.choice(ClientRegistration(), server) }
        #expect(failure?.code == .noClient)
        #expect(failure?.message.contains("auth.clientId") == true)
    }

    @Test(
        "how a client shows itself follows the server's metadata",
        arguments: [
            (nil, true, "client_secret_basic"), (["client_secret_post"], true, "client_secret_post"),
            (["client_secret_post", "client_secret_basic"], true, "client_secret_basic"), (["none"], true, "none"),
            (["client_secret_basic"], false, "none"), (["private_key_jwt"], true, nil),
        ] as [([String]?, Bool, String?)]
    )
    func methods(offered: [String]?, hasSecret: Bool, expected: String?) throws {
        let server = try Self.server { $0.tokenEndpointMethods = offered }
        let registration = ClientRegistration(clientID: "c", clientSecret: hasSecret ? "s" : nil)
        let choice = try? Self.choice(registration, server)
        guard case .use(let client)? = choice else { return #expect(expected == nil) }
        #expect(client.method.rawValue == expected)
    }

    @Test func answerOfARegistrationIsRead() throws {
        let server = try Self.server()
        let client = try ClientRegistration.registered(
            [
                "client_id": "c", "client_secret": "s", "token_endpoint_auth_method": "client_secret_post",
                "client_secret_expires_at": 9,
            ],
            at: server,
            redirectURI: "r"
        )
        #expect(
            client
                == RegisteredClient(
                    id: "c",
                    secret: "s",
                    method: .post,
                    origin: .dynamic,
                    redirectURI: "r",
                    secretExpiry: 9
                )
        )
        #expect(throws: AuthorizationFailure.self) {
            try ClientRegistration.registered(["client_secret": "s"], at: server, redirectURI: "r")
        }
    }

    // MARK: Scopes

    @Test("C-73 scopes: the challenge's, else all that the server names, else none")
    func scopes() {
        var plan = ScopePlan(configured: [])
        #expect(plan.scopes(offered: nil, byAuthorizationServer: nil) == [])
        #expect(plan.scopes(offered: ["x", "y"], byAuthorizationServer: nil) == ["x", "y"])
        plan.challenge(["z"])
        #expect(plan.scopes(offered: ["x", "y"], byAuthorizationServer: nil) == ["z"])
        var configured = ScopePlan(configured: ["c"])
        #expect(configured.scopes(offered: ["x"], byAuthorizationServer: nil) == ["c"])
        configured.challenge(["z"])
        #expect(configured.scopes(offered: ["x"], byAuthorizationServer: nil) == ["c", "z"])
    }

    @Test("C-73 offline_access is asked for when the authorization server lists it, and only then")
    func offlineAccess() {
        let plan = ScopePlan(configured: [])
        #expect(
            plan.scopes(offered: ["x"], byAuthorizationServer: ["x", "offline_access"]) == ["x", "offline_access"]
        )
        #expect(plan.scopes(offered: ["x", "offline_access"], byAuthorizationServer: ["x"]) == ["x"])
        #expect(plan.scopes(offered: ["offline_access"], byAuthorizationServer: nil) == [])
    }

    @Test("C-73 a step up asks for the union, is not made for what was asked for already, and has an end")
    func stepUps() throws {
        var plan = ScopePlan(configured: [], requested: ["a"])
        #expect(throws: AuthorizationFailure.self) { try plan.stepUp(nil) }
        #expect(throws: AuthorizationFailure.self) { try plan.stepUp(["a"]) }
        for number in 1...ScopePlan.stepUpLimit {
            try plan.stepUp(["s\(number)"])
            // As many calls as like meet the same refusal.
            try plan.stepUp(["s\(number)"])
            #expect(plan.awaitsStepUp)
            let scopes = plan.scopes(offered: nil, byAuthorizationServer: nil)
            #expect(scopes == ["a"] + (1...number).map { "s\($0)" })
            plan.loggedIn(scopes)
            #expect(!plan.awaitsStepUp)
        }
        let failure = #expect(throws: AuthorizationFailure.self) { try plan.stepUp(["more"]) }
        #expect(failure?.code == .stepUpLimit)
        plan.loggedOut()
        #expect(plan.scopes(offered: nil, byAuthorizationServer: nil) == [])
    }

    // MARK: Tokens

    @Test(
        "C-74 answers of token endpoints that are no bearer token are refused",
        arguments: [
            [:], ["access_token": "t"], ["access_token": "", "token_type": "Bearer"],
            ["access_token": "t", "token_type": "mac"], ["access_token": "two words", "token_type": "Bearer"],
            ["access_token": "line\nend", "token_type": "Bearer"], ["access_token": "t\u{E9}", "token_type": "Bearer"],
            ["access_token": .string(String(repeating: "x", count: 70_000)), "token_type": "Bearer"],
            ["access_token": "t", "token_type": "Bearer", "refresh_token": "a b"],
        ] as [JSONObject]
    )
    func badGrants(answer: JSONObject) {
        #expect(throws: AuthorizationFailure.self) { try AccessGrant(answer, now: 0) }
    }

    @Test(
        "a token is renewed before its end: a minute, or a quarter of a short life",
        arguments: [
            (3600, 3539, true), (3600, 3540, false), (40, 29, true), (40, 30, false), (0, 0, false), (-5, 0, false),
        ] as [(Int64, Int64, Bool)]
    )
    func freshness(lifetime: Int64, age: Int64, isFresh: Bool) throws {
        let grant = try AccessGrant(
            ["access_token": "t", "token_type": "bearer", "expires_in": .integer(lifetime)],
            now: 1_000_000
        )
        #expect(grant.isFresh(at: 1_000_000 + age) == isFresh)
    }

    @Test func lifetimesAreReadWithinBounds() throws {
        func expiry(_ value: JSONValue?) throws -> Int64? {
            var answer: JSONObject = ["access_token": "t", "token_type": "Bearer"]
            answer["expires_in"] = value
            return try AccessGrant(answer, now: 100).expiry
        }
        #expect(try expiry(nil) == nil)
        #expect(try expiry("60") == 160)
        #expect(try expiry(.integer(.max)) == 100 + 10 * 366 * 86_400)
        #expect(try expiry("soon") == nil)
    }

    @Test("a refresh token that is not replaced stays good, one that is replaces it")
    func rotation() throws {
        let first = AccessGrant(accessToken: "1", refreshToken: "r1", issued: 0, scopes: ["a"])
        let kept = try AccessGrant(["access_token": "2", "token_type": "Bearer"], now: 1, previous: first)
        #expect(kept.refreshToken == "r1")
        #expect(kept.scopes == ["a"])
        let rotated = try AccessGrant(
            ["access_token": "3", "token_type": "Bearer", "refresh_token": "r2", "scope": "b"],
            now: 1,
            previous: kept
        )
        #expect(rotated.refreshToken == "r2")
        #expect(rotated.scopes == ["b"])
    }

    @Test("C-70 code and refresh token are sent with verifier, resource and the client's credentials")
    func tokenRequests() throws {
        let request = try Self.request()
        let form = Dictionary(FormFields.read(TokenRequest(code: "c", request).body).map { ($0.name, $0.value) }) { $1 }
        #expect(form["grant_type"] == "authorization_code")
        #expect(form["resource"] == "https://a.example/mcp")
        #expect(form["redirect_uri"] == "http://127.0.0.1:1234/callback")
        #expect(form["client_id"] == "me & you")
        let verifier = try #require(form["code_verifier"])
        #expect(AuthorizationRequest.challenge(verifier) == Self.fields(request.url)["code_challenge"])
        let basic = RegisteredClient(id: "a:b", secret: "c d", method: .basic, origin: .definition)
        let renewal = TokenRequest(refreshToken: "r", resource: "x", client: basic)
        // a%3Ab:c%20d
        #expect(renewal.fields.contains(HTTPField("Authorization", "Basic YSUzQWI6YyUyMGQ=")))
        #expect(renewal.body == "grant_type=refresh_token&refresh_token=r&resource=x")
        let post = RegisteredClient(id: "a", secret: "b", method: .post, origin: .definition)
        let posted = TokenRequest(refreshToken: "r", resource: "x", client: post)
        #expect(posted.body.hasSuffix("&client_id=a&client_secret=b"))
    }

    // MARK: Credentials

    @Test("C-72 credentials are kept by issuer and read back as they were")
    func credentials() throws {
        var credentials = ServerCredentials()
        #expect(ServerCredentials(credentials.json) == credentials)
        credentials.firstIssuer = "https://as"
        for number in 0..<40 {
            credentials.keep(
                RegisteredClient(
                    id: "\(number)",
                    secret: "s",
                    method: .post,
                    origin: .dynamic,
                    redirectURI: "r",
                    secretExpiry: 7
                ),
                of: "https://as\(number)"
            )
        }
        #expect(credentials.clients.count <= ServerCredentials.clientLimit)
        #expect(credentials.clients["https://as39"]?.id == "39")
        credentials.login = ServerCredentials.Login(
            issuer: "https://as39",
            tokenEndpoint: "https://as39/token",
            resource: "https://a/mcp",
            client: try #require(credentials.clients["https://as39"]),
            scopes: ["a"],
            grant: AccessGrant(accessToken: "t", refreshToken: "r", issued: 5, expiry: 9, scopes: ["b"])
        )
        let text = JSONValue.object(credentials.json).text()
        #expect(ServerCredentials(try #require(JSONValue(parsing: text).objectValue)) == credentials)
    }

    @Test(arguments: ["{}", #"{"version":2}"#, #"{"version":1,"login":{}}"#, #"{"version":1,"clients":{"a":1}}"#])
    func whatIsNotOursIsNotRead(text: String) throws {
        #expect(ServerCredentials(try #require(JSONValue(parsing: text).objectValue)) == nil)
    }

    @Test("forms are read as they are written", arguments: 0..<100)
    func forms(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let value = String(
            String.UnicodeScalarView(
                (0..<20).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0...0x3FF, using: &generator)) }
            )
        )
        let read = FormFields.read(FormFields.text([(name: "a", value: value), (name: value, value: "b")]))
        #expect(read.map(\.name) == ["a", value] && read.map(\.value) == [value, "b"])
    }
}
