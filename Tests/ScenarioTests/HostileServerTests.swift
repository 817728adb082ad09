import Foundation
import JSON
import Testing

/// What bad servers do, seen from outside: a running `muster serve` says what is wrong, its other servers and its
/// listener go on, its memory comes back, and no process is left.
@Suite("Hostile servers", .serialized, .timeLimit(.minutes(3)))
struct HostileServerTests {
    struct Behaviour: Sendable, CustomTestStringConvertible {
        var tool: String
        /// What the caller is told where the server is a child, and over HTTP. Any of the words.
        var local: [String]
        var remote: [String]
        var rounds = 5

        var testDescription: String { tool }

        static let all = [
            Behaviour(tool: "garbage", local: ["fine: done"], remote: ["no JSON"]),
            Behaviour(tool: "endless", local: ["64 MiB"], remote: ["64 MiB"], rounds: 3),
            Behaviour(tool: "never", local: ["gave up"], remote: ["gave up"]),
            Behaviour(tool: "twice", local: ["fine: done"], remote: ["fine: done"]),
            Behaviour(tool: "wrong_id", local: ["gave up"], remote: ["the answer is empty"]),
            Behaviour(tool: "die", local: ["exit status 7"], remote: ["broke off", "cannot be reached", "reset"]),
            Behaviour(tool: "flood", local: ["fine: done"], remote: ["fine: done"]),
            Behaviour(tool: "storm", local: ["fine: done"], remote: ["fine: done"]),
            Behaviour(tool: "wrong_result", local: ["result must be an object"], remote: ["failed: "]),
            Behaviour(tool: "wrong_content", local: ["no list of blocks"], remote: ["no list of blocks"]),
            Behaviour(tool: "wrong_structure", local: ["does not fit"], remote: ["does not fit"]),
            Behaviour(tool: "large", local: ["fine: 62914560 bytes"], remote: ["fine: 62914560 bytes"], rounds: 3),
            Behaviour(tool: "too_large", local: ["64 MiB"], remote: ["64 MiB"], rounds: 3),
            Behaviour(tool: "drip", local: ["gave up"], remote: ["gave up"]),
            Behaviour(tool: "deep", local: ["failed: "], remote: ["failed: "]),
            Behaviour(tool: "half", local: ["gave up"], remote: ["failed: "]),
        ]
    }

    @Test(arguments: Behaviour.all)
    func childIsSurvived(_ behaviour: Behaviour) async throws {
        let scene = try Scene()
        try scene.addServer("bad", "python3", [Places.fixture("hostile_server.py"), "stdio"])
        try await survive(behaviour, scene, expecting: behaviour.local)
    }

    @Test(arguments: Behaviour.all)
    func remoteServerIsSurvived(_ behaviour: Behaviour) async throws {
        let scene = try Scene()
        let port = Ports.free()
        let server = try scene.start([Places.fixture("hostile_server.py"), "http", "\(port)"], of: "python3")
        try scene.addRemoteServer("bad", "http://127.0.0.1:\(port)/mcp")
        try await survive(behaviour, scene, expecting: behaviour.remote) {
            server.signal(SIGKILL)
            try await server.end()
        }
    }

    /// - Parameter last: ends what is no child of muster's.
    private func survive(
        _ behaviour: Behaviour,
        _ scene: Scene,
        expecting phrases: [String],
        _ last: () async throws -> Void = {}
    ) async throws {
        try scene.addLedger()
        let muster = try scene.start(
            ["serve", "--host", "127.0.0.1", "--port", "0"],
            // A server that has died is started again at once.
            environment: ["MUSTER_MCPSERVER_INITIAL_BACKOFF": "100ms"]
        )
        let line = try await muster.errorLine("listens at http://")
        let port = try #require(line.split(separator: ":").last?.prefix { $0.isNumber })
        let driver = Places.fixture("hostile_driver.py")
        let words = [driver, "\(port)", "\(muster.id)", "x_bad_\(behaviour.tool)", "\(behaviour.rounds)"]
        let seen = try await scene.start(words, of: "python3").end(within: .seconds(150))
        try #require(seen.status == .exited(0), "\(seen) muster: \(muster.seen.errors.suffix(2000))")
        let report = try JSONValue(parsing: seen.output)
        for answer in report["answers"]?.arrayValue?.compactMap(\.stringValue) ?? [] {
            #expect(phrases.contains { answer.contains($0) }, "\(answer)")
        }
        for answer in report["recovered"]?.arrayValue?.compactMap(\.stringValue) ?? [] {
            #expect(answer.hasPrefix("fine: "), "\(answer)")
        }
        #expect((report["slowest"]?.doubleValue ?? 100) < 5, "another call took \(report["slowest"] ?? .null) seconds")
        let memory = report["memory"]?.arrayValue?.compactMap(\.integerValue) ?? []
        try #require(memory.count == 2)
        print("\(behaviour.tool): \(memory[0] >> 20) MiB, \(memory[1] >> 20) MiB after \(behaviour.rounds) more rounds")
        // What one round leaves behind in the allocator varies; what is kept would be there for each.
        let isLarge = ["large", "too_large", "endless"].contains(behaviour.tool)
        #expect(memory[1] - memory[0] < (isLarge ? 32 : 24) << 20, "grew from \(memory[0]) to \(memory[1]) bytes")
        muster.signal(SIGTERM)
        #expect(try await muster.end(within: .seconds(15)).status == .exited(0))
        try await last()
        #expect(scene.leftovers == [])
    }

    @Test("a list of tools full of nonsense hides none of the good ones, and none of its own that can be used")
    func lyingList() async throws {
        let scene = try Scene()
        try scene.addLedger()
        try scene.addServer("bad", "python3", [Places.fixture("hostile_server.py"), "lies"])
        let listed = try await scene.muster("list", "tools", "-o", "json")
        #expect(listed.status == .exited(0), "\(listed.errors)")
        for name in ["x_ledger_look", "x_bad_ok", "x_bad_ring", "x_bad_long"] {
            #expect(listed.output.contains("\"\(name)\""), "\(name) in \(listed.output.prefix(3000))")
        }
        for name in ["x_bad_ok", "x_bad_ring", "x_bad_pattern"] {
            let called = try await scene.muster("call", name, "x=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")
            #expect(called.errors.isEmpty || called.errors.hasPrefix("Error: "), "\(called)")
        }
        let good = try await scene.muster("call", "x_ledger_look", "name=n")
        #expect(good.status == .exited(0), "\(good)")
        #expect(scene.leftovers == [])
    }
}
