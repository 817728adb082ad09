import Foundation
import JSON
import Testing

/// A server that asks, reports and has resources and prompts, used through muster as another process sees it.
@Suite("Through muster", .timeLimit(.minutes(3)), .enabled(if: Requirements.officialSDK.isThere))
struct SeamTests {
    /// The SDK takes long to load where other tests run beside.
    private static let patience = "timeout: 120"

    private func scene() throws -> Scene {
        let scene = try Scene()
        try scene.addServer("asking", "python3", [Places.fixture("asking_server.py")], extra: Self.patience)
        try scene.addWorkflow("release", "steps: [{ id: ask, tool: x_asking_deploy, args: { what: all } }]")
        return scene
    }

    private func check(_ output: Program.Seen) throws {
        #expect(output.status == .exited(0), "\(output)")
        let seen = try JSONValue(parsing: try #require(output.outputLines.last))
        #expect(seen["deploy"] == [false, "accept True"])
        #expect(seen["meta"]?[0] == false && seen["meta"]?[1]?.stringValue?.contains("accept True") == true)
        #expect(seen["workflow"] == [false, "completed"])
        let questions = ["web", "db", "all"].map { JSONValue.array([.string("asking: Deploy \($0)?"), "boolean"]) }
        #expect(seen["asked"] == .array(questions))
        #expect(seen["think"] == [false, "42"])
        #expect(seen["sampled"] == ["life"])

        #expect(seen["count"] == [false, "done"])
        let progress = (1...20).map { JSONValue.array([.double(Double($0)), .double(20), .string("at \($0)")]) }
        #expect(seen["progress"] == .array(progress))
        #expect(seen["progressAtAnswer"] == 20)

        #expect(seen["resources"]?.arrayValue?.contains("memo://first") == true)
        #expect(seen["first"] == ["first memo", "the first", "text/markdown"])
        #expect(seen["templates"]?.arrayValue?.contains("memo://of/{person}") == true)
        #expect(seen["read"] == [["memo://of/ann", "text/plain", "memo of ann"]])
        #expect(seen["missing"] == -32002)
        #expect(seen["prompts"]?.arrayValue?.contains("x_asking_review") == true)
        #expect(seen["prompt"] == ["user", "Review this: x = 1"])
        #expect(seen["completion"] == [["v-one", "v-two", "[('a', 'b')]"], 7, true])
        #expect(seen["templateCompletion"] == "p-one")

        let changes = ["prompts", "resources", "tools"].map { JSONValue.string("notifications/\($0)/list_changed") }
        #expect(seen["changes"] == .array(changes))
        #expect(seen["resourcesAfter"] == [])
        #expect(seen["promptsAfter"]?.arrayValue?.contains("x_asking_review") == false)
    }

    @Test func theOfficialClientIsAskedAndToldOverStandardStreams() async throws {
        let scene = try scene()
        let words = [
            Places.fixture("asked_client.py"), "stdio", Places.program("muster"), "serve", "--transport", "stdio",
            "--config-path", scene.file(".muster"),
        ]
        try check(try await scene.run("python3", words))
        #expect(scene.leftovers == [])
    }

    @Test func theOfficialClientIsAskedAndToldOverHTTP() async throws {
        let scene = try scene()
        let (server, address) = try await serve(scene)
        try check(try await scene.run("python3", [Places.fixture("asked_client.py"), "http", address]))
        server.signal(SIGTERM)
        #expect(try await server.end(within: .seconds(10)).status == .exited(0))
        #expect(scene.leftovers == [])
    }

    @Test func aClientWithoutSessionsAnswersInRounds() async throws {
        let scene = try scene()
        let (server, address) = try await serve(scene)
        let answers = try await requests(
            scene,
            address,
            [
                ["method": "tools/list", "until": "x_asking_deploy"],
                [
                    "method": "tools/call", "params": ["name": "x_asking_deploy", "arguments": ["what": "web"]],
                    "answer": ["approved": true],
                ],
                [
                    "method": "tools/call", "params": ["name": "workflow_release", "arguments": [:]],
                    "answer": ["approved": false],
                ],
            ]
        )
        #expect(answers[1]["params"]?["message"] == "asking: Deploy web?")
        #expect(answers[2]["result"]?["content"]?[0]?["text"] == "accept True", "\(answers[2])")
        #expect(answers[3]["params"]?["message"] == "asking: Deploy all?")
        #expect(answers[4]["result"]?["structuredContent"]?["status"] == "completed", "\(answers[4])")
        server.signal(SIGTERM)
        #expect(try await server.end(within: .seconds(10)).status == .exited(0))
        #expect(scene.leftovers == [])
    }

    // MARK: - Subscriptions

    private static let subscribing = #"""
        import asyncio, json, sys, urllib.request
        from mcp import ClientSession, types
        from mcp.client.streamable_http import streamablehttp_client
        from pydantic import AnyUrl

        url, uri = sys.argv[1], "note://agg/1"

        async def session():
            updates = asyncio.Queue()

            async def on_message(message):
                if isinstance(message, types.ServerNotification) and message.root.method == "notifications/resources/updated":
                    await updates.put(str(message.root.params.uri))

            async with streamablehttp_client(url) as (read, write, _):
                async with ClientSession(read, write, message_handler=on_message) as session:
                    await session.initialize()
                    for _ in range(1200):
                        if any(tool.name == "x_agg_echo" for tool in (await session.list_tools()).tools):
                            break
                        await asyncio.sleep(0.05)
                    await session.subscribe_resource(AnyUrl(uri))
                    first = await asyncio.wait_for(updates.get(), 20)
                    await session.unsubscribe_resource(AnyUrl(uri))
                    return first

        def listen():
            meta = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}
            wanted = {"resourceSubscriptions": [uri], "promptsListChanged": True}
            body = {"jsonrpc": "2.0", "id": 1, "method": "subscriptions/listen", "params": {"notifications": wanted, "_meta": meta}}
            headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream",
                       "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "subscriptions/listen"}
            request = urllib.request.Request(url, json.dumps(body).encode(), headers)
            with urllib.request.urlopen(request, timeout=20) as answer:
                for line in answer:
                    if line.startswith(b"data:"):
                        message = json.loads(line[5:])
                        if message["method"] == "notifications/resources/updated":
                            return message["params"]["uri"]

        print(json.dumps([asyncio.run(session()), listen()]))
        """#

    @Test func updatesOfAServersResourceReachWhoeverSubscribed() async throws {
        let scene = try Scene()
        let script = Places.project + "/Tests/ToolBridgesTests/Fixtures/aggregated_server.py"
        try scene.addServer("agg", "python3", ["-u", script, "stdio", "agg"], extra: Self.patience)
        let (server, address) = try await serve(scene)
        let seen = try await scene.run("python3", ["-c", Self.subscribing, address])
        // The server tells of an update whenever somebody subscribes.
        #expect(seen.output == #"["note://agg/1", "note://agg/1"]"# + "\n", "\(seen)")
        server.signal(SIGTERM)
        #expect(try await server.end(within: .seconds(10)).status == .exited(0))
        #expect(scene.leftovers == [])
    }

    // MARK: - Bursts

    /// Counts the messages that follow from fifty announcements of one change. An update that is asked for afterwards is told
    /// after all that came before it.
    private static let counting = #"""
        import asyncio, sys
        from mcp import ClientSession, types
        from mcp.client.streamable_http import streamablehttp_client
        from pydantic import AnyUrl

        async def main():
            updates, changes = asyncio.Queue(), []

            async def on_message(message):
                if isinstance(message, types.ServerNotification):
                    if message.root.method == "notifications/resources/updated":
                        await updates.put(1)
                    elif message.root.method == "notifications/tools/list_changed":
                        changes.append(1)

            async def wait_for(session, name):
                for _ in range(1200):
                    if any(tool.name == name for tool in (await session.list_tools()).tools):
                        return
                    await asyncio.sleep(0.05)
                raise TimeoutError(name)

            async def settle(session, uri):
                await session.subscribe_resource(AnyUrl(uri))
                await asyncio.wait_for(updates.get(), 20)

            async with streamablehttp_client(sys.argv[1]) as (read, write, _):
                async with ClientSession(read, write, message_handler=on_message) as session:
                    await session.initialize()
                    await wait_for(session, "x_agg_grow")
                    await settle(session, "note://agg/1")
                    changes.clear()
                    await session.call_tool("x_agg_grow", {})
                    await wait_for(session, "x_agg_grown")
                    await settle(session, "item://agg/2")
                    print(len(changes))

        asyncio.run(main())
        """#

    @Test func aBurstOfAServersChangesIsOneMessageToAClient() async throws {
        let scene = try Scene()
        let script = Places.project + "/Tests/ToolBridgesTests/Fixtures/aggregated_server.py"
        try scene.addServer("agg", "python3", ["-u", script, "stdio", "agg", "grow"], extra: Self.patience)
        let (server, address) = try await serve(scene)
        let seen = try await scene.run("python3", ["-c", Self.counting, address])
        #expect(seen.output == "1\n", "\(seen)")
        server.signal(SIGTERM)
        #expect(try await server.end(within: .seconds(10)).status == .exited(0))
        #expect(scene.leftovers == [])
    }

    // MARK: - Definitions that change

    @Test func serversComeChangeAndGoWithTheirFiles() async throws {
        let scene = try Scene()
        let (server, address) = try await serve(scene)
        let fixture = Places.fixture("asking_server.py")
        func seen(_ text: String) async throws {
            _ = try await requests(scene, address, [["method": "tools/list", "until": .string(text)]])
        }
        func tool(_ name: String, until text: String = "") async throws -> JSONValue? {
            let params: JSONValue = ["name": .string(name), "arguments": ["to": 1]]
            let request: JSONValue = ["method": "tools/call", "params": params, "until": .string(text)]
            return try await requests(scene, address, [request]).last
        }
        try scene.addServer("late", "python3", [fixture], extra: Self.patience)
        try await seen("x_late_count")
        #expect(try await tool("x_late_count")?["result"]?["content"]?[0]?["text"] == "done")
        // Another prefix: the old names go, the new ones come.
        try scene.addServer("late", "python3", [fixture], extra: "toolPrefix: other\n\(Self.patience)")
        try await seen("x_other_count")
        #expect(try await tool("x_late_count")?["error"]?["code"] == -32602)
        // A broken file keeps the server, and is told about.
        try scene.write(
            "kind: MCPServer\nmetadata: { name: late }\nspec: { type: nonsense",
            to: ".muster/mcpservers/late.yaml"
        )
        try await server.errorLine("mcpservers/late.yaml")
        #expect(try await tool("x_other_count")?["result"]?["content"]?[0]?["text"] == "done")
        try FileManager.default.removeItem(atPath: scene.file(".muster/mcpservers/late.yaml"))
        #expect(try await tool("x_other_count", until: "late was removed")?["result"]?["isError"] == true)
        #expect(scene.leftovers.count == 1, "only muster is left: \(scene.leftovers)")
        server.signal(SIGTERM)
        #expect(try await server.end(within: .seconds(10)).status == .exited(0))
        #expect(scene.leftovers == [])
    }

    // MARK: -

    private func serve(_ scene: Scene) async throws -> (Program, String) {
        let server = try scene.start(["serve", "--host", "127.0.0.1", "--port", "0"])
        let line = try await server.errorLine("listens at http://")
        return (server, try #require(line.split(separator: " ").last.map(String.init)))
    }

    private func requests(_ scene: Scene, _ address: String, _ requests: [JSONValue]) async throws -> [JSONValue] {
        let words = [Places.fixture("modern_client.py"), address, JSONValue.array(requests).text()]
        let seen = try await scene.run("python3", words)
        try #require(seen.status == .exited(0), "\(seen)")
        return try seen.outputLines.map { try JSONValue(parsing: $0) }
    }
}
