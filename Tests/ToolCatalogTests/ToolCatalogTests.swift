import JSON
import TestSupport
import Testing
import ToolCatalog

@Suite("Tool catalogue")
struct ToolCatalogTests {
    @Test(
        arguments: [
            ("{\"a\":1}", ["a": 1]), ("123", 123), ("1e5", "1e5"), ("007", "007"), ("1.0", 1.0), ("1.00", "1.00"),
            ("true", true), ("null", nil), ("", ""), ("plain", "plain"), ("\"quoted\"", "quoted"), ("[1,2]", [1, 2]),
        ] as [(String, JSONValue?)]
    )
    func theTextOfAReplyBecomesItsValue(text: String, expected: JSONValue?) {
        #expect(ToolResult.text(text).value == expected)
    }

    @Test func structuredContentCountsWhereTheTextIsNoJSON() {
        let block: JSONValue = ["type": "text", "text": "three items"]
        #expect(ToolResult(content: [block], structuredContent: ["n": 3]).value == ["n": 3])
        #expect(ToolResult(content: [], structuredContent: ["n": 3]).value == ["n": 3])
        #expect(ToolResult(content: [block], structuredContent: ["result": "three items"]).value == "three items")
        for items in [[], [5], [5, 6]] as [[JSONValue]] {
            let blocks = items.map { JSONValue.object(["type": "text", "text": .string($0.text())]) }
            let reply = ToolResult(content: blocks, structuredContent: ["result": .array(items)])
            #expect(reply.value == .array(items), "a list of \(items.count)")
        }
        let own = ToolResult.json(["result": ["a": 1]])
        #expect(own.value == ["result": ["a": 1]])
        #expect(ToolResult(content: own.content, structuredContent: own.value).value == ["result": ["a": 1]])
        #expect(ToolResult(content: [["type": "image", "data": "x"]]).value == nil)
    }

    @Test func theFirstProviderOfANameHasIt() async throws {
        let catalog = ToolCatalog()
        catalog.register(ScriptedTools(["t": { _ in .text("first") }]))
        catalog.register(ScriptedTools(["t": { _ in .text("second") }, "a": { _ in .text("a") }]))
        #expect(try await catalog.call("t").texts == ["first"])
        #expect(catalog.tools.map(\.name) == ["a", "t"])
        #expect(catalog.missing(among: ["a", "x", "x", "t"]) == ["x"])
    }

    @Test func anUnknownToolIsNamed() async {
        let error = await #expect(throws: ToolCallError.self) { try await ToolCatalog().call("nothing") }
        #expect(error?.message == "tool not found: nothing")
    }

    @Test func destructiveToolsAreRefusedOnEveryPathUnlessAllowed() async throws {
        struct Provider: ToolProvider {
            var tools: [ToolDescriptor] {
                [ToolDescriptor(exposedAs: "x_k_kubectl_delete", external: ["name": "kubectl_delete"])].compactMap {
                    $0
                }
            }
            func call(_: String, _: JSONObject, _: CallContext) async throws(ToolCallError) -> ToolResult {
                .text("gone")
            }
        }
        let careful = ToolCatalog()
        careful.register(Provider())
        let refusal = try await careful.call("x_k_kubectl_delete")
        #expect(refusal.isError)
        #expect(refusal.errorText.contains("is blocked as it is destructive. Use --yolo flag"))
        let bold = ToolCatalog(policy: CallPolicy(allowsDestructiveTools: true))
        bold.register(Provider())
        #expect(try await bold.call("x_k_kubectl_delete").texts == ["gone"])
    }

    @Test func whatAServerSaysOfItsToolPassesThrough() throws {
        let external: JSONObject = [
            "name": "go", "description": "d", "inputSchema": ["type": "object", "$defs": ["x": true]],
            "annotations": ["readOnlyHint": true, "custom": 1], "outputSchema": ["type": "object"], "icons": [],
        ]
        let tool = try #require(ToolDescriptor(exposedAs: "x_s_go", external: external))
        var expected = external
        expected["name"] = "x_s_go"
        #expect(tool.json == expected)
        #expect(tool.annotations.readOnly == true)
    }
}
