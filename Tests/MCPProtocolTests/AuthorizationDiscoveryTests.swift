import JSON
import MCPProtocol
import TestSupport
import Testing

@Suite("Authorization: what servers say")
struct AuthorizationDiscoveryTests {
    // MARK: Challenges

    struct ChallengeCase: Sendable, CustomTestStringConvertible {
        var values: [String]
        var expected: AuthorizationChallenge?
        var testDescription: String { values.joined(separator: " | ") }

        init(_ values: [String], _ expected: AuthorizationChallenge?) {
            self.values = values
            self.expected = expected
        }
    }

    private static let place = "https://a.example/.well-known/oauth-protected-resource"

    @Test(
        "C-68 challenges are taken apart, whatever stands beside them",
        arguments: [
            ChallengeCase([], nil),
            ChallengeCase(["Basic realm=\"x\""], nil),
            ChallengeCase(["Bearer"], AuthorizationChallenge()),
            ChallengeCase(
                ["Bearer resource_metadata=\"\(place)\", scope=\"a b  a\", error=\"invalid_token\""],
                AuthorizationChallenge(resourceMetadata: place, scopes: ["a", "b"], error: "invalid_token")
            ),
            ChallengeCase(
                ["Basic realm=\"a, b=\\\"c\\\"\", bEaReR  Scope = one ,error=insufficient_scope"],
                AuthorizationChallenge(scopes: ["one"], error: "insufficient_scope")
            ),
            ChallengeCase(["Negotiate YWJj==, Bearer scope=\"\""], AuthorizationChallenge()),
            ChallengeCase(["Basic x", "Bearer scope=\"second\""], AuthorizationChallenge(scopes: ["second"])),
            ChallengeCase(["Bearer scope=\"first\", scope=\"other\""], AuthorizationChallenge(scopes: ["first"])),
            ChallengeCase(["Bearer scope=\"not ended"], AuthorizationChallenge(scopes: ["not", "ended"])),
            ChallengeCase([", ,=\"=Bearer=,"], AuthorizationChallenge()),
            ChallengeCase(["Bearer error=\"" + String(repeating: "x", count: 20_000) + "\""], nil),
        ]
    )
    func challenges(_ test: ChallengeCase) {
        #expect(AuthorizationChallenge(test.values) == test.expected)
    }

    @Test("C-68 no bytes of a challenge are too odd", arguments: 0..<200)
    func anyChallenge(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let alphabet = Array("Bearer scope=\"a\\,; \t=é\"".utf8)
        let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
            alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        }
        let challenge = AuthorizationChallenge([String(decoding: bytes, as: UTF8.self)])
        #expect((challenge?.scopes ?? ["some"]).allSatisfy { !$0.isEmpty && !$0.contains(" ") })
    }

    // MARK: Protected resources

    @Test(
        "C-68 metadata of the protected resource: the challenge's URL, then beside the path, then at the root",
        arguments: [
            (
                String?.none, "/mcp",
                ["/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource"]
            ),
            (nil, "/", ["/.well-known/oauth-protected-resource"]),
            (
                nil, "/a/b/",
                ["/.well-known/oauth-protected-resource/a/b", "/.well-known/oauth-protected-resource"]
            ),
        ]
    )
    func resourceLocations(named: String?, path: String, expected: [String]) {
        let found = ProtectedResource.locations(named: named, origin: "https://a.example", path: path)
        #expect(found == expected.map { "https://a.example" + $0 })
        let other = ProtectedResource.locations(named: "https://b.example/x", origin: "https://a.example", path: path)
        #expect(other == ["https://b.example/x"] + found)
    }

    @Test(
        "C-68 a resource covers its own path and those below it, at the same origin",
        arguments: [
            ("https://a", "/mcp", "https://a", "/mcp", true), ("https://a", "/", "https://a", "/mcp", true),
            ("https://a", "/mcp/", "https://a", "/mcp", true), ("https://a", "/mcp", "https://a", "/mcp/x", true),
            ("https://a", "/mcp", "https://a", "/mcpx", false), ("https://a", "/other", "https://a", "/mcp", false),
            ("https://a", "/mcp/x", "https://a", "/mcp", false), ("https://b", "/mcp", "https://a", "/mcp", false),
            ("http://a", "/mcp", "https://a", "/mcp", false),
        ]
    )
    func coverage(origin: String, path: String, serverOrigin: String, serverPath: String, isCovered: Bool) {
        #expect(
            ProtectedResource.covers(resource: (origin, path), server: (serverOrigin, serverPath)) == isCovered
        )
    }

    @Test(
        "C-68 metadata without a resource or an authorization server are refused",
        arguments: [
            [:], ["resource": "https://a"], ["resource": "https://a", "authorization_servers": []],
            ["resource": "", "authorization_servers": ["https://b"]],
            ["resource": "https://a", "authorization_servers": .array((0..<17).map { .string("https://b\($0)") })],
            ["resource": 1, "authorization_servers": "https://b"],
        ] as [JSONObject]
    )
    func badResource(metadata: JSONObject) {
        #expect(throws: AuthorizationFailure.self) { try ProtectedResource(metadata) }
    }

    @Test func goodResourceIsRead() throws {
        let resource = try ProtectedResource([
            "resource": "https://a/mcp", "authorization_servers": ["https://b", 1, "https://c"],
            "scopes_supported": ["x", "y"],
        ])
        #expect(resource.authorizationServers == ["https://b", "https://c"])
        #expect(resource.scopes == ["x", "y"])
    }

    // MARK: Authorization servers

    @Test(
        "C-69 metadata of an issuer: RFC 8414, then OpenID Connect",
        arguments: [
            ("", ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"]),
            ("/", ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"]),
            (
                "/t/1",
                [
                    "/.well-known/oauth-authorization-server/t/1", "/.well-known/openid-configuration/t/1",
                    "/t/1/.well-known/openid-configuration",
                ]
            ),
        ]
    )
    func serverLocations(path: String, expected: [String]) {
        #expect(
            AuthorizationServer.locations(origin: "https://as", path: path) == expected.map { "https://as" + $0 }
        )
    }

    static let metadata: JSONObject = [
        "issuer": "https://as.example/t", "authorization_endpoint": "https://as.example/authorize",
        "token_endpoint": "https://as.example/token", "code_challenge_methods_supported": ["plain", "S256"],
        "response_types_supported": ["code"], "scopes_supported": ["a", "offline_access"],
        "authorization_response_iss_parameter_supported": true, "client_id_metadata_document_supported": true,
    ]

    @Test func goodMetadataAreRead() throws {
        let server = try AuthorizationServer(Self.metadata, issuer: "https://as.example/t")
        #expect(server.namesItself)
        #expect(server.takesClientMetadataDocuments)
        #expect(server.registrationEndpoint == nil)
        #expect(server.tokenEndpointMethods == nil)
        #expect(server.scopes == ["a", "offline_access"])
    }

    @Test(
        "C-69 the issuer has to be the same byte by byte",
        arguments: [
            "https://as.example/t/", "https://as.example", "https://AS.example/t", "https://as.example:443/t",
            "https://as.example/%74", "http://as.example/t", "",
        ]
    )
    func issuer(asked: String) {
        #expect(throws: AuthorizationFailure.self) { try AuthorizationServer(Self.metadata, issuer: asked) }
    }

    @Test(
        "C-70 an authorization server that does not say S256 is refused",
        arguments: [nil, [], ["plain"], ["s256"], "S256"] as [JSONValue?]
    )
    func noProofKey(methods: JSONValue?) throws {
        var metadata = Self.metadata
        metadata["code_challenge_methods_supported"] = methods
        let failure = #expect(throws: AuthorizationFailure.self) {
            try AuthorizationServer(metadata, issuer: "https://as.example/t")
        }
        #expect(failure?.code == .unsupported)
        #expect(failure?.message.contains("PKCE") == true)
    }

    @Test(arguments: ["authorization_endpoint", "token_endpoint"])
    func missingEndpointIsAnError(name: String) {
        var metadata = Self.metadata
        metadata[name] = nil
        #expect(throws: AuthorizationFailure.self) {
            try AuthorizationServer(metadata, issuer: "https://as.example/t")
        }
    }
}
