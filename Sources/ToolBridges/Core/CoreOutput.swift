import JSON

/// The shapes of what core tools answer, as schemas that clients are told. See docs/tools.md.
///
/// They promise what is always so and no more: members may be added, and what a definition's author wrote, rightly or
/// wrongly, is shown as it stands.
enum CoreOutput {
    private static let text: JSONValue = ["type": "string"]
    private static let flag: JSONValue = ["type": "boolean"]
    private static let count: JSONValue = ["type": "integer", "minimum": 0]
    private static let texts: JSONValue = list(text)
    /// Clocks may go back.
    private static let milliseconds: JSONValue = ["type": "integer"]
    private static let time: JSONValue = ["type": "string", "format": "date-time"]
    private static let any: JSONValue = [:]

    private static func list(_ items: JSONValue) -> JSONValue { ["type": "array", "items": items] }

    private static func words(_ words: String...) -> JSONValue {
        ["type": "string", "enum": .array(words.map { .string($0) })]
    }

    private static func object(_ required: JSONObject, optional: JSONObject = [:]) -> JSONValue {
        var properties = required
        for (key, schema) in optional { properties[key] = schema }
        return [
            "type": "object", "properties": .object(properties),
            "required": .array(required.keys.map { .string($0) }),
        ]
    }

    /// `schema` when the tool is asked for one thing: another shape with the same members and more.
    private static func adding(_ more: JSONObject, to schema: JSONValue) -> JSONValue {
        var whole = schema.objectValue ?? [:]
        whole.update("properties") { properties in
            var members = properties.objectValue ?? [:]
            for (key, value) in more { members[key] = value }
            properties = .object(members)
        }
        whole["required"] = .array((schema["required"]?.arrayValue ?? []) + more.keys.map { .string($0) })
        return .object(whole)
    }

    // MARK: Workflows

    static let workflowList = object([
        "workflows": list(object(["name": text, "available": flag], optional: ["description": text, "valid": flag]))
    ])

    static let workflow = object([
        "workflow": object(
            ["name": text, "description": any, "args": any, "steps": any, "available": flag],
            optional: [
                "labels": ["type": "object", "additionalProperties": text], "onFailure": any, "output": any,
                "valid": flag, "validationErrors": texts,
            ]
        ), "yaml": text,
    ])

    static let workflowAvailability = object(["name": text, "available": flag, "missingTools": texts])

    // MARK: Executions

    private static let status = words("inprogress", "completed", "failed", "cancelled")

    static let executionList = object([
        "executions": list(
            object(
                [
                    "execution_id": text, "workflow_name": text, "status": status, "started_at": time,
                    "duration_ms": milliseconds, "step_count": count,
                ],
                optional: ["phase": text, "completed_at": time, "error": text, "parent_execution_id": text]
            )
        ), "total": count, "limit": count, "offset": count, "has_more": flag,
    ])

    private static let step = object(
        [
            "step_id": text, "tool": text, "status": text, "started_at": time, "duration_ms": milliseconds,
            "input": ["type": "object"], "stored_as": text,
        ],
        optional: [
            "key": text, "completed_at": time, "result": any, "error": text, "condition_evaluation": flag,
            "condition_result": any, "condition_tool": text, "allow_failure": flag,
        ]
    )

    static let execution = object(
        [
            "execution_id": text, "workflow_name": text, "status": status, "started_at": time,
            "duration_ms": milliseconds,
            "input": ["type": "object"],
        ],
        optional: [
            "phase": text, "completed_at": time, "result": any, "error": text, "steps": list(step), "truncated": flag,
        ]
    )

    // MARK: Service classes

    private static let serviceClassLine = object(
        [
            "name": text, "description": any, "serviceType": text, "available": flag, "requiredTools": texts,
            "missingTools": texts,
        ],
        optional: ["version": any, "valid": flag, "validationErrors": texts]
    )

    static let serviceClassList = object(["serviceClasses": list(serviceClassLine), "total": count, "mode": text])

    static let serviceClass = adding(
        [
            "args": any, "serviceConfig": any, "createToolAvailable": flag, "deleteToolAvailable": flag,
            "healthCheckToolAvailable": flag, "statusToolAvailable": flag,
        ],
        to: serviceClassLine
    )

    static let serviceClassAvailability = object(["available": flag, "name": text])

    // MARK: Services

    static let service = object(
        ["name": text, "service_type": text, "state": text, "health": text],
        optional: ["error": text, "metadata": ["type": "object"], "outputs": ["type": "object"]]
    )

    static let serviceList = object(["services": list(service), "total": count])

    /// An instance of a service class, or an MCP server in its place.
    static let serviceInstance = object(
        ["name": text, "state": text, "health": text, "args": ["type": ["object", "null"]]],
        optional: ["serviceData": ["type": "object"], "outputs": ["type": "object"], "error": text]
    )

    // MARK: MCP servers

    static let server = object(
        ["name": text, "type": text, "autoStart": flag, "state": text],
        optional: [
            "description": text, "command": ["type": ["string", "array"]], "args": texts, "url": text,
            "env": ["type": "object", "additionalProperties": text],
            "headers": ["type": "object", "additionalProperties": text], "toolsCount": count, "error": text,
        ]
    )

    static let serverList = object(
        ["mcpServers": list(server), "total": count, "mode": text],
        optional: ["hiddenFailed": count, "hint": text]
    )
}
