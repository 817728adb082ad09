import JSON
import Testing
import WireChecks

/// Version 2 of the official TypeScript SDK, which knows the revision 2026-07-28, on both sides of muster.
///
/// Version 1 is in `TypeScriptClientTests`.
@Suite(
    "Version 2 of the official TypeScript SDK",
    .wireChecked(.server),
    .serialized,
    .timeLimit(.minutes(3)),
    .enabled(if: Requirements.npmPeers.isThere)
)
struct TypeScriptInteropTests {
    private typealias Way = Peers.Way

    private static let meetings: [Peers.Meeting] = [
        Peers.Meeting(Way("stdio", "2026-07-28"), Way("http", "2026-07-28")),
        Peers.Meeting(Way("http", "2026-07-28"), Way("stdio", "2026-07-28")),
        Peers.Meeting(Way("stdio", "2025-11-25"), Way("http", "2025-11-25")),
        Peers.Meeting(Way("http", "2025-06-18"), Way("stdio", "2025-06-18")),
        Peers.Meeting(Way("sse", "2025-11-25"), Way("http", "2026-07-28")),
    ]

    @Test(arguments: meetings)
    func doesEverythingThroughMuster(_ meeting: Peers.Meeting) async throws {
        let scene = try Scene()
        var report = try await scene.meet(Peers.typeScriptClient, Peers.typeScriptServer, meeting)
        report.mayMissProgress = true
        report.check(meeting.client)
        #expect(scene.leftovers == [])
    }

    /// Holds what it gets against its own schemas of the tasks extension.
    @Test func tasksExtensionWaitsAnswersAndCancels() async throws {
        let scene = try Scene()
        try await scene.addPeer(Peers.typeScriptServer, Way("stdio", "2026-07-28"))
        try scene.addPeerWorkflows()
        try scene.addWorkflow("wrong", "steps: [{ id: fail, tool: x_peer_broken }]")
        try scene.addWorkflow("stuck", "steps: [{ id: wait, tool: x_peer_hang }]")
        let (muster, relay, port) = try await scene.serve()
        let words = [Places.fixture("typescript_tasks_client.mjs"), Peers.packages, "http://127.0.0.1:\(port)/mcp"]
        let program = try await scene.run("node", words)
        try #require(program.status == .exited(0), "\(program)")
        let seen = try JSONValue(parsing: program.output)
        #expect(seen["sum"] == ["completed", true, "completed"])
        #expect(seen["release"] == ["completed", true, "completed"])
        #expect(seen["asked"] == ["peer: Deploy all?"])
        #expect(seen["wrong"] == ["completed", true, "failed"])
        #expect(seen["stuck"] == "cancelled")
        try await scene.end(muster, relay)
        #expect(scene.leftovers == [])
    }

    /// It has no questions and no subscriptions, and its calls are not told of their end.
    @Test(arguments: [Way("stdio", "any"), Way("http", "any")])
    private func fastMCPServerIsUsed(_ way: Peers.Way) async throws {
        let scene = try Scene()
        let meeting = Peers.Meeting(Way("http", "2026-07-28"), way)
        let lacks: Set<PeerLack> = [.questions, .subscriptions, .changes, .cancellation]
        let report = try await scene.meet(Peers.typeScriptClient, Peers.fastMCPServer, meeting, lacks: lacks)
        report.check(meeting.client)
        #expect(scene.leftovers == [])
    }
}
