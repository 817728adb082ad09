import Dispatch
import JSON
import Logging
import MCPProtocol
import MCPTransports
import Testing
import WireChecks

/// A host whose tools tests steer.
private struct SteeredTools: MCPServerHandler {
    let started = Probe<String>()
    let cancelled = Probe<String>()

    func listTools(_ request: MCPRequestContext) async throws(JSONRPCError) -> MCPToolList {
        .encoded(Array(#"[{"name":"t","inputSchema":{"type":"object"}}]"#.utf8))
    }

    func callTool(
        name: String,
        arguments: JSONObject,
        request: MCPRequestContext
    ) async throws(JSONRPCError) -> JSONObject {
        switch name {
        case "t": return ["content": []]
        case "progress":
            request.progress?.send(MCPProgress(progress: 1))
            request.progress?.send(MCPProgress(progress: 1))
            return ["content": []]
        case "told":
            tellFromElsewhere(request)
            return ["content": []]
        case "wait":
            started.add(name)
            await withTaskCancellationHandler {
                _ = await cancelled.first(1)
            } onCancel: {
                cancelled.add(name)
            }
            return ["content": []]
        default: throw .unknownTool(name)
        }
    }

    /// Returns when another thread has told of progress.
    private func tellFromElsewhere(_ request: MCPRequestContext) {
        let isTold = DispatchSemaphore(value: 0)
        DispatchQueue.global().async {
            request.progress?.send(MCPProgress(progress: 1))
            isTold.signal()
        }
        isTold.wait()
    }
}

@Suite("HTTP server", .wireChecked(.server), .timeLimit(.minutes(4)))
struct HTTPServerTests {
    private let tools = SteeredTools()

    private func withServer(
        _ change: (inout HTTPServer.Configuration) -> Void = { _ in },
        _ body: (HTTPServer) async throws -> Void
    ) async throws {
        var configuration = HTTPServer.Configuration(host: "127.0.0.1", port: 0)
        change(&configuration)
        let server = try await HTTPServer.start(
            configuration,
            profile: MCPServerProfile(version: "1"),
            handler: tools,
            logger: quiet
        )
        try await body(server)
        await server.shutdown(grace: .milliseconds(200))
        #expect(server.connectionCount == 0)
    }

    private func request(_ line: String, _ headers: [String] = [], body: String = "") -> String {
        let all =
            ["\(line) HTTP/1.1", "Host: localhost"] + headers
            + (body.isEmpty ? [] : ["Content-Length: \(body.utf8.count)"])
        return all.joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    /// The whole answer to one request on a connection of its own.
    private func exchange(
        _ server: HTTPServer,
        _ line: String,
        _ headers: [String] = [],
        body: String = ""
    ) async throws -> String {
        let connection = try await RawConnection(port: server.port)
        try await connection.send(request(line, headers + ["Connection: close"], body: body))
        let text = await connection.text(until: nil)
        await connection.close()
        return text
    }

    private func session(_ server: HTTPServer) async throws -> String {
        let body = #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18"}}"#
        let answer = try await exchange(server, "POST /mcp", body: body)
        let line = try #require(answer.split(separator: "\r\n").first { $0.hasPrefix("Mcp-Session-Id: ") })
        return String(line)
    }

    @Test func healthIsAnswered() async throws {
        try await withServer { server in
            let answer = try await exchange(server, "GET /health")
            #expect(answer.hasPrefix("HTTP/1.1 200"))
            #expect(answer.hasSuffix(#"{"status":"ok"}"#))
            #expect(try await exchange(server, "GET /nothing").hasPrefix("HTTP/1.1 404"))
            #expect(try await exchange(server, "PUT /mcp").hasPrefix("HTTP/1.1 405"))
        }
    }

    @Test func legacySessionLivesUntilItIsDeleted() async throws {
        try await withServer { server in
            let id = try await session(server)
            #expect(server.sessionCount == 1)
            let list = #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#
            let answer = try await exchange(server, "POST /mcp", [id], body: list)
            #expect(
                answer.hasSuffix(
                    #"{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"t","inputSchema":{"type":"object"}}]}}"#
                )
            )
            let notification = #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#
            #expect(try await exchange(server, "POST /mcp", [id], body: notification).hasPrefix("HTTP/1.1 202"))
            #expect(try await exchange(server, "POST /mcp", body: list).hasPrefix("HTTP/1.1 400"))
            #expect(
                try await exchange(server, "POST /mcp", ["Mcp-Session-Id: x"], body: list).hasPrefix("HTTP/1.1 404")
            )
            #expect(try await exchange(server, "DELETE /mcp", [id]).hasPrefix("HTTP/1.1 204"))
            #expect(try await exchange(server, "POST /mcp", [id], body: list).hasPrefix("HTTP/1.1 404"))
            #expect(try await exchange(server, "GET /mcp", [id]).hasPrefix("HTTP/1.1 404"))
            #expect(server.sessionCount == 0)
        }
    }

    @Test func pingAndBrokenBodiesNeedNoSession() async throws {
        try await withServer { server in
            let ping = #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#
            #expect(
                try await exchange(server, "POST /mcp", body: ping).hasSuffix(#"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            )
            let broken = try await exchange(server, "POST /mcp", body: "{")
            #expect(broken.hasPrefix("HTTP/1.1 400"))
            #expect(broken.contains("-32700"))
        }
    }

    @Test func modernRequestNeedsNoSession() async throws {
        try await withServer { server in
            let meta =
                #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#
            let call = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t",\#(meta)}}"#
            let headers = ["MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/call", "Mcp-Name: t"]
            let answer = try await exchange(server, "POST /mcp", headers, body: call)
            #expect(answer.hasPrefix("HTTP/1.1 200"))
            #expect(answer.contains(#""resultType":"complete""#))
            #expect(!answer.contains("Mcp-Session-Id"))
            let mismatch = try await exchange(server, "POST /mcp", Array(headers.dropLast()), body: call)
            #expect(mismatch.hasPrefix("HTTP/1.1 400"))
            #expect(mismatch.contains("-32020"))
            let get = try await exchange(server, "GET /mcp", ["MCP-Protocol-Version: 2026-07-28"])
            #expect(get.hasPrefix("HTTP/1.1 405"))
            #expect(get.contains("Allow: POST"))
        }
    }

    @Test func requestsWithTheSameIDAreAllAnswered() async throws {
        try await withServer { server in
            let id = try await session(server)
            let waiting = try await RawConnection(port: server.port)
            let call = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wait"}}"#
            try await waiting.send(request("POST /mcp", [id], body: call))
            _ = await tools.started.first(1)
            let quick = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}}"#
            #expect(try await exchange(server, "POST /mcp", [id], body: quick).contains("result"))
            tools.cancelled.add("go on")
            #expect(await waiting.text(until: "result").hasPrefix("HTTP/1.1 200"))
            await waiting.close()
        }
    }

    @Test func clientThatExpectsToBeAskedForItsBodyIsAsked() async throws {
        try await withServer { server in
            let connection = try await RawConnection(port: server.port)
            let body = #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#
            let head =
                "POST /mcp HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            try await connection.send(head)
            #expect(await connection.text(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try await connection.send(body)
            #expect(await connection.text(until: #""result":{}"#).contains("HTTP/1.1 200"))
            await connection.close()
        }
    }

    @Test func progressTurnsTheAnswerIntoAStream() async throws {
        try await withServer { server in
            let id = try await session(server)
            let call =
                #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"progress","_meta":{"progressToken":"p"}}}"#
            let accept = "Accept: application/json, text/event-stream"
            let answer = try await exchange(server, "POST /mcp", [id, accept], body: call)
            #expect(answer.contains("text/event-stream"))
            let events = answer.split(separator: "\r\n").joined().split(separator: "data: ").dropFirst()
            #expect(events.count == 2)
            #expect(events.first?.contains(#""params":{"progressToken":"p","progress":1}"#) == true)
            #expect(events.last?.contains(#"{"jsonrpc":"2.0","id":1,"result":{"content":[]}}"#) == true)
            let plain = try await exchange(server, "POST /mcp", [id, "Accept: application/json"], body: call)
            #expect(plain.contains("application/json"))
            #expect(plain.hasSuffix(#"{"jsonrpc":"2.0","id":1,"result":{"content":[]}}"#))
        }
    }

    /// The call is never suspended, so its answer is there on the connection's own thread while the progress still waits for it.
    @Test func whatAnotherThreadHasToldComesBeforeAnAnswerThatIsThereAtOnce() async throws {
        try await withServer { server in
            let call =
                #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"told","_meta":{"progressToken":"p"}}}"#
            let headers = [try await session(server), "Accept: application/json, text/event-stream"]
            let answer = try await exchange(server, "POST /mcp", headers, body: call)
            #expect(answer.contains("text/event-stream"))
            #expect(answer.contains(#""params":{"progressToken":"p","progress":1}"#))
        }
    }

    @Test func getStreamIsAnsweredAtOnceAndTellsOfChanges() async throws {
        try await withServer { server in
            let id = try await session(server)
            for headers in [[id], []] {
                let connection = try await RawConnection(port: server.port)
                try await connection.send(request("GET /mcp", headers))
                #expect(await connection.text(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
                server.notify(.tools)
                let text = await connection.text(until: "list_changed")
                #expect(text.contains(#"data: {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#))
                await connection.close()
            }
        }
    }

    @Test func modernSubscriptionIsAcknowledgedAndEndsWithAResult() async throws {
        try await withServer { server in
            let meta =
                #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#
            let body =
                #"{"jsonrpc":"2.0","id":"L","method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true},\#(meta)}}"#
            let connection = try await RawConnection(port: server.port)
            let headers = ["MCP-Protocol-Version: 2026-07-28", "Mcp-Method: subscriptions/listen"]
            try await connection.send(request("POST /mcp", headers, body: body))
            _ = await connection.text(until: "acknowledged")
            server.notify(.prompts)
            server.notify(.tools)
            let text = await connection.text(until: "tools/list_changed")
            #expect(!text.contains("prompts/list_changed"))
            await server.shutdown(grace: .seconds(5))
            #expect(await connection.text(until: nil).contains(#""id":"L","result""#))
            await connection.close()
        }
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        try await withServer { server in
            let connection = try await RawConnection(port: server.port)
            let requests = (1...20).map { number in
                request("POST /mcp", body: #"{"jsonrpc":"2.0","id":\#(number),"method":"ping"}"#)
            }
            try await connection.send(requests.joined())
            let text = await connection.text(until: #""id":20"#)
            let ids = text.split(separator: #""id":"#).dropFirst().compactMap { Int($0.prefix { $0.isNumber }) }
            #expect(ids == Array(1...20))
            await connection.close()
        }
    }

    @Test(arguments: [
        (["Host: evil.example"], "403"), (["Host: localhost:9"], "200"), (["Host: [::1]:8090"], "200"),
        (["Host: 127.0.0.1", "Origin: http://evil.example"], "403"),
        (["Host: 127.0.0.1", "Origin: http://localhost:5173"], "200"), (["Host: 127.0.0.1", "Origin: null"], "403"),
        (["Host: 127.0.0.1", "Origin: https://app.example"], "200"),
    ]) func foreignHostsAndOriginsAreRefused(headers: [String], status: String) async throws {
        try await withServer {
            $0.allowedOrigins = ["https://app.example"]
        } _: { server in
            let connection = try await RawConnection(port: server.port)
            try await connection.send((["GET /health HTTP/1.1"] + headers).joined(separator: "\r\n") + "\r\n\r\n")
            #expect(await connection.text(until: "\r\n\r\n").hasPrefix("HTTP/1.1 \(status)"))
            await connection.close()
        }
    }

    @Test func tooMuchIsRefused() async throws {
        try await withServer {
            $0.bodyLimit = 1000
            $0.headerLimit = 1000
        } _: { server in
            let large = String(repeating: "x", count: 1001)
            #expect(try await exchange(server, "POST /mcp", body: large).hasPrefix("HTTP/1.1 413"))
            #expect(try await exchange(server, "GET /health", ["X: \(large)"]).hasPrefix("HTTP/1.1 431"))
            let chunk = "3e9\r\n\(large)\r\n0\r\n\r\n"
            let connection = try await RawConnection(port: server.port)
            try await connection.send(request("POST /mcp", ["Transfer-Encoding: chunked"]) + chunk)
            #expect(await connection.text(until: nil).hasPrefix("HTTP/1.1 413"))
            await connection.close()
        }
    }

    @Test func sessionsAreBounded() async throws {
        try await withServer {
            $0.maximumSessions = 2
        } _: { server in
            let first = try await session(server)
            for _ in 0..<3 { _ = try await session(server) }
            #expect(server.sessionCount == 2)
            let ping = #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#
            #expect(try await exchange(server, "POST /mcp", [first], body: ping).hasPrefix("HTTP/1.1 404"))
        }
    }

    @Test func cancelledLegacyCallEndsWithoutAnAnswer() async throws {
        try await withServer { server in
            let id = try await session(server)
            let connection = try await RawConnection(port: server.port)
            let call = #"{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"wait"}}"#
            try await connection.send(request("POST /mcp", [id], body: call))
            _ = await tools.started.first(1)
            let cancellation = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}}"#
            #expect(try await exchange(server, "POST /mcp", [id], body: cancellation).hasPrefix("HTTP/1.1 202"))
            _ = await tools.cancelled.first(1)
            #expect(await connection.text(until: "\r\n\r\n").hasPrefix("HTTP/1.1 202"))
            await connection.close()
        }
    }

    @Test func disconnectCancelsAModernCall() async throws {
        try await withServer { server in
            let meta =
                #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#
            let call = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wait",\#(meta)}}"#
            let connection = try await RawConnection(port: server.port)
            let headers = ["MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/call", "Mcp-Name: wait"]
            try await connection.send(request("POST /mcp", headers, body: call))
            _ = await tools.started.first(1)
            await connection.close()
            _ = await tools.cancelled.first(1)
        }
    }

    @Test func silentCallBecomesAStreamWithComments() async throws {
        try await withServer {
            $0.keepAliveInterval = .milliseconds(20)
        } _: { server in
            let id = try await session(server)
            let connection = try await RawConnection(port: server.port)
            let call = #"{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"wait"}}"#
            try await connection.send(request("POST /mcp", [id, "Accept: text/event-stream"], body: call))
            #expect(await connection.text(until: ": still at work").contains("text/event-stream"))
            await connection.close()
        }
    }

    @Test func portInUseIsNamed() async throws {
        try await withServer { server in
            do throws(HTTPServerError) {
                _ = try await HTTPServer.start(
                    HTTPServer.Configuration(host: "127.0.0.1", port: server.port),
                    profile: MCPServerProfile(version: "1"),
                    handler: tools,
                    logger: quiet
                )
                Issue.record("the port was free")
            } catch {
                #expect(error.code == .addressInUse)
                #expect(error.message == "cannot listen on 127.0.0.1:\(server.port): the address is already in use")
            }
        }
    }
}
