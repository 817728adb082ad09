import Daemon
import JSON
import Storage
import TestSupport
import Testing
import ToolBridges
import ToolCatalog
import WorkflowLoading
import WorkflowModel

@Suite("Workflows as tools", .timeLimit(.minutes(1)))
struct WorkflowToolTests {
    private static let greet = """
        kind: Workflow
        metadata: {name: greet, labels: {team: infra}}
        spec:
          description: Says hello
          args:
            name: {type: string, required: true, description: whom}
            times: {type: integer, default: 2}
          steps: [{id: say, tool: echo, args: {said: "hello {{ .input.name }}", times: "{{ .input.times }}"}}]
        """

    @Test func everyWorkflowIsAToolWithItsArgumentsAsSchema() throws {
        let bench = try MusterBench(["workflows/greet.yaml": Self.greet])
        let tool = try #require(bench.muster.catalog.descriptor(of: "workflow_greet"))
        #expect(
            tool.json == [
                "name": "workflow_greet", "description": "Says hello",
                "inputSchema": [
                    "type": "object",
                    "properties": [
                        "name": ["type": "string", "description": "whom"], "times": ["type": "integer", "default": 2],
                    ], "required": ["name"],
                ], "_meta": ["labels": ["team": "infra"]],
            ]
        )
    }

    @Test func aCallRunsTheStepsAndIsRecordedAtOnce() async throws {
        let bench = try MusterBench(["workflows/greet.yaml": Self.greet])
        let document = try await bench.document("workflow_greet", ["name": "you", "extra": true])
        #expect(document["said"] == "hello you")
        #expect(document["times"] == 2)
        #expect(document["input"] == ["name": "you", "extra": true, "times": 2])
        let id = try #require(document["execution_id"])
        let record = try await bench.document("core_workflow_execution_get", ["execution_id": id])
        #expect(record["status"] == "completed")
        #expect(record["steps"]?[0]?["input"] == ["said": "hello you", "times": 2])
    }

    @Test(
        arguments: [
            ([:], "required field 'name' is missing"), (["name": 3], "field 'name' has wrong type, expected string"),
            (["name": "a", "times": 1.5], "field 'times' has wrong type, expected integer"),
        ] as [(JSONObject, String)]
    )
    func wrongArgumentsFailWithARecord(arguments: JSONObject, says: String) async throws {
        let bench = try MusterBench(["workflows/greet.yaml": Self.greet])
        let error = try await bench.error("workflow_greet", arguments)
        let document = try JSONValue(parsing: error)
        #expect(document["error"]?.stringValue == "input validation failed: \(says)")
        let id = try #require(document["execution_id"]?.stringValue)
        #expect(try await bench.muster.store.summary(of: ExecutionID(id))?.status == .failed)
        #expect(bench.tools.calls.isEmpty)
    }

    @Test func aWorkflowWhoseToolsAreMissingIsNotBegun() async throws {
        let bench = try MusterBench([
            "workflows/a.yaml": "steps: [{id: x, tool: x_git_log}, {id: y, tool: workflow_b}]",
            "workflows/b.yaml": "steps: [{id: z, tool: nothing}]",
        ])
        let error = try await bench.error("workflow_a")
        #expect(error == "workflow a is not available (missing required tools): x_git_log, nothing")
        let available = try await bench.document("core_workflow_available", ["name": "a"])
        #expect(available == ["name": "a", "available": false, "missingTools": ["x_git_log", "nothing"]])
    }

    @Test func anInvalidFileIsListedAndFailsWhenItIsUsed() async throws {
        let bench = try MusterBench(["workflows/bad.yaml": "description: d\nsteps: [{id: a}]\n"])
        let list = try await bench.document("core_workflow_list")
        #expect(list["workflows"] == [["name": "bad", "available": false, "description": "d", "valid": false]])
        let error = try await bench.error("workflow_bad")
        #expect(error.contains("workflow bad is not valid"))
        #expect(error.contains("workflows/bad.yaml:2:"))
    }

    @Test func aNestedWorkflowHasARecordOfItsOwn() async throws {
        let bench = try MusterBench([
            "workflows/outer.yaml": """
            steps:
              - {id: in, tool: workflow_inner, args: {x: 1}}
              - {id: after, tool: echo, args: {got: "{{ .results.in.y }}", id: "{{ .results.in.execution_id }}"}}
            """,
            "workflows/inner.yaml": "steps: [{id: e, tool: echo, args: {a: 1}}]\noutput: {y: \"{{ .input.x }}\"}\n",
        ])
        let document = try await bench.document("workflow_outer")
        #expect(document["got"] == 1)
        let inner = try #require(document["id"]?.stringValue)
        let summary = try await bench.muster.store.summary(of: ExecutionID(inner))
        #expect(summary?.workflow == "inner")
        #expect(summary?.parent?.text == document["execution_id"]?.stringValue)
    }

    @Test func aConditionsWorkflowIsAnotherOneThanItsSteps() async throws {
        let bench = try MusterBench([
            "workflows/outer.yaml": "steps: [{id: a, tool: workflow_act, condition: {tool: workflow_check}}]",
            "workflows/act.yaml": "steps: [{id: e, tool: echo}]\noutput: {said: acted}\n",
            "workflows/check.yaml": "steps: [{id: e, tool: echo}]\noutput: {said: checked}\n",
        ])
        #expect(try await bench.document("workflow_outer")["said"] == "acted")
        let page = try await bench.muster.store.executions(matching: ExecutionQuery())
        #expect(Set(page.executions.map(\.workflow)) == ["outer", "act", "check"])
    }

    @Test func whoSharesAnExecutionDoesNotEndItForTheOther() async throws {
        let (reached, reach) = AsyncStream<Void>.makeStream()
        let (released, release) = AsyncStream<Void>.makeStream()
        let slow = ScriptedTools([
            "slow": { _ in
                reach.yield()
                for await _ in released { break }
                return .text("done")
            }
        ])
        let bench = try MusterBench(["workflows/w.yaml": "steps: [{id: a, tool: slow}]"], tools: slow)
        let first = Task { try await bench.document("workflow_w", ["_idempotencyKey": "k"]) }
        for await _ in reached { break }
        let second = Task { try await bench.document("workflow_w", ["_idempotencyKey": "k"]) }
        second.cancel()
        release.yield()
        #expect(try await first.value["status"] == "completed")
        _ = await second.result
    }

    @Test func endlessRecursionIsStoppedAndNamed() async throws {
        let bench = try MusterBench(["workflows/me.yaml": "steps: [{id: again, tool: workflow_me}]"])
        let error = try await bench.error("workflow_me")
        #expect(error.contains("workflows are nested deeper than 16: me → me"))
        let page = try await bench.muster.store.executions(matching: ExecutionQuery(limit: 100))
        #expect(page.total == 16)
        #expect(page.executions.allSatisfy { $0.status == .failed })
    }

    @Test func reservedArgumentsAreTakenOutBeforeTheCheck() async throws {
        let bench = try MusterBench(["workflows/greet.yaml": Self.greet])
        let first = try await bench.document("workflow_greet", ["name": "a", "_debug": true, "_idempotencyKey": "k"])
        #expect(first["input"] == ["name": "a", "times": 2])
        #expect(first["steps"]?[0]?["result"]?["said"] == "hello a")
        let second = try await bench.document("workflow_greet", ["name": "a", "_idempotencyKey": "k"])
        #expect(second["execution_id"] == first["execution_id"])
        let third = try await bench.error("workflow_greet", ["name": "b", "_idempotencyKey": "k"])
        #expect(third.contains("the idempotency key was used before with other arguments"))
        #expect(bench.tools.count(of: "echo") == 1)
    }

    @Test func callsWithOneKeyAtTheSameTimeShareAnExecution() async throws {
        let bench = try MusterBench(["workflows/w.yaml": "steps: [{id: a, tool: start}]"])
        let ids = try await withThrowingTaskGroup(of: JSONValue?.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try await bench.document("workflow_w", ["_idempotencyKey": "k"])["execution_id"]
                }
            }
            return try await group.reduce(into: Set<JSONValue>()) { $0.insert($1 ?? .null) }
        }
        #expect(ids.count == 1)
        #expect(bench.tools.count(of: "start") == 1)
    }

    @Test func progressTellsEachFinishedStep() async throws {
        let bench = try MusterBench([
            "workflows/w.yaml":
                "steps: [{id: a, tool: echo}, {id: b, tool: echo}, {id: c, tool: fails, allowFailure: true}]"
        ])
        let (news, feed) = AsyncStream<Progress>.makeStream()
        let context = CallContext(progress: { feed.yield($0) })
        _ = try await bench.muster.catalog.call("workflow_w", [:], context)
        feed.finish()
        var messages: [String] = []
        for await progress in news {
            messages.append("\(Int(progress.done))/\(Int(progress.total ?? 0)) \(progress.message ?? "")")
        }
        #expect(messages == ["1/3 step a completed", "2/3 step b completed", "3/3 step c failed"])
    }
}
