import JSON
import MCPProtocol
import MCPTransports
import Testing
import WireChecks

/// A server that says only what it was asked to say.
@Suite("A quiet server", .wireChecked(.client), .timeLimit(.minutes(1)))
struct QuietServerTests {
    private func withServer(
        _ mode: MCPClientMode,
        _ observer: MCPClient.Observer = .init(),
        _ body: (MCPClient) async throws -> Void
    ) async throws {
        let words = [Places.fixture("quiet_server.py"), mode == .modern ? "modern" : "legacy"]
        var definition = MCPClient.Definition(command: "python3", arguments: words)
        if let tap = WireTap.current { definition.launch.environment["WIRE_NOTES"] = tap.file() }
        definition.mode = mode
        definition.handshakeTimeout = .seconds(50)
        let client = try await MCPClient.start(definition, observer: observer, logger: quiet)
        try await body(client)
        await client.close()
    }

    @Test func messagesReachACallThatWantsThemThoughTheServerWaitsForALevel() async throws {
        try await withServer(.legacy) { client in
            for _ in 0..<2 {
                let messages = Probe<JSONObject>()
                var options = MCPCallOptions()
                options.onLog = { messages.add($0) }
                _ = try await client.callTool("t", arguments: [:], options: options)
                // Told once in a session.
                #expect(messages.values.map { $0["data"] } == ["levels ['debug']"])
            }
        }
    }

    @Test(arguments: [MCPClientMode.legacy, .modern])
    func serverHearsOfNoLevelWhenNobodyWantsItsMessages(_ mode: MCPClientMode) async throws {
        try await withServer(mode) { client in
            let result = try await client.callTool("t", arguments: [:])
            #expect(result["content"]?[0]?["text"] == "0")
        }
    }

    /// What came before the subscription stood would be missed otherwise.
    @Test(arguments: [MCPClientMode.legacy, .modern])
    func resourceMayHaveChangedWhenItsSubscriptionStands(_ mode: MCPClientMode) async throws {
        let updates = Probe<String>()
        var observer = MCPClient.Observer()
        observer.onResourceUpdated = { updates.add($0) }
        try await withServer(mode, observer) { client in
            await client.watch(["a://1", "a://2"])
            #expect(await updates.first(2) == ["a://1", "a://2"])
            // Those that were told already are not told again.
            await client.watch(["a://2", "a://3"])
            #expect(await updates.first(3) == ["a://1", "a://2", "a://3"])
        }
    }
}
