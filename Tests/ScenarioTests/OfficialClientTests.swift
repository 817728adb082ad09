import Foundation
import JSON
import Testing

@Suite("The official Python client", .timeLimit(.minutes(3)), .enabled(if: Requirements.officialSDK.isThere))
struct OfficialClientTests {
    private let script = Places.fixture("official_client.py")

    private func check(_ output: Program.Seen, version: String = "2025-11-25") throws {
        #expect(output.status == .exited(0), "\(output)")
        let seen = try JSONValue(parsing: try #require(output.outputLines.last))
        #expect(seen["server"] == ["muster-aggregator", .string(version), true])
        let names = seen["names"]?.arrayValue?.compactMap(\.stringValue) ?? []
        #expect(names.contains("workflow_connect-monitoring"))
        #expect(names.contains("core_workflow_list"))
        #expect(names.contains("x_prometheus_query"))
        #expect(seen["annotations"] == true)

        let schema = try #require(seen["schema"])
        #expect(schema["type"] == "object")
        #expect(schema["properties"]?["cluster"]?["type"] == "string")
        #expect(schema["properties"]?["localPort"]?["default"] == "18000")
        #expect(schema["required"] == ["cluster"])
        #expect(seen["description"] == "Connect to monitoring in a Giant Swarm installation")

        #expect(seen["isError"] == false)
        #expect(seen["document"]?["workflow"] == "connect-monitoring")
        #expect(seen["document"]?["status"] == "completed")
        #expect(seen["document"]?["steps"]?[0]?["id"] == "login-cluster")
        #expect(
            seen["progress"]?.text() == #"[[1.0,2.0,"step login-cluster completed"],"#
                + #"[2.0,2.0,"step setup-prometheus-access completed"]]"#
        )
        #expect(seen["record"] == "completed")

        #expect(seen["failed"]?[0] == true)
        #expect(seen["failed"]?[1]?["status"] == "failed")
        #expect(
            seen["failed"]?[1]?["error"]?.stringValue?.contains("'NOT A CLUSTER' is not the name of a cluster") == true
        )
        #expect(seen["missing"]?[0] == true)
        #expect(seen["missing"]?[1]?.stringValue?.contains("required field 'cluster' is missing") == true)
        #expect(seen["unknown"]?[1]?.stringValue?.contains("tool not found: workflow_nothing") == true, "\(seen)")

        #expect(seen["many"] == true)
        #expect(seen["page"] == [5, 20, true])
        #expect(seen["logins"] == 21)
        let services = seen["services"]?.arrayValue ?? []
        #expect(services.contains("prometheus-port-forward-a.my-domain.com"))
    }

    @Test func usesMusterOverStandardStreams() async throws {
        let scene = try Scene(example: true)
        let words = [
            script, "stdio", Places.program("muster"), "serve", "--transport", "stdio", "--config-path",
            scene.file(".muster"),
        ]
        try check(try await scene.run("python3", words))
        #expect(scene.leftovers == [])
        #expect(!scene.exists("muster-example-\(getuid())"), "logins and port-forwards are gone")
    }

    @Test func usesMusterOverHTTP() async throws {
        let scene = try Scene(example: true)
        let server = try scene.start(["serve", "--host", "127.0.0.1", "--port", "0"])
        let line = try await server.errorLine("listens at http://")
        let address = try #require(line.split(separator: " ").last.map(String.init))
        #expect(address.hasSuffix("/mcp"))
        try check(try await scene.run("python3", [script, "http", address]))
        // What a session began does not end with it.
        let folder = "muster-example-\(getuid())/\(server.id)"
        #expect(scene.exists("\(folder)/kubeconfig-a.my-domain.com.yaml"))
        server.signal(SIGTERM)
        #expect(try await server.end(within: .seconds(10)).status == .exited(0))
        #expect(scene.leftovers == [])
        #expect(!scene.exists(folder))
    }

    @Test func usesMusterOverHTTPWithSSE() async throws {
        let scene = try Scene(example: true)
        let server = try scene.start(["serve", "--host", "127.0.0.1", "--port", "0"])
        let line = try await server.errorLine("listens at http://")
        let address = try #require(line.split(separator: " ").last).dropLast(4) + "/sse"
        try check(try await scene.run("python3", [script, "sse", String(address)]))
        server.signal(SIGTERM)
        #expect(try await server.end(within: .seconds(10)).status == .exited(0))
        #expect(scene.leftovers == [])
    }

    @Test func severalClientsUseOneServerAtATime() async throws {
        let scene = try Scene(example: true)
        let server = try scene.start(["serve", "--host", "127.0.0.1", "--port", "0"])
        let line = try await server.errorLine("listens at http://")
        let address = try #require(line.split(separator: " ").last.map(String.init))
        let script = #"""
            import asyncio, json, sys
            from mcp import ClientSession
            from mcp.client.streamable_http import streamablehttp_client

            async def one(number):
                async with streamablehttp_client(sys.argv[1]) as (read, write, _), ClientSession(read, write) as session:
                    await session.initialize()
                    results = [await session.call_tool("core_workflow_list", {}) for _ in range(20)]
                    return all(len(json.loads(r.content[0].text)["workflows"]) == 5 for r in results)

            async def main():
                print(all(await asyncio.gather(*(one(number) for number in range(8)))))

            asyncio.run(main())
            """#
        let seen = try await scene.run("python3", ["-c", script, address])
        #expect(seen.output == "True\n", "\(seen)")
        server.signal(SIGTERM)
        #expect(try await server.end(within: .seconds(10)).status == .exited(0))
    }
}
