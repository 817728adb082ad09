import JSON
import MCPProtocol
import MCPTransports
import Testing
import WireChecks

// Each test has a server of its own, and starting all at once starves those of other suites.
@Suite("Streamable HTTP client, legacy", .wireChecked(.client), .serialized, .timeLimit(.minutes(4)))
struct LegacyHTTPClientTests {
    @Test("C-07, C-60, C-61, C-62 initialize: a session begins, is named in every request, and ends with DELETE")
    func session() async throws {
        let server = try await ScriptedHTTPServer("legacy")
        let client = try await server.connect()
        #expect(client.server.version == .newestLegacy)
        #expect(client.server.info?.name == "old")
        _ = try await client.listTools()
        while !server.requests.values.contains(where: { $0["verb"] == "GET" }) {
            _ = await server.requests.first(server.requests.values.count + 1)
        }
        await client.close()
        while server.requests.values.last?["verb"] != "DELETE" {
            _ = await server.requests.first(server.requests.values.count + 1)
        }
        let all = server.requests.values
        let initialize = try #require(server.posts("initialize").first)
        #expect(initialize["headers"]?["mcp-protocol-version"] == nil)
        #expect(initialize["headers"]?["mcp-method"] == nil)
        #expect(initialize["headers"]?["mcp-session-id"] == nil)
        #expect(initialize["body"]?["params"]?["clientInfo"]?["name"] == "muster")
        let later = all.drop { $0["body"]?["method"] != "initialize" }.dropFirst()
        #expect(later.contains { $0["verb"] == "GET" })
        #expect(all.last?["verb"] == "DELETE")
        for request in later {
            #expect(request["headers"]?["mcp-session-id"] == "session-1")
            #expect(request["headers"]?["mcp-protocol-version"] == "2025-11-25")
            #expect(request["headers"]?["mcp-method"] == nil)
        }
        await server.stop()
    }

    @Test("C-03 whatever text a server answers the probe with, initialize is tried")
    func textMeansLegacy() async throws {
        try await ScriptedHTTPServer.with("legacy-text") { client, _ in #expect(client.server.version.era == .legacy) }
    }

    @Test(
        "C-61 a forgotten session is made anew once, and the calls are repeated",
        arguments: ["forgetful", "forgetful400"]
    )
    func forgottenSession(_ mode: String) async throws {
        try await ScriptedHTTPServer.with(mode) { client, server in
            _ = try await client.callTool("forget", arguments: [:])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask { _ = try await client.callTool("t", arguments: ["n": .integer(Int64(number))]) }
                }
                // And one while the new session is being made.
                group.addTask {
                    _ = await server.posts("initialize", atLeast: 2)
                    _ = try await client.callTool("t", arguments: ["n": 8])
                }
                try await group.waitForAll()
            }
            let calls = await server.posts("tools/call", atLeast: 10)
            #expect(server.posts("initialize").count == 2)
            #expect(server.posts("initialize")[1]["headers"]?["mcp-session-id"] == nil)
            #expect(calls.last?["headers"]?["mcp-session-id"] == "session-2")
        }
    }

    @Test(
        "C-63 sse-retry: a stream that ends in mid-call is taken up again by GET, after the time that the server said"
    )
    func resumption() async throws {
        try await ScriptedHTTPServer.with("retry") { client, server in
            let result = try await client.callTool("retry", arguments: [:])
            #expect(result["content"]?[0]?["text"] == "resumed after s1-1")
            let call = try #require(await server.posts("tools/call", atLeast: 1).first?["time"]?.doubleValue)
            while !server.requests.values.contains(where: { $0["headers"]?["last-event-id"] != nil }) {
                _ = await server.requests.first(server.requests.values.count + 1)
            }
            let resumed = server.requests.values.first { $0["headers"]?["last-event-id"] != nil }
            let wait = (try #require(resumed?["time"]?.doubleValue)) - call
            #expect(wait >= 0.45 && wait < 1.5, "waited \(wait) s")
            #expect(resumed?["verb"] == "GET")
            #expect(resumed?["headers"]?["mcp-session-id"] == "session-1")
        }
    }

    @Test func streamOfTheSessionIsOpenedAgainAfterItsLastEvent() async throws {
        let changes = Probe<MCPListChange>()
        var observer = MCPClient.Observer()
        observer.onListChanged = { changes.add($0) }
        try await ScriptedHTTPServer.with("push", observer) { _, server in
            _ = await changes.first(4)
            let ids = server.requests.values.filter { $0["verb"] == "GET" }.compactMap {
                $0["headers"]?["last-event-id"]
            }
            #expect(ids.prefix(2) == ["g-1", "g-2"])
        }
    }

    @Test("C-64, C-66 what a server asks during a call is answered by the caller's handler, or refused in words")
    func serverRequests() async throws {
        let capabilities: JSONObject = ["elicitation": ["form": [:]]]
        try await ScriptedHTTPServer.with("legacy", change: { $0.capabilities = capabilities }) { client, server in
            let declared = await server.posts("initialize", atLeast: 1).first?["body"]?["params"]?["capabilities"]
            #expect(declared == .object(capabilities))
            let handler = MCPInputHandler(capabilities: capabilities) { request in
                .success(["action": "accept", "content": ["m": request.params["message"] ?? .null]])
            }
            let result = try await client.callTool("ask", arguments: [:], options: MCPCallOptions(input: handler))
            #expect(result["structuredContent"]?["id"] == "srv-1")
            #expect(result["structuredContent"]?["result"]?["content"]?["m"] == "Sure?")
            let error = await callError(client, "wait", MCPCallOptions(timeout: .milliseconds(100)))
            #expect(error?.code == .timedOut)
            _ = await server.posts("notifications/cancelled", atLeast: 1)
        }
    }

    @Test("C-62, C-64 a call waits for the session's own stream, on which the server may ask during it")
    func lateStream() async throws {
        let capabilities: JSONObject = ["elicitation": ["form": [:]]]
        try await ScriptedHTTPServer.with("late-stream", change: { $0.capabilities = capabilities }) { client, _ in
            let handler = MCPInputHandler(capabilities: capabilities) { _ in .success(["action": "decline"]) }
            let options = MCPCallOptions(timeout: .seconds(40), input: handler)
            let result = try await client.callTool("ask-aside", arguments: [:], options: options)
            #expect(result["structuredContent"]?["result"]?["action"] == "decline")
        }
    }

    @Test("C-62 a server that leaves the session's stream unanswered is called all the same")
    func muteStream() async throws {
        try await ScriptedHTTPServer.with("mute-stream") { client, _ in
            let result = try await client.callTool("t", arguments: [:])
            #expect(result["content"]?[0]?["text"] == "ok")
        }
    }
}

@Suite("HTTP+SSE client", .wireChecked(.client), .serialized, .timeLimit(.minutes(4)))
struct EventStreamClientTests {
    private func old(_ server: ScriptedHTTPServer) -> MCPClient.Definition {
        var definition = MCPClient.Definition(.eventStream(HTTPEndpoint(url: server.url)))
        definition.mode = .legacy
        definition.handshakeTimeout = .seconds(50)
        return definition
    }

    @Test("C-67 the endpoint event names where to post, and 2024-11-05 is accepted")
    func endpointEvent() async throws {
        let server = try await ScriptedHTTPServer("old")
        let ends = Probe<MCPClientError>()
        var observer = MCPClient.Observer()
        observer.onEnd = { ends.add($0) }
        let client = try await MCPClient.start(old(server), observer: observer, logger: quiet)
        #expect(client.server.version.text == "2024-11-05")
        #expect(try await client.listTools().count == 1)
        #expect(try await client.callTool("t", arguments: [:])["content"]?[0]?["text"] == "old")
        #expect(
            server.requests.values.filter { $0["verb"] == "POST" }.allSatisfy { $0["path"] == "/messages?session=abc" }
        )
        // The end of the stream fails what is open.
        #expect(await callError(client, "end")?.code == .connectionReset)
        #expect(await ends.first(1).first?.code == .connectionReset)
        #expect(!client.isRunning)
        await client.close()
        await server.stop()
    }

    @Test("C-07 HTTP+SSE is tried last, when neither kind of request is known under the URL")
    func lastResort() async throws {
        try await ScriptedHTTPServer.with("old") { client, server in
            #expect(client.server.info?.name == "older")
            #expect(await server.requests.first(3).prefix(3).map { $0["verb"] } == ["POST", "POST", "GET"])
        }
    }

    @Test("C-67 an endpoint of another origin is refused; one that never comes ends with the deadline")
    func badEndpoints() async throws {
        for (mode, phrase) in [("old-elsewhere", "another origin"), ("old-silent", "did not finish the handshake")] {
            let server = try await ScriptedHTTPServer(mode)
            var definition = old(server)
            definition.handshakeTimeout = .seconds(1)
            do throws(MCPClientError) {
                await (try await MCPClient.start(definition, logger: quiet)).close()
                Issue.record("connected to \(mode)")
            } catch {
                #expect(error.message.contains(phrase), "\(error)")
            }
            await server.stop()
        }
    }
}
