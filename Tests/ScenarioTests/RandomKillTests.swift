import Foundation
import JSON
import TestSupport
import Testing

/// Kills at points that a seed chooses, and decides about steps in flight as somebody would who can look into the
/// other side's books: the ledger.
@Suite("Killed anywhere", .timeLimit(.minutes(5)))
struct RandomKillTests {
    private func makeScene() throws -> Scene {
        let scene = try Scene()
        try scene.addLedger()
        try scene.addWorkflow(
            "inner",
            """
            args: { name: { type: string, required: true } }
            steps:
              - { id: first, tool: x_ledger_mark, args: { name: "{{ .input.name }}-1" } }
              - { id: second, tool: x_ledger_mark_again, args: { name: "{{ .input.name }}-2" } }
            output: { done: "{{ .results.second.name }}" }
            """
        )
        try scene.addWorkflow(
            "long",
            """
            args: { items: { type: array, required: true } }
            steps:
              - { id: start, tool: x_ledger_mark, args: { name: start, value: 1 }, output: true }
              - { id: loop, forEach: { items: "{{ .input.items }}", steps: [{ id: each, tool: x_ledger_mark, args: { name: "item-{{ .vars.item }}" } }] } }
              - id: choice
                condition: { tool: x_ledger_look, args: { name: probe }, expect: { success: true } }
                tool: x_ledger_mark
                args: { name: choice }
                output: true
              - { id: broken, tool: x_ledger_fail, args: { name: broken }, allowFailure: true }
              - { id: inner, tool: workflow_inner, args: { name: inner }, output: true }
              - id: both
                parallel:
                  - { id: left, tool: x_ledger_mark, args: { name: left } }
                  - { id: right, tool: x_ledger_look, args: { name: right } }
              - { id: end, tool: x_ledger_mark, args: { name: end, value: "{{ .results.inner.done }}" } }
            """
        )
        return scene
    }

    private static let command = ["run", "long", "--json", #"{"items":["a","b","c"]}"#]

    /// A response without what differs from run to run.
    private func comparable(_ document: JSONValue) -> String {
        document.text(.pretty).replacing(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, with: "ID")
    }

    private func undisturbed() async throws -> (lines: Int, response: JSONValue) {
        let scene = try makeScene()
        let seen = try await scene.start(Self.command).end()
        #expect(seen.status == .exited(0), "\(seen)")
        return (seen.errorLines.count, try #require(try await scene.onlyRecord("long")["result"]))
    }

    /// Takes decisions until nothing waits any more.
    private func finish(_ scene: Scene) async throws {
        for _ in 1...20 {
            try await scene.muster("executions", "resume")
            let open = try await scene.executions("--status", "inprogress")
            if open.isEmpty { return }
            for execution in open where execution["phase"] == "uncertain" {
                let id = try #require(execution["execution_id"]?.stringValue)
                let steps = try await scene.record(id)["steps"]?.arrayValue ?? []
                let step = try #require(steps.first { $0["status"] == "uncertain" })
                let tool = try #require(step["tool"]?.stringValue?.replacing("x_ledger_", with: ""))
                let name = try #require(step["input"]?["name"]?.stringValue)
                var words = ["executions", "resume", id, "--decision"]
                if !scene.ledger.contains("\(tool) \(name)") {
                    words.append("retry")
                } else if tool == "fail" {
                    words += ["fail", "--message", "the disk of the other side is full"]
                } else {
                    let result: JSONValue = ["name": .string(name), "seen": step["input"]?["value"] ?? .null]
                    words += ["succeeded", "--result", result.text()]
                }
                try await scene.start(words).end()
            }
        }
        Issue.record("not finished: \(try await scene.executions())")
    }

    @Test func everyStepHappensOnceAndTheResponseIsThatOfAnUndisturbedRun() async throws {
        let expected = try await undisturbed()
        for seed in UInt64(1)...12 {
            let scene = try makeScene()
            var random = SplitMix64(seed: seed)
            var program = try scene.start(Self.command)
            // Sometimes the process that goes on is killed as well.
            for _ in 1...Int.random(in: 1...2, using: &random) {
                try await program.errorLines(Int.random(in: 1..<expected.lines, using: &random))
                // A little later, so that it is not always right behind a line.
                for _ in 0..<Int.random(in: 0..<20, using: &random) { sched_yield() }
                program.signal(SIGKILL)
                try await program.end()
                try await scene.waitForLeftovers()
                program = try scene.start(["executions", "resume"])
            }
            try await program.end()
            try await finish(scene)
            let record = try await scene.onlyRecord("long")
            #expect(record["status"] == "completed", "seed \(seed)")
            let response = try #require(record["result"])
            #expect(comparable(response) == comparable(expected.response), "seed \(seed)")
            let once = scene.ledger.filter { $0.hasPrefix("mark ") || $0.hasPrefix("fail ") }
            #expect(
                once.sorted() == [
                    "fail broken", "mark choice", "mark end", "mark inner-1", "mark item-a", "mark item-b",
                    "mark item-c", "mark left", "mark start",
                ],
                "seed \(seed)"
            )
            #expect(Set(scene.ledger).isSuperset(of: ["look probe", "look right", "mark_again inner-2"]))
            #expect(scene.leftovers == [])
        }
    }
}
