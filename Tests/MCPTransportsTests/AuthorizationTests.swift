import Glibc
import JSON
import MCPProtocol
import MCPTransports
import Testing

@Suite("Authorization against servers", .serialized, .timeLimit(.minutes(5)))
struct AuthorizationTests {
    private static func connectError(_ server: ProtectedServer, _ login: ServerLogin) async -> MCPClientError? {
        do throws(MCPClientError) {
            let client = try await server.connect(login)
            await client.close()
            return nil
        } catch {
            return error
        }
    }

    private static func failure(_ login: ServerLogin) async throws -> AuthorizationFailure {
        do {
            try await ProtectedServer.logIn(login)
        } catch let failure as AuthorizationFailure {
            return failure
        }
        Issue.record("the login succeeded")
        throw CancellationError()
    }

    // MARK: The way there

    @Test(
        "C-06, C-68, C-69 every place of the metadata leads to a login, after which the server is connected",
        arguments: [
            ["metadata": "header"], ["metadata": "path"], ["metadata": "root"],
            ["metadata": "header", "issuer_path": "/tenant"],
            ["metadata": "path", "issuer_path": "/tenant/1", "place": "openid"],
            ["metadata": "root", "issuer_path": "/tenant", "place": "appended"], ["place": "openid"],
            ["resource": "MCP"],
        ] as [JSONObject]
    )
    func places(options: JSONObject) async throws {
        try await ProtectedServer.with(options) { server in
            let login = server.login()
            let refusal = await Self.connectError(server, login)
            #expect(refusal?.code == .authorizationRequired)
            #expect(refusal?.message.contains("log in") == true)
            try await ProtectedServer.logIn(login)
            let client = try await server.connect(login)
            #expect(try await client.callTool("read", arguments: [:])["content"]?[0]?["text"] == "done")
            await client.close()
        }
    }

    @Test("2025-03-26: a server without metadata is its own authorization server at the usual paths")
    func assumedEndpoints() async throws {
        try await ProtectedServer.with(["metadata": "none", "place": "none", "iss": "none"]) { server in
            let login = server.login()
            try await ProtectedServer.logIn(login)
            await (try await server.connect(login)).close()
            #expect(login.status.issuer == String(server.url.dropLast(4)))
        }
    }

    @Test("C-70, C-74 resource in both requests, S256, native client; the token in the header, never in a URL")
    func wire() async throws {
        try await ProtectedServer.with(["scope": "read", "server": ["scopes_supported": ["offline_access"]]]) {
            server in
            let login = server.login()
            _ = await Self.connectError(server, login)
            try await ProtectedServer.logIn(login)
            let client = try await server.connect(login)
            _ = try await client.listTools()
            await client.close()
            let authorize = try #require(await server.seen("as", "/authorize", atLeast: 1).first?["query"])
            let token = try #require(await server.seen("as", "/token", atLeast: 1).first?["body"])
            #expect(authorize["resource"]?.stringValue == server.url)
            #expect(token["resource"]?.stringValue == server.url)
            #expect(authorize["code_challenge_method"] == "S256")
            #expect(authorize["scope"] == "read offline_access")
            #expect(await server.seen("as", "/register", atLeast: 1).first?["body"]?["application_type"] == "native")
            let sent = await server.seen("mcp", "/mcp", atLeast: 4)
            #expect(sent.filter { $0["authorization"]?.stringValue?.hasPrefix("Bearer token-") == true }.count >= 3)
            for request in server.requests.values {
                #expect(request["query"]?.text().contains("token-") == false)
                #expect(request["server"] == "mcp" || request["authorization"]?.stringValue == nil)
            }
        }
    }

    @Test("how the client shows itself is what the server's metadata ask for", arguments: ["basic", "post"])
    func clientSecrets(kind: String) async throws {
        let method = "client_secret_\(kind)"
        let options: JSONObject = ["server": ["token_endpoint_auth_methods_supported": [.string(method)]]]
        try await ProtectedServer.with(options) { server in
            try await ProtectedServer.logIn(server.login())
            let request = try #require(await server.seen("as", "/token", atLeast: 1).first)
            #expect((request["authorization"]?.stringValue?.hasPrefix("Basic ") == true) == (kind == "basic"))
            #expect((request["body"]?["client_secret"] != nil) == (kind == "post"))
        }
    }

    // MARK: Refusals

    struct Refusal: Sendable, CustomTestStringConvertible {
        var name: String
        var options: JSONObject
        var code: AuthorizationFailure.Code
        var testDescription: String { name }
    }

    @Test(
        "what is wrong ends the login before a code or token is sent anywhere",
        arguments: [
            Refusal(
                name: "C-70 no PKCE",
                options: ["server": ["code_challenge_methods_supported": .null]],
                code: .unsupported
            ),
            Refusal(
                name: "C-70 plain PKCE",
                options: ["server": ["code_challenge_methods_supported": ["plain"]]],
                code: .unsupported
            ),
            Refusal(name: "C-71 wrong iss", options: ["iss": "wrong"], code: .mismatch),
            Refusal(name: "C-71 missing iss", options: ["iss": "none"], code: .mismatch),
            Refusal(name: "C-70 wrong state", options: ["state": "wrong"], code: .mismatch),
            Refusal(name: "C-68 foreign resource", options: ["resource": "https://other.example/mcp"], code: .mismatch),
            Refusal(name: "C-68 resource beside ours", options: ["resource": "MCP/other"], code: .mismatch),
            Refusal(name: "C-69 other issuer", options: ["server": ["issuer": "AS/other"]], code: .mismatch),
            Refusal(name: "C-69 issuer with a slash", options: ["server": ["issuer": "AS/"]], code: .mismatch),
            Refusal(name: "no metadata at the issuer", options: ["place": "none"], code: .unreachable),
            Refusal(
                name: "C-76 issuer at the cloud's address",
                options: ["servers": ["http://169.254.169.254"]],
                code: .forbiddenAddress
            ),
            Refusal(
                name: "C-76 https issuer at the cloud's address",
                options: ["servers": ["https://169.254.169.254/x"]],
                code: .forbiddenAddress
            ),
            Refusal(
                name: "C-76 issuer in a private network",
                options: ["servers": ["https://10.0.0.1"]],
                code: .forbiddenAddress
            ),
            Refusal(
                name: "C-76 registration in a private network",
                options: ["server": ["registration_endpoint": "https://[fd00::1]/register"]],
                code: .forbiddenAddress
            ),
            Refusal(
                name: "C-76 issuer without TLS",
                options: ["servers": ["http://as.example.com"]],
                code: .forbiddenAddress
            ),
            Refusal(
                name: "C-22, C-76 metadata redirected elsewhere",
                options: ["resource_redirect": "AS/own-metadata"],
                code: .forbiddenAddress
            ),
            Refusal(
                name: "metadata redirected in a circle",
                options: ["resource_redirect": "/.well-known/oauth-protected-resource/mcp"],
                code: .malformed
            ),
            Refusal(name: "huge metadata", options: ["huge": 300_000], code: .malformed),
            Refusal(
                name: "C-75 page without TLS",
                options: ["server": ["authorization_endpoint": "http://as.example.com/a"]],
                code: .forbiddenAddress
            ),
            Refusal(
                name: "C-75 page that is no web page",
                options: ["server": ["authorization_endpoint": "file:///etc/passwd"]],
                code: .malformed
            ),
            Refusal(
                name: "C-75 page with a user",
                options: ["server": ["authorization_endpoint": "https://a:b@c.example/"]],
                code: .malformed
            ),
            Refusal(
                name: "nobody may register",
                options: ["server": ["registration_endpoint": .null]],
                code: .noClient
            ),
            Refusal(name: "person says no", options: ["refusal": "access_denied"], code: .refused("access_denied")),
        ]
    )
    func refusals(_ test: Refusal) async throws {
        try await ProtectedServer.with(test.options) { server in
            let login = server.login()
            _ = await Self.connectError(server, login)
            let failure = try await Self.failure(login)
            #expect(failure.code == test.code, "\(failure.message)")
            #expect(!login.status.isLoggedIn)
            #expect(server.seen("as", "/token").isEmpty)
        }
    }

    @Test("C-76 names that lead to this machine are refused after they are resolved, for servers elsewhere")
    func resolvedNames() async throws {
        let policy = AuthorizationPolicy(server: try #require(WebAddress("https://mcp.example.com/mcp")), issuer: nil)
        for text in ["https://localhost/x", "http://127.0.0.1/x", "https://[::1]/", "https://2130706433/", "ftp://a/"] {
            #expect(throws: AuthorizationFailure.self) { try policy.target(text, "it") }
        }
        #expect(try policy.target("https://as.example.com/x", "it").refusesSpecialAddresses)
        #expect(try policy.target("https://mcp.example.com/x", "it").refusesSpecialAddresses == false)
        let private_ = AuthorizationPolicy(
            server: try #require(WebAddress("https://mcp.example.com/mcp")),
            issuer: WebAddress("https://10.1.2.3/realm")
        )
        #expect(try private_.target("https://10.1.2.3/token", "it").refusesSpecialAddresses == false)
        #expect(throws: AuthorizationFailure.self) { try private_.target("https://10.1.2.4/token", "it") }
    }

    @Test(
        "a server that hangs is left after the time for one request",
        arguments: [
            "/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-authorization-server", "/register",
            "/token",
        ]
    )
    func hangs(path: String) async throws {
        try await ProtectedServer.with(["hang": [.string(path)]]) { server in
            let login = server.login { $0.timeout = .seconds(1) }
            let begun = ContinuousClock.now
            let failure = try await Self.failure(login)
            #expect(failure.code == .unreachable)
            #expect(ContinuousClock.now - begun < .seconds(30))
        }
    }

    // MARK: Tokens

    @Test("a token is renewed before its end, by one renewal for all calls, and the refresh token is replaced")
    func renewal() async throws {
        try await ProtectedServer.with { server in
            let clock = ProtectedServer.Clock()
            let login = server.login(clock: clock)
            try await ProtectedServer.logIn(login)
            let first = try await login.current()
            clock.advance(by: 3539)
            #expect(try await login.current() == first)
            clock.advance(by: 1)
            let tokens = await withTaskGroup(of: String?.self) { group in
                for _ in 0..<8 { group.addTask { try? await login.current() } }
                return await group.reduce(into: Set<String?>()) { $0.insert($1) }
            }
            #expect(tokens.count == 1 && !tokens.contains(first) && !tokens.contains(nil))
            clock.advance(by: 3600)
            #expect(try await login.current() != nil)
            let renewals = await server.seen("as", "/token", atLeast: 3).dropFirst()
            #expect(renewals.count == 2)
            #expect(Set(renewals.compactMap { $0["body"]?["refresh_token"]?.stringValue }).count == 2)
            #expect(renewals.allSatisfy { $0["body"]?["resource"]?.stringValue == server.url })
        }
    }

    @Test("C-06 a refused token is renewed once and the call repeated")
    func refusedToken() async throws {
        try await ProtectedServer.with { server in
            let login = server.login()
            try await ProtectedServer.logIn(login)
            let client = try await server.connect(login)
            try await server.control("revoke")
            #expect(try await client.callTool("read", arguments: [:])["content"]?[0]?["text"] == "done")
            #expect(server.seen("as", "/token").count == 2)
            await client.close()
        }
    }

    @Test("a server that refuses every token brings about one renewal, and is no loop")
    func refusesAll() async throws {
        try await ProtectedServer.with(["refuses_all": true]) { server in
            let login = server.login()
            try await ProtectedServer.logIn(login)
            let error = await Self.connectError(server, login)
            #expect(error?.code == .authorizationRequired)
            _ = await Self.connectError(server, login)
            #expect(await server.seen("as", "/token", atLeast: 2).count == 2)
            #expect(await server.seen("mcp", "/mcp", atLeast: 2).count <= 8)
        }
    }

    @Test("a login whose refresh token has ended is forgotten; the way to a new one is told")
    func endedLogin() async throws {
        try await ProtectedServer.with(["renewal": "refuse"]) { server in
            let login = server.login()
            try await ProtectedServer.logIn(login)
            let client = try await server.connect(login)
            try await server.control("revoke")
            let error = await callError(client, "read")
            #expect(error?.code == .authorizationRequired)
            #expect(error?.message.contains("log in") == true)
            #expect(error?.message.contains("token-") == false && error?.message.contains("refresh-") == false)
            #expect(!login.status.isLoggedIn)
            await client.close()
        }
    }

    @Test("while an authorization server hangs, a token that is good still is used")
    func awayForAMoment() async throws {
        try await ProtectedServer.with(["renewal": "hang"]) { server in
            let clock = ProtectedServer.Clock()
            let login = server.login(clock: clock) { $0.timeout = .seconds(1) }
            try await ProtectedServer.logIn(login)
            let token = try await login.current()
            clock.advance(by: 3550)
            #expect(try await login.current() == token)
            clock.advance(by: 100)
            let error = await #expect(throws: MCPClientError.self) { try await login.current() }
            #expect(error?.code == .unreachable)
            #expect(login.status.isLoggedIn)
        }
    }

    // MARK: More rights

    @Test("C-73 too few rights ask for a login with more; after it the call works")
    func stepUp() async throws {
        try await ProtectedServer.with(["scope": "read"]) { server in
            let login = server.login()
            _ = await Self.connectError(server, login)
            try await ProtectedServer.logIn(login)
            let client = try await server.connect(login)
            let error = await callError(client, "write")
            #expect(error?.code == .forbidden)
            #expect(error?.message.contains("write") == true)
            #expect(login.status.awaitsStepUp)
            let request = try await ProtectedServer.logIn(login)
            #expect(request.scopes == ["read", "write"])
            #expect(await callError(client, "write") == nil)
            #expect(!login.status.awaitsStepUp)
            await client.close()
        }
    }

    @Test("C-73 a handshake that needs more rights asks for a login with them")
    func stepUpAtTheStart() async throws {
        try await ProtectedServer.with(["scope": "read", "entry": "read enter"]) { server in
            let login = server.login()
            _ = await Self.connectError(server, login)
            try await ProtectedServer.logIn(login)
            let refusal = await Self.connectError(server, login)
            #expect(refusal?.code == .forbidden)
            #expect(refusal?.message.contains("log in") == true)
            #expect(try await ProtectedServer.logIn(login).scopes == ["read", "enter"])
            await (try await server.connect(login)).close()
        }
    }

    @Test("C-73 a server that always wants more gets three logins")
    func boundedStepUp() async throws {
        try await ProtectedServer.with(["scope": "read"]) { server in
            let login = server.login()
            _ = await Self.connectError(server, login)
            try await ProtectedServer.logIn(login)
            let client = try await server.connect(login)
            for _ in 0..<3 {
                _ = await callError(client, "never")
                #expect(login.status.awaitsStepUp)
                try await ProtectedServer.logIn(login)
            }
            #expect(await callError(client, "never")?.code == .forbidden)
            #expect(!login.status.awaitsStepUp)
            #expect(await server.seen("mcp", "/mcp", atLeast: 8).count < 20)
            await client.close()
        }
    }

    // MARK: Registration and keeping

    @Test("C-72 another authorization server gets a registration of its own and nothing of the old one")
    func migration() async throws {
        try await ProtectedServer.with(["scope": "read"]) { server in
            let login = server.login()
            _ = await Self.connectError(server, login)
            try await ProtectedServer.logIn(login)
            try await server.control("move?issuer=AS/new")
            try await ProtectedServer.logIn(login)
            let ids = await server.seen("as", "/authorize", atLeast: 2).compactMap {
                $0["query"]?["client_id"]?.stringValue
            }
            #expect(Set(ids).count == 2)
            #expect(server.seen("as", "/register").count == 2)
            #expect(login.status.issuer == server.authority + "/new")
            try await ProtectedServer.logIn(login)
            #expect(server.seen("as", "/register").count == 2)
        }
    }

    @Test("C-72 a client id of the definition goes to the first authorization server only, or to the one it names")
    func pinnedClient() async throws {
        try await ProtectedServer.with { server in
            let login = server.login { $0.registration.clientID = "configured" }
            try await ProtectedServer.logIn(login)
            #expect(server.seen("as", "/register").isEmpty)
            try await server.control("move?issuer=AS/new")
            #expect(try await Self.failure(login).code == .mismatch)
            let issuer = server.authority
            let other = server.login {
                $0.registration.clientID = "configured"
                $0.issuer = issuer
            }
            #expect(try await Self.failure(other).code == .mismatch)
            let right = server.login {
                $0.registration.clientID = "configured"
                $0.issuer = issuer + "/new"
            }
            try await ProtectedServer.logIn(right)
        }
    }

    @Test("C-74 a login is kept in a file that only its owner can read, and is there after a restart")
    func file() async throws {
        let folder = "/tmp/muster-login-\(getpid())-\(UInt32.random(in: .min ... .max))"
        defer {
            unlink(folder + "/a.json")
            rmdir(folder)
        }
        try await ProtectedServer.with { server in
            let login = server.login(file: CredentialFile(path: folder + "/a.json"))
            try await ProtectedServer.logIn(login)
            var status = stat()
            #expect(stat(folder + "/a.json", &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
            let again = server.login(file: CredentialFile(path: folder + "/a.json"))
            #expect(again.status == login.status)
            await (try await server.connect(again)).close()
            // Another process renews: the refresh token that we hold is used up.
            try await server.control("revoke")
            await (try await server.connect(again)).close()
            await (try await server.connect(login)).close()
            #expect(server.seen("as", "/token").count == 2)
            // One that began without a login takes that of another process over.
            let late = server.login(file: CredentialFile(path: folder + "/b.json"))
            #expect(rename(folder + "/a.json", folder + "/b.json") == 0)
            await (try await server.connect(late)).close()
            #expect(late.status.isLoggedIn)
            #expect(rename(folder + "/b.json", folder + "/a.json") == 0)
            #expect(try await login.logOut() == .ended)
            #expect(try await login.logOut() == .notLoggedIn)
            let gone = server.login(file: CredentialFile(path: folder + "/a.json"))
            #expect(!gone.status.isLoggedIn)
        }
    }

    @Test("a logout makes the refresh token and the access token void, in that order")
    func revocation() async throws {
        try await ProtectedServer.with { server in
            let login = server.login()
            try await ProtectedServer.logIn(login)
            #expect(try await login.logOut() == .ended)
            let asked = await server.seen("as", "/revoke", atLeast: 2).compactMap { $0["body"] }
            #expect(asked.map { $0["token_type_hint"] } == ["refresh_token", "access_token"])
            #expect(asked[0]["token"]?.stringValue?.hasPrefix("refresh-") == true)
            #expect(asked[1]["token"]?.stringValue?.hasPrefix("token-") == true)
            #expect(asked.allSatisfy { $0["client_id"]?.stringValue?.hasPrefix("client-") == true })
        }
    }

    @Test("a logout is one also where tokens cannot be made void, and says so", arguments: [nil, "AS/nothing"])
    func noRevocation(endpoint: String?) async throws {
        let endpoints: JSONObject = ["revocation_endpoint": endpoint.map { .string($0) } ?? .null]
        try await ProtectedServer.with(["server": .object(endpoints)]) { server in
            let login = server.login()
            try await ProtectedServer.logIn(login)
            let logout = try await login.logOut()
            let reason = "the authorization server refused the revocation of a token (HTTP 404)"
            #expect(logout == (endpoint == nil ? .ended : .forgotten(reason)))
            #expect(!login.status.isLoggedIn)
        }
    }

    @Test("a file that is no file of ours is as good as none", arguments: ["", "{", "[]", "{\"version\":9}"])
    func brokenFile(text: String) throws {
        let path = "/tmp/muster-broken-\(getpid())-\(UInt32.random(in: .min ... .max))"
        defer { unlink(path) }
        let file = try #require(fopen(path, "w"))
        fputs(text, file)
        fclose(file)
        #expect(CredentialFile(path: path).load() == ServerCredentials())
    }
}
