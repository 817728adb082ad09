import Engine
import JSON
import Storage
import Testing
import WorkflowModel

@Suite("Execution machine")
struct MachineTests {
    @Test func stepsRunInOrderAndSeeEarlierResults() throws {
        let (end, harness) = try MachineHarness.run(
            """
            name: w
            args: {cluster: {type: string, required: true}}
            steps:
              - {id: login-cluster, tool: login, args: {name: "{{.input.cluster}}"}}
              - {id: use, tool: use, args: {bare: "{{ login-cluster.name }}", whole: "{{ .results.login-cluster }}"}}
            """,
            ["cluster": "a"]
        )
        #expect(end.status == .completed)
        #expect(harness.calls.map(\.tool) == ["login", "use"])
        #expect(harness.calls[1].arguments == ["bare": "a", "whole": ["name": "a"]])
        #expect(end.response["template_vars"] == ["input.cluster"])
        #expect(end.response["bare"] == "a")
    }

    @Test func theResponseHasTheShapeOfTheContract() throws {
        let (end, _) = try MachineHarness.run(
            """
            name: rotate
            steps:
              - {id: read, tool: r, args: {path: kv}, store: true}
              - {id: gate, tool: g, condition: {tool: probe, args: {}, expect: {jsonPath: {ok: true}}}}
              - {id: audit, tool: bad, allowFailure: true}
            """,
            ["dry": false]
        ) { request in
            switch request.tool {
            case "probe": .succeeded(result: ["ok": false])
            case "bad": .failed(message: "disk full", answered: true)
            default: .succeeded(result: ["ttl": 30])
            }
        }
        #expect(
            end.response == [
                "execution_id": "e", "workflow": "rotate", "status": "completed", "input": ["dry": false],
                "steps": [
                    ["id": "read", "tool": "r", "status": "completed", "result": ["ttl": 30]],
                    [
                        "id": "gate", "tool": "g", "status": "skipped", "condition_evaluation": false,
                        "condition_result": ["ok": false], "condition_tool": "probe",
                    ],
                    [
                        "id": "audit", "tool": "bad", "status": "failed", "allow_failure": true,
                        "error": "disk full",
                    ],
                ] as JSONValue, "template_vars": [] as JSONValue,
            ] as JSONValue
        )
    }

    @Test func aFailureStopsTheWorkflowAndRunsItsHandlers() throws {
        let (end, harness) = try MachineHarness.run(
            """
            name: w
            steps:
              - {id: a, tool: bad}
              - {id: b, tool: never}
            onFailure:
              - {id: tell, tool: notify, args: {text: "{{ .error.message }} at {{ .error.step }} {{ .results.a.isError }}"}}
              - {id: worse, tool: bad}
              - {id: last, tool: notify, args: {text: x}}
            """
        ) { $0.tool == "bad" ? .failed(message: "no \"rights\"", answered: true) : .succeeded(result: nil) }
        #expect(end.status == .failed)
        #expect(end.error == "step a failed: no \"rights\"")
        #expect(harness.calls.map(\.tool) == ["bad", "notify", "bad", "notify"])
        #expect(harness.calls[1].arguments["text"] == "no \"rights\" at a true")
        let steps = try #require(end.response["steps"]?.arrayValue)
        #expect(steps.map { $0["status"] } == ["failed", "completed", "failed", "completed"])
        #expect(steps.dropFirst().allSatisfy { $0["allow_failure"] == true })
    }

    @Test func aRenderErrorIsAStepFailureThatNamesTheKey() throws {
        let (end, harness) = try MachineHarness.run(
            """
            name: w
            steps:
              - {id: a, tool: t, args: {deep: {x: "{{ .input.nope }}"}}, allowFailure: true}
              - {id: b, tool: t, args: {x: "{{ .results.zzz.a }}"}}
            """
        )
        #expect(end.status == .failed)
        #expect(harness.calls.isEmpty)
        let first = end.response["steps"]?[0]?["error"]?.stringValue ?? ""
        #expect(first.contains("failed to render arguments for argument 'deep.x'"))
        #expect(first.contains("map has no entry for key \"nope\""))
        #expect(end.error?.contains("zzz") == true)
    }

    @Test func parallelStepsStartTogetherAndCannotSeeEachOther() throws {
        let yaml = """
            name: w
            steps:
              - id: group
                parallel:
                  - {id: a, tool: a}
                  - {id: b, tool: b}
              - {id: after, tool: c, args: {a: "{{ .results.a }}", b: "{{ .results.b }}"}}
            """
        var harness = try MachineHarness(yaml)
        harness.start()
        #expect(harness.pending.map(\.key) == ["group/a", "group/b"])
        harness.answer(1, .succeeded(result: 2))
        #expect(harness.pending.map(\.key) == ["group/a"])
        harness.answer(0, .succeeded(result: 1))
        #expect(harness.pending.first?.arguments == ["a": 1, "b": 2])
        harness.answer(0, .succeeded(result: nil))
        #expect(harness.end?.response["steps"]?.arrayValue?.map { $0["id"] } == ["a", "b", "after"])
    }

    @Test func atMostSixteenChildrenRunAtOnce() throws {
        let children = (0..<40).map { "      - {id: s\($0), tool: t}" }.joined(separator: "\n")
        var harness = try MachineHarness("name: w\nsteps:\n  - id: g\n    parallel:\n\(children)\n")
        harness.start()
        #expect(harness.pending.count == 16)
        harness.answer(7, .succeeded(result: nil))
        #expect(harness.pending.count == 16)
        harness.answerAll { _ in .succeeded(result: nil) }
        #expect(harness.calls.count == 40)
        #expect(harness.end?.status == .completed)
    }

    @Test func loopsRunPerItemWithIndexedResults() throws {
        let (end, harness) = try MachineHarness.run(
            """
            name: w
            steps:
              - id: loop
                forEach:
                  items: "{{ .input.names }}"
                  as: name
                  steps:
                    - {id: make, tool: make, args: {said: "{{ .vars.name }}-{{ .vars.name_index }}"}}
                    - {id: odd, tool: odd, condition: {template: "{{ eq .vars.name_index 1 }}"}}
              - {id: end, tool: end, args: {first: "{{ .results.make_0.said }}", last: "{{ .results.make.said }}"}}
            """,
            ["names": ["x", "y", "z"]]
        )
        #expect(end.status == .completed)
        #expect(
            harness.calls.map(\.key) == [
                "loop[0]/make", "loop[1]/make", "loop[1]/odd", "loop[2]/make", "end",
            ]
        )
        #expect(harness.calls.last?.arguments == ["first": "x-0", "last": "z-2"])
    }

    @Test func itemsThatAreNoListFailTheStep() throws {
        let (end, _) = try MachineHarness.run(
            """
            name: w
            steps:
              - id: loop
                forEach: {items: "{{ .input.n }}", steps: [{id: a, tool: t}]}
            """,
            ["n": 3]
        )
        #expect(end.error?.contains("expected a list") == true)
        #expect(end.error?.contains("{{ .input.n }}") == true)
    }

    @Test func anOutputTemplateIsTheWholeAnswer() throws {
        let (end, _) = try MachineHarness.run(
            """
            name: w
            steps: [{id: a, tool: t, args: {n: 40}}]
            output: {sum: "{{ add .results.a.n 2 }}", text: "n={{ .results.a.n }}", fixed: 1, list: ["{{ .results.a }}"]}
            """
        )
        #expect(
            end.response == [
                "sum": 42, "text": "n=40", "fixed": 1, "list": [["n": 40]] as JSONValue, "execution_id": "e",
            ]
        )
    }

    @Test func anOutputTemplateThatFailsKeepsEverythingThatRan() throws {
        let (end, _) = try MachineHarness.run(
            """
            name: w
            steps: [{id: a, tool: t, args: {n: 40}}]
            output: {x: "{{ .results.a.missing }}"}
            """
        )
        #expect(end.status == .failed)
        #expect(end.response["status"] == "completed")
        #expect(
            end.response["output_error"]?.stringValue?.hasPrefix("failed to render output template: output.x: ") == true
        )
        #expect(end.response["steps"]?[0]?["result"] == ["n": 40])
    }

    @Test func debugShowsResultsAndTheOutput() throws {
        let (end, _) = try MachineHarness.run(
            "name: w\nsteps: [{id: a, tool: t, args: {n: 1}}]\noutput: {x: 1}\n",
            isDebug: true
        )
        #expect(end.response["output"] == ["x": 1])
        #expect(end.response["steps"]?[0]?["result"] == ["n": 1])
    }

    @Test func aLastStepNeverOverwritesStandardKeys() throws {
        let (end, _) = try MachineHarness.run(
            "name: w\nsteps: [{id: a, tool: t, args: {status: created, steps: 1, said: hi}}]\n"
        )
        #expect(end.response["status"] == "completed")
        #expect(end.response["steps"]?.arrayValue?.count == 1)
        #expect(end.response["said"] == "hi")
    }

    @Test func cancellingWaitsForTheCallsInFlight() throws {
        var harness = try MachineHarness("name: w\nsteps: [{id: a, tool: t}, {id: b, tool: t}]\n")
        harness.start()
        harness.send(.cancel(reason: "enough"))
        #expect(harness.end == nil)
        harness.answer(0, .cancelled)
        #expect(harness.end?.status == .cancelled)
        #expect(harness.end?.error == "cancelled: enough")
        #expect(harness.calls.count == 1)
    }

    @Test func lateAndRepeatedAnswersChangeNothing() throws {
        var harness = try MachineHarness("name: w\nsteps: [{id: a, tool: t}]\n")
        harness.start()
        let request = try #require(harness.pending.first)
        harness.answer(0, .succeeded(result: 1))
        let count = harness.journal.count
        harness.send(.callEnded(key: request.key, phase: request.phase, attempt: 1, outcome: .succeeded(result: 2)))
        harness.send(.cancel(reason: "late"))
        #expect(harness.journal.count == count)
        #expect(harness.end?.status == .completed)
    }
}
