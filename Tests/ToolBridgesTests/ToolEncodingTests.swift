import JSON
import MCPProtocol
import Testing
import ToolBridges
import ToolCatalog

@Suite("Tools as bytes")
struct ToolEncodingTests {
    @Test func onlyWhatChangedIsWrittenAgain() throws {
        var tools = (0..<10_000).map { number in
            ToolDescriptor(name: "t\(number)", description: "does \(number)", inputSchema: ["type": "object"])
        }
        var encodings = ToolEncodings(.modern)
        let first = encodings.array(of: tools[...], outOf: tools.count)
        #expect(encodings.writtenCount == 10_000)
        #expect(encodings.array(of: tools[...], outOf: tools.count) == first)
        #expect(encodings.writtenCount == 10_000)
        tools[17].description = "does something else"
        tools.append(ToolDescriptor(name: "new", description: "is new"))
        let second = encodings.array(of: tools[...], outOf: tools.count)
        #expect(encodings.writtenCount == 10_002)
        let listed = try JSONValue(parsing: second).arrayValue ?? []
        #expect(listed.count == 10_001 && listed[17]["description"] == "does something else")
        #expect(listed[9999] == .object(tools[9999].json))
    }

    @Test func toolsThatAreGoneAreForgotten() {
        var encodings = ToolEncodings(.sessions)
        let tools = (0..<10).map { ToolDescriptor(name: "t\($0)", description: "d") }
        _ = encodings.array(of: tools[...], outOf: 10)
        _ = encodings.array(of: tools[..<2], outOf: 2)
        _ = encodings.array(of: tools[...], outOf: 10)
        #expect(encodings.writtenCount == 18)
    }
}
