import JSON
import Testing

/// The official inspector on the command line, as a checker of what muster offers.
@Suite("The official inspector", .timeLimit(.minutes(2)), .enabled(if: Requirements.npmPeers.isThere))
struct InspectorTests {
    @Test func findsNoErrorInMuster() async throws {
        let scene = try Scene(example: true)
        let (muster, relay, port) = try await scene.serve()
        func inspect(_ words: String...) async throws -> Program.Seen {
            let all = ["--cli", "http://127.0.0.1:\(port)/mcp", "--transport", "http", "--method"] + words
            let seen = try await scene.run(Peers.program("mcp-inspector"), all)
            #expect(seen.status == .exited(0), "\(words): \(seen)")
            return seen
        }
        // Exits with 6 when a tool's schema has an error.
        let tools = try await inspect("tools/list", "--strict")
        #expect(tools.errors.contains("0 errors, "), "\(tools.errors)")
        #expect(try JSONValue(parsing: tools.output)["tools"]?.arrayValue?.isEmpty == false)
        let resources = try JSONValue(parsing: try await inspect("resources/list").output)
        #expect(resources["resources"]?[0]?["uri"] == "auth://status")
        let prompts = try JSONValue(parsing: try await inspect("prompts/list").output)
        #expect(prompts["prompts"]?.arrayValue?.contains { $0["name"] == "run_workflow" } == true)
        let call = try await inspect("tools/call", "--tool-name", "core_workflow_list")
        #expect(try JSONValue(parsing: call.output)["structuredContent"]?["workflows"]?.arrayValue?.count == 5)
        try await scene.end(muster, relay)
        #expect(scene.leftovers == [])
    }
}
