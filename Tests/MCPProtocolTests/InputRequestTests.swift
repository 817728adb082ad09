import JSON
import MCPProtocol
import TestSupport
import Testing

@Suite("Checklist: requests for input")
struct InputRequestTests {
    private let elicitation = envelope(declaring: #"{"elicitation":{"form":{}}}"#)
    private let question = MCPInputRequest.form("Go on?", schema: ["type": "object", "properties": [:]])

    private func body(_ more: String = "", arguments: String = "{}") -> String {
        #""method":"tools/call","params":{"name":"t","arguments":\#(arguments)\#(more),\#(elicitation)}"#
    }

    private func need(_ state: JSONValue = ["execution": "x"]) -> MCPInputNeed {
        MCPInputNeed([("go", question)], state: state)
    }

    /// The sealed state of a first round at 1,000 s.
    private func sealed(_ state: JSONValue = ["execution": "x"]) throws -> String {
        let call = try #require(try modern(body()).call)
        return try #require(
            try call.json(.inputRequired(need(state)), now: 1000)["result"]?["requestState"]?.stringValue
        )
    }

    @Test("S-66 an answer that asks has questions and a state, and is marked")
    func shape() throws {
        let call = try #require(try modern(body()).call)
        let result = try call.json(.inputRequired(need()))["result"]
        #expect(result?["resultType"] == "input_required")
        #expect(result?["inputRequests"]?["go"]?["method"] == "elicitation/create")
        #expect(result?["inputRequests"]?["go"]?["params"]?["mode"] == "form")
        #expect(result?["inputRequests"]?["go"]?.objectValue?.keys == ["method", "params"])
        #expect(result?["requestState"]?.stringValue?.hasPrefix("v1.") == true)
        #expect(result?["ttlMs"] == nil)
    }

    @Test("S-66 only three methods may ask", arguments: ["tools/list", "prompts/list", "resources/list"])
    func otherMethods(method: String) throws {
        let call = try #require(try modern(#""method":"\#(method)","params":{\#(elicitation)}"#).call)
        #expect(try call.json(.inputRequired(need()))["error"]?["code"] == -32603)
        let fields = #""inputResponses":7,"requestState":"x","#
        #expect(try modern(#""method":"\#(method)","params":{\#(fields)\#(elicitation)}"#).call?.input == nil)
    }

    @Test(
        "S-67 only what the client declared is asked",
        arguments: [
            (#"{}"#, false), (#"{"sampling":{}}"#, false), (#"{"elicitation":{}}"#, true),
            (#"{"elicitation":{"form":{}}}"#, true), (#"{"elicitation":{"form":{},"url":{}}}"#, true),
            (#"{"elicitation":{"url":{}}}"#, false),
        ]
    )
    func declaredOnly(capabilities: String, isAsked: Bool) throws {
        let meta = envelope(declaring: capabilities)
        let call = try #require(try modern(#""method":"tools/call","params":{"name":"t",\#(meta)}"#).call)
        let answer = try call.json(.inputRequired(need()))
        #expect((answer["result"]?["inputRequests"] != nil) == isAsked)
    }

    @Test("S-68 the state comes back as it was given")
    func stateReturns() throws {
        let text = try sealed(["execution": "x", "n": 1])
        let more = #","inputResponses":{"go":{"action":"accept","content":{"a":1}}},"requestState":"\#(text)""#
        let input = try #require(try modern(body(more), now: 1001).call?.input)
        #expect(input.state == ["execution": "x", "n": 1])
        #expect(input.elicitation("go") == .accepted(["a": 1]))
    }

    @Test("S-68 the state of every round is another text")
    func statesDiffer() throws { #expect(try sealed() != sealed()) }

    @Test("S-68 whatever is changed about a state is noticed")
    func tampering() throws {
        let text = try sealed()
        var faults = [
            text + "-TAMPERED", text + "A", String(text.dropLast()), "v2" + text.dropFirst(2), "", "v1.", "v1..",
        ]
        var generator = SplitMix64(seed: 1)
        for _ in 0..<200 {
            var bytes = Array(text.utf8)
            let position = Int.random(in: bytes.indices, using: &generator)
            bytes[position] = bytes[position] == UInt8(ascii: "a") ? UInt8(ascii: "b") : UInt8(ascii: "a")
            faults.append(String(decoding: bytes, as: UTF8.self))
        }
        for fault in faults {
            #expect(try modern(body(#","requestState":"\#(fault)""#), now: 1001).errorCode == -32602, "\(fault)")
        }
        #expect(try modern(body(#","requestState":7"#), now: 1001).errorCode == -32602)
    }

    @Test("S-68 S-71 a state is good for its own request only, for an hour, and by its own key")
    func binding() throws {
        let text = try sealed()
        func code(_ body: String, now: Int64 = 1001) throws -> Int64? { try modern(body, now: now).errorCode }
        let state = #","requestState":"\#(text)""#
        #expect(try code(body(state)) == nil)
        #expect(try code(body(state, arguments: #"{"a":1}"#)) == -32602)
        #expect(try code(body(state).replacing(#""name":"t""#, with: #""name":"u""#)) == -32602)
        let prompt = #""method":"prompts/get","params":{"name":"t"\#(state),\#(elicitation)}"#
        #expect(try code(prompt) == -32602)
        #expect(try code(body(state), now: 1000 + RequestStateSeal.lifetime) == nil)
        #expect(try code(body(state), now: 1001 + RequestStateSeal.lifetime) == -32602)
        let other = MCPServerProfile(version: "9.9")
        #expect(try modern(body(state), profile: other, now: 1001).errorCode == -32602)
        let binding = RequestStateSeal.Binding(method: "m", name: "n", arguments: [:], principal: "ann")
        let ann = profile.seal.seal("s", for: binding, now: 0)
        #expect(profile.seal.open(ann, for: binding, now: 0) == "s")
        let bob = RequestStateSeal.Binding(method: "m", name: "n", arguments: [:], principal: "bob")
        #expect(profile.seal.open(ann, for: bob, now: 0) == nil)
    }

    @Test(
        "S-69 broken answers are errors, missing and unknown ones are the host's business",
        arguments: [
            ("12345", -32602), ("null", -32602), ("[]", -32602), ("{}", nil), (#"{"other":{"action":"accept"}}"#, nil),
        ] as [(String, Int64?)]
    )
    func answers(responses: String, code: Int64?) throws {
        let output = try modern(body(#","inputResponses":\#(responses)"#))
        #expect(output.errorCode == code)
        if code == nil { #expect(output.call?.input?.elicitation("go") == nil) }
    }

    @Test(
        "S-72 accept, decline, cancel and nonsense are four things",
        arguments: [
            (#"{"action":"accept","content":{"a":1}}"#, MCPElicitation.accepted(["a": 1])),
            (#"{"action":"accept"}"#, .accepted([:])), (#"{"action":"decline"}"#, .declined),
            (#"{"action":"cancel"}"#, .cancelled), (#"{"action":"maybe"}"#, nil), ("7", nil), ("null", nil),
        ] as [(String, MCPElicitation?)]
    )
    func actions(text: String, expected: MCPElicitation?) throws {
        #expect(MCPElicitation(try JSONValue(parsing: text)) == expected)
    }

    @Test("S-90 a session's client is asked under an id of ours, once")
    func sessionsAsk() throws {
        var session = try initialized("2025-11-25", capabilities: #"{"elicitation":{}}"#)
        let (id, bytes) = session.ask(question)
        let asked = try JSONValue(parsing: bytes)
        #expect(asked["method"] == "elicitation/create")
        #expect(asked["params"]?["mode"] == "form")
        let answer = #"{"jsonrpc":"2.0","id":\#(id.json.text()),"result":{"action":"decline"}}"#
        guard case .answered(id, .success(["action": "decline"])) = session.handle(try message(answer)) else {
            Issue.record("not answered")
            return
        }
        #expect(session.handle(try message(answer)).text == "accepted")
        #expect(session.handle(try message(#"{"jsonrpc":"2.0","id":99,"result":{}}"#)).text == "accepted")
        let (second, _) = session.ask(question)
        #expect(second != id)
        #expect(
            String(decoding: try #require(session.withdraw(second)), as: UTF8.self).contains("notifications/cancelled")
        )
        #expect(session.withdraw(second) == nil)
    }

    @Test("S-90 the first clients with forms are not told of modes")
    func oldForms() throws {
        var session = try initialized("2025-06-18")
        #expect(try JSONValue(parsing: session.ask(question).message)["params"]?["mode"] == nil)
    }
}
