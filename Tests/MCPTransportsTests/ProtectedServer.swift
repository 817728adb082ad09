import JSON
import MCPProtocol
import MCPTransports
import Synchronization
import Testing

/// A protected server with its authorization server as a child, and what they saw.
struct ProtectedServer {
    let url: String
    let authority: String
    let requests: Probe<JSONValue>
    private let child: ChildProcess

    init(_ options: JSONObject = [:]) async throws {
        let requests = Probe<JSONValue>()
        let errors = Probe<String>()
        child = try await ChildProcess.start(
            ChildLaunch(command: "python3", arguments: [Places.fixture("protected_server.py"), options.text()]),
            group: loops,
            events: ChildProcess.Events(
                onLine: { line in if let value = try? JSONValue(parsing: line) { requests.add(value) } },
                onErrorLine: { errors.add(String(decoding: $0, as: UTF8.self)) },
                onOutputEnd: { _ in },
                onExit: { _ in errors.add("") }
            )
        )
        let line = await errors.first(1)[0]
        let ports = (line.split(separator: "ports=").last ?? "").split(separator: ",").compactMap { Int($0) }
        try #require(ports.count == 2, "\(line)")
        url = "http://127.0.0.1:\(ports[0])/mcp"
        authority = "http://127.0.0.1:\(ports[1])"
        self.requests = requests
    }

    static func with(_ options: JSONObject = [:], _ body: (ProtectedServer) async throws -> Void) async throws {
        let server = try await ProtectedServer(options)
        do {
            try await body(server)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    func stop() async { await child.terminate(patience: .milliseconds(500)) }

    /// - Parameter clock: seconds that are added to the time.
    func login(
        file: CredentialFile = CredentialFile(path: nil),
        clock: Clock = Clock(),
        _ change: (inout ServerLogin.Settings) -> Void = { _ in }
    ) -> ServerLogin {
        var settings = ServerLogin.Settings(url: url, advice: "log in")
        // Which no test waits for but those that say so.
        settings.timeout = .seconds(50)
        change(&settings)
        return ServerLogin(settings, file) { clock.seconds }
    }

    /// A clock that is moved by hand.
    final class Clock: Sendable {
        private let time = Mutex<Int64>(1_000_000)

        var seconds: Int64 { time.withLock { $0 } }

        func advance(by seconds: Int64) { time.withLock { $0 += seconds } }
    }

    /// Connects with the tokens of a login.
    func connect(_ login: ServerLogin) async throws(MCPClientError) -> MCPClient {
        var definition = MCPClient.Definition(.streamableHTTP(HTTPEndpoint(url: url, tokens: login)))
        definition.mode = .legacy
        definition.handshakeTimeout = .seconds(50)
        return try await MCPClient.start(definition, logger: quiet)
    }

    func control(_ what: String) async throws {
        let address = try #require(WebAddress("\(authority)/control/\(what)"))
        _ = try await HTTPClientRequest("GET", address).fetch(limit: 1 << 20).get()
    }

    /// What a browser does with the URL of a login: the query of where it is sent back to.
    static func visit(_ url: String) async throws -> String {
        let address = try #require(WebAddress(url))
        let response = try await HTTPClientRequest("GET", address).fetch(limit: 1 << 20).get()
        let location = try #require(response.head["location"].flatMap { WebAddress($0) }, "\(response.head.status)")
        return location.query ?? ""
    }

    /// A whole login, without a listener.
    @discardableResult
    static func logIn(_ login: ServerLogin) async throws -> AuthorizationRequest {
        let request = try await login.begin(redirectURI: "http://127.0.0.1:9/callback")
        switch request.outcome(try await visit(request.url)) {
        case .code(let code): try await login.finish(request, code: code)
        case .failed(let failure): throw failure
        case .foreign: throw AuthorizationFailure(.mismatch, "foreign state")
        }
        return request
    }

    /// The requests to a path so far.
    func seen(_ server: String, _ path: String) -> [JSONValue] {
        requests.values.filter { $0["server"]?.stringValue == server && $0["path"]?.stringValue == path }
    }

    /// The requests to a path, once there are as many: what the servers tell comes on a way of its own.
    func seen(_ server: String, _ path: String, atLeast count: Int) async -> [JSONValue] {
        while seen(server, path).count < count { _ = await requests.first(requests.values.count + 1) }
        return seen(server, path)
    }
}
