import Foundation
import JSON
import Testing
import WireChecks

/// The experimental tasks of the official Python client against `muster serve`, with every message held against the
/// published schema.
@Suite(
    "Tasks with the official Python client",
    .serialized,
    .wireChecked(.client, .server),
    .timeLimit(.minutes(3)),
    .enabled(if: Requirements.officialSDK.isThere)
)
struct OfficialTaskTests {
    private let script = Places.fixture("task_client.py")

    private func makeScene() throws -> Scene {
        let scene = try Scene()
        try scene.addLedger()
        // The SDK takes long to load where other tests run beside.
        try scene.addServer("asking", "python3", [Places.fixture("asking_server.py")], extra: "timeout: 120")
        try scene.addWorkflow("quick", "steps: [{ id: one, tool: x_ledger_mark, args: { name: quick } }]")
        try scene.addWorkflow("bad", "steps: [{ id: one, tool: x_ledger_fail, args: { name: bad } }]")
        try scene.addWorkflow("slow", "steps: [{ id: one, tool: x_ledger_hang, args: { name: slow } }]")
        try scene.addWorkflow("ask", "steps: [{ id: one, tool: x_asking_deploy, args: { what: all } }]")
        return scene
    }

    private func check(_ output: Program.Seen) throws {
        try #require(output.status == .exited(0), "\(output)")
        let seen = try JSONValue(parsing: try #require(output.outputLines.last))
        #expect(seen["capability"] == ["list": [:], "cancel": [:], "requests": ["tools": ["call": [:]]]])
        #expect(seen["support"] == ["optional", .null, .null])
        #expect(seen["created"] == ["working", .null, 1000, true])
        #expect(seen["last"] == ["completed", true])
        #expect(seen["quick"] == [false, "completed", true])
        #expect(seen["related"] == true)
        #expect(seen["bad"] == [true, "failed"])
        #expect(seen["cancelled"] == ["cancelled", true, true])
        #expect(seen["again"] == -32602)
        #expect(seen["asks"] == "input_required")
        #expect(seen["ask"] == [false, "completed"])
        #expect(seen["asked"] == [["asking: Deploy all?", true]])
        #expect(seen["unknown"] == [-32602, -32602, -32602, -32602])
        #expect(seen["forbidden"] == [-32601, -32601])
        #expect(seen["listed"] == ["completed", "cancelled", "failed", "completed"])
        #expect(seen["inOrder"] == true)
        #expect(seen["more"] == .null)
        #expect(seen["told"] == [[true, "failed"], [true, "cancelled"], [true, "completed"]])
    }

    @Test func tasksOverStandardStreams() async throws {
        let scene = try makeScene()
        let serve = ["serve", "--transport", "stdio", "--config-path", scene.file(".muster")]
        let server = WireTap.wrapped(Places.program("muster"), serve)
        let words = [script, "talk", "stdio", server.command] + server.arguments
        try check(try await scene.start(words, of: "python3").end(within: .seconds(90)))
        try await scene.waitForLeftovers()
    }

    @Test func tasksOverHTTP() async throws {
        let scene = try makeScene()
        let (muster, port) = try await serve(scene)
        let relay = try WireTap.current.map { tap in
            try scene.start([WireTap.fixture("http_tap.py"), tap.file(), port, "forever"], of: "python3")
        }
        let reached = try await relay?.errorLine("port=").split(separator: "=").last.map(String.init) ?? port
        let words = [script, "talk", "http", "http://127.0.0.1:\(reached)/mcp"]
        try check(try await scene.start(words, of: "python3").end(within: .seconds(90)))
        relay?.signal(SIGKILL)
        try await relay?.end()
        muster.signal(SIGTERM)
        #expect(try await muster.end(within: .seconds(15)).status == .exited(0))
        #expect(scene.leftovers == [])
    }

    // MARK: - A killed server

    /// The scene with the workflow `work`, whose second step waits at the gate `middle`.
    private func crashScene(_ gateTool: String) throws -> Scene {
        let scene = try Scene()
        try scene.addLedger()
        try scene.addWorkflow(
            "work",
            """
            steps:
              - { id: before, tool: x_ledger_mark, args: { name: before } }
              - { id: middle, tool: \(gateTool), args: { name: middle } }
              - { id: after, tool: x_ledger_mark, args: { name: after } }
            """
        )
        return scene
    }

    private func openGate(_ scene: Scene) throws {
        try FileManager.default.removeItem(atPath: scene.file("middle"))
        try scene.write("", to: "middle")
    }

    private func check(_ output: Program.Seen, _ scene: Scene, _ gateTool: String, _ task: String) throws {
        try #require(output.status == .exited(0), "\(output)")
        let seen = try JSONValue(parsing: try #require(output.outputLines.last))
        #expect(seen["result"] == [false, true, "completed"], "\(seen)")
        #expect(seen["status"] == "completed")
        #expect(seen["listed"] == true)
        let gate = gateTool.replacing("x_ledger_", with: "")
        #expect(scene.ledger == ["mark before", "\(gate) middle", "\(gate) middle", "mark after"])
        // What may not be repeated unasked is asked about, by a question that names the task.
        let questions = seen["asked"]?.arrayValue ?? []
        #expect(questions.map { $0[1] } == (gate == "gate" ? [.string(task)] : []))
    }

    @Test(arguments: ["x_ledger_gate_again", "x_ledger_gate"])
    func aTaskOutlivesAServerThatIsKilledOverHTTP(_ gateTool: String) async throws {
        let scene = try crashScene(gateTool)
        let gate = try Gate("middle", in: scene)
        let (muster, port) = try await serve(scene)
        let begun = try await scene.run("python3", [script, "begin", "http", "http://127.0.0.1:\(port)/mcp"])
        let task = try #require(begun.errorLines.last, "\(begun)")
        let visitor = try await gate.reached()
        muster.signal(SIGKILL)
        #expect(try await muster.end().status == .killed(SIGKILL))
        try await scene.waitForLeftovers()
        withExtendedLifetime(visitor) {}
        try openGate(scene)
        let (successor, next) = try await serve(scene)
        let seen = try await scene.run("python3", [script, "end", task, "http", "http://127.0.0.1:\(next)/mcp"])
        try check(seen, scene, gateTool, task)
        successor.signal(SIGTERM)
        #expect(try await successor.end(within: .seconds(15)).status == .exited(0))
    }

    @Test(arguments: ["x_ledger_gate_again", "x_ledger_gate"])
    func aTaskOutlivesAServerThatIsKilledOverStandardStreams(_ gateTool: String) async throws {
        let scene = try crashScene(gateTool)
        let gate = try Gate("middle", in: scene)
        let kill = try Gate("kill", in: scene)
        let serve = ["serve", "--transport", "stdio", "--config-path", scene.file(".muster")]
        let server = [Places.program("muster")] + serve
        let client = try scene.start([script, "begin", "stdio"] + server, of: "python3")
        let visitor = try await gate.reached()
        _ = try await kill.reached()
        let begun = try await client.end()
        let task = try #require(begun.errorLines.first { $0.count == 36 }, "\(begun)")
        try await scene.waitForLeftovers()
        withExtendedLifetime(visitor) {}
        try openGate(scene)
        let seen = try await scene.run("python3", [script, "end", task, "stdio"] + server)
        try check(seen, scene, gateTool, task)
        try await scene.waitForLeftovers()
    }

    private func serve(_ scene: Scene) async throws -> (Program, String) {
        let muster = try scene.start(["serve", "--host", "127.0.0.1", "--port", "0"])
        let line = try await muster.errorLine("listens at http://")
        return (muster, String(try #require(line.split(separator: ":").last?.prefix { $0.isNumber })))
    }
}
