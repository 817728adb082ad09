import JSON
import MCPProtocol
import Testing

@Suite("Checklist: eras")
struct EraChecklistTests {
    private func admission(_ body: String, _ headers: [(String, String)]) throws -> HTTPAdmission {
        HTTPAdmission(posting: .request(try request(body)), MCPHTTPHeaders(headers))
    }

    private func word(_ admission: HTTPAdmission) -> String {
        switch admission {
        case .modern: "modern"
        case .open: "open"
        case .session(let id): "session \(id)"
        case .stream: "stream"
        case .pong: "pong"
        case .accepted: "accepted"
        case .refused(let status, _, _, _): "\(status)"
        }
    }

    @Test(
        "S-08 an HTTP request is classified by envelope, header and session",
        arguments: [
            ("initialize", false, nil, nil, "open"), ("initialize", false, "2026-07-28", nil, "open"),
            ("initialize", true, nil, nil, "modern"), ("initialize", true, "2025-11-25", nil, "modern"),
            ("tools/list", true, "2026-07-28", nil, "modern"), ("tools/list", true, "2025-06-18", "s", "modern"),
            ("tools/list", false, "2026-07-28", nil, "modern"), ("tools/list", false, "1999-01-01", "s", "modern"),
            ("tools/list", false, "2025-06-18", "s", "session s"), ("tools/list", false, nil, "s", "session s"),
            ("tools/list", false, nil, nil, "400"), ("ping", false, nil, nil, "pong"),
        ] as [(String, Bool, String?, String?, String)]
    )
    func classification(
        method: String,
        isEnveloped: Bool,
        version: String?,
        session: String?,
        expected: String
    ) throws {
        var headers: [(String, String)] = []
        if let version { headers.append(("Mcp-Protocol-Version", version)) }
        if let session { headers.append(("MCP-SESSION-ID", session)) }
        let params = isEnveloped ? #","params":{\#(envelope)}"# : ""
        #expect(word(try admission(#""method":"\#(method)"\#(params)"#, headers)) == expected)
    }

    @Test(
        "S-24 GET and DELETE are refused in the modern era; S-85 a session is named",
        arguments: [
            ("2026-07-28", nil, "405", "405"), (nil, nil, "stream", "405"),
            ("2025-11-25", "s", "session s", "session s"),
            (nil, "s", "session s", "session s"), ("1999-01-01", "s", "400", "400"),
        ] as [(String?, String?, String, String)]
    )
    func otherVerbs(version: String?, session: String?, get: String, delete: String) {
        var headers: [(String, String)] = []
        if let version { headers.append(("mcp-protocol-version", version)) }
        if let session { headers.append(("mcp-session-id", session)) }
        #expect(word(HTTPAdmission(getting: MCPHTTPHeaders(headers))) == get)
        #expect(word(HTTPAdmission(deleting: MCPHTTPHeaders(headers))) == delete)
    }

    @Test("S-24 a refused verb says which one is allowed")
    func allowedVerb() {
        let headers = MCPHTTPHeaders([("MCP-Protocol-Version", "2026-07-28")])
        guard case .refused(405, _, _, "POST") = HTTPAdmission(getting: headers) else {
            Issue.record("allowed")
            return
        }
    }

    @Test("S-07 S-08 S-13 both eras share a process, message by message")
    func mixed() throws {
        var session = ServerSession(profile)
        let discover = try message(#"{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{\#(envelope)}}"#)
        let list = try message(#"{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{\#(envelope)}}"#)
        let first = session.handle(discover).text
        #expect(session.handle(list).call?.version == .modern)
        _ = session.finish(.integer(2))
        _ = session.handle(
            try message(#"{"jsonrpc":"2.0","id":3,"method":"initialize","params":{"protocolVersion":"2025-06-18"}}"#)
        )
        // The same answer as before the handshake.
        #expect(session.handle(discover).text == first)
        #expect(session.handle(list).call?.version == .modern)
        let plain = try message(#"{"jsonrpc":"2.0","id":4,"method":"tools/list"}"#)
        #expect(session.handle(plain).call?.version.text == "2025-06-18")
    }

    @Test("S-09 S-10 an unsupported version is answered with those that are")
    func unsupportedVersion() throws {
        for version in ["1900-01-01", "v999.0.0", "2025-11-25", "2024-11-05"] {
            let meta =
                #""_meta":{"io.modelcontextprotocol/protocolVersion":"\#(version)","io.modelcontextprotocol/clientCapabilities":{}}"#
            let output = try modern(#""method":"tools/list","params":{\#(meta)}"#)
            #expect(output.errorCode == -32022)
            #expect(output.status == 400)
            #expect(output.answer?["error"]?["data"]?["requested"] == .string(version))
            let discovered = try modern(#""method":"server/discover","params":{\#(envelope)}"#).answer
            #expect(output.answer?["error"]?["data"]?["supported"] == discovered?["result"]?["supportedVersions"])
            #expect(output.answer?["id"] == "a")
        }
    }

    @Test("S-11 discovery has everything that clients look for")
    func discovery() throws {
        let result = try modern(#""method":"server/discover","params":{\#(envelope)}"#, profile: fullProfile)
            .answer?["result"]
        let keys = ["supportedVersions", "capabilities", "ttlMs", "cacheScope", "resultType", "_meta"]
        for key in keys { #expect(result?[key] != nil, "\(key)") }
        #expect(result?["serverInfo"] == nil)
        #expect(result?["capabilities"]?["extensions"]?["io.modelcontextprotocol/tasks"] == [:])
        #expect(result?["capabilities"]?["tasks"] == nil)
    }

    @Test(
        "S-12 a broken envelope is refused, clientInfo may be missing",
        arguments: [
            (#""method":"tools/list""#, false), (#""method":"tools/list","params":{}"#, false),
            (#""method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/clientCapabilities":{}}}"#, false),
            (
                #""method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":[]}}"#,
                false
            ),
            (#""method":"tools/list","params":{\#(envelope)}"#, true),
        ]
    )
    func envelopes(body: String, isServed: Bool) throws {
        let output = try modern(body)
        #expect((output.call != nil) == isServed)
        guard !isServed else { return }
        #expect(output.errorCode == -32602)
        #expect(output.status == 400)
    }

    @Test(
        "S-14 a family that is not offered is not known",
        arguments: [
            ("tools/list", 0), ("tools/call", 0), ("resources/list", 1), ("resources/read", 1),
            ("resources/templates/list", 1), ("prompts/list", 2), ("prompts/get", 2), ("completion/complete", 3),
            ("tasks/get", 4),
        ]
    )
    func families(method: String, family: Int) throws {
        let families: [MCPServerFeatures] = [.tools, .resources, .prompts, .completions, .tasks]
        let without = MCPServerProfile(version: "1", features: .all.subtracting(families[family]))
        let params =
            #""name":"n","uri":"u:v","taskId":"t","ref":{"type":"ref/prompt","name":"p"},"argument":{"name":"a","value":""},"#
            + envelope(declaring: tasks)
        let body = #""method":"\#(method)","params":{\#(params)}"#
        #expect(try modern(body, profile: without).errorCode == -32601)
        #expect(try modern(body, profile: without).status == 404)
        #expect(try modern(body, profile: fullProfile).call != nil)
        guard method != "tasks/get" else { return }
        var session = try initialized(profile: without)
        let plain =
            #""method":"\#(method)","params":{"name":"n","uri":"u:v","ref":{"type":"ref/prompt","name":"p"},"argument":{"name":"a","value":""}}"#
        #expect(session.handle(.request(try request(plain))).errorCode == -32601)
        var full = try initialized(profile: fullProfile)
        #expect(full.handle(.request(try request(plain))).call != nil)
    }

    @Test("S-14 capabilities name exactly the families that are offered")
    func capabilities() {
        let some = MCPServerProfile(version: "1", features: [.tools, .completions])
        #expect(some.capabilities(for: .modern).keys == ["tools", "completions"])
        // Completion came with the revision after.
        #expect(some.capabilities(for: .oldest).keys == ["tools"])
        #expect(fullProfile.capabilities(for: .newestLegacy)["extensions"] == nil)
    }

    @Test("S-15 a missing capability is named as an object, with status 400")
    func missingCapability() throws {
        let call = try #require(try modern(#""method":"tools/call","params":{"name":"t",\#(envelope)}"#).call)
        let answer = call.answer(.missingCapability(["sampling": [:]], for: "t"))
        #expect(answer.status == 400)
        let error = try JSONValue(parsing: answer.bytes)["error"]
        #expect(error?["code"] == -32021)
        #expect(error?["data"]?["requiredCapabilities"]?["sampling"] == [:])
    }

    @Test(
        "S-16 S-81 tasks are unknown to who does not declare them",
        arguments: ["tasks/get", "tasks/update", "tasks/cancel"]
    )
    func undeclaredTasks(method: String) throws {
        let output = try modern(#""method":"\#(method)","params":{"taskId":"none",\#(envelope)}"#, profile: fullProfile)
        #expect(output.errorCode == -32021)
        #expect(output.status == 400)
        let required = output.answer?["error"]?["data"]?["requiredCapabilities"]
        #expect(required?["extensions"]?["io.modelcontextprotocol/tasks"] == [:])
    }

    @Test("S-17 the client's name changes nothing")
    func clientName() throws {
        let named = envelope(declaring: "{}", #","io.modelcontextprotocol/clientInfo":{"name":"x","version":"1"}"#)
        let first = try #require(try modern(#""method":"tools/list","params":{\#(envelope)}"#).call)
        let second = try #require(try modern(#""method":"tools/list","params":{\#(named)}"#).call)
        #expect(first.answer(.objects([])) == second.answer(.objects([])))
    }

    @Test(
        "S-18 S-34 methods of the past are unknown with an envelope",
        arguments: [
            "initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe", "tasks/result",
            "tasks/list", "unknown/method", "",
        ]
    )
    func removedMethods(method: String) throws {
        let output = try modern(
            #""method":"\#(method)","params":{"uri":"a:b","level":"info",\#(envelope(declaring: tasks))}"#,
            profile: fullProfile
        )
        #expect(output.errorCode == -32601)
        #expect(output.status == 404)
        #expect(output.answer?["id"] == "a")
    }
}
