import JSON
import Synchronization
import Testing
import ToolCatalog

@Suite("Tools that change")
struct ChangedToolTests {
    /// Two types, as changes are told by type.
    private final class First: ToolProvider {
        let names: Mutex<[String]>
        let asked = Mutex(0)

        init(_ names: [String]) { self.names = Mutex(names) }

        var tools: [ToolDescriptor] {
            asked.withLock { $0 += 1 }
            return names.withLock { $0 }.map { ToolDescriptor(name: $0, description: "first") }
        }

        func call(
            _ name: String,
            _ arguments: JSONObject,
            _ context: CallContext
        ) async throws(ToolCallError) -> ToolResult {
            .text("first \(name)")
        }
    }

    private final class Second: ToolProvider {
        let asked = Mutex(0)

        var tools: [ToolDescriptor] {
            asked.withLock { $0 += 1 }
            return ["d", "b", "a"].map { ToolDescriptor(name: $0, description: "second") }
        }

        func call(
            _ name: String,
            _ arguments: JSONObject,
            _ context: CallContext
        ) async throws(ToolCallError) -> ToolResult {
            .text("second \(name)")
        }
    }

    @Test func onlyTheChangedProviderIsAskedAgain() async throws {
        let (first, second) = (First(["c", "b"]), Second())
        let catalog = ToolCatalog()
        catalog.register(first)
        catalog.register(second)
        func names() -> [String] { catalog.tools.map { "\($0.name) \($0.description)" } }
        #expect(names() == ["a second", "b first", "c first", "d second"])
        #expect(names() == ["a second", "b first", "c first", "d second"])
        #expect(first.asked.withLock { $0 } == 1 && second.asked.withLock { $0 } == 1)
        first.names.withLock { $0 = ["e", "0"] }
        catalog.toolsChanged(of: First.self)
        #expect(names() == ["0 first", "a second", "b second", "d second", "e first"])
        #expect(try await catalog.call("b").texts == ["second b"])
        #expect(first.asked.withLock { $0 } == 2 && second.asked.withLock { $0 } == 1)
        catalog.toolsChanged()
        _ = names()
        #expect(first.asked.withLock { $0 } == 3 && second.asked.withLock { $0 } == 2)
    }

    @Test func copiesAreTheSameAndWhatIsMadeTwiceIsNot() {
        let schema: JSONObject = ["type": "object", "properties": ["a": ["type": "string"]]]
        let tool = ToolDescriptor(name: "t", description: "d", inputSchema: schema, extras: ["title": "T"])
        var copy = tool
        #expect(copy.isSame(as: tool))
        copy.extras["title"] = "U"
        #expect(!copy.isSame(as: tool))
        copy = tool
        copy.name = "u"
        #expect(!copy.isSame(as: tool))
        var other = schema
        other["type"] = "object"
        #expect(!ToolDescriptor(name: "t", description: "d", inputSchema: other, extras: tool.extras).isSame(as: tool))
    }
}
