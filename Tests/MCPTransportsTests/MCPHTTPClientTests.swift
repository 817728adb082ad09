import JSON
import MCPProtocol
import MCPTransports
import Testing
import WireChecks

// Each test has a server of its own, and starting all at once starves those of other suites.
@Suite("Streamable HTTP client, modern", .wireChecked(.client), .serialized, .timeLimit(.minutes(4)))
struct ModernHTTPClientTests {
    @Test("C-01, C-13, C-14 every modern request describes itself, in body and headers")
    func envelopeAndRoutingHeaders() async throws {
        try await ScriptedHTTPServer.with("modern") { client, server in
            #expect(client.server.version == .modern)
            #expect(client.server.info?.name == "new")
            _ = try await client.listTools()
            _ = try await client.callTool("größe", arguments: ["a": 1])
            let posts = await server.requests.first(3)
            #expect(
                posts.map { $0["body"]?["method"]?.stringValue } == ["server/discover", "tools/list", "tools/call"]
            )
            for post in posts {
                let headers = try #require(post["headers"])
                let meta = try #require(post["body"]?["params"]?["_meta"])
                #expect(headers["mcp-protocol-version"] == "2026-07-28")
                #expect(meta["io.modelcontextprotocol/protocolVersion"] == "2026-07-28")
                #expect(meta["io.modelcontextprotocol/clientCapabilities"]?.objectValue != nil)
                #expect(meta["io.modelcontextprotocol/clientInfo"]?["name"] == "muster")
                #expect(headers["mcp-method"] == post["body"]?["method"])
                #expect(headers["accept"] == "application/json, text/event-stream")
                #expect(headers["content-type"] == "application/json")
                #expect(headers["x-own"] == "yes")
                #expect(headers["mcp-session-id"] == nil)
            }
            #expect(posts[2]["headers"]?["mcp-name"] == "=?base64?Z3LDtsOfZQ==?=")
            #expect(Set(posts.compactMap { $0["body"]?["id"]?.integerValue }).count == 3)
            #expect(posts.allSatisfy { $0["verb"] == "POST" })
        }
    }

    @Test(
        "C-16, C-17 http-custom-headers, http-invalid-tool-headers: arguments are mirrored, tools with bad wishes hidden"
    )
    func parameterHeaders() async throws {
        try await ScriptedHTTPServer.with("headers") { client, server in
            #expect(try await client.listTools().map { $0["name"] } == ["valid_tool"])
            let arguments: JSONObject = ["region": " padded ", "deep": ["count": 42, "flag": .null], "plain": "x"]
            _ = try await client.callTool("valid_tool", arguments: arguments)
            let headers = try #require(await server.posts("tools/call", atLeast: 1).first?["headers"])
            #expect(headers["mcp-param-region"] == "=?base64?IHBhZGRlZCA=?=")
            #expect(headers["mcp-param-count"] == "42")
            #expect(headers["mcp-param-flag"] == nil)
            #expect(headers["mcp-param-plain"] == nil)
        }
    }

    @Test("C-18 a header mismatch lists the tools again and calls once more")
    func staleHeaders() async throws {
        try await ScriptedHTTPServer.with("modern") { client, server in
            _ = try await client.listTools()
            _ = try await client.callTool("stale", arguments: [:])
            #expect(
                Set(await server.posts("tools/call", atLeast: 2).compactMap { $0["body"]?["id"]?.integerValue }).count
                    == 2
            )
            #expect(server.posts("tools/list").count == 2)
        }
    }

    @Test("C-19 answers come as JSON or as a stream, with byte order mark, comments, CRLF and several data lines")
    func streamedAnswer() async throws {
        try await ScriptedHTTPServer.with("modern") { client, _ in
            let progress = Probe<MCPProgress>()
            let logs = Probe<JSONObject>()
            let options = MCPCallOptions(onProgress: { progress.add($0) }, onLog: { logs.add($0) })
            let result = try await client.callTool("stream", arguments: [:], options: options)
            #expect(result["content"]?[0]?["text"] == "streamed")
            #expect(progress.values == [MCPProgress(progress: 1)])
            #expect(logs.values.map { $0["data"] } == ["working"])
        }
    }

    @Test(
        "C-08 the era of a server is asked once in a connection, anew in the next one, and not at all where it is written"
    )
    func eraOfAConnection() async throws {
        let server = try await ScriptedHTTPServer("modern")
        let first = try await server.connect()
        _ = try await first.listTools()
        _ = try await first.callTool("t", arguments: [:])
        _ = await server.posts("tools/call", atLeast: 1)
        #expect(server.posts("server/discover").count == 1)
        await first.close()
        let second = try await server.connect()
        #expect(second.server.version == .modern)
        await second.close()
        #expect(await server.posts("server/discover", atLeast: 2).count == 2)
        await server.stop()
        try await ScriptedHTTPServer.with("legacy", change: { $0.mode = .legacy }) { client, server in
            #expect(client.server.version.era == .legacy)
            _ = await server.posts("initialize", atLeast: 1)
            #expect(server.posts("server/discover").isEmpty)
        }
    }

    @Test("C-20 giving a call up closes its stream and posts nothing")
    func cancelledCallClosesItsStream() async throws {
        try await ScriptedHTTPServer.with("modern") { client, server in
            let error = await callError(client, "wait", MCPCallOptions(timeout: .milliseconds(200)))
            #expect(error?.code == .timedOut)
            let all = await server.requests.first(3)
            #expect(all.last?["closed"] != nil)
            #expect(server.posts("notifications/cancelled").isEmpty)
        }
    }

    @Test("C-21 a stream that ends without the answer is reported and not repeated")
    func lostAnswer() async throws {
        try await ScriptedHTTPServer.with("modern") { client, server in
            #expect(await callError(client, "cut")?.code == .answerLost)
            #expect(await server.posts("tools/call", atLeast: 1).count == 1)
        }
    }

    @Test("C-22 redirects are followed within the origin only, with their method")
    func redirects() async throws {
        try await ScriptedHTTPServer.with("redirect") { client, server in
            #expect(client.server.version == .modern)
            #expect(await server.requests.first(2).map { $0["path"] } == ["/mcp", "/other"])
            #expect(server.requests.values.allSatisfy { $0["verb"] == "POST" })
        }
        let elsewhere = try await ScriptedHTTPServer.startError("redirect-elsewhere")
        #expect(elsewhere.message.contains("another origin"), "\(elsewhere)")
        let loop = try await ScriptedHTTPServer.startError("redirect-loop")
        #expect(loop.message.contains("more than 5 redirects"), "\(loop)")
    }

    @Test("C-04, C-05 request-metadata: a refused version that the server names is tried once more")
    func refusedVersion() async throws {
        try await ScriptedHTTPServer.with("flip") { client, server in
            #expect(client.server.version == .modern)
            #expect(await server.posts("server/discover", atLeast: 2).count == 2)
            #expect(server.posts("initialize").isEmpty)
        }
        let mismatch = try await ScriptedHTTPServer.startError("mismatch")
        #expect(mismatch.message.contains("Header mismatch"))
    }

    @Test("C-42, C-43 news of the subscription come through, those of another do not; a lost one is made again")
    func subscription() async throws {
        let changes = Probe<MCPListChange>()
        var observer = MCPClient.Observer()
        observer.onListChanged = { changes.add($0) }
        try await ScriptedHTTPServer.with("listen-cut", observer) { _, server in
            #expect(await changes.first(2).prefix(2) == [.tools, .tools])
            _ = await changes.first(5)
            let listens = await server.posts("subscriptions/listen", atLeast: 2)
            #expect(listens[0]["body"]?["params"]?["notifications"] == ["toolsListChanged": true])
        }
    }

    private static let approving = MCPInputHandler(capabilities: ["elicitation": ["form": [:]]]) { request in
        .success(["action": "accept", "content": ["asked": request.params["message"] ?? .null]])
    }

    @Test(
        "C-45, C-46, C-47 sep-2322-client-request-state: rounds echo the state exactly, under new ids, and nothing leaks"
    )
    func inputRounds() async throws {
        try await ScriptedHTTPServer.with("modern") { client, server in
            let options = MCPCallOptions(input: Self.approving)
            let result = try await client.callTool("mrtr", arguments: ["x": 1], options: options)
            #expect(result["structuredContent"]?["state"] == "opaque-2")
            _ = try await client.callTool("t", arguments: [:], options: options)
            let calls = await server.posts("tools/call", atLeast: 4).compactMap { $0["body"] }
            #expect(calls.count == 4)
            #expect(calls[1]["params"]?["requestState"] == "opaque ü 1")
            #expect(calls[1]["params"]?["inputResponses"]?["ok"]?["content"]?["asked"] == "Approve?")
            #expect(calls[1]["params"]?["arguments"] == ["x": 1])
            #expect(calls[2]["params"]?["inputResponses"] == nil)
            #expect(calls[3]["params"]?["requestState"] == nil)
            #expect(Set(calls.compactMap { $0["id"]?.integerValue }).count == 4)
            for call in calls {
                let meta = call["params"]?["_meta"]
                #expect(meta?["io.modelcontextprotocol/clientCapabilities"]?["elicitation"] == ["form": [:]])
            }
        }
    }

    @Test("C-50 without anybody to ask nothing is declared, and the question is a clear error")
    func nobodyToAsk() async throws {
        try await ScriptedHTTPServer.with("modern") { client, server in
            let error = try #require(await callError(client, "mrtr"))
            #expect(error.code == .inputRequired)
            #expect(error.message.contains("cannot be asked: Approve?"), "\(error)")
            let meta = await server.posts("tools/call", atLeast: 1).first?["body"]?["params"]?["_meta"]
            #expect(meta?["io.modelcontextprotocol/clientCapabilities"] == [:])
        }
    }

    @Test("C-52, C-53, C-55 a call that became a task is polled, answered and finished")
    func task() async throws {
        try await ScriptedHTTPServer.with("tasks") { client, server in
            let progress = Probe<MCPProgress>()
            var options = MCPCallOptions(input: Self.approving)
            options.onProgress = { progress.add($0) }
            let result = try await client.callTool("task", arguments: [:], options: options)
            #expect(result["structuredContent"]?["answers"]?["a"]?["action"] == "accept")
            #expect(progress.values.compactMap(\.message) == ["step 1", "step 2"])
            #expect(await server.posts("tasks/update", atLeast: 1).count == 1)
            for get in await server.posts("tasks/get", atLeast: 4) {
                #expect(get["headers"]?["mcp-name"] == "t-1")
                let declared = get["body"]?["params"]?["_meta"]?["io.modelcontextprotocol/clientCapabilities"]
                #expect(declared?["extensions"]?["io.modelcontextprotocol/tasks"] == [:])
            }
        }
    }

    @Test("C-57 a task that is given up is cancelled by tasks/cancel")
    func abandonedTask() async throws {
        try await ScriptedHTTPServer.with("tasks") { client, server in
            #expect(await callError(client, "task")?.code == .inputRequired)
            _ = await server.posts("tasks/cancel", atLeast: 1)
            #expect(server.posts("notifications/cancelled").isEmpty)
        }
    }

    @Test("C-58 a deadline ends a call that drips, whatever arrives")
    func deadline() async throws {
        try await ScriptedHTTPServer.with("modern") { client, _ in
            let error = await callError(client, "drip", MCPCallOptions(timeout: .milliseconds(300)))
            #expect(error?.code == .timedOut)
            #expect(error?.message.contains("no answer to tools/call within 0.3 seconds") == true, "\(error as Any)")
            let idle = await callError(client, "wait", MCPCallOptions(idleTimeout: .milliseconds(200)))
            #expect(idle?.message.contains("no sign of life") == true)
        }
    }

    @Test func statusesAndErrorsAreTold() async throws {
        try await ScriptedHTTPServer.with("modern") { client, _ in
            #expect(await callError(client, "500")?.message == "HTTP status 500: out of order")
            let remote = await callError(client, "error")
            #expect(remote?.code == .remote)
            #expect(remote?.message == "the disk is full")
            #expect(await callError(client, "break")?.code == .connectionReset)
            try await client.ping(timeout: .seconds(40))
        }
        let gone = try await ScriptedHTTPServer.startError("gone")
        #expect(gone.code == .unreachable, "\(gone)")
        let dumb = try await ScriptedHTTPServer.startError("accepts-only") {
            $0.handshakeTimeout = .milliseconds(600)
            $0.probeTimeout = .milliseconds(200)
        }
        #expect(dumb.code == .handshakeTimedOut, "\(dumb)")
    }

    private struct Tokens: AccessTokens {
        var first: String
        var second: String?

        func current() async throws(MCPClientError) -> String? { first }
        func renewed(after refusal: MCPClientError) async throws(MCPClientError) -> String? {
            guard let second else { throw refusal }
            return second
        }
    }

    @Test("C-06, C-74 a refused token is renewed and the request repeated; without another the refusal is told")
    func tokens() async throws {
        let server = try await ScriptedHTTPServer("unauthorized")
        let client = try await server.connect(tokens: Tokens(first: "wrong", second: "right"))
        #expect(client.server.version == .modern)
        #expect(
            await server.requests.first(2).compactMap { $0["headers"]?["authorization"] } == [
                "Bearer wrong", "Bearer right",
            ]
        )
        await client.close()
        do throws(MCPClientError) {
            await (try await server.connect(tokens: Tokens(first: "wrong"))).close()
            Issue.record("connected")
        } catch {
            #expect(error.code == .authorizationRequired)
            #expect(error.challenges == [#"Bearer realm="x", error="invalid_token""#])
        }
        await server.stop()
    }
}
