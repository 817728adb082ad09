import Daemon
import JSON
import MCPProtocol
import Synchronization
import TestSupport
import Testing
import ToolCatalog

/// Ten thousand tools, counted and not timed.
@Suite("Many tools", .timeLimit(.minutes(2)))
struct ManyToolsTests {
    /// Remembers how often its tools were asked for.
    private final class CountedTools: ToolProvider {
        let prefix: String
        private let all: [ToolDescriptor]
        private let asked = Mutex(0)

        init(_ prefix: String, _ count: Int) {
            self.prefix = prefix
            // In no order of their names.
            all = (0..<count).map { ToolDescriptor(name: "\(prefix)_\($0 * 7919 % count)", description: "one of many") }
        }

        var timesAsked: Int { asked.withLock { $0 } }

        var tools: [ToolDescriptor] {
            asked.withLock { $0 += 1 }
            return all
        }

        func call(
            _ name: String,
            _ arguments: JSONObject,
            _ context: CallContext
        ) async throws(ToolCallError) -> ToolResult {
            .text(name)
        }
    }

    @Test("S-48 10,000 tools come page by page, each once, in an order that stays")
    func pages() async throws {
        let bench = try MusterBench([:])
        bench.muster.catalog.register(CountedTools("many", 10_000))
        for version in [MCPVersion.modern, .newestLegacy] {
            let first = try await bench.listedTools(version: version).compactMap { $0["name"]?.stringValue }
            #expect(first.count { $0.hasPrefix("many_") } == 10_000)
            #expect(Set(first).count == first.count)
            #expect(first == first.sorted())
            #expect(try await bench.listedTools(version: version).compactMap { $0["name"]?.stringValue } == first)
        }
        await bench.muster.shutDown()
    }

    @Test("lists that are asked for again ask no provider again, until something has changed")
    func providersAreAskedOnce() async throws {
        let bench = try MusterBench([:])
        let many = CountedTools("many", 10_000)
        bench.muster.catalog.register(many)
        let before = try await bench.listedTools()
        let asked = many.timesAsked
        for _ in 0..<5 { #expect(try await bench.listedTools().count == before.count) }
        #expect(many.timesAsked == asked, "five more lists of all pages")
        bench.muster.catalog.register(CountedTools("new", 3))
        #expect(try await bench.listedTools().count == before.count + 3)
        #expect(many.timesAsked <= asked + 2, "asked \(many.timesAsked - asked) times after one change")
        await bench.muster.shutDown()
    }
}
