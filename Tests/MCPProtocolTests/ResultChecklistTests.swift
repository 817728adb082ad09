import JSON
import MCPProtocol
import TestSupport
import Testing

@Suite("Checklist: results, caching, pages")
struct ResultChecklistTests {
    private func call(_ method: String, _ more: String = "") throws -> ServerCall {
        let params =
            #""name":"n","uri":"u:v","taskId":"t","ref":{"type":"ref/prompt","name":"p"},"argument":{"name":"a","value":""}"#
        let body = #""method":"\#(method)","params":{\#(params)\#(more),\#(envelope(declaring: tasks))}"#
        return try #require(try modern(body, profile: fullProfile).call)
    }

    @Test(
        "S-19 S-20 every modern result says what it is and whose",
        arguments: [
            "tools/list", "tools/call", "resources/list", "resources/templates/list", "resources/read", "prompts/list",
            "prompts/get", "completion/complete", "tasks/get", "tasks/cancel",
        ]
    )
    func marks(method: String) throws {
        let result = try call(method).json(.complete(["_meta": ["x": 1]]))["result"]
        #expect(result?["resultType"] == "complete")
        #expect(result?["_meta"]?["io.modelcontextprotocol/serverInfo"]?["version"] == "9.9")
        #expect(result?["_meta"]?["x"] == 1)
    }

    @Test("S-19 a server behind us does not say what our result is")
    func foreignType() throws {
        #expect(try call("tools/call").json(.complete(["resultType": "task"]))["result"]?["resultType"] == "complete")
    }

    @Test("S-19 sessions see none of it")
    func stripped() throws {
        var session = try initialized()
        let call = try #require(session.handle(.request(try request(#""method":"resources/list""#))).call)
        let modernResult: JSONObject = ["resources": [], "resultType": "complete", "ttlMs": 5, "cacheScope": "public"]
        #expect(
            try call.json(.complete(modernResult, MCPCaching(timeToLive: 9, isPublic: true)))["result"] == [
                "resources": []
            ]
        )
    }

    @Test(
        "S-21 S-22 what may be kept says for how long and by whom",
        arguments: [
            ("tools/list", true), ("resources/list", true), ("resources/templates/list", true),
            ("resources/read", true),
            ("prompts/list", true), ("prompts/get", false), ("tools/call", false), ("completion/complete", false),
        ]
    )
    func caching(method: String, isCacheable: Bool) throws {
        let call = try call(method)
        let plain = try call.json(.complete([:]))["result"]
        #expect((plain?["ttlMs"] == 0) == isCacheable)
        #expect((plain?["cacheScope"] == "private") == isCacheable)
        let kept = try call.json(.complete([:], MCPCaching(timeToLive: 60_000, isPublic: true)))["result"]
        #expect((kept?["ttlMs"] == 60_000) == isCacheable)
        #expect((kept?["cacheScope"] == "public") == isCacheable)
        #expect(MCPCaching(timeToLive: -1, isPublic: false).timeToLive == 0)
    }

    @Test("S-21 the list of tools has it as well")
    func toolList() throws {
        let result = try call("tools/list").json(.tools(.encoded(Array("[]".utf8)), nextCursor: "c"))["result"]
        #expect(result?.objectValue?.keys == ["tools", "nextCursor", "resultType", "ttlMs", "cacheScope", "_meta"])
    }

    @Test("S-23 pages cover a list once, whatever is added or removed between them", arguments: 0..<50 as Range<UInt64>)
    func pages(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let all = Set(
            (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                "k\(Int.random(in: 0...99, using: &generator))"
            }
        ).sorted()
        var items = all
        let size = Int.random(in: 1...7, using: &generator)
        var seen: [String] = []
        var cursor: String?
        var removed: Set<String> = []
        repeat {
            let page = try PageCursor.page(of: items, after: cursor, size: size) { $0 }
            seen += page.items
            cursor = page.next
            if Bool.random(using: &generator), let victim = items.randomElement(using: &generator) {
                items.removeAll { $0 == victim }
                removed.insert(victim)
            }
        } while cursor != nil
        #expect(seen == seen.sorted())
        #expect(Set(seen).count == seen.count)
        #expect(Set(seen).union(removed) == Set(all))
    }

    @Test(
        "S-23 cursors of others are refused, the empty one is a cursor",
        arguments: ["", "x", "YWJj", "!!!", "after:a"]
    )
    func foreignCursors(text: String) {
        #expect { try PageCursor.page(of: ["a", "b"], after: text, size: 1) { $0 } } throws: {
            ($0 as? JSONRPCError)?.code == -32602
        }
    }

    @Test("S-23 an empty cursor reaches the host as a value")
    func emptyCursor() throws {
        #expect(try call("tools/list", #","cursor":"""#).operation == .listTools(cursor: ""))
        #expect(try call("tools/list", #","cursor":null"#).operation == .listTools(cursor: nil))
    }

    @Test("S-53 sessions get objects as structured content, others what there is")
    func structured() throws {
        var session = try initialized()
        let old = try #require(
            session.handle(.request(try request(#""method":"tools/call","params":{"name":"t"}"#))).call
        )
        #expect(
            try old.json(.complete(["structuredContent": [1, 2]]))["result"]?["structuredContent"] == [
                "result": [1, 2]
            ]
        )
        #expect(try old.json(.complete(["structuredContent": ["a": 1]]))["result"]?["structuredContent"] == ["a": 1])
        #expect(
            try call("tools/call").json(.complete(["structuredContent": [1]]))["result"]?["structuredContent"] == [1]
        )
    }

    @Test(
        "older clients get content that they can read",
        arguments: [
            ("2024-11-05", ["text", "text", "text"]), ("2025-03-26", ["text", "audio", "text"]),
            ("2025-06-18", ["text", "audio", "resource_link"]),
        ]
    )
    func content(version: String, types: [String]) throws {
        var session = try initialized(version)
        let call = try #require(
            session.handle(.request(try request(#""method":"tools/call","params":{"name":"t"}"#))).call
        )
        let content: JSONValue = [
            ["type": "text", "text": "a"], ["type": "audio", "data": "", "mimeType": "audio/wav"],
            ["type": "resource_link", "uri": "x://y", "name": "y"],
        ]
        let seen = try call.json(.complete(["content": content]))["result"]?["content"]?.arrayValue ?? []
        #expect(seen.compactMap { $0["type"]?.stringValue } == types)
        #expect(seen.last?["uri"] == "x://y" || seen.last?["text"] == "y: x://y")
    }

    @Test("S-58 a missing resource has the code of the era, and its URI")
    func missingResource() throws {
        let error = JSONRPCError.resourceNotFound("a:b")
        let new = try JSONValue(parsing: try call("resources/read").answer(error).bytes)["error"]
        #expect(new?["code"] == -32602)
        #expect(new?["data"]?["uri"] == "a:b")
        var session = try initialized()
        let body = #""method":"resources/read","params":{"uri":"a:b"}"#
        let old = try #require(session.handle(.request(try request(body))).call)
        let answer =
            #"{"jsonrpc":"2.0","id":"a","error":{"code":-32002,"message":"Resource not found: a:b","data":{"uri":"a:b"}}}"#
        #expect(String(decoding: old.answer(error).bytes, as: UTF8.self) == answer)
    }

    @Test(
        "S-59 URIs that no resource can have are refused",
        arguments: [
            "", "a\u{0}b", "a\nb", String(repeating: "x", count: ResourceURI.sizeLimit + 1),
        ]
    )
    func oddURIs(uri: String) { #expect(ResourceURI.fault(in: uri) != nil) }

    @Test("S-61 a completion has at most a hundred values and counts the rest")
    func completion() {
        let result = MCPCompletion.result((0..<250).map { "v\($0)" })["completion"]
        #expect(result?["values"]?.arrayValue?.count == 100)
        #expect(result?["total"] == 250)
        #expect(result?["hasMore"] == true)
    }

    @Test(
        "S-73 progress needs a token of the right type",
        arguments: [
            (#""p""#, true), ("7", true), ("1.5", false), ("null", false), ("{}", false),
        ]
    )
    func tokens(token: String, isToken: Bool) throws {
        let meta = envelope(declaring: "{}", #","progressToken":\#(token)"#)
        let call = try #require(try modern(#""method":"tools/call","params":{"name":"t",\#(meta)}"#).call)
        #expect((call.progressToken != nil) == isToken)
    }

    @Test(
        "S-74 a request's log level is checked, and ignored where nothing is logged",
        arguments: [
            (#""debug""#, nil), (#""loud""#, -32602), ("7", -32602),
        ] as [(String, Int64?)]
    )
    func logLevels(level: String, code: Int64?) throws {
        let meta = envelope(declaring: "{}", #","io.modelcontextprotocol/logLevel":\#(level)"#)
        let output = try modern(#""method":"tools/call","params":{"name":"t",\#(meta)}"#)
        #expect(output.errorCode == code)
        if code == nil { #expect(output.call?.logLevel == .debug) }
        #expect(try modern(#""method":"tools/call","params":{"name":"t",\#(envelope)}"#).call?.logLevel == nil)
        #expect(MCPLogLevel.debug < .warning && MCPLogLevel.alert < .emergency)
    }
}

@Suite("Checklist: tasks")
struct TaskShapeTests {
    private func task(_ status: MCPTask.Status) -> MCPTask {
        MCPTask(id: "t-1", status: status, createdAt: "2026-01-01T00:00:00Z", lastUpdatedAt: "2026-01-01T00:00:01Z")
    }

    private func call(_ body: String) throws -> ServerCall { try #require(try modern(body, profile: fullProfile).call) }

    @Test("S-77 S-82 a call that becomes a task is answered flat")
    func created() throws {
        let call = try call(#""method":"tools/call","params":{"name":"t",\#(envelope(declaring: tasks))}"#)
        let result = try call.json(.task(task(.completed(["content": []]))))["result"]
        #expect(result?["resultType"] == "task")
        #expect(result?["taskId"] == "t-1")
        #expect(result?["ttlMs"] == .null)
        #expect(result?["pollIntervalMs"] == 1000)
        for key in ["task", "result", "error", "inputRequests", "requestState", "ttl", "pollInterval"] {
            #expect(result?.objectValue?.hasKey(key) == false)
        }
    }

    @Test("S-76 nobody gets a task who did not declare them with this call", arguments: ["{}", #"{"extensions":{}}"#])
    func undeclared(capabilities: String) throws {
        let call = try call(
            #""method":"tools/call","params":{"name":"t","task":{},\#(envelope(declaring: capabilities))}"#
        )
        #expect(!call.declaresTasks)
        #expect(try call.json(.task(task(.working)))["error"]?["code"] == -32603)
    }

    @Test("S-78 S-79 each state has its own members")
    func variants() {
        #expect(task(.working).detail.keys == task(.working).head.keys)
        #expect(task(.inputRequired(["k": [:]])).detail["inputRequests"] == ["k": [:]])
        let failed = task(.completed(["content": [], "isError": true])).detail
        #expect(failed["status"] == "completed")
        #expect(failed["result"]?["isError"] == true)
        #expect(failed["result"]?["resultType"] == "complete")
        #expect(task(.failed(.internalError("x"))).detail["error"]?["message"] == "x")
        #expect(task(.cancelled).detail["status"] == "cancelled")
    }
}
