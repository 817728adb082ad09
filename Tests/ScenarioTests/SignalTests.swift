import Foundation
import JSON
import Testing

@Suite("Signals", .timeLimit(.minutes(3)))
struct SignalTests {
    private func makeScene() throws -> Scene {
        let scene = try Scene()
        try scene.addLedger()
        try scene.addWorkflow("other", "steps: [{ id: other, tool: x_ledger_look, args: { name: other } }]")
        try scene.addWorkflow(
            "work",
            """
            steps:
              - { id: before, tool: x_ledger_mark, args: { name: before } }
              - { id: middle, tool: x_ledger_gate_again, args: { name: middle } }
              - { id: after, tool: x_ledger_mark, args: { name: after } }
            onFailure:
              - { id: handler, tool: x_ledger_mark, args: { name: handler } }
            """
        )
        return scene
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func interruptCancelsTheRunAndRecordsIt(_ signal: Int32) async throws {
        let scene = try makeScene()
        let gate = try Gate("middle", in: scene)
        let program = try scene.start(["run", "work", "-o", "json"])
        let visitor = try await gate.reached()
        program.signal(signal)
        let seen = try await program.end(within: .seconds(10))
        withExtendedLifetime(visitor) {}
        #expect(seen.status == .exited(1))
        #expect(scene.leftovers == [])
        #expect(try JSONValue(parsing: seen.output)["status"] == "cancelled")
        let record = try await scene.onlyRecord("work")
        #expect(record["status"] == "cancelled")
        #expect(record["steps"]?.arrayValue?.map { $0["status"] } == ["completed", "cancelled"])
        #expect(!scene.ledger.contains("mark after"))
        #expect(try await scene.muster("executions", "resume").errorLines == ["nothing to resume"])
    }

    @Test func interruptEndsTheWaitForResumedExecutions() async throws {
        let scene = try makeScene()
        let gate = try Gate("middle", in: scene)
        let killed = try scene.start(["run", "work"])
        let first = try await gate.reached()
        killed.signal(SIGKILL)
        try await killed.end()
        try await scene.waitForLeftovers()
        withExtendedLifetime(first) {}
        // Its own workflow ends, the resumed one hangs at the gate.
        let program = try scene.start(["run", "other"])
        let second = try await gate.reached()
        try await program.errorLine("✓ other")
        program.signal(SIGINT)
        let seen = try await program.end(within: .seconds(15))
        withExtendedLifetime(second) {}
        #expect(seen.status == .exited(0), "its own workflow is done: \(seen)")
        #expect(try await scene.onlyRecord("work")["status"] == "inprogress", "left for the next start")
        #expect(scene.leftovers == [])
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func serverEndsInTimeAlthoughACallHangs(_ signal: Int32) async throws {
        let scene = try makeScene()
        let gate = try Gate("middle", in: scene)
        let killed = try scene.start(["run", "work"])
        let first = try await gate.reached()
        killed.signal(SIGKILL)
        try await killed.end()
        try await scene.waitForLeftovers()
        withExtendedLifetime(first) {}
        let server = try scene.start(["serve", "--host", "127.0.0.1", "--port", "0"])
        let second = try await gate.reached()
        #expect(scene.leftovers.count == 2)
        let line = try await server.errorLine("listens at http://127.0.0.1:")
        let port = try #require(line.split(separator: ":").last.flatMap { Int($0.prefix { $0.isNumber }) })
        #expect(Ports.isOpen(port))
        server.signal(signal)
        let seen = try await server.end(within: .seconds(10))
        withExtendedLifetime(second) {}
        #expect(seen.status == .exited(0), "\(seen)")
        #expect(seen.output == "", "standard output is for data")
        #expect(scene.leftovers == [])
        #expect(!Ports.isOpen(port))
        // The execution is not lost.
        try FileManager.default.removeItem(atPath: scene.file("middle"))
        try scene.write("", to: "middle")
        #expect(try await scene.muster("executions", "resume").status == .exited(0))
        #expect(try await scene.onlyRecord("work")["status"] == "completed")
        #expect(scene.ledger.count { $0 == "mark before" } == 1)
    }

    @Test(.enabled(if: Requirements.officialSDK.isThere))
    func executionThatAClientBeganOutlivesTheServer() async throws {
        let scene = try makeScene()
        let gate = try Gate("middle", in: scene)
        let server = try scene.start(["serve", "--host", "127.0.0.1", "--port", "0"])
        let line = try await server.errorLine("listens at http://127.0.0.1:")
        try await server.errorLine("MCP server is running")
        let address = try #require(line.split(separator: " ").last.map(String.init))
        let client = try scene.start([Places.fixture("one_call.py"), address, "workflow_work"], of: "python3")
        let visitor = try await gate.reached()
        server.signal(SIGTERM)
        #expect(try await server.end(within: .seconds(10)).status == .exited(0))
        withExtendedLifetime(visitor) {}
        #expect(try await client.end(within: .seconds(20)).status != .exited(0), "it is told that the server has gone")
        try FileManager.default.removeItem(atPath: scene.file("middle"))
        try scene.write("", to: "middle")
        #expect(try await scene.onlyRecord("work")["status"] == "inprogress")
        #expect(try await scene.muster("executions", "resume").status == .exited(0))
        #expect(try await scene.onlyRecord("work")["status"] == "completed")
        #expect(scene.leftovers == [])
    }

    @Test func listenerIsOpenBeforeASlowServerIsUp() async throws {
        let scene = try makeScene()
        try scene.addServer("slow", "python3", [Places.fixture("broken_server.py"), "silent"], extra: "timeout: 60")
        let server = try scene.start(["serve", "--host", "127.0.0.1", "--port", "0"])
        try await server.errorLine("listens at http://127.0.0.1:", within: .seconds(20))
        server.signal(SIGTERM)
        let seen = try await server.end(within: .seconds(10))
        #expect(seen.status == .exited(0), "\(seen)")
        #expect(scene.leftovers == [])
    }

    @Test func interruptWhileServersStartEndsAtOnce() async throws {
        let scene = try makeScene()
        try scene.addServer("slow", "python3", [Places.fixture("broken_server.py"), "silent"], extra: "timeout: 60")
        let program = try scene.start(["run", "work"])
        try await program.errorLine("starting MCP servers")
        program.signal(SIGINT)
        let seen = try await program.end(within: .seconds(10))
        #expect(seen.status != .exited(0))
        try await scene.waitForLeftovers()
        #expect(scene.ledger == [])
    }
}
