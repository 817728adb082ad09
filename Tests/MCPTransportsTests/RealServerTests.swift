import Glibc
import JSON
import MCPProtocol
import MCPTransports
import Testing
import WireChecks

/// Servers that others have made, over HTTP. They choose no port themselves, so one is looked for that is free now.
@Suite("Servers of others over HTTP", .wireChecked(.client), .serialized, .timeLimit(.minutes(3)))
struct RealServerTests {
    private static let everything = Places.cache + "/test-servers/npm/node_modules/.bin/mcp-server-everything"
    private static let hasEverything = access(everything, X_OK) == 0

    private func withServer(
        _ command: String,
        _ arguments: (Int) -> [String],
        environment: (Int) -> [String: String] = { _ in [:] },
        url: (Int) -> MCPClient.Endpoint,
        change: (inout MCPClient.Definition) -> Void = { _ in },
        _ body: (MCPClient) async throws -> Void
    ) async throws {
        let port = try freePort()
        let words = Probe<String>()
        let child = try await ChildProcess.start(
            ChildLaunch(command: command, arguments: arguments(port), environment: environment(port)),
            group: loops,
            events: ChildProcess.Events(
                onLine: { words.add(String(decoding: $0, as: UTF8.self)) },
                onErrorLine: { words.add(String(decoding: $0, as: UTF8.self)) },
                onOutputEnd: { _ in },
                onExit: { _ in }
            )
        )
        let relay = try await HTTPRelay(to: port)
        var definition = MCPClient.Definition(url(relay.port))
        definition.handshakeTimeout = .seconds(30)
        if case .eventStream = definition.endpoint { definition.mode = .legacy }
        change(&definition)
        do {
            let client = try await connect(definition)
            try await body(client)
            await client.close()
        } catch {
            await relay.stop()
            await child.terminate(patience: .milliseconds(200))
            throw error
        }
        await relay.stop()
        await child.terminate(patience: .milliseconds(200))
    }

    /// Tries for as long as the server may need to come up.
    private func connect(_ definition: MCPClient.Definition) async throws -> MCPClient {
        let end = ContinuousClock.now + .seconds(30)
        while true {
            do throws(MCPClientError) {
                return try await MCPClient.start(definition, logger: quiet)
            } catch {
                guard error.code == .unreachable, ContinuousClock.now < end else { throw error }
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
            }
        }
        try #require(isBound)
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private func useOfficial(_ client: MCPClient) async throws {
        #expect(client.server.info?.name == "official")
        #expect(client.server.version.era == .legacy)
        #expect(try await client.listTools().count == 5)
        let sum = try await client.callTool("add", arguments: ["a": 1, "b": 2])
        #expect(sum["structuredContent"] == ["result": 3])
        let progress = Probe<MCPProgress>()
        _ = try await client.callTool("count", arguments: [:]) { progress.add($0) }
        // Over streamable HTTP it sends progress on the session's stream, which the stream of the answer may overtake.
        #expect([1, 2, 3].starts(with: progress.values.map(\.progress)))
        #expect(await callError(client, "wait", MCPCallOptions(timeout: .milliseconds(200)))?.code == .timedOut)
        let handler = MCPInputHandler(capabilities: ["elicitation": ["form": [:]]]) { request in
            #expect(request.params["message"] == "Sure?")
            return .success(["action": "accept", "content": ["sure": true]])
        }
        let asked = try await client.callTool("confirm", arguments: [:], options: MCPCallOptions(input: handler))
        #expect(asked["content"]?[0]?["text"] == "accept True")
        let unasked = try await client.callTool("confirm", arguments: [:])
        #expect(unasked["isError"] == true)
        let note = try await client.request("resources/read", params: ["uri": "note://x"])
        #expect(note["contents"]?[0]?["text"] == "note x")
        try await client.ping(timeout: .seconds(40))
    }

    @Test(.enabled(if: hasOfficialSDK)) func officialServerOverStreamableHTTP() async throws {
        try await withServer(
            "python3",
            { [Places.fixture("fastmcp_server.py"), "streamable-http", "\($0)"] },
            url: { .streamableHTTP(HTTPEndpoint(url: "http://127.0.0.1:\($0)/mcp")) },
            change: { $0.capabilities = ["elicitation": ["form": [:]]] },
            useOfficial
        )
    }

    @Test(.enabled(if: hasOfficialSDK)) func officialServerOverHTTPWithSSE() async throws {
        try await withServer(
            "python3",
            { [Places.fixture("fastmcp_server.py"), "sse", "\($0)"] },
            url: { .eventStream(HTTPEndpoint(url: "http://127.0.0.1:\($0)/sse")) },
            change: { $0.capabilities = ["elicitation": ["form": [:]]] },
            useOfficial
        )
    }

    private func useEverything(_ client: MCPClient) async throws {
        #expect(client.server.version.era == .legacy)
        let echo = try await client.callTool("echo", arguments: ["message": "grüße"])
        #expect(echo["content"]?[0]?["text"] == "Echo: grüße")
        let progress = Probe<MCPProgress>()
        _ = try await client.callTool(
            "trigger-long-running-operation",
            arguments: ["duration": 0.2, "steps": 2],
            onProgress: { progress.add($0) }
        )
        #expect(progress.values.count == 2)
        #expect(try await client.list("resources/list", key: "resources").isEmpty == false)
        #expect(try await client.list("prompts/list", key: "prompts").isEmpty == false)
        try await client.ping(timeout: .seconds(40))
    }

    @Test(.enabled(if: hasEverything), arguments: ["streamableHttp", "sse"])
    func referenceServerOverHTTP(_ transport: String) async throws {
        try await withServer(
            Self.everything,
            { _ in [transport] },
            environment: { ["PORT": "\($0)"] },
            url: { port in
                transport == "sse"
                    ? .eventStream(HTTPEndpoint(url: "http://127.0.0.1:\(port)/sse"))
                    : .streamableHTTP(HTTPEndpoint(url: "http://127.0.0.1:\(port)/mcp"))
            },
            useEverything
        )
    }
}
