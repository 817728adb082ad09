import Daemon
import Foundation
import JSON
import MCPProtocol
import MCPTransports
import Synchronization
import Testing
import ToolBridges

/// A muster with one real server behind it, `up`: the one that the official conformance suite is run against.
struct UpstreamBench {
    let bench: MusterBench

    /// - Parameter era: which `protocol` the definition names.
    init(
        era: String = "auto",
        files: [String: String] = [:],
        parked: ParkedCalls.Limits = ParkedCalls.Limits()
    ) async throws {
        var files = files
        files["mcpservers/up.yaml"] = """
            type: stdio
            command: \(Self.fixture)
            args: [conformance-stdio]
            protocol: \(era)
            autoStart: true
            """
        bench = try MusterBench(files, parked: parked)
        _ = try await bench.muster.start()
        try #require(
            bench.muster.servers.server("up")?.state == .running,
            "\(bench.muster.servers.server("up")?.error ?? "")"
        )
    }

    /// The fixture server, which is built beside the test runner.
    static var fixture: String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (own as NSString).deletingLastPathComponent + "/mcp-fixture-server"
    }

    static func with(
        era: String = "auto",
        files: [String: String] = [:],
        parked: ParkedCalls.Limits = ParkedCalls.Limits(),
        _ body: (MusterBench) async throws -> Void
    ) async throws {
        let upstream = try await UpstreamBench(era: era, files: files, parked: parked)
        do {
            try await body(upstream.bench)
        } catch {
            await upstream.bench.muster.shutDown()
            throw error
        }
        await upstream.bench.muster.shutDown()
    }
}

extension MCPInputNeed {
    /// An accepted form for each of the questions.
    func accepted(_ content: JSONObject) -> MCPInput {
        let answers = requests.map { ($0.key, JSONValue.object(["action": "accept", "content": .object(content)])) }
        return MCPInput(responses: JSONObject(answers), state: state)
    }
}

/// Collects what comes from any thread.
final class Collected<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    var all: [Element] { elements.withLock { $0 } }

    func add(_ element: Element) { elements.withLock { $0.append(element) } }
}
