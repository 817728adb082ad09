import Daemon
import JSON
import MCPProtocol
import TestSupport
import Testing
import ToolBridges
import ToolCatalog

@Suite("Checklist: tools", .timeLimit(.minutes(1)))
struct ServedToolsTests {
    private static let files = [
        "workflows/look-around.yaml": "steps: [{id: a, tool: reads}, {id: b, tool: workflow_inner}]",
        "workflows/inner.yaml": "steps: [{id: a, tool: reads}]",
        "workflows/write.yaml": "steps: [{id: a, tool: reads}, {id: b, tool: writes}]",
        "workflows/put.yaml": "steps: [{id: a, tool: puts}]",
        "workflows/guess.yaml": "args: {t: {type: string}}\nsteps: [{id: a, tool: '{{ .input.t }}'}]",
        "workflows/lost.yaml": "steps: [{id: a, tool: x_nowhere_tool}]",
        "workflows/made.yaml": "steps: [{id: a, tool: reads}]\noutput: {status: 7, list: '{{ .results.a }}'}",
    ]

    private func bench() throws -> MusterBench {
        try MusterBench(
            Self.files,
            tools: ScriptedTools(
                [
                    "reads": { _ in .json(["n": 1]) }, "writes": { _ in .text("done") }, "puts": { _ in .text("done") },
                    "fails": { _ in .failure("disk full") },
                ],
                annotations: [
                    "reads": .reading,
                    "puts": ToolAnnotations(readOnly: false, destructive: false, idempotent: true, openWorld: false),
                ]
            )
        )
    }

    @Test("S-47 S-48 names are short, unique and in order, and every tool is described")
    func names() async throws {
        let bench = try bench()
        let tools = try await bench.listedTools()
        let names = tools.compactMap { $0["name"]?.stringValue }
        #expect(names == names.sorted())
        #expect(Set(names).count == tools.count)
        for tool in tools {
            let name = try #require(tool["name"]?.stringValue)
            #expect((1...64).contains(name.utf8.count))
            #expect(
                name.utf8.allSatisfy { byte in
                    (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
                        || "_.-".utf8.contains(byte)
                },
                "\(name)"
            )
            #expect(tool["description"]?.stringValue?.isEmpty == false, "\(name)")
        }
        #expect(try await bench.listedTools() == tools)
    }

    @Test("S-49 every input schema is that of an object")
    func schemas() async throws {
        for tool in try await bench().listedTools() { #expect(tool["inputSchema"]?["type"] == "object") }
    }

    @Test(
        "S-54 a workflow's hints are those of the tools it calls",
        arguments: [
            ("look-around", [true, nil, nil, false]), ("write", [false, true, false, true]),
            ("put", [false, false, true, false]), ("guess", [false, true, false, true]),
            ("lost", [false, true, false, true]),
        ] as [(String, [Bool?])]
    )
    func hints(workflow: String, expected: [Bool?]) async throws {
        let tools = try await bench().listedTools()
        let tool = try #require(tools.first { $0["name"] == .string("workflow_" + workflow) })
        let names = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"]
        #expect(names.map { tool["annotations"]?[$0]?.boolValue } == expected)
    }

    @Test("S-54 S-48 our own tools say what they do, with a title")
    func ownHints() async throws {
        for tool in try await bench().listedTools() {
            guard let name = tool["name"]?.stringValue, name.hasPrefix("core_") || name.hasPrefix("workflow_") else {
                continue
            }
            #expect(tool["annotations"]?["readOnlyHint"] != nil, "\(name)")
            #expect(tool["title"]?.stringValue?.isEmpty == false, "\(name)")
        }
        let tools = try await bench().listedTools()
        #expect(tools.first { $0["name"] == "workflow_look-around" }?["title"] == "Look around")
        #expect(tools.first { $0["name"] == "core_workflow_list" }?["title"] == "Workflow list")
    }

    @Test("S-52 S-53 an answer has the structure that its schema promises, and the same as text")
    func structure() async throws {
        let bench = try bench()
        let tools = try await bench.listedTools()
        for name in ["look-around", "made"] {
            let schema = try #require(tools.first { $0["name"] == .string("workflow_" + name) }?["outputSchema"])
            #expect(schema["type"] == "object")
            let result = try await bench.result(.callTool(name: "workflow_" + name, arguments: [:]))
            let structured = try #require(result["structuredContent"])
            #expect(try JSONValue(parsing: result.text) == structured)
            for key in schema["required"]?.arrayValue ?? [] { #expect(structured[key.stringValue ?? ""] != nil) }
            for (key, property) in schema["properties"]?.objectValue ?? [:] {
                guard let value = structured[key] else { continue }
                #expect(property["type"]?.stringValue == value.typeName, "\(name).\(key)")
            }
        }
    }

    @Test("S-51 an unknown tool is an error of the protocol")
    func unknown() async throws {
        let bench = try bench()
        await #expect { try await bench.outcome(.callTool(name: "nothing", arguments: [:])) } throws: { error in
            guard let error = error as? JSONRPCError else { return false }
            return error.code == -32602 && error.message.contains("tool not found: nothing")
        }
    }

    @Test("S-50 S-55 wrong arguments are results that say what is wrong; none are needed where none are asked for")
    func arguments() async throws {
        let bench = try bench()
        let wrong = try await bench.result(.callTool(name: "core_workflow_get", arguments: ["name": 7]))
        #expect(wrong.isError)
        #expect(wrong.text.contains("name"))
        #expect(try await !bench.result(.callTool(name: "core_workflow_list", arguments: [:])).isError)
    }

    @Test("management tools are called without their first word, and not listed so")
    func aliases() async throws {
        let bench = try bench()
        let short = try await bench.result(.callTool(name: "workflow_list", arguments: [:]))
        #expect(short.text == (try await bench.result(.callTool(name: "core_workflow_list", arguments: [:])).text))
        #expect(try await bench.listedTools().allSatisfy { $0["name"] != "workflow_list" })
    }

    @Test("S-23 pages are stable, of a thousand tools, and cursors outlive a change")
    func pages() async throws {
        var scripts: [String: @Sendable (JSONObject) async throws -> ToolResult] = [:]
        for number in 0..<2500 { scripts["t\(10_000 + number)"] = { _ in .text("x") } }
        let bench = try MusterBench([:], tools: ScriptedTools(scripts))
        guard case .tools(_, let next?) = try await bench.outcome(.listTools(cursor: nil)) else { throw Surprise() }
        #expect(try await bench.listedTools().count > 2500)
        bench.muster.catalog.toolsChanged()
        guard case .tools(.encoded(let bytes), _) = try await bench.outcome(.listTools(cursor: next)) else {
            throw Surprise()
        }
        #expect(try JSONValue(parsing: bytes).arrayValue?.count == 1000)
        await #expect(throws: JSONRPCError.self) { try await bench.outcome(.listTools(cursor: "nonsense")) }
        await #expect(throws: JSONRPCError.self) { try await bench.outcome(.listTools(cursor: "")) }
    }

    @Test(
        "what is listed can be chosen, what is called cannot",
        arguments: [
            ("all", true, true), ("meta", false, true), ("native", true, false),
        ]
    )
    func exposure(word: String, native: Bool, meta: Bool) async throws {
        let bench = try MusterBench(["config.yaml": "aggregator: {toolExposure: \(word)}\n"])
        let names = try await bench.listedTools().compactMap { $0["name"]?.stringValue }
        #expect(names.contains("core_workflow_list") == native)
        #expect(names.contains("call_tool") == meta)
        if word == "meta" { #expect(names.count == 11) }
        #expect(try await !bench.result(.callTool(name: "core_workflow_list", arguments: [:])).isError)
        #expect(try await !bench.result(.callTool(name: "list_tools", arguments: [:])).isError)
    }

    @Test("clients of sessions get schemas that they understand")
    func legacySchemas() async throws {
        let odd = OddTools()
        let bench = try MusterBench([:])
        bench.muster.catalog.register(odd)
        func tool(_ version: MCPVersion) async throws -> JSONValue? {
            try await bench.listedTools(version: version).first { $0["name"] == "x_odd_tool" }
        }
        let old = try #require(try await tool(.newestLegacy))
        #expect(old["inputSchema"]?["properties"] == ["yes": [:], "no": ["not": [:]]])
        #expect(old["outputSchema"] == nil)
        let new = try #require(try await tool(.modern))
        #expect(new["inputSchema"]?["properties"] == ["yes": true, "no": false])
        #expect(new["outputSchema"] == ["type": "array"])
    }
}

private struct OddTools: ToolProvider {
    var tools: [ToolDescriptor] {
        [
            ToolDescriptor(
                exposedAs: "x_odd_tool",
                external: [
                    "name": "tool", "description": "odd", "outputSchema": ["type": "array"],
                    "inputSchema": ["type": "object", "properties": ["yes": true, "no": false]],
                ]
            )
        ].compactMap { $0 }
    }

    func call(_ name: String, _ arguments: JSONObject, _ context: CallContext) async throws(ToolCallError) -> ToolResult
    {
        .text("odd")
    }
}
