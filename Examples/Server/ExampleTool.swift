import JSON

/// A tool: what clients are told about it, and what it does.
struct ExampleTool: Sendable {
    struct Parameter: Sendable {
        var name: String
        /// JSON Schema type names; more than one when several spellings are taken.
        var types: [String]
        var description: String
        var isRequired: Bool

        static func text(_ name: String, _ description: String, isRequired: Bool = true) -> Parameter {
            Parameter(name: name, types: ["string"], description: description, isRequired: isRequired)
        }

        /// A TCP port; text is taken, too, as arguments of workflows are often text.
        static func port(_ name: String, _ description: String, isRequired: Bool = true) -> Parameter {
            Parameter(name: name, types: ["integer", "string"], description: description, isRequired: isRequired)
        }
    }

    /// What a call does to the world; told as the tool's annotations.
    enum Effect: Sendable {
        case reads
        /// Adds or sets something; again has the same effect as once.
        case sets
        /// Adds something; again adds another.
        case adds
        /// Takes something away; again changes nothing more.
        case removes
    }

    var name: String
    var description: String
    var parameters: [Parameter]
    var effect: Effect
    var body: @Sendable (ToolArguments) async throws -> JSONObject

    init(
        _ name: String,
        _ description: String,
        _ parameters: [Parameter],
        _ effect: Effect,
        body: @escaping @Sendable (ToolArguments) async throws -> JSONObject
    ) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.effect = effect
        self.body = body
    }

    /// The tool as `tools/list` shows it.
    var listing: JSONObject {
        var properties = JSONObject()
        for parameter in parameters {
            let types = parameter.types.map { JSONValue.string($0) }
            properties[parameter.name] = [
                "type": types.count == 1 ? types[0] : .array(types), "description": .string(parameter.description),
            ]
        }
        let required = parameters.filter(\.isRequired).map { JSONValue.string($0.name) }
        return [
            "name": .string(name),
            "description": .string(description),
            "inputSchema": [
                "type": "object", "properties": .object(properties), "required": .array(required),
            ],
            "annotations": effect.annotations,
        ]
    }
}

extension ExampleTool.Effect {
    /// Nothing here reaches beyond this machine.
    var annotations: JSONValue {
        let (reads, destroys, repeats): (Bool, Bool, Bool) =
            switch self {
            case .reads: (true, false, true)
            case .sets: (false, false, true)
            case .adds: (false, false, false)
            case .removes: (false, true, true)
            }
        return [
            "readOnlyHint": .bool(reads), "destructiveHint": .bool(destroys), "idempotentHint": .bool(repeats),
            "openWorldHint": false,
        ]
    }
}

/// Why a tool could not do its work: a whole sentence, which the caller gets as an error result.
struct ToolFailure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
