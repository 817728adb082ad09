import JSON
import MCPProtocol
import MCPTransports

/// The suite's tools that ask before they answer: by rounds in the modern era, by requests in sessions.
enum ConformanceInput {
    static func form(_ message: String, _ property: String, _ type: String = "string") -> MCPInputRequest {
        var properties = JSONObject()
        properties[property] = ["type": .string(type)]
        return .form(
            message,
            schema: ["type": "object", "properties": .object(properties), "required": [.string(property)]]
        )
    }

    private static func sampling(_ text: String) -> MCPInputRequest {
        MCPInputRequest(
            method: "sampling/createMessage",
            params: [
                "messages": [["role": "user", "content": ["type": "text", "text": .string(text)]]], "maxTokens": 100,
            ]
        )
    }

    private static let roots = MCPInputRequest(method: "roots/list", params: [:])
    private static let capital = "What is the capital of France?"

    static func outcome(
        of name: String,
        _ arguments: JSONObject,
        _ request: MCPRequestContext
    ) async throws(JSONRPCError) -> MCPOutcome? {
        let responses = request.input?.responses ?? [:]
        func text(_ text: String) -> MCPOutcome { .complete(ConformanceTools.result(ConformanceTools.block(text))) }
        func ask(_ requests: (key: String, request: MCPInputRequest)..., state: JSONValue = "1") -> MCPOutcome {
            .inputRequired(MCPInputNeed(requests, state: state))
        }
        func accepted(_ key: String, _ member: String) -> JSONValue? {
            if case .accepted(let content)? = MCPElicitation(responses[key]) { content[member] } else { nil }
        }
        func answered(_ key: String, _ request: MCPInputRequest) -> MCPOutcome {
            guard let answer = responses[key]?.objectValue else { return ask((key, request)) }
            return text(answer.text())
        }
        switch name {
        case "test_sampling": return answered("sample", sampling(arguments["prompt"]?.stringValue ?? ""))
        case "test_elicitation":
            return answered("form", form(arguments["message"]?.stringValue ?? "", "response"))
        case "test_elicitation_sep1034_defaults": return answered("form", .form("Your data?", schema: defaults))
        case "test_elicitation_sep1330_enums": return answered("form", .form("Choose.", schema: enums))
        case "test_streaming_elicitation":
            request.progress?.send(MCPProgress(progress: 1))
            return answered("form", form("Go on?", "ok", "boolean"))
        case "test_input_required_result_elicitation":
            guard let name = accepted("user_name", "name")?.stringValue else {
                return ask(("user_name", form("What is your name?", "name")))
            }
            return text("Hello, \(name)!")
        case "test_input_required_result_sampling": return answered("capital_question", sampling(capital))
        case "test_input_required_result_list_roots": return answered("client_roots", roots)
        case "test_input_required_result_request_state", "test_input_required_result_tampered_state":
            guard accepted("confirm", "ok")?.boolValue != nil, request.input?.state == "s" else {
                return ask(("confirm", form("Go on?", "ok", "boolean")), state: "s")
            }
            return text("state-ok")
        case "test_input_required_result_multiple_inputs":
            guard accepted("user_name", "name") != nil, responses["greeting"] != nil, responses["client_roots"] != nil
            else {
                return ask(
                    ("user_name", form("What is your name?", "name")),
                    ("greeting", sampling("Greet the user.")),
                    ("client_roots", roots)
                )
            }
            return text("all answered")
        case "test_input_required_result_multi_round": return rounds(request, accepted, text)
        case "test_input_required_result_capabilities":
            return request.canAsk(sampling(capital))
                ? answered("capital_question", sampling(capital)) : text("nothing asked")
        default: return nil
        }
    }

    /// The first answer travels in the state of the second round.
    private static func rounds(
        _ request: MCPRequestContext,
        _ accepted: (String, String) -> JSONValue?,
        _ text: (String) -> MCPOutcome
    ) -> MCPOutcome {
        func ask(_ key: String, _ request: MCPInputRequest, _ state: JSONValue) -> MCPOutcome {
            .inputRequired(MCPInputNeed([(key, request)], state: state))
        }
        if let name = request.input?.state?["name"]?.stringValue {
            guard let color = accepted("step2", "color")?.stringValue else {
                return ask("step2", form("What is your favourite colour?", "color"), ["name": .string(name)])
            }
            return text("\(name) likes \(color)")
        }
        guard let name = accepted("step1", "name") else { return ask("step1", form("What is your name?", "name"), "1") }
        return ask("step2", form("What is your favourite colour?", "color"), ["name": name])
    }

    private static let defaults: JSONObject = [
        "type": "object",
        "properties": [
            "name": ["type": "string", "default": "John Doe"], "age": ["type": "integer", "default": 30],
            "score": ["type": "number", "default": 95.5],
            "status": ["type": "string", "enum": ["active", "inactive", "pending"], "default": "active"],
            "verified": ["type": "boolean", "default": true],
        ], "required": [],
    ]

    private static let titled: JSONValue = [
        ["const": "value1", "title": "First Option"], ["const": "value2", "title": "Second Option"],
        ["const": "value3", "title": "Third Option"],
    ]

    private static let enums: JSONObject = [
        "type": "object",
        "properties": [
            "untitledSingle": ["type": "string", "enum": ["option1", "option2", "option3"]],
            "titledSingle": ["type": "string", "oneOf": titled],
            "legacyEnum": [
                "type": "string", "enum": ["opt1", "opt2", "opt3"],
                "enumNames": ["Option One", "Option Two", "Option Three"],
            ],
            "untitledMulti": [
                "type": "array", "items": ["type": "string", "enum": ["option1", "option2", "option3"]],
            ], "titledMulti": ["type": "array", "items": ["anyOf": titled]],
        ], "required": [],
    ]
}
