import JSON
import MCPProtocol
import TestSupport
import Testing

@Suite("Event streams")
struct ServerSentEventTests {
    private func events(_ pieces: [[UInt8]], limit: Int = 1000) throws -> ([String], ServerSentEventParser) {
        var parser = ServerSentEventParser(limit: limit)
        var seen: [String] = []
        for piece in pieces {
            try parser.append(piece) { seen.append("\($0.type):\(String(decoding: $0.data, as: UTF8.self))") }
        }
        return (seen, parser)
    }

    private static let stream =
        "\u{FEFF}: comment\r\ndata: one\rdata:two\n\nevent: endpoint\ndata:/x\r\n\r\nid: 7\nretry: 250\ndata\n\nid: 8\ndata:  spaced\n\n"
        + "event: lost\n\nfield without meaning\ndata: größe\n\ndata: unfinished"

    private static let expected = ["message:one\ntwo", "endpoint:/x", "message: spaced", "message:größe"]

    @Test("C-19 events are the same however the bytes are cut", arguments: 0..<60 as Range<UInt64>)
    func anyCut(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var rest = Array(Self.stream.utf8)[...]
        var pieces: [[UInt8]] = []
        while !rest.isEmpty {
            let count = seed == 0 ? 1 : Int.random(in: 1...20, using: &random)
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        let (seen, parser) = try events(pieces)
        #expect(seen == Self.expected)
        #expect(parser.lastEventID == "8")
        #expect(parser.retryMilliseconds == 250)
    }

    @Test("C-63 an event without data carries an id all the same")
    func primingEvent() throws {
        let (seen, parser) = try events([Array("id: s-1\nretry: 500\ndata:\n\n".utf8)])
        #expect(seen == [])
        #expect(parser.lastEventID == "s-1")
        #expect(parser.retryMilliseconds == 500)
    }

    @Test func largeEventsAreRefusedWhetherInOneLineOrMany() {
        #expect(throws: ServerSentEventParser.TooLarge.self) {
            _ = try events([Array("data: ".utf8), [UInt8](repeating: 0x78, count: 50)], limit: 40)
        }
        #expect(throws: ServerSentEventParser.TooLarge.self) {
            _ = try events([Array(String(repeating: "data: xxxx\n", count: 20).utf8)], limit: 40)
        }
    }
}

@Suite("Routing headers of our requests")
struct RoutingFieldTests {
    @Test(
        "C-15 what a header cannot carry as it is goes in base64",
        arguments: [
            ("us west 1", "us west 1"), (" padded ", "=?base64?IHBhZGRlZCA=?="),
            ("line1\nline2", "=?base64?bGluZTEKbGluZTI=?="), ("Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="),
            ("a\tb", "=?base64?YQli?="), ("=?base64?x?=", "=?base64?PT9iYXNlNjQ/eD89?="), ("", ""),
            ("=?BASE64?x?=", "=?BASE64?x?="),
        ]
    )
    func encoding(_ text: String, _ value: String) { #expect(RoutingFields.encoded(text) == value) }

    @Test("C-14 names of tools, prompts, resources and tasks are repeated in a header")
    func names() {
        func fields(_ method: String, _ params: JSONObject) -> [String] {
            RoutingFields.of(method: method, params: params).map { "\($0.name): \($0.value)" }
        }
        #expect(fields("tools/call", ["name": "t"]) == ["Mcp-Method: tools/call", "Mcp-Name: t"])
        #expect(fields("prompts/get", ["name": "p"]) == ["Mcp-Method: prompts/get", "Mcp-Name: p"])
        #expect(fields("resources/read", ["uri": "x://y"]) == ["Mcp-Method: resources/read", "Mcp-Name: x://y"])
        #expect(fields("tasks/get", ["taskId": "7"]) == ["Mcp-Method: tasks/get", "Mcp-Name: 7"])
        #expect(fields("tools/list", [:]) == ["Mcp-Method: tools/list"])
    }

    @Test("C-17 annotations out of reach make a tool unusable over HTTP")
    func unreachable() {
        let annotated: JSONValue = ["type": "string", "x-mcp-header": "A"]
        for keyword in ["items", "allOf", "anyOf", "$defs", "not", "if"] {
            let inner: JSONValue = ["allOf", "anyOf"].contains(keyword) ? [annotated] : annotated
            let schema: JSONObject = [keyword: keyword == "$defs" ? ["a": annotated] : inner]
            #expect(throws: ParameterHeaders.Invalid.self, "\(keyword)") {
                _ = try ParameterHeaders(validating: schema)
            }
        }
        let harmless: JSONObject = ["properties": ["a": ["default": ["x-mcp-header": ""]]]]
        #expect(throws: Never.self) { _ = try ParameterHeaders(validating: harmless) }
    }
}

@Suite("Rounds of input")
struct InputRoundTests {
    @Test("C-30 complete, absent, unknown and misplaced result types")
    func resultTypes() {
        var rounds = InputRounds(method: "tools/call", params: [:])
        #expect(rounds.received(["content": []]) == .finished(["content": []]))
        #expect(rounds.received(["resultType": "complete"]) == .finished(["resultType": "complete"]))
        guard case .invalid = rounds.received(["resultType": "new"]) else {
            Issue.record("unknown accepted")
            return
        }
        guard case .task = rounds.received(["resultType": "task"]) else {
            Issue.record("task refused")
            return
        }
        // C-56, and input where none may be asked for.
        var list = InputRounds(method: "tools/list", params: [:])
        for kind in ["task", "input_required"] {
            guard case .invalid = list.received(["resultType": .string(kind)]) else {
                Issue.record("\(kind) accepted")
                return
            }
        }
    }

    @Test("C-47 rounds are counted, and state alone is waited for longer and longer")
    func limits() {
        var rounds = InputRounds(method: "tools/call", params: ["name": "t"])
        var waits: [Duration] = []
        for _ in 0..<10 {
            if case .wait(let time) = rounds.received(["resultType": "input_required", "requestState": "s"]) {
                waits.append(time)
            }
        }
        #expect(waits.prefix(4) == [.milliseconds(50), .milliseconds(100), .milliseconds(200), .milliseconds(250)])
        guard case .invalid(let text) = rounds.received(["resultType": "input_required", "requestState": "s"]) else {
            Issue.record("an eleventh round")
            return
        }
        #expect(text.contains("more than 10 times"))
    }

    @Test("C-45 without a state none is invented")
    func noState() {
        var rounds = InputRounds(method: "tools/call", params: ["name": "t"])
        let asked: JSONObject = ["resultType": "input_required", "inputRequests": ["a": ["method": "roots/list"]]]
        guard case .ask(let questions) = rounds.received(asked) else {
            Issue.record("not asked")
            return
        }
        #expect(questions.map(\.key) == ["a"])
        #expect(
            rounds.params(answers: [("a", ["roots": []])]) == ["name": "t", "inputResponses": ["a": ["roots": []]]]
        )
    }

    @Test("C-53, C-55 tasks are polled no faster than asked, inputs answered once")
    func taskWatch() throws {
        var watch = try #require(TaskWatch(["taskId": "7", "pollIntervalMs": 100]))
        #expect(watch.first() == .poll(after: .milliseconds(20)))
        let working: JSONObject = ["status": "working", "pollIntervalMs": 50]
        #expect(watch.received(working) == .poll(after: .milliseconds(40)))
        #expect(watch.received(working) == .poll(after: .milliseconds(50)))
        let asking: JSONObject = ["status": "input_required", "inputRequests": ["a": ["method": "roots/list"]]]
        guard case .ask = watch.received(asking) else {
            Issue.record("not asked")
            return
        }
        guard case .poll = watch.received(asking) else {
            Issue.record("asked twice")
            return
        }
        #expect(watch.received(["status": "completed", "result": ["content": []]]) == .finished(["content": []]))
        guard case .failed(let error) = watch.received(["status": "failed", "error": ["code": 5, "message": "m"]])
        else {
            Issue.record("not failed")
            return
        }
        #expect(error.message == "m")
    }

    @Test("C-53 a task of a session is polled at its own pace, and its end is asked for")
    func sessionTask() throws {
        #expect(TaskWatch(["status": "working"], isOfSession: true) == nil)
        for status in ["input_required", "completed", "failed"] {
            var watch = try #require(TaskWatch(["taskId": "7", "pollInterval": 30], isOfSession: true))
            #expect(watch.first() == .poll(after: .milliseconds(20)))
            #expect(watch.received(["status": "working", "pollInterval": 30]) == .poll(after: .milliseconds(30)))
            #expect(watch.received(["status": .string(status)]) == .fetch)
        }
        var cancelled = try #require(TaskWatch(["taskId": "7"], isOfSession: true))
        guard case .invalid = cancelled.received(["status": "cancelled"]) else {
            Issue.record("nobody else may end it")
            return
        }
    }

    @Test("C-65 questions beyond what was declared are known as such")
    func capabilities() {
        let form = MCPInputRequest(method: "elicitation/create", params: [:])
        let url = MCPInputRequest(method: "elicitation/create", params: ["mode": "url"])
        #expect(form.isAnswerable(by: ["elicitation": [:]]))
        #expect(!url.isAnswerable(by: ["elicitation": [:]]))
        #expect(url.isAnswerable(by: ["elicitation": ["url": [:]]]))
        #expect(!form.isAnswerable(by: ["elicitation": ["url": [:]]]))
        #expect(!form.isAnswerable(by: [:]))
        #expect(!MCPInputRequest(method: "tools/call", params: [:]).isAnswerable(by: ["sampling": [:]]))
    }
}
