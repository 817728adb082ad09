import MCPProtocol
import MCPTransports
import Testing

@Suite("The end of a login in the browser", .timeLimit(.minutes(4)))
struct LoginCallbackTests {
    private static func request(_ callback: LoginCallback) throws -> AuthorizationRequest {
        AuthorizationRequest(
            server: AuthorizationServer(assumedAt: "https://as.example"),
            client: RegisteredClient(id: "c", method: .none, origin: .dynamic),
            redirectURI: callback.redirectURI,
            scopes: [],
            resource: "https://a.example",
            entropy: [UInt8](repeating: 7, count: AuthorizationRequest.entropySize)
        )
    }

    private static func state(_ request: AuthorizationRequest) throws -> String {
        let query = request.url.drop { $0 != "?" }.dropFirst()
        return try #require(FormFields.read(String(query)).first { $0.name == "state" }?.value)
    }

    private static func visit(
        _ url: String,
        _ fields: [HTTPField] = [],
        method: String = "GET"
    ) async throws -> HTTPResponse {
        let address = try #require(WebAddress(url))
        return try await HTTPClientRequest(method, address, fields: fields).fetch(limit: 1 << 20).get()
    }

    @Test("C-70 answers of others are refused and the login goes on; the right one ends it")
    func answers() async throws {
        let callback = try await LoginCallback.open(port: 0, isFixed: false)
        let uri = callback.redirectURI
        #expect(uri.hasPrefix("http://127.0.0.1:"))
        #expect(try await Self.visit(uri + "?code=1&state=x").head.status == 404)
        let request = try Self.request(callback)
        callback.expect(request)
        let state = try Self.state(request)
        let foreign = try await Self.visit(uri + "?code=1&state=%3Cscript%3E")
        #expect(foreign.head.status == 400)
        #expect(!String(decoding: foreign.body, as: UTF8.self).contains("script"))
        #expect(try await Self.visit(uri + "x?code=1&state=\(state)").head.status == 404)
        #expect(try await Self.visit(uri + "?code=1&state=\(state)", method: "POST").head.status == 405)
        let rebound = try await Self.visit(uri + "?code=1&state=\(state)", [HTTPField("Host", "evil.example")])
        #expect(rebound.head.status == 403)
        let long = try await Self.visit(uri + "?code=\(String(repeating: "1", count: 20_000))&state=\(state)")
        #expect(long.head.status == 414)
        let page = try await Self.visit(uri + "?code=right&state=\(state)")
        #expect(page.head.status == 200)
        #expect(page.head["cache-control"] == "no-store")
        #expect(page.head["referrer-policy"] == "no-referrer")
        #expect(await callback.outcome(within: .seconds(30)) == .code("right"))
        await callback.close()
    }

    @Test func nobodyComes() async throws {
        let callback = try await LoginCallback.open(port: 0, isFixed: false)
        #expect(await callback.outcome(within: .milliseconds(20)) == nil)
        await callback.close()
        let other = try await LoginCallback.open(port: 0, isFixed: false)
        await other.close()
        #expect(await other.outcome(within: .seconds(60)) == nil)
    }

    @Test("a port that is taken is another one's, unless it has to be this one")
    func takenPorts() async throws {
        let first = try await LoginCallback.open(port: 0, isFixed: false)
        let second = try await LoginCallback.open(port: first.port, isFixed: false)
        #expect(second.port != first.port)
        let failure = await #expect(throws: AuthorizationFailure.self) {
            try await LoginCallback.open(port: first.port, isFixed: true)
        }
        #expect(failure?.message.contains("\(first.port)") == true)
        let port = first.port
        await first.close()
        // Free at once.
        await (try await LoginCallback.open(port: port, isFixed: true)).close()
        await second.close()
    }
}
