import Testing
import WireChecks

/// The official Go SDK on both sides of muster, in every revision and over every transport that it has.
///
/// What muster says to its client is held against the published schemas.
@Suite(
    "The official Go SDK",
    .wireChecked(.server),
    .serialized,
    .timeLimit(.minutes(3)),
    .enabled(if: Requirements.goPeers.isThere)
)
struct GoSDKInteropTests {
    private typealias Way = Peers.Way

    /// Each revision is with each transport once on each side; in the last two the eras differ.
    private static let meetings: [Peers.Meeting] = [
        Peers.Meeting(Way("stdio", "2024-11-05"), Way("stdio", "2024-11-05")),
        Peers.Meeting(Way("stdio", "2025-03-26"), Way("http", "2025-03-26")),
        Peers.Meeting(Way("stdio", "2025-06-18"), Way("http", "2025-06-18")),
        Peers.Meeting(Way("stdio", "2025-11-25"), Way("http", "2025-11-25")),
        Peers.Meeting(Way("stdio", "2026-07-28"), Way("http", "2026-07-28")),
        Peers.Meeting(Way("http", "2025-03-26"), Way("stdio", "2025-03-26")),
        Peers.Meeting(Way("http", "2025-06-18"), Way("stdio", "2025-06-18")),
        Peers.Meeting(Way("http", "2025-11-25"), Way("stdio", "2025-11-25")),
        Peers.Meeting(Way("http", "2026-07-28"), Way("stdio", "2026-07-28")),
        Peers.Meeting(Way("sse", "2024-11-05"), Way("sse", "2024-11-05")),
        Peers.Meeting(Way("sse", "2025-11-25"), Way("http", "2026-07-28")),
        Peers.Meeting(Way("http", "2026-07-28"), Way("sse", "2025-11-25")),
    ]

    @Test(arguments: meetings)
    func doesEverythingThroughMuster(_ meeting: Peers.Meeting) async throws {
        let scene = try Scene()
        let report = try await scene.meet(Peers.goClient, Peers.goServer, meeting)
        report.check(meeting.client)
        #expect(scene.leftovers == [])
    }
}
