import Daemon
import Engine
import JSON
import MCPProtocol
import Storage
import Synchronization
import TestSupport
import Testing
import ToolBridges
import ToolCatalog
import WorkflowModel

@Suite("Checklist: executions as tasks and their questions", .timeLimit(.minutes(1)))
struct ExecutionTaskTests {
    private static let files = [
        "workflows/slow.yaml": "steps: [{id: one, tool: slow}]",
        "workflows/quick.yaml": "steps: [{id: one, tool: echo, args: {a: 1}}]",
        "workflows/bad.yaml": "steps: [{id: one, tool: fails}]",
        "workflows/lost.yaml": "steps: [{id: one, tool: nowhere}]",
    ]

    /// A muster whose tool `slow` says that it was reached and waits until it is cancelled.
    private func bench(_ annotations: ToolAnnotations = ToolAnnotations()) throws -> (MusterBench, AsyncStream<Void>) {
        let (reached, reach) = AsyncStream<Void>.makeStream()
        let tools = ScriptedTools(
            [
                "echo": { .json(.object($0)) }, "fails": { _ in .failure("disk full") },
                "slow": { _ in
                    reach.yield()
                    try await Task.sleep(for: .seconds(60))
                    return .text("never")
                },
            ],
            annotations: ["slow": annotations]
        )
        return (try MusterBench(Self.files, tools: tools), reached)
    }

    private func start(_ bench: MusterBench, _ workflow: String, _ arguments: JSONObject = [:]) async throws -> MCPTask
    {
        let call = MCPOperation.callTool(name: "workflow_" + workflow, arguments: arguments)
        return try await bench.outcome(call, MusterBench.request(tasks: true)).task
    }

    /// The task when it has ended.
    private func ended(_ bench: MusterBench, _ id: String) async throws -> JSONObject {
        await bench.muster.engine.waitUntilSettled(ExecutionID(id))
        return try await bench.result(.getTask(id: id))
    }

    @Test("S-77 S-82 a task exists before its client is told, and is its execution")
    func durable() async throws {
        let (bench, reached) = try bench()
        let task = try await start(bench, "slow")
        #expect(task.status == .working)
        #expect(task.timeToLive == nil)
        let summary = try #require(try await bench.muster.store.summary(of: ExecutionID(task.id)))
        #expect(summary.status == .inProgress)
        for await _ in reached { break }
        let seen = try await bench.result(.getTask(id: task.id))
        #expect(seen["status"] == "working")
        #expect(seen["statusMessage"]?.stringValue?.contains("step one") == true)
        await bench.muster.shutDown()
    }

    @Test("S-78 S-79 the end of a task has the result that the call would have had")
    func completed() async throws {
        let (bench, _) = try bench()
        let task = try await start(bench, "quick")
        let seen = try await ended(bench, task.id)
        #expect(seen["status"] == "completed")
        #expect(seen["result"]?["structuredContent"]?["execution_id"] == .string(task.id))
        #expect(seen["result"]?["resultType"] == "complete")
        #expect(seen["error"] == nil && seen["inputRequests"] == nil)
        let failed = try await ended(bench, try await start(bench, "bad").id)
        #expect(failed["status"] == "completed")
        #expect(failed["result"]?["isError"] == true)
    }

    @Test("S-76 who declares no tasks waits for the end; other tools are never tasks")
    func undeclared() async throws {
        let (bench, _) = try bench()
        #expect(try await !bench.result(.callTool(name: "workflow_quick", arguments: [:])).isError)
        let core = MCPOperation.callTool(name: "core_workflow_list", arguments: [:])
        #expect(try await !bench.result(core, MusterBench.request(tasks: true)).isError)
        // Nothing was begun, so that there is no task.
        let refused = MCPOperation.callTool(name: "workflow_lost", arguments: [:])
        #expect(try await bench.result(refused, MusterBench.request(tasks: true)).isError)
    }

    @Test("S-80 cancelling is acknowledged, stops the execution, and does nothing to one that has ended")
    func cancelled() async throws {
        let (bench, reached) = try bench()
        let task = try await start(bench, "slow")
        for await _ in reached { break }
        #expect(try await bench.result(.cancelTask(id: task.id)) == [:])
        #expect(try await ended(bench, task.id)["status"] == "cancelled")
        #expect(try await bench.result(.cancelTask(id: task.id)) == [:])
        #expect(try await bench.result(.updateTask(id: task.id, responses: ["x": [:]])) == [:])
        #expect(try await bench.result(.getTask(id: task.id))["status"] == "cancelled")
    }

    @Test("S-78 S-81 ids that nobody has are unknown", arguments: ["", "none", "../x"])
    func unknown(id: String) async throws {
        let (bench, _) = try bench()
        for operation in [MCPOperation.getTask(id: id), .updateTask(id: id, responses: [:]), .cancelTask(id: id)] {
            await #expect { try await bench.outcome(operation) } throws: { ($0 as? JSONRPCError)?.code == -32602 }
        }
    }

    @Test("a repeated call with the same key gets the same task")
    func sameKey() async throws {
        let (bench, reached) = try bench()
        let first = try await start(bench, "slow", ["_idempotencyKey": "k"])
        for await _ in reached { break }
        #expect(try await start(bench, "slow", ["_idempotencyKey": "k"]).id == first.id)
        await bench.muster.shutDown()
    }

    // MARK: - After a crash

    /// The successor of a muster that was stopped while a step was in flight that may not be repeated unasked.
    private func successor() async throws -> (MusterBench, id: String) {
        let (first, reached) = try bench()
        let task = try await start(first, "slow", ["_idempotencyKey": "k"])
        for await _ in reached { break }
        await first.muster.shutDown()
        let next = try MusterBench(continuing: first, tools: ScriptedTools(["slow": { _ in .text("done") }]))
        _ = try await next.muster.start()
        await next.muster.engine.waitUntilSettled(ExecutionID(task.id))
        return (next, task.id)
    }

    @Test("S-78 a task outlives its server and asks for what it needs")
    func taskAsks() async throws {
        let (bench, id) = try await successor()
        let asking = try await bench.result(.getTask(id: id))
        #expect(asking["status"] == "input_required")
        let requests = try #require(asking["inputRequests"]?.objectValue)
        let key = try #require(requests.keys.first)
        #expect(requests[key]?["method"] == "elicitation/create")
        #expect(
            requests[key]?["params"]?["requestedSchema"]?["properties"]?["decision"]?["enum"] == [
                "retry", "succeeded", "fail",
            ]
        )
        for nonsense in [
            ["other": ["action": "accept"]], [key: 7], [key: ["action": "accept", "content": ["decision": "?"]]],
        ] as [[String: JSONValue]] {
            _ = try await bench.result(.updateTask(id: id, responses: JSONObject(nonsense.map { ($0.key, $0.value) })))
            #expect(try await bench.result(.getTask(id: id))["status"] == "input_required")
        }
        var responses = JSONObject()
        responses[key] = ["action": "accept", "content": ["decision": "retry"]]
        #expect(try await bench.result(.updateTask(id: id, responses: responses)) == [:])
        #expect(try await ended(bench, id)["status"] == "completed")
        #expect(bench.tools.count(of: "slow") == 1)
        await bench.muster.shutDown()
    }

    @Test("S-66 S-69 S-72 a call that joins an execution which waits is asked, again if need be")
    func callAsks() async throws {
        let (bench, id) = try await successor()
        let call = MCPOperation.callTool(name: "workflow_slow", arguments: ["_idempotencyKey": "k"])
        let need = try await bench.outcome(call, MusterBench.request(forms: true)).need
        let key = try #require(need.requests.first?.key)
        #expect(need.state["execution"] == .string(id))
        func answer(_ responses: JSONObject) -> MCPInput { MCPInput(responses: responses, state: need.state) }
        for missing in [[:], ["wrong": ["action": "accept"]]] as [JSONObject] {
            let again = try await bench.outcome(call, MusterBench.request(forms: true, input: answer(missing))).need
            #expect(again.requests.first?.key == key)
        }
        for action in ["decline", "cancel"] {
            var responses = JSONObject()
            responses[key] = ["action": .string(action)]
            let refused = try await bench.result(call, MusterBench.request(forms: true, input: answer(responses)))
            #expect(refused.isError && refused.text.contains("still waits"))
        }
        var responses: JSONObject = ["unknown": ["action": "accept"]]
        responses[key] = ["action": "accept", "content": ["decision": "succeeded", "result": #"{"n":1}"#]]
        let result = try await bench.result(call, MusterBench.request(forms: true, input: answer(responses)))
        #expect(!result.isError)
        #expect(result["structuredContent"]?["execution_id"] == .string(id))
        #expect(bench.tools.count(of: "slow") == 0)
        await bench.muster.shutDown()
    }

    @Test("S-67 who can fill in no forms is not asked")
    func notAsked() async throws {
        let (bench, id) = try await successor()
        let resume = MCPOperation.callTool(
            name: "core_workflow_execution_resume",
            arguments: ["execution_id": .string(id)]
        )
        #expect(try await bench.result(resume).isError)
        let need = try await bench.outcome(resume, MusterBench.request(forms: true)).need
        #expect(need.requests.count == 1)
        await bench.muster.shutDown()
    }

    @Test("S-70 questions ask for no secrets, show no arguments and lead nowhere")
    func harmlessQuestions() async throws {
        let (bench, id) = try await successor()
        let asking = try await bench.result(.getTask(id: id))
        let requests = try #require(asking["inputRequests"]?.objectValue)
        #expect(requests.count == 1)
        for (_, request) in requests {
            #expect(request["method"] == "elicitation/create")
            #expect(request["params"]?["mode"] == nil || request["params"]?["mode"] == "form")
            let form = request["params"]?["requestedSchema"]?["properties"]?.objectValue
            #expect(form?.keys == ["decision", "result", "message"])
            #expect(!request.text().contains("://"))
            #expect(!request.text().contains("_idempotencyKey"))
        }
        await bench.muster.shutDown()
    }

    // MARK: - News

    @Test("S-63 updates of what is watched are told, of nothing else")
    func news() async throws {
        let (bench, reached) = try bench()
        let (told, tell) = AsyncStream<ServerNews>.makeStream()
        bench.muster.news.onNews { tell.yield($0) }
        let task = try await start(bench, "slow")
        for await _ in reached { break }
        let uri = "muster://executions/\(task.id)"
        bench.muster.handler.watch(.resource(uri: uri), true)
        bench.muster.handler.watch(.task(id: task.id), true)
        _ = try await bench.outcome(.callTool(name: "workflow_quick", arguments: [:]))
        _ = try await bench.outcome(.cancelTask(id: task.id))
        var sawResource = false
        for await item in told {
            switch item {
            case .resourceUpdated(let updated):
                #expect(updated == uri)
                sawResource = true
            case .task(let seen): #expect(seen.id == task.id)
            case .listChanged: Issue.record("no list has changed")
            }
            if case .task(let seen) = item, seen.status == .cancelled { break }
        }
        #expect(sawResource)
        bench.muster.handler.watch(.resource(uri: uri), false)
        bench.muster.handler.watch(.task(id: task.id), false)
        await bench.muster.shutDown()
    }
}
