import Engine
import JSON
import Storage
import TestSupport
import Testing
import WorkflowModel

@Suite("Recovery")
struct RecoveryTests {
    /// What a tool answers depends on what it is asked only, so that executions can be compared.
    private func answer(_ request: ToolCallRequest) -> StepOutcome {
        switch request.tool {
        case "fails": .failed(message: "no", answered: true)
        case "list": .succeeded(result: ["items": [1, 2, 3]])
        default: .succeeded(result: ["tool": .string(request.tool), "arguments": .object(request.arguments)])
        }
    }

    private let workflows = [
        """
        name: w
        steps:
          - {id: a, tool: list}
          - {id: b, tool: t, args: {x: "{{ a.items }}"}, condition: {tool: probe}}
          - {id: c, tool: t, condition: {template: "{{ eq 1 2 }}"}}
          - id: g
            parallel:
              - {id: p1, tool: t, args: {x: 1}}
              - {id: p2, tool: fails, allowFailure: true}
              - {id: p3, tool: t, condition: {fromStep: a}}
          - id: loop
            forEach: {items: "{{ .results.a.items }}", steps: [{id: l1, tool: t, args: {i: "{{ .vars.item }}"}}, {id: l2, tool: t}]}
          - {id: z, tool: t, args: {all: "{{ .results }}"}, store: true}
        """,
        """
        name: w
        steps:
          - {id: a, tool: t, args: {k: "{{ .step.key }}"}}
          - {id: b, tool: fails}
          - {id: c, tool: t}
        onFailure:
          - {id: h1, tool: t, args: {e: "{{ .error.message }}"}}
          - {id: h2, tool: fails}
        """,
        """
        name: w
        steps:
          - id: loop
            allowFailure: true
            forEach: {items: [1, 2, 3], steps: [{id: x, tool: fails, condition: {template: "{{ eq .vars.item 2 }}"}}]}
          - {id: after, tool: t}
        output: {done: "{{ .results.after.tool }}"}
        """,
    ]

    @Test(arguments: 0..<3)
    func aCrashAtAnyPointChangesNothingButAttempts(which: Int) throws {
        let (end, whole) = try MachineHarness.run(workflows[which], [:], answer)
        for count in 1..<whole.journal.count {
            var resumed = MachineHarness(whole.machine.plan, resuming: Array(whole.journal.prefix(count)))
            resumed.send(.recover)
            resumed.answerAll(answer)
            #expect(resumed.end?.response == end.response, "resumed after \(count) entries")
            for entry in whole.journal.prefix(count) {
                guard case .attemptEnded(let key, let phase, _, _) = entry.fact else { continue }
                #expect(!resumed.calls.contains { $0.key == key && $0.phase == phase }, "\(key) was called again")
            }
        }
    }

    @Test func aCallThatMayNotBeRepeatedWaitsForADecision() throws {
        var live = try MachineHarness("name: w\nsteps: [{id: a, tool: t}, {id: b, tool: t}]\n", isSafe: false)
        live.start()
        let crashed = live.journal
        for (decision, status) in [
            (StepDecision.retry, ExecutionStatus.completed), (.succeeded(result: ["n": 1]), .completed),
            (.fail(message: "it is lost"), .failed),
        ] {
            var resumed = MachineHarness(live.machine.plan, resuming: crashed)
            resumed.send(.recover)
            #expect(resumed.calls.isEmpty)
            #expect(resumed.machine.isParked)
            #expect(resumed.machine.state.phase == .uncertain)
            resumed.send(.decide(key: "a", decision))
            resumed.answerAll { _ in .succeeded(result: nil) }
            #expect(resumed.end?.status == status)
            #expect(resumed.calls.count { $0.key == "a" } == (decision == .retry ? 1 : 0))
        }
    }

    @Test func aParkedExecutionStaysParkedThroughFurtherCrashes() throws {
        var live = try MachineHarness("name: w\nsteps: [{id: a, tool: t}]\n", isSafe: false)
        live.start()
        var once = MachineHarness(live.machine.plan, resuming: live.journal)
        once.send(.recover)
        var twice = MachineHarness(live.machine.plan, resuming: once.journal)
        twice.send(.recover)
        #expect(twice.machine.isParked)
        #expect(twice.journal.count == once.journal.count)
        twice.send(.decide(key: "a", .retry))
        twice.answerAll { _ in .succeeded(result: nil) }
        #expect(twice.end?.status == .completed)
    }

    @Test func theAuthorsWordWinsOverTheToolsHints() throws {
        for (policy, calls) in [("retry", 1), ("fail", 0)] {
            var live = try MachineHarness(
                "name: w\nsteps: [{id: a, tool: t, onInterrupt: \(policy)}]\n",
                isSafe: policy == "fail"
            )
            live.start()
            var resumed = MachineHarness(live.machine.plan, resuming: live.journal)
            resumed.send(.recover)
            resumed.answerAll { _ in .succeeded(result: nil) }
            #expect(resumed.calls.count == calls)
            #expect(resumed.end?.status == (policy == "retry" ? .completed : .failed))
        }
    }

    @Test func aCancelledExecutionEndsAtTheNextStartWithoutCallingAnything() throws {
        var live = try MachineHarness("name: w\nsteps: [{id: a, tool: t}, {id: b, tool: t}]\n")
        live.start()
        live.send(.cancel(reason: "enough"))
        var resumed = MachineHarness(live.machine.plan, resuming: live.journal)
        resumed.send(.recover)
        #expect(resumed.calls.isEmpty)
        #expect(resumed.end?.status == .cancelled)
    }

    @Test(arguments: 0..<100)
    func parallelAnswersInAnyOrderGiveTheSameResponse(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let expected = try MachineHarness.run(workflows[0], [:], answer).end.response
        var harness = try MachineHarness(workflows[0])
        harness.start()
        while !harness.pending.isEmpty {
            let index = Int.random(in: 0..<harness.pending.count, using: &random)
            harness.answer(index, answer(harness.pending[index]))
        }
        #expect(harness.end?.response == expected)
    }
}
