import JSON
import Testing

@Suite("Bad MCP servers", .timeLimit(.minutes(3)))
struct BadServerTests {
    /// A server that never comes up, and what is said about it.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var command = "python3"
        var arguments: [String]
        var phrases: [String]

        static let all = [
            Case(
                testDescription: "command not found",
                command: "no-such-program",
                arguments: [],
                phrases: ["Command not found: no-such-program"]
            ),
            Case(testDescription: "exits at once", arguments: ["exit"], phrases: ["3", "cannot find my licence"]),
            Case(testDescription: "prints garbage", arguments: ["garbage"], phrases: ["Welcome to a program"]),
            Case(testDescription: "prints garbage and exits", arguments: ["garbage-exit"], phrases: ["Usage: server"]),
            Case(
                testDescription: "hangs in the handshake",
                arguments: ["silent"],
                phrases: ["did not finish the handshake within 2.0 seconds"]
            ),
        ]
    }

    @Test(arguments: Case.all)
    func serverThatDoesNotComeUpIsNamedWithItsReason(_ bad: Case) async throws {
        let scene = try Scene()
        try scene.addLedger()
        try scene.addWorkflow("good", "steps: [{ id: a, tool: x_ledger_mark, args: { name: a } }]")
        try scene.addWorkflow("needs-bad", "steps: [{ id: a, tool: x_bad_work }]")
        let script = bad.command == "python3" ? [Places.fixture("broken_server.py")] : []
        try scene.addServer("bad", bad.command, script + bad.arguments, extra: "timeout: 2")
        let seen = try await scene.muster("run", "needs-bad")
        #expect(seen.status == .exited(1))
        #expect(seen.errors.contains("missing required tools): x_bad_work"), "\(seen)")
        #expect(seen.errors.contains("MCP server bad failed: "), "\(seen)")
        for phrase in bad.phrases { #expect(seen.errors.contains(phrase), "\(seen)") }
        // The others are not hurt.
        let good = try await scene.muster("run", "good")
        #expect(good.status == .exited(0), "\(good)")
        #expect(try await scene.executions().count == 1)
        let listed = try await scene.muster("list", "mcpservers", "--all")
        #expect(listed.output.contains(/bad +Failed +stdio/), "\(listed)")
        #expect(scene.leftovers == [])
    }

    @Test func serverThatDiesInACallFailsTheStep() async throws {
        let scene = try Scene()
        try scene.addLedger()
        try scene.addWorkflow(
            "deadly",
            """
            steps:
              - { id: first, tool: x_ledger_mark, args: { name: first } }
              - { id: last, tool: x_ledger_die, args: { name: last } }
            """
        )
        let seen = try await scene.muster("run", "deadly", "-o", "json")
        #expect(seen.status == .exited(1))
        let document = try JSONValue(parsing: seen.output)
        let error = try #require(document["error"]?.stringValue)
        #expect(error.contains("x_ledger_die"), "\(error)")
        #expect(error.contains("out of memory"), "\(error)")
        let record = try await scene.onlyRecord("deadly")
        #expect(record["status"] == "failed")
        #expect(record["steps"]?.arrayValue?.map { $0["status"] } == ["completed", "failed"])
        #expect(scene.ledger == ["mark first", "die last"])
        #expect(scene.leftovers == [])
    }

    @Test func callThatHangsEndsWithTheStepTimeout() async throws {
        let scene = try Scene()
        try scene.addLedger()
        try scene.addWorkflow(
            "slow",
            """
            steps:
              - { id: slow, tool: x_ledger_hang, args: { name: slow }, allowFailure: true }
              - { id: after, tool: x_ledger_mark, args: { name: after } }
            """
        )
        let seen = try await scene.muster("run", "slow", "--step-timeout", "300ms", "-o", "json")
        #expect(seen.status == .exited(0), "\(seen)")
        let document = try JSONValue(parsing: seen.output)
        #expect(document["steps"]?[0]?["status"] == "failed")
        let error = try #require(document["steps"]?[0]?["error"]?.stringValue)
        #expect(error.contains("x_ledger_hang"), "\(error)")
        #expect(error.contains("0.3") || error.contains("300"), "says how long was waited: \(error)")
        #expect(scene.ledger == ["hang slow", "mark after"])
        #expect(scene.leftovers == [])
    }

    @Test func errorOfAToolIsPassedOnWordForWord() async throws {
        let scene = try Scene()
        try scene.addLedger()
        try scene.addWorkflow("failing", "steps: [{ id: a, tool: x_ledger_fail, args: { name: a } }]")
        let seen = try await scene.muster("run", "failing")
        #expect(seen.status == .exited(1))
        #expect(seen.output.contains("the disk of the other side is full"))
        let called = try await scene.muster("call", "x_ledger_fail", "name=b")
        #expect(called.status == .exited(1))
        #expect(called.errors == "Error: the disk of the other side is full\n")
    }

    @Test func largeResultIsKeptWhole() async throws {
        let scene = try Scene()
        try scene.addLedger()
        try scene.addWorkflow("large", "steps: [{ id: a, tool: x_ledger_large, args: { name: a, value: 3000000 } }]")
        let seen = try await scene.muster("run", "large", "-o", "json")
        #expect(seen.status == .exited(0))
        #expect(try JSONValue(parsing: seen.output)["text"]?.stringValue?.utf8.count == 3_000_000)
        let record = try await scene.muster(
            "executions",
            "get",
            try #require(try await scene.executions().first?["execution_id"]?.stringValue),
            "-o",
            "json"
        )
        #expect(try JSONValue(parsing: record.output)["truncated"] == true)
    }
}
