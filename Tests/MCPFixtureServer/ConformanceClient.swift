import Glibc
import JSON
import Logging
import MCPProtocol
import MCPTransports

/// What the client scenarios of the official conformance suite want done: `mcp-fixture-server client URL`, with the
/// scenario in the environment. Source: the suite's own descriptions of its scenarios.
struct ConformanceClient {
    struct Wrong: Error {
        var text: String
    }

    /// The name of the scenario; empty outside the suite.
    static let scenario = getenv("MCP_CONFORMANCE_SCENARIO").map { String(cString: $0) } ?? ""

    private let context = getenv("MCP_CONFORMANCE_CONTEXT").flatMap { try? JSONValue(parsing: String(cString: $0)) }

    func run(_ url: String, logger: Logger) async throws {
        var definition = MCPClient.Definition(.streamableHTTP(HTTPEndpoint(url: url)))
        definition.capabilities = ["elicitation": ["form": [:]]]
        let client = try await MCPClient.start(definition, logger: logger)
        let tools = try await client.listTools()
        try await perform(client, tools)
        await client.close()
    }

    private func perform(_ client: MCPClient, _ tools: [JSONObject]) async throws {
        switch Self.scenario {
        case "tools_call": _ = try await client.callTool("add_numbers", arguments: ["a": 5, "b": 3])
        case "json-schema-2020-12-preservation":
            let schema = tools.first { $0["name"] == "json_schema_2020_12_tool" }?["inputSchema"]
            _ = try await client.callTool("json_schema_echo", arguments: ["schema": schema ?? .null])
        case "http-custom-headers":
            for call in context?["toolCalls"]?.arrayValue ?? [] {
                let name = call["name"]?.stringValue ?? ""
                _ = try await client.callTool(name, arguments: call["arguments"]?.objectValue ?? [:])
            }
        // Nothing can be called there.
        case "json-schema-ref-no-deref": break
        case "http-invalid-tool-headers": _ = try await client.callTool("valid_tool", arguments: ["region": "us"])
        case "http-standard-headers":
            try await callAll(client, tools)
            for resource in try await client.list("resources/list", key: "resources") {
                _ = try await client.request("resources/read", params: ["uri": resource["uri"] ?? ""])
            }
            for prompt in try await client.list("prompts/list", key: "prompts") {
                _ = try await client.request("prompts/get", params: ["name": prompt["name"] ?? ""])
            }
        default: try await callAll(client, tools)
        }
    }

    /// Every tool that is listed, once, asked for with nothing: those of the scenarios want no more.
    private func callAll(_ client: MCPClient, _ tools: [JSONObject]) async throws {
        let input = MCPInputHandler(capabilities: ["elicitation": ["form": [:]]]) { request in
            .success(["action": "accept", "content": .object(Self.defaults(request.params["requestedSchema"]))])
        }
        for tool in tools {
            guard let name = tool["name"]?.stringValue else { throw Wrong(text: "a tool has no name") }
            _ = try await client.callTool(name, arguments: [:], options: MCPCallOptions(input: input))
        }
    }

    /// What a user sends who changes nothing in a form.
    private static func defaults(_ schema: JSONValue?) -> JSONObject {
        var content = JSONObject()
        for (name, property) in schema?["properties"]?.objectValue ?? [:] { content[name] = property["default"] }
        return content
    }
}
