import Foundation
import JSON
import Testing

/// Floods of bad clients, seen from outside: good ones are served meanwhile, and the memory comes back.
@Suite("Floods of clients", .serialized, .timeLimit(.minutes(5)))
struct HostileClientTests {
    /// Rounds after the first one, which fills what is kept by design: ten thousand sessions, and the allocator.
    private static let moreRounds = 3

    @Test func floodsLeaveNothingBehindAndGoodClientsAreServed() async throws {
        let scene = try Scene()
        try scene.addLedger()
        let muster = try scene.start(["serve", "--host", "127.0.0.1", "--port", "0"])
        let line = try await muster.errorLine("listens at http://")
        let port = try #require(line.split(separator: ":").last?.prefix { $0.isNumber })
        let words = [Places.fixture("hostile_clients.py"), "\(port)", "\(muster.id)", "\(1 + Self.moreRounds)"]
        let seen = try await scene.start(words, of: "python3").end(within: .seconds(240))
        try #require(seen.status == .exited(0), "\(seen) muster: \(muster.seen.errors.suffix(2000))")
        let report = try JSONValue(parsing: seen.output)
        print("floods: \(report.text())")
        #expect(report["faults"] == [])
        #expect((report["good"]?.integerValue ?? 0) > 20)
        #expect((report["slowest"]?.doubleValue ?? 100) < 10)
        let memory = report["memory"]?.arrayValue?.compactMap(\.integerValue) ?? []
        try #require(memory.count == 3)
        #expect(memory[1] - memory[0] < 64 << 20, "\(memory)")
        #expect(memory[2] - memory[1] < 24 << 20, "\(memory)")
        muster.signal(SIGTERM)
        #expect(try await muster.end(within: .seconds(15)).status == .exited(0))
        #expect(scene.leftovers == [])
    }
}
