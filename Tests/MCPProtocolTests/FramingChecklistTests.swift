import JSON
import MCPProtocol
import Testing

@Suite("Checklist: framing and JSON-RPC")
struct FramingChecklistTests {
    @Test(
        "S-01 a null id is refused, and other ids keep their type",
        arguments: [
            ("null", -32600), ("{}", -32600), ("[1]", -32600), ("true", -32600),
        ]
    )
    func oddIDs(id: String, code: Int) {
        #expect { try message(#"{"jsonrpc":"2.0","id":\#(id),"method":"ping"}"#) } throws: {
            let error = $0 as? JSONRPCMessage.DecodingError
            return error?.error.code == code && error?.id == nil
        }
    }

    @Test("S-01 the text of a message has to be UTF-8")
    func foreignBytes() {
        #expect { try JSONRPCMessage(decoding: [0x22, 0xFF, 0x22]) } throws: {
            ($0 as? JSONRPCMessage.DecodingError)?.error.code == -32700
        }
    }

    @Test(
        "S-02 a notification is never answered, whatever its name",
        arguments: [
            "notifications/initialized", "notifications/cancelled", "notifications/nobody/knows", "tools/call",
            "initialize", "server/discover",
        ]
    )
    func notifications(method: String) throws {
        let notification = try message(#"{"jsonrpc":"2.0","method":"\#(method)","params":{"requestId":77}}"#)
        for var session in [ServerSession(profile), try initialized()] {
            #expect(session.handle(notification).text == "accepted")
        }
        let posted = HTTPAdmission(posting: notification, MCPHTTPHeaders([("MCP-Protocol-Version", "2026-07-28")]))
        guard case .accepted = posted else {
            Issue.record("\(posted)")
            return
        }
    }

    @Test(
        "S-03 each kind of fault has its code",
        arguments: [
            (#""method":"nobody/knows""#, -32601), (#""method":"tools/call","params":{}"#, -32602),
            (#""method":"tools/call","params":{"name":"t","arguments":3}"#, -32602),
            (#""method":"resources/read","params":{"uri":7}"#, -32602),
            (#""method":"prompts/get","params":{"name":"p","arguments":{"a":1}}"#, -32602),
            (#""method":"tools/list","params":{"cursor":7}"#, -32602),
            (#""method":"completion/complete","params":{"ref":{"type":"ref/tool"}}"#, -32602),
        ]
    )
    func codes(body: String, code: Int64) throws {
        var session = try initialized(profile: fullProfile)
        #expect(session.handle(.request(try request(body))).errorCode == code)
    }

    @Test("S-03 the host's own faults are internal errors, in an answer that every client reads")
    func ownFault() throws {
        let call = try #require(try modern(#""method":"tools/list","params":{\#(envelope)}"#).call)
        let answer = call.answer(.unexpected("7f3a"))
        #expect(answer.status == 200)
        #expect(try JSONValue(parsing: answer.bytes)["error"]?["code"] == -32603)
    }

    @Test(
        "S-04 codes that an era does not know are not sent to it",
        arguments: [
            (-32002, -32602, -32002), (-32042, -32603, -32042), (-32001, -32603, -32603), (-32050, -32603, -32603),
            (-32020, -32020, -32603), (-32021, -32021, -32603), (-32022, -32022, -32603), (17, 17, 17),
            (-32602, -32602, -32602),
        ]
    )
    func foreignCodes(thrown: Int, modernCode: Int64, legacyCode: Int64) throws {
        let error = JSONRPCError(code: thrown, message: "m")
        let new = ServerAnswer(error: error, id: "a", era: .modern)
        let old = ServerAnswer(error: error, id: "a", era: .legacy)
        #expect(try JSONValue(parsing: new.bytes)["error"]?["code"] == .integer(modernCode))
        #expect(try JSONValue(parsing: old.bytes)["error"]?["code"] == .integer(legacyCode))
    }

    @Test("S-05 an error about an unreadable id has none")
    func unreadableID() throws {
        let answer = ServerAnswer(error: .parseError("x"), id: nil, era: .modern)
        #expect(try JSONValue(parsing: answer.bytes)["id"] == nil)
    }

    @Test("S-06 an internal error gives a reference and nothing else")
    func reference() {
        #expect(JSONRPCError.unexpected("7f3a").message == "Internal error; the server's log has the reason under 7f3a")
    }

    @Test("S-91 arrays are read for sessions of 2025-03-26 only")
    func arrays() throws {
        let two = Array(#"[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"ping"}]"#.utf8)
        guard case .batch(let messages) = try ServerInput(decoding: two, allowsBatches: true) else {
            Issue.record("no batch")
            return
        }
        #expect(messages.count == 2)
        #expect { try ServerInput(decoding: two, allowsBatches: false) } throws: {
            ($0 as? JSONRPCMessage.DecodingError)?.error.code == -32600
        }
        #expect(try initialized("2025-03-26").allowsBatches)
        for version in ["2024-11-05", "2025-06-18", "2025-11-25"] { #expect(try !initialized(version).allowsBatches) }
    }

    @Test(
        "S-91 an array has no handshake in it, is not empty and not endless",
        arguments: [
            "[]", "[\(repeatElement("1", count: 1001).joined(separator: ","))]",
        ]
    )
    func oddArrays(text: String) {
        #expect { try ServerInput(decoding: Array(text.utf8), allowsBatches: true) } throws: {
            ($0 as? JSONRPCMessage.DecodingError)?.error.code == -32600
        }
    }

    @Test("S-91 initialize within an array is refused by itself")
    func initializeInArray() throws {
        let text = #"[{"jsonrpc":"2.0","id":1,"method":"initialize"},7]"#
        guard case .batch(let messages) = try ServerInput(decoding: Array(text.utf8), allowsBatches: true) else {
            Issue.record("no batch")
            return
        }
        #expect(throws: JSONRPCMessage.DecodingError.self) { try messages[0].get() }
        #expect(throws: JSONRPCMessage.DecodingError.self) { try messages[1].get() }
    }
}

extension JSONRPCID: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self = .string(value) }
}
