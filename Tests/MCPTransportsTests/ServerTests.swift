import JSON
import MCPProtocol
import MCPTransports
import Testing
import WireChecks

@Suite(
    "Servers and the official client",
    .wireChecked(.client, .server),
    .timeLimit(.minutes(4)),
    .enabled(if: hasOfficialSDK)
)
struct OfficialClientTests {
    private func check(_ output: ProgramOutput) throws {
        #expect(output.exit == .exited(code: 0), "\(output.errors.joined(separator: "\n"))")
        let seen = try JSONValue(parsing: try #require(output.lines.last))
        #expect(seen["server"] == "muster-aggregator")
        #expect(seen["version"] == "2025-11-25")
        #expect(seen["listChanged"] == true)
        #expect(seen["tools"] == ["echo", "count", "fail", "wait"])
        #expect(seen["echo"]?.text() == #"{"text":"grüße","number":1.5,"big":12345678901234567890}"#)
        #expect(seen["count"] == "counted")
        #expect(seen["progress"]?.text() == #"[[1.0,3.0,"step 1"],[2.0,3.0,"step 2"],[3.0,3.0,"step 3"]]"#)
        #expect(seen["fail"] == true)
        #expect(seen["unknown"] == [-32602, "Unknown tool: nothing"])
        #expect(seen["timeout"] == 408)
        #expect(seen["many"] == true)
        #expect(seen["resources"] == 0)
        #expect(seen["templates"] == 0)
        #expect(seen["prompts"] == 0)
    }

    @Test func officialClientUsesTheStdioServer() async throws {
        let server = WireTap.wrapped(Places.fixtureServer, ["stdio"])
        let arguments = [Places.fixture("official_client.py"), "stdio", server.command] + server.arguments
        try check(try await run("python3", arguments))
    }

    @Test func officialClientUsesTheHTTPServer() async throws {
        let ports = Probe<String>()
        let exits = Probe<ProcessExit>()
        let server = try await ChildProcess.start(
            ChildLaunch(command: Places.fixtureServer, arguments: ["http"]),
            group: loops,
            events: ChildProcess.Events(
                onLine: { _ in },
                onErrorLine: { ports.add(String(decoding: $0, as: UTF8.self)) },
                onOutputEnd: { _ in },
                onExit: { exits.add($0) }
            )
        )
        let line = await ports.first(1)[0]
        let relay = try await HTTPRelay(to: try #require(line.split(separator: "port=").last.flatMap { Int($0) }))
        let arguments = [Places.fixture("official_client.py"), "http", "http://127.0.0.1:\(relay.port)/mcp"]
        try check(try await run("python3", arguments))
        await relay.stop()
        await server.terminate(patience: .seconds(10))
        #expect(await exits.first(1) == [.exited(code: 0)])
    }

    @Test func ourClientUsesOurServerInBothEras() async throws {
        for mode in [MCPClientMode.modern, .legacy] {
            var definition = MCPClient.Definition(tapped: Places.fixtureServer, ["stdio"])
            definition.mode = mode
            let client = try await MCPClient.start(definition, logger: quiet)
            #expect(client.server.version == (mode == .modern ? .modern : .newestLegacy))
            #expect(client.server.info?.name == "muster-aggregator")
            #expect(try await client.listTools().count == 4)
            let progress = Probe<MCPProgress>()
            let result = try await client.callTool("count", arguments: [:]) { progress.add($0) }
            #expect(result["content"]?[0]?["text"] == "counted")
            #expect(progress.values.count == 3)
            await client.close()
        }
    }
}
