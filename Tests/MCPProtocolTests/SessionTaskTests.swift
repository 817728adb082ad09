import JSON
import MCPProtocol
import Testing

@Suite("Tasks of sessions")
struct SessionTaskTests {
    private static let version = "2025-11-25"

    private func session(_ version: String = version) throws -> ServerSession {
        try initialized(version, profile: fullProfile)
    }

    private func output(_ body: String, _ version: String = version) throws -> ServerOutput {
        var session = try session(version)
        return session.handle(.request(try request(body)))
    }

    private func call(_ params: String, _ version: String = version) throws -> ServerOutput {
        try output(#""method":"tools/call","params":{"name":"t",\#(params)}"#, version)
    }

    private func task(_ status: MCPTask.Status) -> MCPTask {
        MCPTask(
            id: "t-1",
            status: status,
            statusMessage: "m",
            createdAt: "2026-01-01T00:00:00Z",
            lastUpdatedAt: "2026-01-01T00:00:01Z"
        )
    }

    // MARK: - Negotiation

    @Test("2025-11-25 is told which requests can be tasks, and no other version")
    func capabilities() {
        let told = fullProfile.capabilities(for: .sessionTasks)["tasks"]
        #expect(told == ["list": [:], "cancel": [:], "requests": ["tools": ["call": [:]]]])
        for version in MCPVersion.all where version != .sessionTasks {
            #expect(fullProfile.capabilities(for: version)["tasks"] == nil)
        }
        let without = MCPServerProfile(version: "1", features: .all.subtracting(.sessionTasks))
        #expect(without.capabilities(for: .sessionTasks)["tasks"] == nil)
    }

    @Test(
        "the methods of tasks are known to sessions of 2025-11-25 only",
        arguments: ["get", "result", "cancel", "list"]
    )
    func methods(word: String) throws {
        let body = #""method":"tasks/\#(word)","params":{"taskId":"t"}"#
        #expect(try output(body).call != nil)
        for version in MCPVersion.legacy where version != .sessionTasks {
            #expect(try output(body, version.text).errorCode == -32601)
        }
        var without = try initialized(
            Self.version,
            profile: MCPServerProfile(version: "1", features: .all.subtracting(.sessionTasks))
        )
        #expect(without.handle(.request(try request(body))).errorCode == -32601)
    }

    @Test("answers to a task's questions come as answers to requests: there is no tasks/update")
    func noUpdate() throws {
        let body = #""method":"tasks/update","params":{"taskId":"t","inputResponses":{}}"#
        #expect(try output(body).errorCode == -32601)
    }

    @Test(
        "the member task asks for a task",
        arguments: [#""task":{}"#, #""task":{"ttl":60000}"#, #""task":{"ttl":0,"x":1}"#]
    )
    func asked(params: String) throws {
        #expect(try call(params).call?.wantsTask == true)
    }

    @Test("without it a call is as ever", arguments: [#""arguments":{}"#, #""task":null"#])
    func notAsked(params: String) throws {
        #expect(try call(params).call?.wantsTask == false)
    }

    @Test(
        "a task that cannot be read is refused by name",
        arguments: [
            #""task":1"#, #""task":[]"#, #""task":{"ttl":"1h"}"#, #""task":{"ttl":-1}"#, #""task":{"ttl":1.5}"#,
        ]
    )
    func malformed(params: String) throws {
        let refused = try call(params)
        #expect(refused.errorCode == -32602)
        #expect(refused.answer?["error"]?["message"]?.stringValue?.contains("params.task") == true)
    }

    @Test("other versions ignore it, whatever it is", arguments: MCPVersion.legacy.dropFirst())
    func ignored(version: MCPVersion) throws {
        #expect(try call(#""task":{"ttl":1}"#, version.text).call?.wantsTask == false)
        #expect(try call(#""task":7"#, version.text).call?.wantsTask == false)
    }

    @Test("the modern era knows neither the member nor the methods of sessions")
    func modernEra() throws {
        let body = #""method":"tools/call","params":{"name":"t","task":{},\#(envelope(declaring: tasks))}"#
        #expect(try modern(body, profile: fullProfile).call?.wantsTask == false)
        for word in ["result", "list"] {
            let body = #""method":"tasks/\#(word)","params":{"taskId":"t",\#(envelope(declaring: tasks))}"#
            #expect(try modern(body, profile: fullProfile).errorCode == -32601)
        }
    }

    // MARK: - Shapes

    @Test("a call that becomes a task is answered with the task alone")
    func created() throws {
        let call = try #require(try call(#""task":{}"#).call)
        let answer = call.answer(.task(task(.working)), now: 0)
        #expect(answer.begunTask == "t-1")
        let result = try JSONValue(parsing: answer.bytes)["result"]
        #expect(result?.objectValue?.keys == ["task"])
        #expect(
            result?["task"] == [
                "taskId": "t-1", "status": "working", "statusMessage": "m", "createdAt": "2026-01-01T00:00:00Z",
                "lastUpdatedAt": "2026-01-01T00:00:01Z", "ttl": .null, "pollInterval": 1000,
            ]
        )
    }

    @Test("who did not ask for a task gets none")
    func notCreated() throws {
        let call = try #require(try call(#""arguments":{}"#).call)
        #expect(try call.json(.task(task(.working)))["error"]?["code"] == -32603)
    }

    @Test("a tool that reports an error has failed; a task shows neither its result nor its questions")
    func words() {
        let states: [(MCPTask.Status, String)] = [
            (.working, "working"), (.inputRequired(["k": [:]]), "input_required"),
            (.completed(["content": []]), "completed"),
            (.completed(["content": [], "isError": true]), "failed"), (.failed(.internalError("x")), "failed"),
            (.cancelled, "cancelled"),
        ]
        for (status, word) in states {
            let form = task(status).sessionForm
            #expect(form["status"] == .string(word))
            #expect(form.keys == task(.working).sessionForm.keys)
        }
    }

    @Test("what belongs to a task says so, beside what was there")
    func relation() {
        let meta = MCPTask.relation(to: "t-1", in: ["a": 1])
        #expect(meta["a"] == 1)
        #expect(meta["io.modelcontextprotocol/related-task"] == ["taskId": "t-1"])
        #expect(MCPTask.withoutRelation(meta) == ["a": 1])
        #expect(MCPTask.withoutRelation(MCPTask.relation(to: "t-1", in: nil)) == nil)
        #expect(MCPTask.relation(to: "t", in: nil).objectValue?.keys == ["io.modelcontextprotocol/related-task"])
    }

    // MARK: - News

    @Test("a session hears of each new state of the tasks that it began, until they end")
    func news() throws {
        var session = try session()
        #expect(session.notification(.task(task(.working))) == nil)
        session.follow("t-1")
        #expect(session.interests == [.task(id: "t-1")])
        #expect(session.notification(.task(task(.working))) == nil, "that is what its answer said")
        let question = session.notification(.task(task(.inputRequired([:]))))
        let asks = try JSONValue(parsing: try #require(question))
        #expect(asks["method"] == "notifications/tasks/status")
        #expect(asks["params"]?["status"] == "input_required")
        #expect(asks["params"]?["_meta"] == nil)
        #expect(session.notification(.task(task(.inputRequired([:])))) == nil)
        #expect(session.notification(.task(task(.working))) != nil)
        #expect(session.notification(.task(task(.cancelled))) != nil)
        #expect(session.interests == [])
        #expect(session.notification(.task(task(.cancelled))) == nil)
    }

    @Test("a session follows only so many tasks")
    func limit() throws {
        var session = try session()
        for number in 0...ServerSession.followedLimit { session.follow("t\(number)") }
        #expect(session.interests.count == ServerSession.followedLimit)
    }
}
