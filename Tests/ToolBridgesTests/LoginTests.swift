import Diagnostics
import Foundation
import JSON
import Logging
import MCPProtocol
import MCPTransports
import NIOPosix
import Synchronization
import Testing
import ToolBridges
import ToolCatalog
import WorkflowLoading
import WorkflowModel

@Suite("Logins to servers", .serialized, .timeLimit(.minutes(5)))
struct LoginTests {
    /// A protected server with its authorization server, muster's part in front of them, and its tools for logins.
    fileprivate final class Bench: Sendable {
        let catalog = ToolCatalog(policy: CallPolicy(allowsDestructiveTools: false))
        let servers: ExternalServers
        /// Of the protected server.
        let url: String
        let authority: String
        private let child: ChildProcess

        private static let script =
            #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
            .joined(separator: "/") + "/MCPTransportsTests/Fixtures/protected_server.py"

        init(
            _ options: JSONObject,
            auth: JSONObject? = nil,
            folder: String?,
            change: (inout ExternalServers.Settings) -> Void
        ) async throws {
            let (lines, feed) = AsyncStream<String>.makeStream()
            child = try await ChildProcess.start(
                ChildLaunch(command: "python3", arguments: [Self.script, options.text()]),
                group: MultiThreadedEventLoopGroup.singleton,
                events: ChildProcess.Events(
                    onLine: { _ in },
                    onErrorLine: { feed.yield(String(decoding: $0, as: UTF8.self)) },
                    onOutputEnd: { _ in },
                    onExit: { _ in feed.finish() }
                )
            )
            var iterator = lines.makeAsyncIterator()
            let line = await iterator.next() ?? ""
            let ports = (line.split(separator: "ports=").last ?? "").split(separator: ",").compactMap { Int($0) }
            try #require(ports.count == 2, "\(line)")
            url = "http://127.0.0.1:\(ports[0])/mcp"
            authority = "http://127.0.0.1:\(ports[1])"
            var settings = ExternalServers.Settings(musterPrefix: "x", version: "0")
            settings.credentialFolder = folder
            change(&settings)
            servers = ExternalServers(
                definitions: [try Self.definition(url, auth)],
                settings: settings,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                now: { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) },
                toolsChanged: { [catalog] in catalog.toolsChanged() }
            )
            catalog.register(servers)
            catalog.register(CoreToolProvider(AuthorizationCoreTools.make(servers: servers)))
        }

        static func definition(_ url: String, _ auth: JSONObject?) throws -> MCPServerDefinition {
            var spec: JSONObject = [
                "type": "streamable-http", "url": .string(url), "autoStart": true, "protocol": "legacy",
            ]
            spec["auth"] = auth.map { .object($0) }
            let (server, diagnostics) = DefinitionDecoder.decodeMCPServer(name: "p", spec: spec, mode: .strict)
            return try #require(server, "\(diagnostics.rendered())")
        }

        func end() async {
            await servers.shutDown()
            await child.terminate(patience: .milliseconds(200))
        }

        func text(_ tool: String, server: String = "p") async throws -> String {
            let result = try await catalog.call(tool, ["server": .string(server)])
            return result.isError ? "error: \(result.errorText)" : result.texts.joined()
        }

        var status: JSONValue { servers.authorizationStatus["servers"]?[0] ?? .null }

        /// The URL in the answer of the tool.
        func loginURL() async throws -> String {
            let text = try await text("core_auth_login")
            return try #require(text.split(separator: "\n").first { $0.hasPrefix("http") }.map(String.init), "\(text)")
        }

        /// What a browser does: follows the page for logins back to where it is sent.
        @discardableResult
        static func visit(_ url: String) async throws -> Int {
            var address = try #require(WebAddress(url))
            for _ in 0..<3 {
                let response = try await HTTPClientRequest("GET", address).fetch(limit: 1 << 20).get()
                guard let next = response.head["location"] else { return response.head.status }
                address = try #require(address.resolving(next))
            }
            return 0
        }

        func control(_ what: String) async throws { try await Self.visit("\(authority)/control/\(what)") }

        func eventually(_ what: String, _ isSo: () -> Bool) async throws {
            let end = ContinuousClock.now + .seconds(20)
            while !isSo() {
                try #require(ContinuousClock.now < end, "not in time: \(what), \(status.text())")
                try await Task.sleep(for: .milliseconds(10))
            }
        }

        func logIn() async throws {
            try await Self.visit(try await loginURL())
            try await eventually("connected") { status["status"] == "connected" && status["login_pending"] == nil }
        }
    }

    /// A bench, and its end whatever happens.
    private static func with(
        _ options: JSONObject = [:],
        auth: JSONObject? = nil,
        folder: String? = nil,
        change: (inout ExternalServers.Settings) -> Void = { _ in },
        _ body: (Bench) async throws -> Void
    ) async throws {
        let bench = try await Bench(options, auth: auth, folder: folder, change: change)
        await bench.servers.startAutomatic()
        do {
            try await body(bench)
        } catch {
            await bench.end()
            throw error
        }
        await bench.end()
    }

    @Test("a server that wants a login is connected by itself after it, and waits again after the logout")
    func wholeWay() async throws {
        try await Self.with(["scope": "read"]) { bench in
            #expect(bench.servers.server("p")?.info(showsSecrets: false, showsError: true)["state"] == "Auth Required")
            #expect(bench.status["status"] == "auth_required")
            #expect(bench.status["auth_tool"] == "core_auth_login")
            #expect(bench.status["error"]?.stringValue?.contains("call core_auth_login with server 'p'") == true)
            #expect(try await bench.text("core_auth_logout") == "error: Server 'p': nobody is logged in")
            let url = try await bench.loginURL()
            #expect(url.hasPrefix(bench.authority + "/authorize?"))
            #expect(bench.status["login_pending"] == true)
            #expect(bench.servers.hasLogins)
            #expect(try await Bench.visit(url) == 200)
            await bench.servers.waitForLogins()
            #expect(!bench.servers.hasLogins)
            #expect(try await bench.catalog.call("x_p_read", [:]).texts == ["done"])
            #expect(bench.status["status"] == "connected")
            #expect(bench.status["issuer"]?.stringValue == bench.authority)
            #expect(bench.status["scope"] == "read")
            #expect(bench.status["expires_at"]?.stringValue != nil)
            #expect(bench.status["login_pending"] == nil)
            #expect(try await bench.text("core_auth_login") == "Server 'p' is already authenticated and connected.")
            #expect(!bench.status.text().contains("token-"))
            #expect(try await bench.text("core_auth_logout") == "Logged out of server 'p'.")
            #expect(bench.status["status"] == "auth_required")
            #expect(bench.status["issuer"] == nil)
            #expect(bench.catalog.descriptor(of: "x_p_read") == nil)
            try await bench.logIn()
        }
    }

    @Test("C-77 who cannot log in is told why")
    func noLogins() async throws {
        try await Self.with(auth: ["type": "none"]) { bench in
            #expect(bench.status["status"] == "auth_required")
            let refusal = try await bench.text("core_auth_login")
            #expect(refusal.contains("auth type none"))
            let unknown = "Server 'q' not found. Use list_tools to see available servers."
            for tool in ["core_auth_login", "core_auth_logout"] {
                let text = try await bench.text(tool, server: "q")
                #expect(text == "error: \(unknown)")
            }
        }
        try await Self.with(auth: ["token": "wrong"]) { bench in
            let refusal = try await bench.text("core_auth_login")
            #expect(refusal.contains("mend the definition"))
        }
    }

    @Test("a login that fails is told in auth://status and can be made again")
    func failedLogin() async throws {
        try await Self.with(["refusal": "access_denied"]) { bench in
            try await Bench.visit(try await bench.loginURL())
            try await bench.eventually("failure") { bench.status["login_error"] != nil }
            #expect(bench.status["login_error"]?.stringValue?.contains("access_denied") == true)
            #expect(
                bench.servers.serversRequiringLogin == [
                    ["name": "p", "status": "auth_required", "auth_tool": "core_auth_login"]
                ]
            )
            #expect(bench.status["status"] == "auth_required")
            _ = try await bench.loginURL()
            #expect(bench.status["login_error"] == nil)
        }
        try await Self.with(["server": ["code_challenge_methods_supported": .null]]) { bench in
            let text = try await bench.text("core_auth_login")
            #expect(text.hasPrefix("error: Server 'p': ") && text.contains("PKCE"))
            #expect(bench.status["login_pending"] == nil)
        }
    }

    @Test func nobodyLogsInInTime() async throws {
        try await Self.with(change: { $0.loginPatience = .milliseconds(50) }) { bench in
            _ = try await bench.loginURL()
            try await bench.eventually("end") { bench.status["login_error"] != nil }
            #expect(bench.status["login_error"] == "nobody logged in in time")
        }
    }

    @Test("a second login takes the place of the first, whose link is dead")
    func secondLogin() async throws {
        try await Self.with { bench in
            let first = try await bench.loginURL()
            let second = try await bench.loginURL()
            // The listener may have the same port again; the state is another one.
            let status = try? await Bench.visit(first)
            #expect(status != 200)
            #expect(bench.status["status"] == "auth_required")
            try await Bench.visit(second)
            try await bench.eventually("connected") { bench.status["status"] == "connected" }
        }
    }

    @Test("a server is stopped at once while a login is under way")
    func stoppedMeanwhile() async throws {
        try await Self.with { bench in
            let url = try await bench.loginURL()
            let begun = ContinuousClock.now
            _ = try await bench.servers.stop("p")
            #expect(ContinuousClock.now - begun < .seconds(10))
            #expect(bench.status["status"] == "disconnected")
            _ = try? await Bench.visit(url)
            #expect(bench.status["issuer"] == nil)
        }
    }

    @Test("C-73 a call that needs more rights says so; after the second login it works without a new connection")
    func stepUp() async throws {
        try await Self.with(["scope": "read"]) { bench in
            try await bench.logIn()
            let generation = bench.servers.server("p")?.life.generation
            let error = await #expect(throws: ToolCallError.self) { try await bench.catalog.call("x_p_write", [:]) }
            #expect(error?.message.contains("core_auth_login") == true)
            #expect(bench.status["status"] == "connected")
            #expect(bench.status["auth_tool"] == "core_auth_login")
            let url = try await bench.loginURL()
            #expect(url.contains("scope=read%20write"))
            try await Bench.visit(url)
            try await bench.eventually("more rights") { bench.status["scope"] == "read write" }
            #expect(try await bench.catalog.call("x_p_write", [:]).texts == ["done"])
            #expect(bench.servers.server("p")?.life.generation == generation)
        }
    }

    @Test("a login that ends while the server runs makes it wait for another one")
    func endedLogin() async throws {
        try await Self.with(["renewal": "refuse"]) { bench in
            try await bench.logIn()
            try await bench.control("revoke")
            let error = await #expect(throws: ToolCallError.self) { try await bench.catalog.call("x_p_read", [:]) }
            #expect(error?.message.contains("core_auth_login") == true)
            try await bench.eventually("waits") { bench.status["status"] == "auth_required" }
            #expect(bench.catalog.descriptor(of: "x_p_read") == nil)
        }
    }

    @Test("C-74 logins outlive a restart; another URL under the same name gets nothing of them")
    func kept() async throws {
        let folder = NSTemporaryDirectory() + "credentials-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await Self.with(folder: folder) { bench in
            try await bench.logIn()
            let other = Bench.Other(bench.url, folder)
            await other.servers.startAutomatic()
            #expect(other.servers.server("p")?.state == .running)
            await other.servers.shutDown()
            let mode = try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions] as? Int
            #expect(mode == 0o700)
            await bench.servers.put(try Bench.definition(bench.url + "?other", nil))
            #expect(bench.status["issuer"] == nil)
        }
    }

    @Test("fields of auth: a fixed port, a client of the definition, its secret from a variable")
    func definedClient() async throws {
        setenv("MUSTER_TEST_CLIENT_SECRET", "s3cret", 1)
        let auth: JSONObject = [
            "type": "oauth", "clientId": "configured", "clientSecretEnv": "MUSTER_TEST_CLIENT_SECRET",
            "authorizationServer": ["scopes": "one two"],
        ]
        try await Self.with(auth: auth) { bench in
            let url = try await bench.loginURL()
            #expect(url.contains("client_id=configured") && url.contains("scope=one%20two"))
            try await Bench.visit(url)
            try await bench.eventually("connected") { bench.status["status"] == "connected" }
        }
    }
}

extension LoginTests.Bench {
    /// Another process over the same folder.
    fileprivate struct Other {
        let servers: ExternalServers

        init(_ url: String, _ folder: String) {
            var settings = ExternalServers.Settings(musterPrefix: "x", version: "0")
            settings.credentialFolder = folder
            let definition = try? LoginTests.Bench.definition(url, nil)
            servers = ExternalServers(
                definitions: [definition].compactMap(\.self),
                settings: settings,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                now: { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) },
                toolsChanged: {}
            )
        }
    }
}
