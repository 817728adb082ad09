import Foundation
import JSON
import Testing
import WireChecks

/// Tools that a server of 2025-11-25 runs as tasks only, made with the official SDK, used through muster.
@Suite(
    "Tools that are tasks behind muster",
    .serialized,
    .wireChecked(.client),
    .timeLimit(.minutes(3)),
    .enabled(if: Requirements.officialSDK.isThere)
)
struct UpstreamTaskTests {
    private func addWorkflows(_ scene: Scene) throws {
        try scene.addWorkflow(
            "release",
            """
            steps: [{ id: ask, tool: x_tasking_approve, args: { what: release }, store: true }]
            output: { said: "{{ .results.ask }}" }
            """
        )
        try scene.addWorkflow("slow", "steps: [{ id: one, tool: x_tasking_slow }]")
    }

    private func check(_ scene: Scene) async throws {
        let muster = try scene.start(["serve", "--host", "127.0.0.1", "--port", "0"])
        let line = try await muster.errorLine("listens at http://")
        let address = try #require(line.split(separator: " ").last.map(String.init))
        let output = try await scene.run("python3", [Places.fixture("tasked_client.py"), address])
        try #require(output.status == .exited(0), "\(output)")
        let seen = try JSONValue(parsing: try #require(output.outputLines.last))
        #expect(seen["execution"] == [.null, .null, .null], "how muster calls them is its own business")
        #expect(seen["work"] == [false, "worked on it", .null])
        #expect(seen["both"] == [false, "at once", .null])
        #expect(seen["refused"] == [true, "not this one", .null])
        #expect(seen["broken"] == [true, "the disk is full", .null])
        #expect(seen["approve"] == [false, "accept {'approved': True} True", .null])
        #expect(seen["workflow"] == [false, "accept {'approved': True} True"])
        #expect(seen["asked"] == [["tasking: Approve all?", .null], ["tasking: Approve release?", .null]])
        #expect(seen["cancelled"] == "cancelled")
        #expect(seen["states"] == "cancelled completed completed completed completed failed", "\(seen)")
        muster.signal(SIGTERM)
        #expect(try await muster.end(within: .seconds(15)).status == .exited(0))
    }

    @Test func overStandardStreams() async throws {
        let scene = try Scene()
        let server = WireTap.wrapped("python3", [Places.fixture("tasking_server.py"), "stdio"])
        // The SDK takes long to load where other tests run beside.
        try scene.addServer("tasking", server.command, server.arguments, extra: "timeout: 120")
        try addWorkflows(scene)
        try await check(scene)
    }

    @Test func overHTTP() async throws {
        let scene = try Scene()
        let server = try scene.start([Places.fixture("tasking_server.py"), "http"], of: "python3")
        let port = String(try await server.errorLine("port=").dropFirst("port=".count))
        let relay = try WireTap.current.map { tap in
            try scene.start([WireTap.fixture("http_tap.py"), tap.file(), port, "forever"], of: "python3")
        }
        let reached = try await relay?.errorLine("port=").split(separator: "=").last.map(String.init) ?? port
        try scene.addRemoteServer("tasking", "http://127.0.0.1:\(reached)/mcp/")
        try addWorkflows(scene)
        try await check(scene)
        for program in [relay, server] {
            program?.signal(SIGKILL)
            try await program?.end()
        }
    }
}
