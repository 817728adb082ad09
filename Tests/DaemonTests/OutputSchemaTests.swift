import Daemon
import JSON
import MCPProtocol
import SchemaValidation
import TestSupport
import Testing
import ToolCatalog

/// What tools of the core really answer, held against the schemas that they declare.
@Suite("Output schemas", .timeLimit(.minutes(1)))
struct OutputSchemaTests {
    private static let files = [
        "workflows/good.yaml": """
        kind: Workflow
        metadata: {name: good, labels: {team: red}}
        spec:
          description: works
          args: {n: {type: integer, default: 1}}
          steps:
            - {id: a, tool: echo, args: {n: "{{ .input.n }}"}}
            - {id: b, tool: echo, condition: {tool: echo, expect: {success: false}}}
            - {id: c, tool: fails, allowFailure: true}
          output: {n: "{{ .results.a.n }}"}
        """,
        "workflows/failing.yaml": """
        kind: Workflow
        metadata: {name: failing}
        spec:
          steps: [{id: a, parallel: [{id: b, tool: fails}]}]
          onFailure: [{id: c, tool: echo}]
        """,
        "workflows/plain.yaml": """
        kind: Workflow
        metadata: {name: plain}
        spec: {steps: [{id: a, tool: echo, store: true}]}
        """,
        "workflows/wrong.yaml": """
        kind: Workflow
        metadata: {name: wrong}
        spec: {description: [not, a, text], args: 7, steps: {no: list}}
        """,
        "serviceclasses/pg.yaml": """
        kind: ServiceClass
        metadata: {name: pg}
        spec:
          description: throw-away
          version: 1.0
          args: {port: {type: string, default: "18001"}}
          serviceConfig:
            lifecycleTools:
              start: {tool: start, outputs: {sid: sid}}
              stop: {tool: stop}
            outputs: {url: "http://localhost:{{ .port }}"}
        """,
        "serviceclasses/wrong.yaml": """
        kind: ServiceClass
        metadata: {name: wrong}
        spec: {args: 3, serviceConfig: [x]}
        """,
        "mcpservers/idle.yaml": """
        kind: MCPServer
        metadata: {name: idle}
        spec: {type: localCommand, command: [sleep, "600"], env: {A: b}, timeout: 3}
        """,
        "mcpservers/failed.yaml": """
        kind: MCPServer
        metadata: {name: failed}
        spec: {type: stdio, command: no-such-command, args: [x], description: fails, autoStart: true}
        """,
        "mcpservers/remote.yaml": """
        kind: MCPServer
        metadata: {name: remote}
        spec: {type: sse, url: "http://127.0.0.1:1/sse", headers: {X-A: b}, toolPrefix: r}
        """,
    ]

    /// Each tool that answers with JSON, in every state that its answer tells of.
    private static let calls: [(tool: String, arguments: JSONObject)] = [
        ("core_workflow_list", [:]), ("core_workflow_get", ["name": "good"]),
        ("core_workflow_get", ["name": "failing"]), ("core_workflow_get", ["name": "wrong"]),
        ("core_workflow_available", ["name": "good"]), ("core_workflow_available", ["name": "wrong"]),
        ("workflow_good", [:]), ("workflow_plain", [:]), ("core_workflow_execution_list", [:]),
        ("core_workflow_execution_list", ["status": "failed", "limit": 1]), ("core_serviceclass_list", [:]),
        ("core_serviceclass_get", ["name": "pg"]), ("core_serviceclass_get", ["name": "wrong"]),
        ("core_serviceclass_available", ["name": "pg"]), ("core_serviceclass_available", ["name": "none"]),
        ("core_service_create", ["serviceClassName": "pg", "name": "one"]), ("core_service_list", [:]),
        ("core_service_status", ["name": "one"]), ("core_service_status", ["name": "failed"]),
        ("core_service_get", ["name": "one"]), ("core_service_get", ["name": "failed"]), ("core_mcpserver_list", [:]),
        ("core_mcpserver_list", ["showAll": true, "verbose": true]), ("core_mcpserver_get", ["name": "failed"]),
        ("core_mcpserver_get", ["name": "idle"]), ("core_mcpserver_get", ["name": "remote"]),
    ]

    @Test("S-52 S-53 every reply of a tool with an output schema satisfies it, and its text says the same")
    func repliesSatisfyTheirSchemas() async throws {
        let bench = try MusterBench(Self.files)
        _ = try await bench.muster.start()
        let schemas = try await schemas(bench)
        _ = try await bench.call("workflow_failing")
        var checked: Set<String> = []
        for (tool, arguments) in Self.calls {
            let reply = try await bench.call(tool, arguments)
            try #require(!reply.isError, "\(tool) \(arguments.text()): \(reply.errorText)")
            try hold(reply, tool, schemas)
            checked.insert(tool)
        }
        let executions = try await bench.document("core_workflow_execution_list")["executions"]?.arrayValue ?? []
        #expect(Set(executions.compactMap { $0["status"]?.stringValue }) == ["completed", "failed"])
        let get = "core_workflow_execution_get"
        for id in executions.compactMap({ $0["execution_id"] }) {
            let whole = try await bench.call(get, ["execution_id": id])
            try hold(whole, get, schemas)
            try hold(try await bench.call(get, ["execution_id": id, "include_steps": false]), get, schemas)
            for step in whole.structuredContent?["steps"]?.arrayValue?.compactMap({ $0["step_id"] }) ?? [] {
                try hold(try await bench.call(get, ["execution_id": id, "step_id": step]), get, schemas)
            }
        }
        checked.insert("core_workflow_execution_get")
        let declared = schemas.keys.filter { $0.hasPrefix("core_") }
        #expect(Set(declared).subtracting(checked) == [], "tools that are not called here")
        await bench.muster.shutDown()
    }

    @Test("S-52 tools of the core that answer with JSON say so in a schema, the others have none")
    func schemasAreThereForJSONOnly() async throws {
        let bench = try MusterBench(Self.files)
        _ = try await bench.muster.start()
        let schemas = try await schemas(bench)
        for tool in bench.muster.catalog.tools where tool.name.hasPrefix("core_") && schemas[tool.name] == nil {
            let reply = try await bench.call(tool.name, ["name": "one", "server": "failed"])
            #expect(reply.structuredContent == nil, "\(tool.name)")
            #expect(reply.texts.first.flatMap { try? JSONValue(parsing: $0) } == nil, "\(tool.name)")
        }
        await bench.muster.shutDown()
    }

    @Test("S-52 a record that is shortened still satisfies the schema")
    func longRecord() async throws {
        let bench = try MusterBench(Self.files)
        _ = try await bench.muster.start()
        let schemas = try await schemas(bench)
        let text = String(repeating: "x", count: 300 << 10)
        let tools = ScriptedTools(["echo": { _ in .json(["text": .string(text)]) }])
        let large = try MusterBench(Self.files, tools: tools)
        let id = try #require(try await large.document("workflow_plain")["execution_id"])
        let reply = try await large.call("core_workflow_execution_get", ["execution_id": id])
        #expect(reply.structuredContent?["truncated"] == true)
        try hold(reply, "core_workflow_execution_get", schemas)
        await large.muster.shutDown()
        await bench.muster.shutDown()
    }

    /// By the names of the tools, as clients are told.
    private func schemas(_ bench: MusterBench) async throws -> [String: Schema] {
        var schemas: [String: Schema] = [:]
        for tool in try await bench.listedTools(version: .newestLegacy) {
            guard let name = tool["name"]?.stringValue, let output = tool["outputSchema"] else { continue }
            schemas[name] = try Schema(output, options: SchemaOptions(formats: .assertion))
        }
        return schemas
    }

    private func hold(_ reply: ToolResult, _ tool: String, _ schemas: [String: Schema]) throws {
        let schema = try #require(schemas[tool], "\(tool) has no output schema")
        let structured = try #require(reply.structuredContent, "\(tool) has no structured content")
        let result = schema.validate(structured)
        #expect(result.isValid, "\(tool): \(result.errors) in \(structured.text())")
        try #require(reply.texts.count == 1, "\(tool)")
        #expect(try JSONValue(parsing: reply.texts[0]) == structured, "\(tool)")
    }
}
