import JSON
import MCPProtocol
import Testing

@Suite("JSON-RPC messages")
struct JSONRPCTests {
    @Test(arguments: [
        (#"{"jsonrpc":"2.0","id":1,"method":"m"}"#, #"{"jsonrpc":"2.0","id":1,"result":{}}"#),
        (#"{"jsonrpc":"2.0","id":"1","method":"m"}"#, #"{"jsonrpc":"2.0","id":"1","result":{}}"#),
        (#"{"jsonrpc":"2.0","id":1.5,"method":"m"}"#, #"{"jsonrpc":"2.0","id":1.5,"result":{}}"#),
        (
            #"{"jsonrpc":"2.0","id":123456789012345678901,"method":"m"}"#,
            #"{"jsonrpc":"2.0","id":123456789012345678901,"result":{}}"#
        ),
    ]) func idKeepsItsType(request: String, answer: String) throws {
        guard case .request(let decoded) = try message(request) else {
            Issue.record("not a request")
            return
        }
        #expect(String(decoding: JSONRPCEncoder.result(id: decoded.id, [:]), as: UTF8.self) == answer)
    }

    @Test(arguments: [
        ("{", -32700), ("[]", -32600), ("3", -32600), (#"{"id":1,"method":"m"}"#, -32600),
        (#"{"jsonrpc":"2.0","id":null,"method":"m"}"#, -32600), (#"{"jsonrpc":"2.0","id":1,"method":5}"#, -32600),
        (#"{"jsonrpc":"2.0","id":1,"method":"m","params":[]}"#, -32602), (#"{"jsonrpc":"2.0","id":1}"#, -32600),
        (#"{"jsonrpc":"2.0","result":{}}"#, -32600), (#"{"jsonrpc":"2.0","id":1,"result":[]}"#, -32600),
    ]) func brokenMessagesAreRefused(text: String, code: Int) {
        #expect { try message(text) } throws: { ($0 as? JSONRPCMessage.DecodingError)?.error.code == code }
    }

    @Test func errorsOfAPeerAreReadTolerantly() throws {
        let expected = JSONRPCResponse(id: nil, result: .failure(JSONRPCError(code: -32603, message: "x")))
        #expect(try message(#"{"jsonrpc":"2.0","id":null,"error":{"message":"x"}}"#) == .response(expected))
    }
}

@Suite("Server session")
struct ServerSessionTests {
    @Test(arguments: [
        ("2024-11-05", "2024-11-05"), ("2025-03-26", "2025-03-26"), ("2025-06-18", "2025-06-18"),
        ("2025-11-25", "2025-11-25"), ("2026-07-28", "2025-11-25"), ("1999-01-01", "2025-11-25"),
    ]) func knownLegacyVersionIsEchoed(wanted: String, agreed: String) throws {
        var session = ServerSession(profile)
        let answer = session.handle(
            try message(#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"\#(wanted)"}}"#)
        ).answer
        #expect(answer?["result"]?["protocolVersion"] == .string(agreed))
        #expect(answer?["result"]?["serverInfo"] == ["name": "muster-aggregator", "version": "9.9"])
        #expect(answer?["result"]?["capabilities"] == .object(profile.capabilities(for: .newestLegacy)))
        #expect(session.version?.text == agreed)
    }

    @Test(arguments: [
        (#""method":"ping""#, #"{"jsonrpc":"2.0","id":1,"result":{}}"#),
        (#""method":"resources/list""#, "perform listResources(cursor: nil)"),
        (#""method":"resources/templates/list""#, "perform listResourceTemplates(cursor: nil)"),
        (#""method":"prompts/list""#, "perform listPrompts(cursor: nil)"),
        (#""method":"logging/setLevel","params":{"level":"info"}"#, #"{"jsonrpc":"2.0","id":1,"result":{}}"#),
        (#""method":"resources/subscribe","params":{"uri":"a:b"}"#, #"{"jsonrpc":"2.0","id":1,"result":{}}"#),
        (#""method":"tools/list""#, "perform listTools(cursor: nil)"),
        (#""method":"resources/read","params":{"uri":"a:b"}"#, #"perform readResource(uri: "a:b")"#),
        (
            #""method":"completion/complete""#,
            #"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found: completion/complete"}}"#
        ),
        (
            #""method":"tools/call","params":{"name":5}"#,
            #"{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"params.name must be a string"}}"#
        ),
        (
            #""method":"tools/call","params":{"name":"t","arguments":[]}"#,
            #"{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"params.arguments must be an object"}}"#
        ),
        (#""method":"tools/list","params":{"cursor":"x"}"#, #"perform listTools(cursor: Optional("x"))"#),
    ]) func legacyMethods(request: String, expected: String) throws {
        var session = try initialized()
        #expect(session.handle(try message(#"{"jsonrpc":"2.0","id":1,\#(request)}"#)).text == expected)
    }

    @Test func nothingButPingIsServedBeforeTheHandshake() throws {
        var session = ServerSession(profile)
        let refused = session.handle(try message(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#))
        #expect(refused.answer?["error"]?["code"] == -32602)
        #expect(session.handle(try message(#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#)).answer?["result"] == [:])
    }

    @Test func cancelledCallIsNotAnswered() throws {
        var session = try initialized()
        let call = try message(#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"t"}}"#)
        let cancellation = try message(
            #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}"#
        )
        #expect(session.handle(cancellation).text == "accepted")
        _ = session.handle(call)
        #expect(session.handle(call).answer?["error"]?["code"] == -32600)
        #expect(session.handle(cancellation).text == "cancel 7")
        let isWantedAfterCancellation = session.finish(7)
        _ = session.handle(call)
        let isWanted = session.finish(7)
        #expect(!isWantedAfterCancellation)
        #expect(isWanted)
    }

    @Test func toolsArePassedThroughUnchanged() throws {
        var session = try initialized()
        let tool: JSONObject = ["name": "t", "inputSchema": ["type": "object", "x": 1.0], "odd": .null]
        let call = try #require(session.handle(try message(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#)).call)
        let expected = #"{"jsonrpc":"2.0","id":1,"result":{"tools":[\#(tool.text())]}}"#
        #expect(String(decoding: call.answer(.objects([tool])), as: UTF8.self) == expected)
        #expect(String(decoding: call.answer(.encoded(Array("[\(tool.text())]".utf8))), as: UTF8.self) == expected)
    }

    @Test func modernOnlyMembersAreRemovedForLegacyClients() throws {
        var session = try initialized()
        let request = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}}"#
        let call = try #require(session.handle(try message(request)).call)
        let bytes = call.answer(["resultType": "complete", "content": []])
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"jsonrpc":"2.0","id":1,"result":{"content":[]}}"#)
    }
}

@Suite("Modern server")
struct ModernServerTests {
    @Test func discoveryNamesAllVersionsAndTheServer() throws {
        let result = try modern(#""method":"server/discover","params":{\#(envelope)}"#).answer?["result"]
        #expect(result?["supportedVersions"]?[0] == "2026-07-28")
        #expect(result?["supportedVersions"]?.arrayValue?.count == 5)
        #expect(result?["resultType"] == "complete")
        #expect(result?["cacheScope"] == "public")
        #expect(result?["_meta"]?["io.modelcontextprotocol/serverInfo"]?["name"] == "muster-aggregator")
    }

    @Test func listsCarryCachingMembers() throws {
        for method in ["resources/list", "resources/templates/list", "prompts/list"] {
            let call = try #require(try modern(#""method":"\#(method)","params":{\#(envelope)}"#).call)
            let result = try call.json(.complete([:]))["result"]
            #expect(result?["ttlMs"] == 0)
            #expect(result?["cacheScope"] == "private")
            #expect(result?["resultType"] == "complete")
        }
        let call = try #require(try modern(#""method":"tools/list","params":{\#(envelope)}"#).call)
        let result = try JSONValue(parsing: call.answer(.objects([])))["result"]
        #expect(result?.objectValue?.keys == ["tools", "resultType", "ttlMs", "cacheScope", "_meta"])
    }

    @Test(arguments: [
        (#""method":"tools/list""#, -32602, 400),
        (
            #""method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}"#,
            -32602, 400
        ),
        (
            #""method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"1900-01-01","io.modelcontextprotocol/clientCapabilities":{}}}"#,
            -32022, 400
        ),
        (#""method":"ping","params":{\#(envelope)}"#, -32601, 404),
        (#""method":"initialize","params":{\#(envelope)}"#, -32601, 404),
        (#""method":"prompts/get","params":{\#(envelope)}"#, -32602, 400),
        (#""method":"resources/read","params":{"uri":"",\#(envelope)}"#, -32602, 400),
    ]) func refusals(body: String, code: Int64, status: Int) throws {
        guard case .send(let answer) = try modern(body) else {
            Issue.record("not answered")
            return
        }
        let error = try JSONValue(parsing: answer.bytes)
        #expect(error["error"]?["code"] == .integer(code))
        #expect(error["id"] == "a")
        #expect(answer.status == status)
    }

    @Test(
        arguments: [
            ("2026-07-28", "tools/call", "t", true), ("2026-07-28", "tools/call", "=?base64?dA==?=", true),
            (nil, "tools/call", "t", false), ("2025-06-18", "tools/call", "t", false),
            ("2026-07-28", "tools/list", "t", false),
            ("2026-07-28", "tools/call", nil, false), ("2026-07-28", "tools/call", "=?base64?dA?=", false),
            ("2026-07-28", "tools/call", "=?base64?dB==?=", false),
            ("2026-07-28", "tools/call", "=?BASE64?dA==?=", false),
        ] as [(String?, String?, String?, Bool)]
    ) func headersHaveToAgreeWithTheBody(
        version: String?,
        method: String?,
        name: String?,
        isServed: Bool
    ) throws {
        let headers = MCPRoutingHeaders(protocolVersion: version, method: method, name: name)
        let output = try modern(#""method":"tools/call","params":{"name":"t",\#(envelope)}"#, headers)
        #expect((output.call != nil) == isServed)
        if !isServed { #expect(output.answer?["error"]?["code"] == -32020) }
    }

    @Test func subscriptionTellsOnlyWhatWasAskedFor() throws {
        let body = #""method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true},\#(envelope)}"#
        guard case .listen(let listen) = try modern(body) else {
            Issue.record("no subscription")
            return
        }
        let tag = #""_meta":{"io.modelcontextprotocol/subscriptionId":"a"}"#
        #expect(
            String(decoding: listen.acknowledgement, as: UTF8.self)
                == #"{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{\#(tag),"notifications":{"toolsListChanged":true}}}"#
        )
        #expect(
            String(decoding: try #require(listen.notification(.tools)), as: UTF8.self)
                == #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{\#(tag)}}"#
        )
        #expect(listen.notification(.prompts) == nil)
    }

    @Test func erasAreToldApartByEnvelopeAndHeader() throws {
        let plain = try message(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#)
        let enveloped = try message(#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{\#(envelope)}}"#)
        let tagged = try message(
            #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"progressToken":1}}}"#
        )
        let initialize = try message(#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}"#)
        #expect(!ModernServer.serves(plain, versionHeader: nil))
        #expect(!ModernServer.serves(plain, versionHeader: "2025-06-18"))
        #expect(ModernServer.serves(plain, versionHeader: "2026-07-28"))
        #expect(ModernServer.serves(enveloped, versionHeader: nil))
        #expect(ModernServer.serves(enveloped, versionHeader: "2025-06-18"))
        #expect(!ModernServer.serves(tagged, versionHeader: nil))
        #expect(!ModernServer.serves(initialize, versionHeader: "2026-07-28"))
    }
}
