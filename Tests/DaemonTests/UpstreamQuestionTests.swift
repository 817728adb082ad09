import Daemon
import Engine
import JSON
import MCPProtocol
import MCPTransports
import TestSupport
import Testing
import ToolBridges
import WorkflowModel

@Suite("Questions of servers behind muster", .timeLimit(.minutes(1)))
struct UpstreamQuestionTests {
    private static let tool = "x_up_test_input_required_result_elicitation"
    private static let workflow = [
        "workflows/greet.yaml": "steps: [{id: ask, tool: \(tool)}]"
    ]

    private func call(_ name: String, _ arguments: JSONObject = [:]) -> MCPOperation {
        .callTool(name: name, arguments: arguments)
    }

    @Test(
        "C-45 C-79 the question of a call comes as a round, and its answer finds the call",
        arguments: ["modern", "legacy"]
    )
    func round(era: String) async throws {
        try await UpstreamBench.with(era: era) { bench in
            let need = try await bench.outcome(call(Self.tool), MusterBench.request(forms: true)).need
            #expect(need.requests.map(\.request.method) == ["elicitation/create"])
            #expect(need.requests[0].request.params["message"] == "up: What is your name?")
            #expect(need.requests[0].request.params["requestedSchema"]?["required"] == ["name"])
            let input = need.accepted(["name": "Ann"])
            let result = try await bench.result(call(Self.tool), MusterBench.request(forms: true, input: input))
            #expect(result.text == "Hello, Ann!")
            // The state was good for this round only.
            await #expect {
                try await bench.outcome(call(Self.tool), MusterBench.request(forms: true, input: input))
            } throws: { error in
                (error as? JSONRPCError)?.code == -32602 && "\(error)".contains("make the call again")
            }
        }
    }

    @Test("several rounds have different states, and answers that are missing are asked for again")
    func rounds() async throws {
        try await UpstreamBench.with { bench in
            let tool = "x_up_test_input_required_result_multi_round"
            let first = try await bench.outcome(call(tool), MusterBench.request(forms: true)).need
            for nonsense in [[:], ["other": 1], [first.requests[0].key: 7]] as [[String: JSONValue]] {
                let need = try await bench.outcome(call(tool), MusterBench.request(forms: true)).need
                let input = MCPInput(responses: JSONObject(nonsense.map { ($0.key, $0.value) }), state: need.state)
                let again = try await bench.outcome(call(tool), MusterBench.request(forms: true, input: input)).need
                #expect(again.requests.map(\.key) == need.requests.map(\.key))
                #expect(again.state != need.state)
            }
            let second = try await bench.outcome(
                call(tool),
                MusterBench.request(forms: true, input: first.accepted(["name": "Ann"]))
            ).need
            #expect(second.requests[0].request.params["message"] == "up: What is your favourite colour?")
            #expect(second.requests[0].key != first.requests[0].key)
            let input = second.accepted(["color": "green"])
            let result = try await bench.result(call(tool), MusterBench.request(forms: true, input: input))
            #expect(result.text == "Ann likes green")
        }
    }

    @Test("questions that were asked together are asked together, of everything that the client can answer")
    func together() async throws {
        try await UpstreamBench.with { bench in
            var request = MusterBench.request(forms: true)
            request.clientCapabilities = ["elicitation": [:], "sampling": [:], "roots": [:]]
            let tool = "x_up_test_input_required_result_multiple_inputs"
            let need = try await bench.outcome(call(tool), request).need
            let methods = need.requests.map(\.request.method)
            #expect(methods == ["elicitation/create", "sampling/createMessage", "roots/list"])
            var responses = JSONObject()
            responses[need.requests[0].key] = ["action": "accept", "content": ["name": "Ann"]]
            responses[need.requests[1].key] = ["role": "assistant", "content": ["type": "text", "text": "Hi"]]
            request.input = MCPInput(responses: responses, state: need.state)
            // Two of three are kept, the third is asked for again.
            let rest = try await bench.outcome(call(tool), request).need
            #expect(rest.requests.map(\.request.method) == ["roots/list"])
            var last = JSONObject()
            last[rest.requests[0].key] = ["roots": []]
            request.input = MCPInput(responses: last, state: rest.state)
            #expect(try await bench.result(call(tool), request).text == "all answered")
        }
    }

    @Test("who cannot be asked gets an error that says what was to be asked", arguments: ["modern", "legacy"])
    func nobodyToAsk(era: String) async throws {
        try await UpstreamBench.with(era: era) { bench in
            let result = try await bench.result(call(Self.tool))
            #expect(result.isError)
            // A legacy server is told so, and makes of it what it likes.
            let isClear = result.text.contains("a question that the client cannot answer")
            #expect(isClear || era == "legacy", "\(result.text)")
            // A capability that is not there is not asked for.
            let sampling = try await bench.result(
                call("x_up_test_input_required_result_sampling"),
                MusterBench.request(forms: true)
            )
            #expect(sampling.isError)
        }
    }

    @Test("S-68 a session is asked by requests while the call runs", arguments: ["modern", "legacy"])
    func session(era: String) async throws {
        try await UpstreamBench.with(era: era) { bench in
            let asked = Collected<MCPInputRequest>()
            var request = MusterBench.request(forms: true, version: .newestLegacy)
            request.ask = { requests in
                for one in requests { asked.add(one) }
                return .success(requests.map { _ in ["action": "accept", "content": ["name": "Bob"]] })
            }
            #expect(try await bench.result(call(Self.tool), request).text == "Hello, Bob!")
            #expect(asked.all.map { $0.params["message"] } == ["up: What is your name?"])
            request.ask = { _ in .failure(.internalError("the window was closed")) }
            let failed = try await bench.result(call(Self.tool), request)
            #expect(failed.isError)
        }
    }

    @Test("prompts ask as well, and tools that are called through call_tool")
    func otherWays() async throws {
        try await UpstreamBench.with { bench in
            let prompt = MCPOperation.getPrompt(name: "x_up_test_input_required_result_prompt", arguments: [:])
            let need = try await bench.outcome(prompt, MusterBench.request(forms: true)).need
            let input = need.accepted(["context": "here"])
            let messages = try await bench.result(prompt, MusterBench.request(forms: true, input: input))["messages"]
            #expect(messages?[0]?["content"]?["text"] == "In the context here")
            let meta = call("call_tool", ["name": .string(Self.tool)])
            let question = try await bench.outcome(meta, MusterBench.request(forms: true)).need
            let answer = question.accepted(["name": "Eve"])
            let result = try await bench.result(meta, MusterBench.request(forms: true, input: answer))
            #expect(result.text.contains("Hello, Eve!"))
        }
    }

    @Test("only so many calls wait for their clients; others are told so")
    func limit() async throws {
        var limits = ParkedCalls.Limits()
        limits.count = 1
        try await UpstreamBench.with(parked: limits) { bench in
            _ = try await bench.outcome(call(Self.tool), MusterBench.request(forms: true)).need
            let second = try await bench.result(call(Self.tool), MusterBench.request(forms: true))
            #expect(second.isError && second.text.contains("nobody else can be asked now"), "\(second)")
            #expect(bench.muster.parkedCallCount == 1)
        }
    }

    @Test("a call whose client does not come back is cancelled", arguments: ["modern", "legacy"])
    func abandoned(era: String) async throws {
        var limits = ParkedCalls.Limits()
        limits.patience = .milliseconds(50)
        try await UpstreamBench.with(era: era, parked: limits) { bench in
            let need = try await bench.outcome(call(Self.tool), MusterBench.request(forms: true)).need
            try await eventually { bench.muster.parkedCallCount == 0 }
            await #expect(throws: JSONRPCError.self) {
                try await bench.outcome(call(Self.tool), MusterBench.request(forms: true, input: need.accepted([:])))
            }
        }
    }

    @Test("a client that goes away in the middle of a round ends the call")
    func goneClient() async throws {
        try await UpstreamBench.with(era: "legacy") { bench in
            let need = try await bench.outcome(
                call("x_up_test_input_required_result_multi_round"),
                MusterBench.request(forms: true)
            ).need
            #expect(bench.muster.parkedCallCount == 1)
            let round = Task {
                try await bench.outcome(
                    call("x_up_test_input_required_result_multi_round"),
                    MusterBench.request(forms: true, input: need.accepted(["name": "A"]))
                )
            }
            round.cancel()
            _ = await round.result
            await bench.muster.shutDown()
            #expect(bench.muster.parkedCallCount == 0)
        }
    }

    // MARK: - Steps

    @Test("a step's question comes to who called the workflow")
    func step() async throws {
        try await UpstreamBench.with(files: Self.workflow) { bench in
            let need = try await bench.outcome(call("workflow_greet"), MusterBench.request(forms: true)).need
            #expect(need.requests[0].request.params["message"] == "up: What is your name?")
            let input = need.accepted(["name": "Ann"])
            let result = try await bench.result(call("workflow_greet"), MusterBench.request(forms: true, input: input))
            #expect(result["structuredContent"]?["status"] == "completed")
            let steps = try JSONValue(parsing: result.text)["steps"]
            #expect(steps?[0]?["id"] == "ask")
            let failed = try await bench.result(call("workflow_greet"))
            #expect(failed.isError && failed.text.contains("a question that the client cannot answer"))
        }
    }

    @Test("S-78 a step's question makes its task ask, and its client hears of that")
    func task() async throws {
        try await UpstreamBench.with(files: Self.workflow) { bench in
            let (told, tell) = AsyncStream<ServerNews>.makeStream()
            bench.muster.news.onNews { tell.yield($0) }
            let task = try await bench.outcome(
                call("workflow_greet"),
                MusterBench.request(tasks: true, forms: true)
            ).task
            bench.muster.handler.watch(.task(id: task.id), true)
            var asking = try await bench.result(.getTask(id: task.id))
            while asking["status"] == "working" {
                for await item in told { if case .task = item { break } }
                asking = try await bench.result(.getTask(id: task.id))
            }
            #expect(asking["status"] == "input_required")
            let (key, request) = try #require(asking["inputRequests"]?.objectValue?.map { ($0, $1) }.first)
            #expect(request["params"]?["message"] == "up: What is your name?")
            _ = try await bench.result(.updateTask(id: task.id, responses: ["none": ["action": "accept"]]))
            #expect(try await bench.result(.getTask(id: task.id))["status"] == "input_required")
            var responses = JSONObject()
            responses[key] = ["action": "accept", "content": ["name": "Ann"]]
            _ = try await bench.result(.updateTask(id: task.id, responses: responses))
            await bench.muster.engine.waitUntilSettled(ExecutionID(task.id))
            let ended = try await bench.result(.getTask(id: task.id))
            #expect(ended["status"] == "completed", "\(ended)")
        }
    }

    // MARK: - Progress and messages

    @Test(
        "C-59 progress and messages come to the caller in order, and none after the answer",
        arguments: ["modern", "legacy"]
    )
    func progress(era: String) async throws {
        try await UpstreamBench.with(era: era) { bench async throws in
            let seen = Collected<String>()
            var request = MusterBench.request(forms: true)
            request.progress = MCPProgressSender { seen.add("\($0.progress) of \($0.total ?? 0)") }
            request.log = { seen.add("\($0.level) \($0.data.stringValue ?? "")") }
            let reported = try await bench.result(call("x_up_test_tool_with_progress"), request)
            #expect(reported.text == "reported")
            #expect(seen.all == ["0.0 of 100.0", "50.0 of 100.0", "100.0 of 100.0"])
            guard era == "modern" else { return }
            let logged = try await bench.result(call("x_up_test_tool_with_logging"), request)
            #expect(logged.text == "logged")
            let lines = ["started", "processing", "completed"].map { "info Tool execution \($0)" }
            #expect(Array(seen.all.dropFirst(3)) == lines)
        }
    }

    private func eventually(_ isSo: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(10)
        while !isSo() {
            try #require(ContinuousClock.now < end, "not in time")
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
