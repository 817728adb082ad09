import Foundation
import JSON
import Testing

/// Calls of steps that have become tasks of an MCP server, while muster ends and the server does not.
@Suite("Tasks of servers outlive muster", .timeLimit(.minutes(3)))
struct DurableTaskTests {
    private struct Stage {
        var scene: Scene
        var server: Program
        var calls: [String] { scene.read("far/calls").split(separator: "\n").map(String.init) }

        func end() async throws {
            server.signal(SIGKILL)
            try await server.end()
        }
    }

    private func makeStage(_ mode: String, onInterrupt: String? = nil) async throws -> Stage {
        let scene = try Scene()
        try FileManager.default.createDirectory(atPath: scene.file("far"), withIntermediateDirectories: true)
        let words = [Places.fixture("durable_task_server.py"), scene.file("far"), mode]
        let server = try scene.start(words, of: "python3")
        let port = try await server.errorLine("port=").dropFirst("port=".count)
        try scene.addRemoteServer("far", "http://127.0.0.1:\(port)/mcp")
        let policy = onInterrupt.map { ", onInterrupt: \($0)" } ?? ""
        try scene.addWorkflow(
            "work",
            "steps: [{ id: build, tool: x_far_build\(policy) }]\noutput: { built: \"{{ .results.build.built }}\" }"
        )
        return Stage(scene: scene, server: server)
    }

    /// Returns when the journal of some execution has a handle.
    private func waitForHandle(_ scene: Scene) async throws {
        let script = """
            import sqlite3, sys, time
            for _ in range(1200):
                try:
                    rows = sqlite3.connect(sys.argv[1], timeout=10).execute(
                        "SELECT count(*) FROM journal WHERE fact LIKE '%handleGiven%'")
                    if rows.fetchone()[0]:
                        sys.exit(0)
                except sqlite3.OperationalError:
                    pass
                time.sleep(0.05)
            sys.exit(1)
            """
        let seen = try await scene.run("python3", ["-c", script, scene.file(".muster/state/muster.db")])
        #expect(seen.status == .exited(0), "\(seen)")
    }

    private func begin(_ stage: Stage) async throws -> Program {
        let program = try stage.scene.start(["run", "work"])
        try await waitForHandle(stage.scene)
        return program
    }

    private func resume(_ scene: Scene, exit: Int32 = 0) async throws -> JSONValue {
        let seen = try await scene.muster("executions", "resume")
        #expect(seen.status == .exited(exit), "\(seen)")
        return try await scene.onlyRecord("work")
    }

    @Test(
        "C-54 after kill -9 the task is followed again, and the tool is not called twice",
        arguments: ["modern", "session"]
    )
    func killed(mode: String) async throws {
        let stage = try await makeStage(mode)
        let program = try await begin(stage)
        program.signal(SIGKILL)
        #expect(try await program.end().status == .killed(SIGKILL))
        try stage.scene.write("", to: "far/done")
        let record = try await resume(stage.scene)
        #expect(record["status"] == "completed", "\(record)")
        #expect(record["result"]?["built"] == "task-1")
        #expect(stage.calls == ["call"])
        try await stage.end()
    }

    @Test("a server that ends in order leaves the task as well", arguments: ["modern", "session"])
    func stopped(mode: String) async throws {
        let stage = try await makeStage(mode)
        let (muster, address) = try await serve(stage.scene)
        let requests: JSONValue = [
            ["method": "tools/list", "until": "x_far_build"],
            ["method": "tools/call", "params": ["name": "workflow_work", "arguments": [:]]],
        ]
        let client = try stage.scene.start(
            [Places.fixture("modern_client.py"), address, requests.text()],
            of: "python3"
        )
        try await waitForHandle(stage.scene)
        muster.signal(SIGTERM)
        #expect(try await muster.end(within: .seconds(15)).status == .exited(0))
        try await client.end()
        #expect(stage.calls == ["call"])
        try stage.scene.write("", to: "far/done")
        #expect(try await resume(stage.scene)["status"] == "completed")
        #expect(stage.calls == ["call"])
        try await stage.end()
    }

    @Test(
        "a task that its server has forgotten is as any other call that was in flight",
        arguments: ["modern", "session"]
    )
    func forgotten(mode: String) async throws {
        let stage = try await makeStage(mode, onInterrupt: "fail")
        let program = try await begin(stage)
        program.signal(SIGKILL)
        try await program.end()
        try stage.scene.write("", to: "far/forget")
        let record = try await resume(stage.scene, exit: 1)
        #expect(record["status"] == "failed")
        #expect(record["error"]?.stringValue?.contains("interrupted") == true, "\(record)")
        #expect(stage.calls == ["call"])
        try await stage.end()
    }

    @Test(
        "an execution that is cancelled cancels the task of its step",
        .enabled(if: Requirements.officialSDK.isThere),
        arguments: ["modern", "session"]
    )
    func cancelled(mode: String) async throws {
        let stage = try await makeStage(mode)
        let (muster, address) = try await serve(stage.scene)
        let begun = try await stage.scene.run("python3", [Places.fixture("task_client.py"), "begin", "http", address])
        let id = try #require(begun.errorLines.last, "\(begun)")
        try await waitForHandle(stage.scene)
        let cancel: JSONValue = [
            "method": "tools/call",
            "params": ["name": "core_workflow_execution_cancel", "arguments": ["execution_id": .string(id)]],
        ]
        let words = [Places.fixture("modern_client.py"), address, JSONValue.array([cancel]).text()]
        #expect(try await stage.scene.run("python3", words).output.contains("cancelled"))
        try await stage.server.errorLine("cancelled task-1")
        #expect(stage.calls == ["call", "cancel"])
        muster.signal(SIGTERM)
        #expect(try await muster.end(within: .seconds(15)).status == .exited(0))
        try await stage.end()
    }

    @Test("a run that is interrupted cancels the task before it ends", arguments: ["modern", "session"])
    func interrupted(mode: String) async throws {
        let stage = try await makeStage(mode)
        let program = try await begin(stage)
        program.signal(SIGINT)
        #expect(try await program.end().status == .exited(1))
        #expect(try await stage.scene.onlyRecord("work")["status"] == "cancelled")
        #expect(stage.calls == ["call", "cancel"])
        try await stage.end()
    }

    private func serve(_ scene: Scene) async throws -> (Program, String) {
        let muster = try scene.start(["serve", "--host", "127.0.0.1", "--port", "0"])
        let line = try await muster.errorLine("listens at http://")
        return (muster, try #require(line.split(separator: " ").last.map(String.init)))
    }
}
