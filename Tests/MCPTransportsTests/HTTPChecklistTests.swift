import Foundation
import JSON
import MCPProtocol
import MCPTransports
import Testing
import WireChecks

@Suite("Checklist: HTTP, modern", .wireChecked(.server), .timeLimit(.minutes(4)))
struct ModernHTTPTests {
    @Test("S-24 S-40 other verbs are refused, no session is ever named")
    func verbs() async throws {
        try await HTTPBench.with { bench in
            for verb in ["GET", "DELETE"] {
                let answer = try await bench.exchange("\(verb) /mcp", ["MCP-Protocol-Version: 2026-07-28"])
                #expect(answer.hasPrefix("HTTP/1.1 405") && answer.contains("Allow: POST"))
            }
            let call = try await bench.modern(
                "t",
                headers: ["Mcp-Session-Id: x", "Last-Event-ID: 1-1", "Connection: close"]
            )
            let answer = await call.text(until: nil)
            #expect(answer.hasPrefix("HTTP/1.1 200") && !answer.lowercased().contains("mcp-session-id"))
            #expect(bench.server.sessionCount == 0)
        }
    }

    @Test(
        "S-25 S-26 foreign origins and hosts are refused on every verb",
        arguments: [
            "POST /mcp", "GET /mcp", "DELETE /mcp", "OPTIONS /mcp", "GET /sse", "POST /message", "GET /health",
        ]
    )
    func origins(line: String) async throws {
        try await HTTPBench.with { bench in
            for header in ["Origin: http://evil.example", "Origin: null"] {
                #expect(try await bench.exchange(line, [header]).hasPrefix("HTTP/1.1 403"))
            }
            let connection = try await RawConnection(port: bench.server.port)
            try await connection.send("\(line) HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
            #expect(await connection.text(until: nil).hasPrefix("HTTP/1.1 403"))
        }
    }

    @Test("S-25 a page of an allowed origin may ask, and see what it was answered")
    func crossOrigin() async throws {
        try await HTTPBench.with {
            $0.allowedOrigins = ["https://app.example"]
        } _: { bench in
            let preflight = try await bench.exchange("OPTIONS /mcp", ["Origin: https://app.example"])
            #expect(preflight.hasPrefix("HTTP/1.1 204"))
            #expect(preflight.contains("Access-Control-Allow-Origin: https://app.example"))
            let health = try await bench.exchange("GET /health", ["Origin: https://app.example"])
            #expect(health.contains("Access-Control-Allow-Origin: https://app.example"))
            #expect(try await !bench.exchange("GET /health").contains("Access-Control"))
        }
    }

    @Test("S-27 the loopback is listened on unless told otherwise")
    func loopback() { #expect(HTTPServer.Configuration().host == "localhost") }

    @Test(
        "S-28 S-34 S-12 statuses go with codes",
        arguments: [
            ("tools/call", ["Mcp-Method: tools/call"], 400, "-32020"),
            ("nobody/knows", ["MCP-Protocol-Version: 2026-07-28", "Mcp-Method: nobody/knows"], 404, "-32601"),
        ]
    )
    func statuses(method: String, headers: [String], status: Int, code: String) async throws {
        try await HTTPBench.with { bench in
            let body =
                #"{"jsonrpc":"2.0","id":"x","method":"\#(method)","params":{"name":"t",\#(HTTPBench.envelope)}}}"#
            let answer = try await bench.exchange("POST /mcp", headers, body: body)
            #expect(answer.hasPrefix("HTTP/1.1 \(status)") && answer.contains(code) && answer.contains(#""id":"x""#))
        }
    }

    @Test("S-32 parameter headers are checked against the tool's schema")
    func parameterHeaders() async throws {
        try await HTTPBench.with { bench in
            let body =
                #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{"region":"eu"},\#(HTTPBench.envelope)}}}"#
            let headers = bench.modernHeaders("tools/call") + ["Mcp-Name: t"]
            #expect(try await bench.exchange("POST /mcp", headers, body: body).contains("-32020"))
            let right = try await bench.exchange("POST /mcp", headers + ["mcp-param-region: eu"], body: body)
            #expect(right.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test("S-35 S-39 a posted notification is accepted and cancels nothing")
    func postedCancellation() async throws {
        try await HTTPBench.with { bench in
            let call = try await bench.modern("hold", id: "7", meta: #","progressToken":1"#)
            _ = await bench.host.started.first(1)
            let text = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}"#
            let answer = try await bench.exchange("POST /mcp", ["MCP-Protocol-Version: 2026-07-28"], body: text)
            #expect(answer.hasPrefix("HTTP/1.1 202") && answer.hasSuffix("\r\n\r\n"))
            bench.host.released.add("now")
            #expect(await call.text(until: "released").contains("released"))
            #expect(bench.host.cancelled.values.isEmpty)
            await call.close()
        }
    }

    @Test("S-36 S-37 S-73 a stream has related notifications, ends with the answer, and cannot be resumed")
    func stream() async throws {
        try await HTTPBench.with { bench in
            let meta = #","progressToken":"p","io.modelcontextprotocol/logLevel":"warning""#
            let answer = await (try await bench.modern("report", meta: meta, headers: ["Connection: close"])).text(
                until: nil
            )
            #expect(answer.contains("X-Accel-Buffering: no") && answer.contains("Cache-Control: no-cache"))
            let events = answer.components(separatedBy: "data: ").dropFirst().map { $0.prefix { !$0.isNewline } }
            #expect(events.count == 5)
            #expect(
                events.dropLast().allSatisfy { $0.contains(#""method":"notifications/"#) && !$0.contains(#""id""#) }
            )
            #expect(events.last?.contains("reported") == true)
            #expect(HTTPBench.eventIDs(answer).isEmpty && !answer.contains("retry:"))
            // S-74: what is less serious than asked for is not said.
            #expect(answer.contains("wrong") && !answer.contains("between"))
        }
    }

    @Test("S-74 S-73 nothing is said to who did not ask for it")
    func silent() async throws {
        try await HTTPBench.with { bench in
            let answer = await (try await bench.modern("report", headers: ["Connection: close"])).text(until: nil)
            #expect(answer.contains("application/json") && !answer.contains("notifications/"))
        }
    }

    @Test("S-38 losing the connection cancels the call, half a connection is none")
    func disconnect() async throws {
        try await HTTPBench.with { bench in
            let call = try await bench.modern("hold")
            _ = await bench.host.started.first(1)
            try await call.endOutput()
            _ = await bench.host.cancelled.first(1)
            await call.close()
        }
    }

    @Test("S-62 S-65 a subscription hears of a change at once, and the host of what is watched")
    func subscription() async throws {
        try await HTTPBench.with { bench in
            let filter = #""notifications":{"toolsListChanged":true,"resourceSubscriptions":["a:b"]}"#
            let body =
                #"{"jsonrpc":"2.0","id":"L","method":"subscriptions/listen","params":{\#(filter),\#(HTTPBench.envelope)}}}"#
            let stream = try await bench.open("POST /mcp", bench.modernHeaders("subscriptions/listen"), body: body)
            _ = await stream.text(until: "acknowledged")
            #expect(await bench.host.watched.first(1) == [#"resource(uri: "a:b") true"#])
            // A storm of changes is one message.
            for _ in 0..<100 { bench.server.notify(.tools) }
            bench.server.notify(.resourceUpdated(uri: "a:b"))
            let seen = await stream.text(until: "resources/updated")
            #expect(seen.components(separatedBy: "tools/list_changed").count == 2)
            await stream.close()
            #expect(await bench.host.watched.first(2).last == #"resource(uri: "a:b") false"#)
        }
    }
}

@Suite("Checklist: HTTP, sessions", .wireChecked(.server), .timeLimit(.minutes(4)))
struct LegacyHTTPTests {
    @Test("S-85 a session's id is visible ASCII and not to be guessed, needed, and ended by DELETE")
    func sessionIDs() async throws {
        try await HTTPBench.with { bench in
            var ids: Set<String> = []
            for _ in 0..<20 { ids.insert(try await bench.session()) }
            #expect(ids.count == 20)
            #expect(ids.allSatisfy { $0.utf8.count == "Mcp-Session-Id: ".utf8.count + 32 })
            let list = #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#
            let initialized = #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#
            #expect(try await bench.exchange("POST /mcp", body: list).hasPrefix("HTTP/1.1 400"))
            #expect(try await bench.exchange("POST /mcp", body: initialized).hasPrefix("HTTP/1.1 400"))
            #expect(try await bench.exchange("POST /mcp", ["Mcp-Session-Id: no"], body: list).hasPrefix("HTTP/1.1 404"))
            let id = try #require(ids.first)
            #expect(try await bench.exchange("DELETE /mcp", [id]).hasPrefix("HTTP/1.1 204"))
            #expect(try await bench.exchange("DELETE /mcp", [id]).hasPrefix("HTTP/1.1 404"))
            #expect(try await bench.exchange("POST /mcp", [id], body: list).hasPrefix("HTTP/1.1 404"))
        }
    }

    @Test("S-86 a version that nobody serves is refused, none is as good as the session's")
    func versions() async throws {
        try await HTTPBench.with { bench in
            let id = try await bench.session()
            let ping = #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#
            #expect(try await bench.exchange("POST /mcp", [id], body: ping).hasPrefix("HTTP/1.1 200"))
            let right = [id, "MCP-Protocol-Version: 2025-11-25"]
            #expect(try await bench.exchange("POST /mcp", right, body: ping).hasPrefix("HTTP/1.1 200"))
            for verb in ["POST", "GET", "DELETE"] {
                let wrong = try await bench.exchange(
                    "\(verb) /mcp",
                    [id, "MCP-Protocol-Version: 1999-01-01"],
                    body: verb == "POST" ? ping : ""
                )
                #expect(wrong.hasPrefix("HTTP/1.1 400"))
            }
        }
    }

    @Test("S-87 S-65 the stream of what was not asked for has changes and no answers")
    func standaloneStream() async throws {
        try await HTTPBench.with { bench in
            let id = try await bench.session()
            let stream = try await bench.open("GET /mcp", [id, "Accept: text/event-stream"])
            _ = await stream.text(until: "id: ")
            #expect(
                try await bench.exchange("POST /mcp", [id, HTTPBench.accept], body: bench.call("report")).contains(
                    "reported"
                )
            )
            let subscribe = #"{"jsonrpc":"2.0","id":2,"method":"resources/subscribe","params":{"uri":"a:b"}}"#
            _ = try await bench.exchange("POST /mcp", [id], body: subscribe)
            bench.server.notify(.resourceUpdated(uri: "a:c"))
            bench.server.notify(.tools)
            bench.server.notify(.resourceUpdated(uri: "a:b"))
            let seen = await stream.text(until: "resources/updated")
            #expect(seen.contains("list_changed") && !seen.contains("reported") && !seen.contains("a:c"))
            #expect(bench.host.watched.values == [#"resource(uri: "a:b") true"#])
            await stream.close()
        }
    }

    @Test("S-88 S-89 a call outlives its connection, and the rest of its stream comes when asked for")
    func resumption() async throws {
        try await HTTPBench.with { bench in
            let id = try await bench.session()
            let call = try await bench.open("POST /mcp", [id, HTTPBench.accept], body: bench.call("hold"))
            let begun = await call.text(until: #""progress":1"#)
            let ids = HTTPBench.eventIDs(begun)
            #expect(ids.count == 2 && Set(ids).count == 2)
            await call.close()
            bench.host.released.add("now")
            // From the beginning: progress again, then the answer, then the end.
            let again = try await bench.open("GET /mcp", [id, "Last-Event-ID: \(ids[0])"])
            let whole = await again.text(until: "released")
            #expect(whole.contains(#""progress":1"#))
            #expect(bench.host.cancelled.values.isEmpty)
            let rest = try await bench.exchange("GET /mcp", [id, "Last-Event-ID: \(ids[1])"])
            #expect(rest.contains("released") && !rest.contains(#""progress":1"#))
            await again.close()
        }
    }

    @Test("S-89 a stream may be closed on purpose; the client is told when to come back")
    func polling() async throws {
        try await HTTPBench.with { bench in
            let id = try await bench.session()
            let first = try await bench.exchange("POST /mcp", [id, HTTPBench.accept], body: bench.call("pause"))
            #expect(first.contains("retry: 500") && !first.contains("afterwards"))
            let start = try #require(HTTPBench.eventIDs(first).first)
            let second = try await bench.open("GET /mcp", [id, "Last-Event-ID: \(start)"])
            bench.host.released.add("now")
            #expect(await second.text(until: "afterwards").contains("afterwards"))
            await second.close()
        }
    }

    @Test("S-89 clients of before get no event without a message")
    func oldStreams() async throws {
        try await HTTPBench.with { bench in
            let id = try await bench.session("2025-06-18")
            let answer = try await bench.exchange("POST /mcp", [id, HTTPBench.accept], body: bench.call("report"))
            #expect(answer.contains("reported") && !answer.contains("data: \n"))
        }
    }

    @Test("S-90 a form is asked on the call's stream, and its answer posted", arguments: ["2025-06-18", "2025-11-25"])
    func elicitation(version: String) async throws {
        try await HTTPBench.with { bench in
            let id = try await bench.session(version, capabilities: #"{"elicitation":{}}"#)
            let call = try await bench.open("POST /mcp", [id, HTTPBench.accept], body: bench.call("ask"))
            let asked = await call.text(until: "elicitation/create")
            let request = try #require(asked.components(separatedBy: #""id":"server-"#).last?.prefix { $0 != "\"" })
            let answer =
                #"{"jsonrpc":"2.0","id":"server-\#(request)","result":{"action":"accept","content":{"ok":true}}}"#
            #expect(try await bench.exchange("POST /mcp", [id], body: answer).hasPrefix("HTTP/1.1 202"))
            #expect(await call.text(until: "accepted").contains("accepted"))
            await call.close()
        }
    }

    @Test(
        "S-67 S-90 who cannot be asked is not asked",
        arguments: [
            ("{}", HTTPBench.accept), (#"{"elicitation":{}}"#, "Accept: application/json"),
        ]
    )
    func notAsked(capabilities: String, accept: String) async throws {
        try await HTTPBench.with { bench in
            let id = try await bench.session(capabilities: capabilities)
            let answer = try await bench.exchange("POST /mcp", [id, accept], body: bench.call("ask"))
            #expect(answer.contains("nobody to ask"))
        }
    }

    @Test("S-91 arrays are answered with arrays in sessions of 2025-03-26, and refused elsewhere")
    func batches() async throws {
        try await HTTPBench.with { bench in
            let old = try await bench.session("2025-03-26")
            let ping = #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#
            let note = #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#
            let answer = try await bench.exchange(
                "POST /mcp",
                [old],
                body: "[\(ping),\(note),\(bench.call("t", id: 2)),7]"
            )
            let body = try #require(answer.components(separatedBy: "\r\n\r\n").last)
            let answers = try #require(try JSONValue(parsing: body).arrayValue)
            #expect(answers.count == 3)
            #expect(answers.contains { $0["id"] == 1 } && answers.contains { $0["id"] == 2 })
            #expect(answers.contains { $0["error"]?["code"] == -32600 })
            #expect(try await bench.exchange("POST /mcp", [old], body: "[\(note)]").hasPrefix("HTTP/1.1 202"))
            let new = try await bench.session("2025-06-18")
            for headers in [[new], [], ["MCP-Protocol-Version: 2026-07-28"]] {
                let refused = try await bench.exchange("POST /mcp", headers, body: "[\(ping)]")
                #expect(refused.hasPrefix("HTTP/1.1 400") && refused.contains("-32600"))
            }
        }
    }

    @Test("the older transport: the first event says where to post, answers come as events")
    func eventPair() async throws {
        try await HTTPBench.with { bench in
            let stream = try await bench.open("GET /sse", ["Accept: text/event-stream"])
            let first = await stream.text(until: "sessionId=")
            #expect(first.contains("event: endpoint\ndata: /message?sessionId="))
            let path = String(try #require(stream.seen.components(separatedBy: "data: ").last).prefix { !$0.isNewline })
            let initialize =
                #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2024-11-05"}}"#
            #expect(try await bench.exchange("POST \(path)", body: initialize).hasPrefix("HTTP/1.1 202"))
            #expect(await stream.text(until: #""protocolVersion":"2024-11-05""#).contains("event: message"))
            _ = try await bench.exchange("POST \(path)", body: bench.call("report", id: 9))
            #expect(await stream.text(until: "reported").contains(#""progress":3"#))
            _ = try await bench.exchange("POST \(path)", body: "{")
            #expect(await stream.text(until: "-32700").contains("-32700"))
            #expect(try await bench.exchange("POST /message", body: initialize).hasPrefix("HTTP/1.1 400"))
            #expect(try await bench.exchange("POST /message?sessionId=x", body: initialize).hasPrefix("HTTP/1.1 404"))
            await stream.close()
        }
    }
}
