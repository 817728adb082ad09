import Daemon
import JSON
import MCPProtocol
import TestSupport
import Testing
import ToolCatalog

@Suite("Meta tools", .timeLimit(.minutes(1)))
struct MetaToolTests {
    private static let error = "x_q_error_rate_query"
    private static let card = "x_q_rate_card"
    private static let reboot = "x_q_reboot"

    private struct Described: ToolProvider {
        var descriptions: [(String, String)]
        var tools: [ToolDescriptor] { descriptions.map { ToolDescriptor(name: $0.0, description: $0.1) } }

        func call(
            _ name: String,
            _ arguments: JSONObject,
            _ context: CallContext
        ) async throws(ToolCallError) -> ToolResult {
            ToolResult(content: [
                ["type": "text", "text": "seen"], ["type": "image", "data": "AAAA", "mimeType": "image/png"],
            ])
        }
    }

    private func bench(_ more: [(String, String)] = []) throws -> MusterBench {
        let bench = try MusterBench([
            "workflows/greet.yaml": """
            kind: Workflow
            metadata: {name: greet, labels: {team: infra}}
            spec: {description: Says hello, steps: [{id: say, tool: echo, args: {said: hello}}]}
            """
        ])
        bench.muster.catalog.register(
            Described(
                descriptions: [
                    (Self.error, "Query the error rate."), (Self.card, "Show the rate card."),
                    (Self.reboot, "Reboot a host."),
                ] + more
            )
        )
        return bench
    }

    private func document(_ bench: MusterBench, _ tool: String, _ arguments: JSONObject = [:]) async throws -> JSONValue
    {
        let result = try await bench.result(.callTool(name: tool, arguments: arguments))
        try #require(!result.isError, "\(result.text)")
        return try JSONValue(parsing: result.text)
    }

    private func names(_ document: JSONValue) -> [String] {
        document["tools"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
    }

    @Test func listsAllToolsButThemselves() async throws {
        let listed = names(try await document(try bench(), "list_tools"))
        #expect(listed == listed.sorted())
        #expect(
            listed.contains("core_workflow_list") && listed.contains("workflow_greet") && listed.contains(Self.card)
        )
        #expect(!listed.contains("call_tool"))
    }

    @Test func describesATool() async throws {
        let bench = try bench()
        let tool = try await document(bench, "describe_tool", ["name": "workflow_greet"])
        #expect(tool.objectValue?.keys == ["name", "description", "inputSchema"])
        let unknown = try await bench.result(.callTool(name: "describe_tool", arguments: ["name": "nothing"]))
        #expect(unknown.isError && unknown.text == "Tool not found: nothing")
    }

    @Test func listsTheCoreAlone() async throws {
        let bench = try bench()
        let core = try await document(bench, "list_core_tools")
        #expect(names(core).allSatisfy { $0.hasPrefix("core_") })
        #expect(core["filters"]?["pattern"] == "core*")
        #expect(core["truncated"] == false)
        #expect(core["tools"]?[0]?["inputSchema"] != nil)
        let short = try await document(bench, "list_core_tools", ["include_schema": false])
        #expect(short["tools"]?[0]?["inputSchema"] == nil)
    }

    @Test func ranksByRelevance() async throws {
        let found = try await document(try bench(), "filter_tools", ["query": "error rate query"])
        #expect(names(found).prefix(1) == [Self.error])
        #expect(Set(names(found)) == [Self.error, Self.card])
        let scores = found["tools"]?.arrayValue?.compactMap { $0["score"]?.doubleValue } ?? []
        #expect(scores.count == 2 && scores[0] > scores[1] && scores[1] > 0)
        #expect(
            scores.allSatisfy {
                ($0 * 10_000).rounded() == $0 * 10_000 || abs(($0 * 10_000).rounded() - $0 * 10_000) < 1e-6
            }
        )
    }

    @Test(arguments: [
        ("backups", ["x_d_backup"]), ("draining", ["x_d_drain"]), ("rebot", [reboot]), ("rebooot", [reboot]),
        ("zzzzzz", []),
    ])
    func findsWhatIsMeant(query: String, expected: [String]) async throws {
        let bench = try bench([("x_d_backup", "Save all."), ("x_d_drain", "Empty a node.")])
        #expect(names(try await document(bench, "filter_tools", ["query": .string(query), "limit": 3])) == expected)
    }

    @Test(
        arguments: [
            (["pattern": "X_Q_*"], [error, card, reboot]), (["pattern": "X_Q_*", "case_sensitive": true], []),
            (["pattern": "x_q_r?te*"], [card]), (["pattern": "x_q_[er]*d"], [card]),
            (["description_filter": "RATE"], [error, card]), (["labels": ["team": "infra"]], ["workflow_greet"]),
            (["labels": ["team": "other"]], []), (["pattern": "x_q_*", "limit": 1, "offset": 1], [card]),
        ] as [(JSONObject, [String])]
    )
    func filters(arguments: JSONObject, expected: [String]) async throws {
        let found = try await document(try bench(), "filter_tools", arguments)
        #expect(names(found) == expected)
        #expect(found["filtered_count"] == .integer(Int64(expected.count)))
        for tool in found["tools"]?.arrayValue ?? [] { #expect(tool["summary"] != nil && tool["description"] == nil) }
    }

    @Test func pagesSayWhetherThereIsMore() async throws {
        let bench = try bench()
        let page = try await document(bench, "filter_tools", ["pattern": "x_q_*", "limit": 2])
        #expect(page["total"] == 3)
        #expect(page["truncated"] == true)
        let last = try await document(bench, "filter_tools", ["pattern": "x_q_*", "limit": 2, "offset": 2])
        #expect(last["truncated"] == false)
        let beyond = try await document(bench, "filter_tools", ["pattern": "x_q_*", "offset": 9])
        #expect(beyond["tools"] == [] && beyond["truncated"] == false)
    }

    @Test(
        arguments: [
            (["limit": "3"], "limit must be a number"), (["limit": 0], "limit must be at least 1"),
            (["offset": true], "offset must be a number"), (["offset": -1], "offset must be at least 0"),
            (["pattern": "["], #"Invalid pattern "[": "#),
        ] as [(JSONObject, String)]
    )
    func wrongFiltersAreNamed(arguments: JSONObject, says: String) async throws {
        let result = try await bench().result(.callTool(name: "filter_tools", arguments: arguments))
        #expect(result.isError && result.text.contains(says))
    }

    @Test func summariesAreOneShortLine() async throws {
        let long = String(repeating: "x", count: 130)
        let bench = try bench([("y_long", " \(long)\nmore"), ("y_short", "one \ntwo")])
        let tools = try await document(bench, "filter_tools", ["pattern": "y_*"])["tools"]
        #expect(tools?[0]?["summary"] == .string(String(repeating: "x", count: 120) + "..."))
        #expect(tools?[1]?["summary"] == "one")
    }

    @Test func callsAnyToolButThemselves() async throws {
        let bench = try bench()
        let direct = try await bench.result(.callTool(name: "core_workflow_list", arguments: [:]))
        let wrapped = try await document(bench, "call_tool", ["name": "core_workflow_list", "arguments": [:]])
        #expect(wrapped["content"]?[0]?["text"]?.stringValue == direct.text)
        #expect(wrapped["isError"] == false)
        let itself = try await bench.result(.callTool(name: "call_tool", arguments: ["name": "call_tool"]))
        #expect(itself.isError && itself.text == "Tool execution failed: tool not found: call_tool")
        let unknown = try await bench.result(.callTool(name: "call_tool", arguments: ["name": "nothing"]))
        #expect(unknown.isError && unknown.text.contains("Tool execution failed: tool not found: nothing"))
        let failing = try await bench.result(.callTool(name: "call_tool", arguments: ["name": "fails"]))
        #expect(failing.isError)
        #expect(try JSONValue(parsing: failing.text)["isError"] == true)
    }

    @Test func mediaOfACalledToolFollowAsTheyCame() async throws {
        let result = try await bench().result(.callTool(name: "call_tool", arguments: ["name": "x_q_reboot"]))
        let document = try JSONValue(parsing: result.text)
        #expect(document["content"]?[1] == ["dataSize": 4, "type": "image", "mimeType": "image/png"])
        #expect(result["content"]?[1] == ["type": "image", "data": "AAAA", "mimeType": "image/png"])
    }

    @Test(
        arguments: [
            ([:], "name argument is required"),
            (["name": "echo", "arguments": "x"], "arguments must be a JSON object"),
        ] as [(JSONObject, String)]
    )
    func wrongCallsAreNamed(arguments: JSONObject, says: String) async throws {
        let result = try await bench().result(.callTool(name: "call_tool", arguments: arguments))
        #expect(result.isError && result.text == says)
    }

    @Test func resourcesAndPromptsAreReadThroughThem() async throws {
        let bench = try bench()
        let resources = try await document(bench, "list_resources")
        #expect(resources.arrayValue?.map { $0["uri"] } == ["auth://status", "muster://workflows/greet"])
        let text = try await bench.result(
            .callTool(name: "get_resource", arguments: ["uri": "muster://workflows/greet"])
        ).text
        #expect(text.contains("Says hello"))
        #expect(try await document(bench, "describe_resource", ["uri": "muster://workflows/greet"])["name"] == "greet")
        let missing = try await bench.result(.callTool(name: "describe_resource", arguments: ["uri": "a:b"]))
        #expect(missing.isError && missing.text == "Resource not found: a:b")
        #expect(try await document(bench, "list_prompts").arrayValue?.count == 2)
        let messages = try await document(
            bench,
            "get_prompt",
            ["name": "run_workflow", "arguments": ["workflow": "greet"]]
        )
        #expect(messages[0]?["role"] == "user")
        let none = try await bench.result(.callTool(name: "describe_prompt", arguments: ["name": "p"]))
        #expect(none.isError && none.text == "Prompt not found: p")
    }
}
