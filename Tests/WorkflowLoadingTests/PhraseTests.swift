import Diagnostics
import JSON
import Testing
import WorkflowLoading

/// The phrases that clients match. See docs/mcp-servers.md and docs/workflows.md.
@Suite("Phrases of validation")
struct PhraseTests {
    private static let tool = "{id: a, tool: t}"

    @Test(arguments: [
        ("{}", "steps argument is required"),
        ("steps: []", "workflow must have at least one step"),
        ("steps: [{id: '', tool: t}]", "steps: step 0: id cannot be empty"),
        ("steps: [{id: a, tool: t}, {id: a, tool: t}]", "duplicate step ID 'a' found"),
        ("steps: [{id: a}]", "step 0 (a): one of tool, forEach, or parallel is required"),
        ("steps: [{id: a, tool: t, parallel: [{id: b, tool: t}]}]", "tool is mutually exclusive with forEach/parallel"),
        (
            "steps: [{id: a, forEach: {items: '{{ .x }}', steps: [{id: c, tool: t}]}, parallel: [{id: b, tool: t}]}]",
            "forEach and parallel are mutually exclusive"
        ),
        ("steps: [{id: a, forEach: {steps: [{id: b, tool: t}]}}]", "items is required and must be a template string"),
        ("steps: [{id: a, forEach: {items: '{{ .x }}'}}]", "must contain at least one sub-step"),
        ("steps: [{id: a, parallel: []}]", "must contain at least one sub-step"),
        ("steps: [{id: a, parallel: [{id: b}]}]", "sub-step 0 (b): tool is required"),
        ("steps: [{id: a, parallel: [{tool: t}]}]", "sub-step 0: id is required"),
        (
            "steps: [{id: a, parallel: [{id: b, tool: t}, {id: b, tool: t}]}]",
            "step a parallel: duplicate sub-step id 'b'"
        ),
        (
            "steps: [{id: a, tool: t, condition: {template: 'true', tool: t}}]",
            "condition.template is mutually exclusive with tool/fromStep"
        ),
        ("steps: [{id: a, tool: t, condition: {tool: t, fromStep: b}}]", "tool and fromStep are mutually exclusive"),
        ("steps: [{id: a, tool: t, condition: {}}]", "condition requires exactly one of template, tool, or fromStep"),
        ("steps: [{id: a, tool: t, condition: {tool: t, expect: {}}}]", "either success or jsonPath must be provided"),
        ("{args: {x: {}}, steps: [{id: a, tool: t}]}", "args: argument x: type is required"),
        ("steps: text", "cannot unmarshal string"),
        ("steps: [{id: a, tool: t, condition: {fromStep: b}}]", "condition references non-existent step result: b"),
        ("{args: {x: {type: text}}, steps: [{id: a, tool: t}]}", "unknown type 'text'"),
        ("steps: [{id: 'a b', tool: t}]", "step id 'a b'"),
        ("{timeout: 5m, steps: [{id: a, tool: t}]}", "timeout is not supported yet"),
        ("steps: [{id: a, tool: t, retry: {attempts: 3}}]", "steps[0].retry is not supported yet"),
    ])
    func ofWorkflows(spec: String, phrase: String) throws {
        let (workflow, diagnostics) = DefinitionDecoder.decodeWorkflow(name: "w", spec: try object(spec), mode: .strict)
        #expect(workflow == nil)
        #expect(diagnostics.errors.contains { $0.message.contains(phrase) }, "\(diagnostics.rendered())")
    }

    @Test func ofNames() throws {
        let spec = try object("steps: [\(Self.tool)]")
        func message(_ name: String) -> String? {
            DefinitionDecoder.decodeWorkflow(name: name, spec: spec, mode: .strict).diagnostics.errors.first?.message
        }
        #expect(message("") == "name argument is required")
        #expect(message("list")?.contains("reserved") == true)
        #expect(message("../x")?.contains("may only contain") == true)
        #expect(message("fine") == nil)
    }

    @Test(arguments: [
        ("{}", "serviceConfig.lifecycleTools.start.tool is required"),
        ("serviceConfig: null", "serviceConfig.lifecycleTools.start.tool is required"),
        ("serviceConfig: {lifecycleTools: {stop: {tool: t}}}", "serviceConfig.lifecycleTools.start.tool is required"),
        ("serviceConfig: {lifecycleTools: {start: {tool: t}}}", "serviceConfig.lifecycleTools.stop.tool is required"),
        ("serviceConfig: {lifecycleTools: {start: {tool: ''}, stop: {tool: t}}}", "start.tool is required"),
        ("serviceConfig: text", "cannot unmarshal string"),
    ])
    func ofServiceClasses(spec: String, phrase: String) throws {
        let (value, diagnostics) = DefinitionDecoder.decodeServiceClass(
            name: "s",
            spec: try object(spec),
            mode: .strict
        )
        #expect(value == nil)
        #expect(diagnostics.errors.contains { $0.message.contains(phrase) }, "\(diagnostics.rendered())")
    }

    @Test(arguments: [
        ("{}", "type is required"),
        ("type: magic", "unsupported MCP server type: magic (supported: stdio, streamable-http, sse)"),
        ("type: stdio", "command is required for stdio type"),
        ("{type: localCommand, command: []}", "command is required for localCommand type"),
        ("type: sse", "url is required for streamable-http and sse types"),
        (
            "{type: stdio, command: x, auth: {type: oauth}}",
            "auth configuration is only supported for remote server types"
        ),
        ("{type: stdio, command: x, timeout: 301}", "timeout must be from 1 to 300"),
        ("{type: stdio, command: x, toolPrefix: 1x}", "toolPrefix must start with a letter"),
    ])
    func ofServers(spec: String, phrase: String) throws {
        let (value, diagnostics) = DefinitionDecoder.decodeMCPServer(name: "s", spec: try object(spec), mode: .strict)
        #expect(value == nil)
        #expect(diagnostics.errors.contains { $0.message.contains(phrase) }, "\(diagnostics.rendered())")
    }

    private func object(_ yaml: String) throws -> JSONObject {
        let document = YAMLReader.documents(in: SourceFile(name: "spec", text: yaml)).documents.first
        return try #require(document?.json.objectValue)
    }
}
