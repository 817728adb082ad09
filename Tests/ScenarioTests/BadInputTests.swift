import JSON
import Testing

@Suite("Bad input", .timeLimit(.minutes(3)))
struct BadInputTests {
    private static let onlyStep = #"steps: [{ id: a, tool: x_ledger_mark, args: { name: a } }]"#

    /// A scene with the ledger server and the workflow `good`.
    private func makeScene() throws -> Scene {
        let scene = try Scene()
        try scene.addLedger()
        try scene.addWorkflow("good", Self.onlyStep)
        return scene
    }

    /// Whatever went wrong before, `good` runs and the history can be read.
    private func checkHealth(_ scene: Scene, executions: Int) async throws {
        let seen = try await scene.muster("run", "good")
        #expect(seen.status == .exited(0), "\(seen)")
        #expect(try await scene.executions().count == executions)
        #expect(scene.leftovers == [])
    }

    @Test func brokenYAMLIsNamedWithItsPlace() async throws {
        let scene = try makeScene()
        try scene.write(
            "kind: Workflow\nmetadata: { name: bad }\nspec:\n  steps: [ {id: a\n",
            to: ".muster/workflows/bad.yaml"
        )
        let checked = try await scene.muster("check")
        #expect(checked.status == .exited(1))
        #expect(checked.output.contains(/workflows\/bad\.yaml:\d+:\d+: error/), "\(checked)")
        let seen = try await scene.muster("run", "bad")
        #expect(seen.status == .exited(1))
        #expect((seen.output + seen.errors).contains(/bad\.yaml:\d+:\d+/), "\(seen)")
        try await checkHealth(scene, executions: 1)
    }

    @Test func wrongFieldIsNamedWithItsPlaceAndTheNearestOne() async throws {
        let scene = try makeScene()
        try scene.addWorkflow("bad", "stepz: []\n" + Self.onlyStep)
        let checked = try await scene.muster("check")
        #expect(checked.output.contains(/bad\.yaml:4:3:/), "\(checked)")
        #expect(checked.output.contains("steps"))
        let machine = try JSONValue(parsing: try await scene.muster("check", "-o", "json").output)
        #expect(machine[0]?["line"] == 4)
        #expect(machine[0]?["column"] == 3)
    }

    @Test func unknownWorkflowIsRefusedWithTheKnownOnes() async throws {
        let scene = try makeScene()
        let seen = try await scene.muster("run", "godo")
        #expect(seen.status == .exited(1))
        #expect(seen.output == "")
        #expect(seen.errors == "Error: workflow godo not found (known: good)\n")
        let shown = try await scene.muster("get", "workflow", "godo")
        #expect(shown.status == .exited(1))
        #expect(shown.errors == "Error: Failed to get workflow: workflow godo not found\n")
        try await checkHealth(scene, executions: 1)
    }

    @Test func wrongArgumentsAreNamedAndRecorded() async throws {
        let scene = try makeScene()
        try scene.addWorkflow(
            "typed",
            "args: { who: { type: string, required: true }, count: { type: integer, default: 1 } }\n" + Self.onlyStep
        )
        let missing = try await scene.muster("run", "typed")
        #expect(missing.status == .exited(1))
        #expect(missing.output.contains("required field 'who' is missing"))
        let wrong = try await scene.muster("run", "typed", "who=me", "count=many")
        #expect(wrong.status == .exited(1))
        #expect(wrong.output.contains("field 'count' has wrong type, expected integer"))
        let word = try await scene.muster("run", "typed", "me")
        #expect(word.status == .exited(1))
        #expect(word.errors == "Error: 'me' is not an argument: write key=value\n")
        let json = try await scene.muster("run", "typed", "--json", "{who: me}")
        #expect(json.status == .exited(1))
        #expect(json.errors.hasPrefix("Error: --json is not valid JSON"))
        #expect(scene.ledger == [], "nothing was called")
        #expect(try await scene.executions("--status", "failed").count == 2)
        try await checkHealth(scene, executions: 3)
    }

    @Test func unknownWordsOnTheCommandLineAreRefused() async throws {
        let scene = try makeScene()
        let type = try await scene.muster("list", "clusters")
        #expect(type.status == .exited(1))
        #expect(type.errors.hasPrefix("Error: unknown resource type 'clusters'. Available types: workflow, "))
        let command = try await scene.muster("frobnicate")
        #expect(command.status == .exited(1))
        #expect(command.errors.contains("frobnicate"))
        let output = try await scene.muster("run", "good", "--output", "xml")
        #expect(output.status == .exited(1))
        #expect(output.errors.contains("xml"))
        let transport = try await scene.muster("serve", "--transport", "carrier-pigeon")
        #expect(transport.status == .exited(1))
        #expect(transport.errors.contains("transport 'carrier-pigeon' is not supported"))
        let id = try await scene.muster("executions", "get", "no-such-execution")
        #expect(id.status == .exited(1))
        #expect(id.errors == "Error: execution no-such-execution not found\n")
        try await checkHealth(scene, executions: 1)
    }

    @Test func unknownToolIsNamed() async throws {
        let scene = try makeScene()
        try scene.addWorkflow("bad", "steps: [{ id: a, tool: x_ledger_nothing }]")
        let seen = try await scene.muster("run", "bad")
        #expect(seen.status == .exited(1))
        #expect(seen.errors.contains("workflow bad is not available (missing required tools): x_ledger_nothing"))
        let called = try await scene.muster("call", "x_ledger_nothing")
        #expect(called.status == .exited(1))
        #expect(called.errors == "Error: tool not found: x_ledger_nothing\n")
        let listed = try await scene.muster("list", "workflows")
        #expect(listed.output.contains(/bad +Unavailable/))
        let checked = try await scene.muster("check", "--live")
        #expect(checked.output.contains(/bad\.yaml:4:\d+:/), "\(checked)")
        #expect(checked.output.contains("x_ledger_nothing"))
        try await checkHealth(scene, executions: 1)
    }

    @Test func brokenSettingsStopTheProgramWithTheirPlace() async throws {
        let scene = try makeScene()
        try scene.write("aggregator:\n  port: [8090\n", to: ".muster/config.yaml")
        for arguments in [["run", "good"], ["list", "workflows"], ["serve"], ["executions", "list"]] {
            let seen = try await scene.start(arguments).end()
            #expect(seen.status == .exited(1))
            #expect(seen.errors.contains(/config\.yaml:\d+:\d+: error/), "\(seen)")
        }
        try scene.write("aggregator: { port: many }\n", to: ".muster/config.yaml")
        let seen = try await scene.muster("serve")
        #expect(seen.errors.contains(/config\.yaml:1:\d+: error/), "\(seen)")
        try scene.write("aggregator: { port: 8090 }\n", to: ".muster/config.yaml")
        try await checkHealth(scene, executions: 1)
    }

    @Test func takenPortIsNamedWithItsHost() async throws {
        let scene = try makeScene()
        let listener = try Ports.Listener()
        let seen = try await scene.muster("serve", "--host", "127.0.0.1", "--port", "\(listener.port)")
        #expect(seen.status == .exited(1))
        #expect(seen.errors.contains("127.0.0.1:\(listener.port)"), "\(seen)")
        try await checkHealth(scene, executions: 1)
    }

    @Test func takenPortFailsTheStepThatForwardsIt() async throws {
        let scene = try Scene(example: true)
        let listener = try Ports.Listener()
        let arguments = ["run", "connect-monitoring", "cluster=a.b", "localPort=\(listener.port)", "-o", "json"]
        let seen = try await scene.start(arguments).end()
        #expect(seen.status == .exited(1))
        let document = try JSONValue(parsing: seen.output)
        #expect(document["status"] == "failed")
        let message = "local port \(listener.port) is already in use"
        #expect(document["error"]?.stringValue?.contains(message) == true)
        #expect(document["steps"]?[1]?["error"]?.stringValue?.contains(message) == true)
        #expect(try await scene.onlyRecord("connect-monitoring")["status"] == "failed")
        #expect(scene.leftovers == [])
    }
}
