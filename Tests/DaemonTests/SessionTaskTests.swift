import Daemon
import Engine
import JSON
import MCPProtocol
import MCPTransports
import Storage
import Synchronization
import TestSupport
import Testing
import ToolBridges
import ToolCatalog
import WorkflowModel

@Suite("Executions as tasks of sessions", .timeLimit(.minutes(1)))
struct ExecutionSessionTaskTests {
    private static let files = [
        "workflows/slow.yaml": "steps: [{id: one, tool: slow}]",
        "workflows/quick.yaml": "steps: [{id: one, tool: echo, args: {a: 1}}]",
        "workflows/bad.yaml": "steps: [{id: one, tool: fails}]",
        "workflows/lost.yaml": "steps: [{id: one, tool: nowhere}]",
        "workflows/strict.yaml": "args: {n: {type: string, required: true}}\nsteps: [{id: one, tool: echo}]",
    ]

    /// A muster whose tool `slow` says that it was reached and waits until it is cancelled.
    private func bench() throws -> (MusterBench, AsyncStream<Void>) {
        let (reached, reach) = AsyncStream<Void>.makeStream()
        let tools = ScriptedTools([
            "echo": { .json(.object($0)) }, "fails": { _ in .failure("disk full") },
            "slow": { _ in
                reach.yield()
                try await Task.sleep(for: .seconds(60))
                return .text("never")
            },
        ])
        return (try MusterBench(Self.files, tools: tools), reached)
    }

    private static func request(wantsTask: Bool = false) -> MCPRequestContext {
        var request = MusterBench.request(version: .sessionTasks)
        request.wantsTask = wantsTask
        return request
    }

    private func call(_ name: String, _ arguments: JSONObject = [:]) -> MCPOperation {
        .callTool(name: name, arguments: arguments)
    }

    private func begin(_ bench: MusterBench, _ workflow: String, _ arguments: JSONObject = [:]) async throws -> MCPTask
    {
        try await bench.outcome(call("workflow_" + workflow, arguments), Self.request(wantsTask: true)).task
    }

    private func result(_ bench: MusterBench, _ operation: MCPOperation) async throws -> JSONObject {
        try await bench.result(operation, Self.request())
    }

    /// The code of the error that an operation ends with; nil when it ends well.
    private func errorCode(
        _ bench: MusterBench,
        _ operation: MCPOperation,
        wantsTask: Bool = false
    ) async throws -> Int? {
        do {
            _ = try await bench.outcome(operation, Self.request(wantsTask: wantsTask))
            return nil
        } catch let error as JSONRPCError {
            return error.code
        }
    }

    @Test("workflows say that they can be tasks, other tools do not, and only to sessions that know what it means")
    func listed() async throws {
        let (bench, _) = try bench()
        let support = JSONValue.object(["taskSupport": "optional"])
        for tool in try await bench.listedTools(version: .sessionTasks) {
            let isWorkflow = tool["name"]?.stringValue?.hasPrefix("workflow_") == true
            #expect(tool["execution"] == (isWorkflow ? support : nil), "\(tool)")
        }
        for version in MCPVersion.all where version != .sessionTasks {
            #expect(try await bench.listedTools(version: version).allSatisfy { $0["execution"] == nil })
        }
    }

    @Test("a task is its execution, which begins at work")
    func durable() async throws {
        let (bench, reached) = try bench()
        let task = try await begin(bench, "slow")
        #expect(task.status == .working && task.createdAt == task.lastUpdatedAt)
        #expect(try await bench.muster.store.summary(of: ExecutionID(task.id))?.status == .inProgress)
        for await _ in reached { break }
        let seen = try await result(bench, .getTask(id: task.id))
        #expect(seen["taskId"] == .string(task.id))
        #expect(seen["status"] == "working")
        #expect(seen["ttl"] == .null && seen["pollInterval"] == 1000)
        #expect(seen["statusMessage"]?.stringValue?.contains("step one") == true)
        #expect(seen["_meta"] == nil)
        await bench.muster.shutDown()
    }

    @Test("the result of a task is what the call would have been answered, and says whose it is")
    func results() async throws {
        let (bench, _) = try bench()
        for (workflow, word) in [("quick", "completed"), ("bad", "failed")] {
            let task = try await begin(bench, workflow)
            var late = try await result(bench, .taskResult(id: task.id))
            #expect(late["_meta"]?["io.modelcontextprotocol/related-task"] == ["taskId": .string(task.id)])
            #expect(try await result(bench, .getTask(id: task.id))["status"] == .string(word))
            late["_meta"] = nil
            let plain = try await result(bench, call("workflow_" + workflow))
            #expect(late.keys == plain.keys)
            #expect(late["isError"] == plain["isError"])
            // All but the id.
            var (left, right) = (
                late["structuredContent"]?.objectValue ?? [:], plain["structuredContent"]?.objectValue ?? [:]
            )
            #expect(left["execution_id"] == .string(task.id))
            left["execution_id"] = nil
            right["execution_id"] = nil
            #expect(left.keys == right.keys && left["status"] == right["status"])
        }
    }

    @Test("who waits for a result is told when the task ends, also by being cancelled")
    func waiting() async throws {
        let (bench, reached) = try bench()
        let task = try await begin(bench, "slow")
        for await _ in reached { break }
        async let waited = result(bench, .taskResult(id: task.id))
        let cancelled = try await result(bench, .cancelTask(id: task.id))
        #expect(cancelled["status"] == "cancelled" && cancelled["taskId"] == .string(task.id))
        #expect(try await waited.isError)
        #expect(try await result(bench, .getTask(id: task.id))["status"] == "cancelled")
        #expect(try await errorCode(bench, .cancelTask(id: task.id)) == -32602)
    }

    @Test("what has ended cannot be cancelled")
    func tooLate() async throws {
        let (bench, _) = try bench()
        let task = try await begin(bench, "quick")
        _ = try await result(bench, .taskResult(id: task.id))
        #expect(try await errorCode(bench, .cancelTask(id: task.id)) == -32602)
        #expect(try await result(bench, .getTask(id: task.id))["status"] == "completed")
    }

    @Test("ids that nobody has are unknown", arguments: ["", "none", "../x"])
    func unknown(id: String) async throws {
        let (bench, _) = try bench()
        for operation in [MCPOperation.getTask(id: id), .taskResult(id: id), .cancelTask(id: id)] {
            #expect(try await errorCode(bench, operation) == -32602)
        }
    }

    @Test(
        "tools that cannot be tasks refuse to be one",
        arguments: ["core_workflow_list", "workflow_list", "call_tool", "echo"]
    )
    func forbidden(name: String) async throws {
        let (bench, _) = try bench()
        #expect(try await errorCode(bench, call(name), wantsTask: true) == -32601)
    }

    @Test("where nothing begins there is no task; arguments that are wrong are an execution that failed")
    func refused() async throws {
        let (bench, _) = try bench()
        #expect(try await errorCode(bench, call("workflow_lost"), wantsTask: true) == -32602)
        #expect(try await errorCode(bench, call("workflow_none"), wantsTask: true) == -32602)
        let task = try await begin(bench, "strict")
        #expect(task.sessionForm["status"] == "failed")
        #expect(try await result(bench, .taskResult(id: task.id)).text.contains("required field 'n' is missing"))
    }

    @Test("a repeated call with the same key gets the same task, also when it has ended")
    func sameKey() async throws {
        let (bench, _) = try bench()
        let first = try await begin(bench, "quick", ["_idempotencyKey": "k"])
        _ = try await result(bench, .taskResult(id: first.id))
        let again = try await begin(bench, "quick", ["_idempotencyKey": "k"])
        #expect(again.id == first.id)
        #expect(again.sessionForm["status"] == "completed")
    }

    @Test("all that can be read is listed, in pages, each task once")
    func listing() async throws {
        let (bench, reached) = try bench()
        var ids: Set<String> = []
        for _ in 0..<ExecutionTasks.pageSize { ids.insert(try await begin(bench, "quick").id) }
        ids.insert(try await begin(bench, "bad").id)
        for id in ids { _ = try await result(bench, .taskResult(id: id)) }
        let slow = try await begin(bench, "slow")
        ids.insert(slow.id)
        for await _ in reached { break }
        let first = try await result(bench, .listTasks(cursor: nil))
        #expect(first["tasks"]?.arrayValue?.count == ExecutionTasks.pageSize)
        #expect(first["tasks"]?[0]?["taskId"] == .string(slow.id))
        // What comes meanwhile is before the first page.
        _ = try await result(bench, .taskResult(id: try await begin(bench, "quick").id))
        let second = try await result(bench, .listTasks(cursor: first["nextCursor"]?.stringValue))
        #expect(second["nextCursor"] == nil)
        let listed = (first["tasks"]?.arrayValue ?? []) + (second["tasks"]?.arrayValue ?? [])
        #expect(Set(listed.compactMap { $0["taskId"]?.stringValue }) == ids)
        #expect(listed.count == ids.count)
        for task in listed {
            let id = try #require(task["taskId"]?.stringValue)
            #expect(task == .object(try await result(bench, .getTask(id: id))))
        }
        for cursor in ["", "x", PageCursor(after: "nobody").text] {
            #expect(try await errorCode(bench, .listTasks(cursor: cursor)) == -32602)
        }
        await bench.muster.shutDown()
    }

    // MARK: - Questions

    /// The successor of a muster that was stopped while a step was in flight that may not be repeated unasked.
    private func successor() async throws -> (MusterBench, id: String) {
        let (first, reached) = try bench()
        let task = try await begin(first, "slow")
        for await _ in reached { break }
        await first.muster.shutDown()
        let next = try MusterBench(continuing: first, tools: ScriptedTools(["slow": { _ in .text("done") }]))
        _ = try await next.muster.start()
        await next.muster.engine.waitUntilSettled(ExecutionID(task.id))
        return (next, task.id)
    }

    private func asking(
        _ answer: @escaping @Sendable (MCPInputRequest) async -> JSONObject
    ) -> MCPRequestContext {
        var request = MusterBench.request(forms: true, version: .sessionTasks)
        request.ask = { requests in
            var answers: [JSONObject] = []
            for one in requests { answers.append(await answer(one)) }
            return .success(answers)
        }
        return request
    }

    @Test("who waits for the result of a task that needs a decision is asked, by a question that names the task")
    func decides() async throws {
        let (bench, id) = try await successor()
        #expect(try await result(bench, .getTask(id: id))["status"] == "input_required")
        let asked = Mutex<[MCPInputRequest]>([])
        let request = asking { question in
            asked.withLock { $0.append(question) }
            return ["action": "accept", "content": ["decision": "retry"]]
        }
        #expect(try await !bench.result(.taskResult(id: id), request).isError)
        let questions = asked.withLock { $0 }
        #expect(questions.map(\.method) == ["elicitation/create"])
        #expect(
            questions.first?.params["_meta"]?["io.modelcontextprotocol/related-task"] == ["taskId": .string(id)]
        )
        #expect(bench.tools.count(of: "slow") == 1)
        await bench.muster.shutDown()
    }

    @Test("a question that is not answered is asked once, and who waits hears of an answer that came another way")
    func declined() async throws {
        let (bench, id) = try await successor()
        let (asked, ask) = AsyncStream<Void>.makeStream()
        let request = asking { _ in
            ask.yield()
            return ["action": "decline"]
        }
        async let waited = bench.result(.taskResult(id: id), request)
        for await _ in asked { break }
        let decision: JSONObject = ["execution_id": .string(id), "decision": "succeeded", "result": "42"]
        #expect(try await !bench.call("core_workflow_execution_resume", decision).isError)
        #expect(try await !waited.isError)
        ask.finish()
        #expect(await asked.reduce(into: 0) { count, _ in count += 1 } == 0, "it was asked once")
        await bench.muster.shutDown()
    }

    @Test("a question that was answered another way is taken back")
    func takenBack() async throws {
        let (bench, id) = try await successor()
        let (asked, ask) = AsyncStream<Void>.makeStream()
        let isTakenBack = Mutex(false)
        let request = asking { _ in
            ask.yield()
            // Nobody answers before it is taken back.
            do { try await Task.sleep(for: .seconds(60)) } catch { isTakenBack.withLock { $0 = true } }
            return ["action": "cancel"]
        }
        async let waited = bench.result(.taskResult(id: id), request)
        for await _ in asked { break }
        _ = try await result(bench, .cancelTask(id: id))
        #expect(try await waited.isError)
        #expect(isTakenBack.withLock { $0 })
        await bench.muster.shutDown()
    }

    @Test("a question of a step's server comes to who waits for the result", arguments: ["modern", "legacy"])
    func upstreamQuestion(era: String) async throws {
        let tool = "x_up_test_input_required_result_elicitation"
        let files = [
            "workflows/greet.yaml": "steps: [{id: ask, tool: \(tool)}]\noutput: {said: \"{{ .results.ask }}\"}"
        ]
        try await UpstreamBench.with(era: era, files: files) { bench in
            let asked = Mutex<[MCPInputRequest]>([])
            var request = asking { question in
                asked.withLock { $0.append(question) }
                return ["action": "accept", "content": ["name": "Ann"]]
            }
            request.wantsTask = true
            let task = try await bench.outcome(call("workflow_greet"), request).task
            let result = try await bench.result(.taskResult(id: task.id), request)
            #expect(!result.isError && result.text.contains("Hello, Ann!"), "\(result.text)")
            let questions = asked.withLock { $0 }
            #expect(questions.map { $0.params["message"] } == ["up: What is your name?"])
            let meta = questions.first?.params["_meta"]
            #expect(meta?["io.modelcontextprotocol/related-task"] == ["taskId": .string(task.id)])
        }
    }

    @Test("who cannot be asked waits")
    func notAsked() async throws {
        let (bench, id) = try await successor()
        async let waited = result(bench, .taskResult(id: id))
        _ = try await result(bench, .cancelTask(id: id))
        #expect(try await waited.isError)
        await bench.muster.shutDown()
    }
}
