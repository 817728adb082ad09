import Foundation
import JSON
import Testing

@Suite("A killed process", .timeLimit(.minutes(3)))
struct CrashTests {
    /// A scene with the workflow `work`: a step before, one at a gate, and one after that uses its result.
    private func makeScene(gateTool: String, onInterrupt: String? = nil) throws -> Scene {
        let scene = try Scene()
        try scene.addLedger()
        try scene.addWorkflow("other", "steps: [{ id: other, tool: x_ledger_look, args: { name: other } }]")
        let policy = onInterrupt.map { ", onInterrupt: \($0)" } ?? ""
        try scene.addWorkflow(
            "work",
            """
            steps:
              - { id: before, tool: x_ledger_mark, args: { name: before } }
              - { id: middle, tool: \(gateTool), args: { name: middle, value: 7 }\(policy) }
              - { id: after, tool: x_ledger_mark, args: { name: after, value: "{{ .results.middle.seen }}" } }
            """
        )
        return scene
    }

    /// Runs `work`, kills it while `middle` is in flight, and returns the execution's id.
    private func killInTheMiddle(_ scene: Scene) async throws -> String {
        let gate = try Gate("middle", in: scene)
        let program = try scene.start(["run", "work"])
        let visitor = try await gate.reached()
        let id = try await program.errorLine("work  ").split(separator: " ").last ?? ""
        program.signal(SIGKILL)
        #expect(try await program.end().status == .killed(SIGKILL))
        try await scene.waitForLeftovers()
        withExtendedLifetime(visitor) {}
        // From now on the gate is open.
        try FileManager.default.removeItem(atPath: scene.file("middle"))
        try scene.write("", to: "middle")
        return String(id)
    }

    enum Start: CaseIterable { case anotherRun, resume, serve }

    private func goOn(_ start: Start, _ scene: Scene, until id: String) async throws {
        switch start {
        case .anotherRun:
            let seen = try await scene.muster("run", "other")
            #expect(seen.status == .exited(0))
            #expect(seen.errors.contains("\(id)  (resumed)"), "\(seen)")
        case .resume:
            let seen = try await scene.muster("executions", "resume")
            #expect(seen.status == .exited(0))
            #expect(seen.output == "\(id)  work  completed\n")
        case .serve:
            let server = try scene.start(["serve", "--host", "127.0.0.1", "--port", "0"])
            try await server.errorLine("resumed execution \(id)")
            try await scene.waitForEnd(of: id)
            server.signal(SIGTERM)
            #expect(try await server.end().status == .exited(0))
        }
    }

    @Test("a template that fails after the crash is found at its place in the file as it was when the execution began")
    func placesAreOfTheFileThatWasExecuted() async throws {
        let scene = try makeScene(gateTool: "x_ledger_gate_look")
        let steps = """
            steps:
              - { id: middle, tool: x_ledger_gate_look, args: { name: middle, value: 7 } }
              - { id: after, tool: x_ledger_mark, args: { name: after, value: "{{ .results.middle.sen }}" } }
            """
        try scene.addWorkflow("work", steps)
        let id = try await killInTheMiddle(scene)
        try scene.addWorkflow("work", "# one\n# two\n" + steps)
        let seen = try await scene.muster("executions", "resume")
        #expect(seen.output == "\(id)  work  failed\n")
        #expect(seen.errors.contains("error: step after failed: "), "\(seen)")
        let error = try #require(await scene.record(id)["error"]?.stringValue)
        #expect(error.contains("workflows/work.yaml:6:73"), "\(error)")
        #expect(error.contains("did you mean \"seen\"?"), "\(error)")
    }

    @Test(arguments: ["x_ledger_gate_look", "x_ledger_gate_again"], Start.allCases)
    func stepThatMayBeRepeatedIsRepeatedAndTheOthersAreNot(_ tool: String, _ start: Start) async throws {
        let scene = try makeScene(gateTool: tool)
        let id = try await killInTheMiddle(scene)
        #expect(try await scene.record(id)["status"] == "inprogress")
        try await goOn(start, scene, until: id)
        let gate = tool.replacing("x_ledger_", with: "")
        let other = start == .anotherRun ? ["look other"] : []
        #expect(
            scene.ledger.filter { $0 != "look other" } == [
                "mark before", "\(gate) middle", "\(gate) middle", "mark after",
            ]
        )
        #expect(scene.ledger.filter { $0 == "look other" } == other)
        let record = try await scene.record(id)
        #expect(record["status"] == "completed")
        #expect(record["result"]?["seen"] == 7, "the last step got the result of the repeated one")
        #expect(scene.leftovers == [])
    }

    @Test func unsafeStepWaitsUntilItIsDecided() async throws {
        let scene = try makeScene(gateTool: "x_ledger_gate")
        let id = try await killInTheMiddle(scene)
        for _ in 1...2 {
            let seen = try await scene.muster("executions", "resume")
            #expect(seen.status == .exited(1))
            #expect(seen.output == "\(id)  work  waits for a decision\n")
            #expect(seen.errors.contains("muster executions resume \(id) --decision retry|succeeded|fail"))
        }
        // Others are not held up.
        let other = try await scene.muster("run", "other")
        #expect(other.status == .exited(0))
        let record = try await scene.record(id)
        #expect(record["status"] == "inprogress")
        #expect(record["phase"] == "uncertain")
        #expect(record["steps"]?.arrayValue?.map { $0["status"] } == ["completed", "uncertain"])
        let listed = try await scene.muster("executions", "list")
        #expect(listed.output.contains("inprogress (uncertain)"))
        #expect(scene.ledger == ["mark before", "gate middle", "look other"])
        let wrong = try await scene.muster("executions", "resume", id, "--decision", "maybe")
        #expect(wrong.status == .exited(1))
        #expect(wrong.errors.contains("--decision has to be retry, succeeded or fail"), "\(wrong)")
    }

    @Test func decisionRetryCallsTheStepAgain() async throws {
        let scene = try makeScene(gateTool: "x_ledger_gate")
        let id = try await killInTheMiddle(scene)
        let seen = try await scene.muster("executions", "resume", id, "--decision", "retry")
        #expect(seen.status == .exited(0), "\(seen)")
        #expect(seen.output == "\(id)  work  completed\n")
        #expect(scene.ledger == ["mark before", "gate middle", "gate middle", "mark after"])
        let again = try await scene.muster("executions", "resume", id, "--decision", "retry")
        #expect(again.status == .exited(1))
        #expect(again.errors.contains("does not wait for a decision"), "\(again)")
    }

    @Test func decisionSucceededGoesOnWithTheGivenResult() async throws {
        let scene = try makeScene(gateTool: "x_ledger_gate")
        let id = try await killInTheMiddle(scene)
        let words = ["executions", "resume", id, "--decision", "succeeded", "--result", #"{"seen":"by hand"}"#]
        let seen = try await scene.start(words).end()
        #expect(seen.status == .exited(0), "\(seen)")
        #expect(scene.ledger == ["mark before", "gate middle", "mark after"])
        let record = try await scene.record(id)
        #expect(record["status"] == "completed")
        #expect(record["steps"]?[1]?["result"] == ["seen": "by hand"])
        #expect(record["result"]?["seen"] == "by hand")
    }

    @Test func decisionFailFailsTheExecution() async throws {
        let scene = try makeScene(gateTool: "x_ledger_gate")
        let id = try await killInTheMiddle(scene)
        let words = ["executions", "resume", id, "--decision", "fail", "--message", "the cable was cut"]
        let seen = try await scene.start(words).end()
        #expect(seen.status == .exited(1))
        #expect(seen.output == "\(id)  work  failed\n")
        #expect(scene.ledger == ["mark before", "gate middle"])
        let record = try await scene.record(id)
        #expect(record["status"] == "failed")
        #expect(record["error"]?.stringValue?.contains("the cable was cut") == true)
    }

    @Test(arguments: [("retry", "completed", 2), ("fail", "failed", 1)])
    func stepSaysItselfWhatAnInterruptionMeans(_ policy: String, _ status: String, _ calls: Int) async throws {
        let scene = try makeScene(gateTool: "x_ledger_gate", onInterrupt: policy)
        let id = try await killInTheMiddle(scene)
        let seen = try await scene.muster("executions", "resume")
        #expect(seen.output == "\(id)  work  \(status)\n", "\(seen)")
        #expect(scene.ledger.count { $0 == "gate middle" } == calls)
    }

    @Test func executionOfALivingProcessIsLeftToIt() async throws {
        let scene = try makeScene(gateTool: "x_ledger_gate_look")
        let gate = try Gate("middle", in: scene)
        let program = try scene.start(["run", "work"])
        var visitor: Gate.Visitor? = try await gate.reached()
        let seen = try await scene.muster("executions", "resume")
        #expect(seen.status == .exited(0))
        #expect(seen.errorLines == ["nothing to resume"])
        #expect(try await scene.muster("run", "other").status == .exited(0))
        #expect(
            try await scene.onlyRecord("work")["steps"]?.arrayValue?.map { $0["status"] } == [
                "completed", "inprogress",
            ]
        )
        withExtendedLifetime(visitor) {}
        visitor = nil
        #expect(try await program.end().status == .exited(0))
        #expect(scene.ledger == ["mark before", "gate_look middle", "look other", "mark after"])
    }

    @Test func executionGoesOnWithTheDefinitionItBeganWith() async throws {
        let scene = try makeScene(gateTool: "x_ledger_gate_look")
        let id = try await killInTheMiddle(scene)
        try scene.addWorkflow("work", "steps: [{ id: new, tool: x_ledger_mark, args: { name: new } }]")
        #expect(try await scene.muster("executions", "resume").status == .exited(0))
        #expect(scene.ledger.last == "mark after")
        try FileManager.default.removeItem(atPath: scene.file(".muster/workflows/work.yaml"))
        #expect(try await scene.record(id)["status"] == "completed")
    }

    /// `outer` has called `work`, whose gated step was in flight when muster was killed. The gate is open afterwards.
    private func sceneKilledInNestedWorkflow(gateTool: String) async throws -> Scene {
        let scene = try makeScene(gateTool: gateTool)
        try scene.addWorkflow(
            "outer",
            "steps: [{ id: inner, tool: workflow_work }, { id: last, tool: x_ledger_mark, args: { name: last } }]"
        )
        let gate = try Gate("middle", in: scene)
        let program = try scene.start(["run", "outer"])
        let visitor = try await gate.reached()
        program.signal(SIGKILL)
        try await program.end()
        try await scene.waitForLeftovers()
        withExtendedLifetime(visitor) {}
        try FileManager.default.removeItem(atPath: scene.file("middle"))
        try scene.write("", to: "middle")
        return scene
    }

    @Test func nestedWorkflowGoesOnWithinItsCaller() async throws {
        let scene = try await sceneKilledInNestedWorkflow(gateTool: "x_ledger_gate_look")
        let seen = try await scene.muster("executions", "resume")
        #expect(seen.status == .exited(0), "\(seen)")
        #expect(scene.ledger == ["mark before", "gate_look middle", "gate_look middle", "mark after", "mark last"])
        #expect(try await scene.onlyRecord("work")["status"] == "completed")
        #expect(try await scene.onlyRecord("outer")["status"] == "completed")
    }

    @Test func nestedWorkflowThatWaitsForADecisionHoldsItsCallerOnly() async throws {
        let scene = try await sceneKilledInNestedWorkflow(gateTool: "x_ledger_gate")
        let id = try #require(try await scene.onlyRecord("work")["execution_id"]?.stringValue)
        let other = try await scene.start(["run", "other"]).end(within: .seconds(20))
        #expect(other.status == .exited(0), "\(other)")
        let words = ["executions", "resume", id, "--decision", "retry"]
        let seen = try await scene.start(words).end(within: .seconds(20))
        #expect(seen.status == .exited(0), "\(seen)")
        #expect(try await scene.muster("executions", "resume").status == .exited(0))
        #expect(try await scene.onlyRecord("outer")["status"] == "completed")
        #expect(
            scene.ledger.filter { $0 != "look other" } == [
                "mark before", "gate middle", "gate middle", "mark after", "mark last",
            ]
        )
    }
}
