import Foundation
import JSON
import Testing
import WireChecks

/// The official TypeScript client against `muster serve`, with every message held against the published schemas.
@Suite(
    "The official TypeScript client",
    .serialized,
    .wireChecked(.client, .server),
    .timeLimit(.minutes(3)),
    .enabled(if: Requirements.npmServers.isThere)
)
struct TypeScriptClientTests {
    private let script = Places.fixture("typescript_client.mjs")
    private let sdk = Requirements.servers + "/npm/node_modules/@modelcontextprotocol/sdk"
    private let elicitation = "x_everything_trigger-elicitation-request"

    private func makeScene() throws -> Scene {
        let scene = try Scene()
        try scene.addLedger()
        let everything = Requirements.servers + "/npm/node_modules/.bin/mcp-server-everything"
        try scene.addServer("everything", everything, ["stdio"], extra: "timeout: 120")
        try scene.addWorkflow(
            "two",
            """
            args: { name: { type: string, required: true } }
            steps:
              - { id: one, tool: x_ledger_look, args: { name: "{{ .input.name }}" } }
              - { id: two, tool: x_ledger_mark, args: { name: "{{ .input.name }}" } }
            """
        )
        return scene
    }

    private func check(_ output: Program.Seen, _ scene: Scene) throws {
        try #require(output.status == .exited(0), "\(output)")
        let seen = try JSONValue(parsing: try #require(output.outputLines.last))
        #expect(seen["server"] == "muster-aggregator")
        #expect(seen["workflows"] == ["two"])
        #expect(seen["status"] == "completed")
        #expect(seen["record"] == "completed")
        // The client forgets its progress handler when it has read the answer, which may come in the same piece.
        let progress: [JSONValue] = [[1, 2, "step one completed"], [2, 2, "step two completed"]]
        #expect(progress.starts(with: seen["progress"]?.arrayValue ?? ["none"]))
        #expect(seen["failed"] == true)
        #expect(seen["unknown"] == -32602)
        #expect(seen["cancelled"] == "cancelled")
        #expect(seen["resources"] == true)
        #expect(seen["templates"] == true)
        #expect(seen["prompts"] == true)
        #expect((seen["read"]?.integerValue ?? 0) > 0)
        #expect(seen["peer"] == true)
        #expect(seen["asked"]?.arrayValue?.count == 1)
        #expect(seen["peerResource"] == ["demo://resource/static/document/features.md", true])
        #expect(seen["peerPrompt"] == ["user", "This is a simple prompt without arguments."])
        #expect(seen["ownPrompt"] == true)
        #expect(scene.ledger.filter { $0.hasPrefix("mark") } == ["mark n"])
    }

    @Test func usesMusterOverStandardStreams() async throws {
        let scene = try makeScene()
        let serve = ["serve", "--transport", "stdio", "--config-path", scene.file(".muster")]
        let server = WireTap.wrapped(Places.program("muster"), serve)
        let words = [script, sdk, "stdio", server.command] + server.arguments
        let program = try scene.start(words, of: "node", environment: ["PEER": elicitation])
        try check(try await program.end(within: .seconds(90)), scene)
        try await scene.waitForLeftovers()
    }

    @Test(arguments: ["http", "sse"])
    func usesMusterOverTheNetwork(_ transport: String) async throws {
        let scene = try makeScene()
        let muster = try scene.start(["serve", "--host", "127.0.0.1", "--port", "0"])
        let line = try await muster.errorLine("listens at http://")
        let port = try #require(line.split(separator: ":").last?.prefix { $0.isNumber })
        let relay = try WireTap.current.map { tap in
            try scene.start([WireTap.fixture("http_tap.py"), tap.file(), "\(port)", "forever"], of: "python3")
        }
        let reached = try await relay?.errorLine("port=").split(separator: "=").last.map(String.init) ?? String(port)
        let url = "http://127.0.0.1:\(reached)/\(transport == "sse" ? "sse" : "mcp")"
        let program = try scene.start([script, sdk, transport, url], of: "node", environment: ["PEER": elicitation])
        try check(try await program.end(within: .seconds(90)), scene)
        relay?.signal(SIGKILL)
        try await relay?.end()
        muster.signal(SIGTERM)
        #expect(try await muster.end(within: .seconds(15)).status == .exited(0))
        #expect(scene.leftovers == [])
    }
}
