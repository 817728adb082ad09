import JSON
import MCPProtocol
import MCPTransports

/// The suite's tools that answer at once.
enum ConformanceTools {
    private static func tool(_ name: String, _ properties: JSONObject = [:]) -> JSONObject {
        [
            "name": .string(name), "description": .string("The tool \(name)."),
            "inputSchema": ["type": "object", "properties": .object(properties)],
        ]
    }

    private static let text: JSONValue = ["type": "string"]

    static let listed: [JSONObject] =
        [
            "test_simple_text", "test_image_content", "test_audio_content", "test_embedded_resource",
            "test_multiple_content_types", "test_tool_with_logging", "test_error_handling", "test_tool_with_progress",
            "test_elicitation_sep1034_defaults", "test_elicitation_sep1330_enums", "test_reconnection",
            "test_missing_capability", "test_streaming_elicitation", "test_logging_tool", "test_trigger_tool_change",
            "test_trigger_prompt_change", "test_input_required_result_elicitation",
            "test_input_required_result_sampling", "test_input_required_result_list_roots",
            "test_input_required_result_request_state", "test_input_required_result_multiple_inputs",
            "test_input_required_result_multi_round", "test_input_required_result_tampered_state",
            "test_input_required_result_capabilities", "failing_job", "protocol_error_job", "multi_input",
            "test_tool_with_task",
        ].map { tool($0) } + [
            tool("test_sampling", ["prompt": text]), tool("test_elicitation", ["message": text]),
            tool("greet", ["name": text]), tool("confirm_delete", ["filename": text]),
            tool("slow_compute", ["seconds": ["type": "number"], "label": text]),
            tool("test_x_mcp_header", ["region": ["type": "string", "x-mcp-header": "Region"]]), schemaTool,
        ]

    private static let schemaTool: JSONObject = [
        "name": "json_schema_2020_12_tool", "description": "A tool with every keyword of JSON Schema.",
        "inputSchema": [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
            "$defs": [
                "address": [
                    "$anchor": "addressDef", "type": "object",
                    "properties": ["street": ["type": "string"], "city": ["type": "string"]],
                ]
            ],
            "properties": [
                "name": ["type": "string"], "address": ["$ref": "#/$defs/address"],
                "contactMethod": ["type": "string", "enum": ["phone", "email"]], "phone": ["type": "string"],
                "email": ["type": "string"],
            ], "allOf": [["anyOf": [["required": ["phone"]], ["required": ["email"]]]]],
            "if": ["properties": ["contactMethod": ["const": "phone"]], "required": ["contactMethod"]],
            "then": ["required": ["phone"]], "else": ["required": ["email"]], "additionalProperties": false,
        ],
    ]

    static func result(_ blocks: JSONValue...) -> JSONObject { ["content": .array(blocks)] }
    static func block(_ text: String) -> JSONValue { ["type": "text", "text": .string(text)] }
    private static let image: JSONValue = [
        "type": "image", "data": .string(ConformanceServer.png), "mimeType": "image/png",
    ]

    private static func resource(_ uri: String) -> JSONValue {
        ["type": "resource", "resource": ["uri": .string(uri), "mimeType": "text/plain", "text": "embedded"]]
    }

    static func call(
        _ name: String,
        _ arguments: JSONObject,
        _ request: MCPRequestContext,
        _ server: ConformanceServer
    ) async throws(JSONRPCError) -> JSONObject {
        switch name {
        case "test_simple_text", "test_x_mcp_header": return result(block("This is a simple text."))
        case "test_image_content": return result(image)
        case "test_audio_content":
            return result(["type": "audio", "data": .string(ConformanceServer.wav), "mimeType": "audio/wav"])
        case "test_embedded_resource": return result(resource("test://embedded-resource"))
        case "test_multiple_content_types":
            return result(block("Several kinds:"), image, resource("test://mixed-content-resource"))
        case "test_error_handling":
            var failed = result(block("This tool fails on purpose."))
            failed["isError"] = true
            return failed
        case "test_tool_with_logging", "test_logging_tool":
            for text in ["started", "processing", "completed"] {
                request.log?(MCPLogMessage(.info, data: .string("Tool execution \(text)")))
                // The scenario of the other one waits for half a second only.
                if name == "test_tool_with_logging" { await pause(milliseconds: 50) }
            }
            return result(block("logged"))
        case "test_tool_with_progress":
            for done in [0.0, 50, 100] {
                request.progress?.send(MCPProgress(progress: done, total: 100))
                await pause(milliseconds: 50)
            }
            return result(block("reported"))
        case "test_reconnection":
            request.pause?(500)
            await pause(milliseconds: 100)
            return result(block("reconnected"))
        case "test_missing_capability":
            guard request.clientCapabilities["sampling"] != nil else {
                throw .missingCapability(["sampling": [:]], for: name)
            }
            return result(block("sampled"))
        case "test_trigger_tool_change":
            server.tell(.listChanged(.tools))
            return result(block("changed"))
        case "test_trigger_prompt_change":
            server.tell(.listChanged(.prompts))
            return result(block("changed"))
        case "json_schema_2020_12_tool": return result(block(arguments.text()))
        default: throw .unknownTool(name)
        }
    }

    static func pause(milliseconds: Int) async {
        // A cancelled call ends sooner.
        try? await Task.sleep(for: .milliseconds(milliseconds))
    }
}
