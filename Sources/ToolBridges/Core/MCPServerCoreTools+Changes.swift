import Diagnostics
import JSON
import ToolCatalog
import WorkflowLoading
import WorkflowModel

extension MCPServerCoreTools {
    static func changing(_ servers: ExternalServers, _ registry: DefinitionRegistry) -> [CoreTool] {
        [
            createTool(servers, registry), updateTool(servers, registry), validateTool(),
            deleteTool(servers, registry),
        ]
    }

    private static let named = CoreTool.Parameter("name", "string", "Name of the MCP server", isRequired: true)

    // MARK: Tools

    private static func createTool(_ servers: ExternalServers, _ registry: DefinitionRegistry) -> CoreTool {
        CoreTool(
            "core_mcpserver_create",
            "Create an MCP server; it is started when autoStart is true",
            [named] + fields(typeIsRequired: true),
            annotations: ToolAnnotations(readOnly: false, destructive: false, idempotent: false)
        ) { arguments, _ in
            let name = try arguments.requiredText("name")
            if registry.mcpServer(name) != nil || servers.server(name) != nil {
                throw CoreToolFailure("MCP server '\(name)' already exists")
            }
            let definition = try decode(name, arguments.values, "Invalid MCP server definition")
            let path = "\(DefinitionKind.mcpServer.folderName)/\(name).yaml"
            try write(name, spec(arguments.values), labels: [:], to: path, registry, "Failed to create MCP server")
            await servers.put(definition)
            return .text("MCP server '\(name)' created successfully")
        }
    }

    private static func updateTool(_ servers: ExternalServers, _ registry: DefinitionRegistry) -> CoreTool {
        CoreTool(
            "core_mcpserver_update",
            "Change fields of an MCP server; it is connected anew when they matter to it",
            [named] + fields(typeIsRequired: false),
            annotations: ToolAnnotations(readOnly: false, destructive: true, idempotent: true)
        ) { arguments, _ in
            let name = try arguments.requiredText("name")
            let failure = "Failed to update MCP server"
            guard let known = registry.mcpServer(name) else {
                throw CoreToolFailure("\(failure): MCP server \(name) not found")
            }
            var merged = known.spec
            for (key, value) in spec(arguments.values) where !value.isNull { merged[key] = value }
            let definition = try decode(name, merged, "Invalid MCP server definition")
            try checkAlone(known, registry, failure)
            try write(name, merged, labels: known.labels, to: known.path, registry, failure)
            await servers.put(definition)
            return .text("MCP server '\(name)' updated successfully")
        }
    }

    private static func validateTool() -> CoreTool {
        CoreTool(
            "core_mcpserver_validate",
            "Check the definition of an MCP server without creating it",
            [named] + fields(typeIsRequired: true),
            annotations: .reading
        ) { arguments, _ in
            let name = try arguments.requiredText("name", orElse: "Validation failed: name is required")
            _ = try decode(name, arguments.values, "Validation failed")
            return .text("Validation successful for mcpserver \(name)")
        }
    }

    private static func deleteTool(_ servers: ExternalServers, _ registry: DefinitionRegistry) -> CoreTool {
        CoreTool(
            "core_mcpserver_delete",
            "Stop an MCP server and delete its definition",
            [named],
            annotations: ToolAnnotations(readOnly: false, destructive: true, idempotent: false)
        ) { arguments, _ in
            let name = try arguments.requiredText("name")
            let failure = "Failed to delete MCP server"
            guard let known = registry.mcpServer(name) else {
                throw CoreToolFailure("\(failure): MCP server \(name) not found")
            }
            try checkAlone(known, registry, failure)
            do throws(DefinitionFiles.Failure) {
                try DefinitionFiles.remove(known.path, in: registry.folder)
            } catch {
                throw CoreToolFailure("\(failure): \(error.message)")
            }
            registry.reload()
            await servers.remove(name)
            return .text("MCP server '\(name)' deleted successfully")
        }
    }

    // MARK: Definitions

    /// The arguments without what is none of the spec.
    private static func spec(_ arguments: JSONObject) -> JSONObject {
        var spec = JSONObject()
        for (key, value) in arguments where key != "name" && !value.isNull { spec[key] = value }
        return spec
    }

    private static func decode(
        _ name: String,
        _ arguments: JSONObject,
        _ failure: String
    ) throws(CoreToolFailure) -> MCPServerDefinition {
        if let problem = DefinitionFiles.problem(withName: name) { throw CoreToolFailure("\(failure): \(problem)") }
        let (server, diagnostics) = DefinitionDecoder.decodeMCPServer(name: name, spec: spec(arguments), mode: .strict)
        guard let server, !diagnostics.hasErrors else {
            let reasons = diagnostics.errors.map(\.message).joined(separator: "; ")
            throw CoreToolFailure("\(failure): \(reasons.isEmpty ? "it cannot be read" : reasons)")
        }
        return server
    }

    /// A file with several definitions is somebody's own work, which we would have to write anew as a whole.
    private static func checkAlone(
        _ known: LoadedDefinition,
        _ registry: DefinitionRegistry,
        _ failure: String
    ) throws(CoreToolFailure) {
        let others = registry.current.definitions.filter { $0.path == known.path && $0.name != known.name }
        guard let other = others.first else { return }
        throw CoreToolFailure(
            "\(failure): \(known.path) has other definitions too (\(other.name)); change the file itself"
        )
    }

    private static func write(
        _ name: String,
        _ spec: JSONObject,
        labels: [String: String],
        to path: String,
        _ registry: DefinitionRegistry,
        _ failure: String
    ) throws(CoreToolFailure) {
        let text = DefinitionWriter.text(.mcpServer, name: name, labels: labels, spec: spec)
        do throws(DefinitionFiles.Failure) {
            try DefinitionFiles.write(text, to: path, in: registry.folder)
        } catch {
            throw CoreToolFailure("\(failure): \(error.message)")
        }
        registry.reload()
    }

    // MARK: Schema

    private static func fields(typeIsRequired: Bool) -> [CoreTool.Parameter] {
        let texts: JSONObject = ["type": "string"]
        func object(_ name: String, _ description: String, _ properties: JSONObject) -> CoreTool.Parameter {
            var parameter = CoreTool.Parameter(name, "object", description)
            if !properties.isEmpty { parameter.schema["properties"] = .object(properties) }
            return parameter
        }
        func map(_ name: String, _ description: String) -> CoreTool.Parameter {
            var parameter = CoreTool.Parameter(name, "object", description)
            parameter.schema["additionalProperties"] = .object(texts)
            return parameter
        }
        func list(_ name: String, _ description: String) -> CoreTool.Parameter {
            var parameter = CoreTool.Parameter(name, "array", description)
            parameter.schema["items"] = .object(texts)
            return parameter
        }
        var command = CoreTool.Parameter("command", "string", "Program, or a list of program and arguments (stdio)")
        command.schema["type"] = ["string", "array"]
        command.schema["items"] = .object(texts)
        return [
            CoreTool.Parameter(
                "type",
                "string",
                "stdio, localCommand, streamable-http or sse",
                isRequired: typeIsRequired
            ),
            CoreTool.Parameter("description", "string", "What the server is for, at most 500 bytes"),
            command,
            list("args", "Further arguments of the program"),
            map("env", "Variables of the program"),
            CoreTool.Parameter("url", "string", "URL of a remote server"),
            map("headers", "Headers of every request to a remote server"),
            CoreTool.Parameter("timeout", "integer", "Seconds until the handshake has to be over, 1 to 300"),
            CoreTool.Parameter("autoStart", "boolean", "Start now and with muster"),
            CoreTool.Parameter("toolPrefix", "string", "Takes the place of the name in names of tools"),
            object(
                "family",
                "Servers that share their tools",
                ["name": .object(texts), "instanceArg": .object(texts)]
            ),
            CoreTool.Parameter("protocol", "string", "auto, modern or legacy", values: ["auto", "modern", "legacy"]),
            CoreTool.Parameter("maxConcurrentCalls", "integer", "Calls that may run at once, 1 to 1000"),
            object("auth", "How a remote server is shown who we are", authorizationSchema),
        ]
    }

    private static var authorizationSchema: JSONObject {
        func object(_ names: [String]) -> JSONValue {
            ["type": "object", "properties": .object(JSONObject(names.map { ($0, ["type": "string"]) }))]
        }
        var schema = JSONObject(
            [
                "type", "token", "tokenFile", "tokenEnv", "clientId", "clientSecret", "clientSecretFile",
                "clientSecretEnv", "clientMetadataUrl",
            ].map { ($0, ["type": "string"]) }
        )
        schema["callbackPort"] = ["type": "integer"]
        schema["scopes"] = ["type": ["string", "array"], "items": ["type": "string"]]
        schema["tokenCommand"] = ["type": "array", "items": ["type": "string"]]
        schema["forwardToken"] = ["type": "boolean"]
        schema["requiredAudiences"] = ["type": "array", "items": ["type": "string"]]
        schema["authorizationServer"] = object(["issuer", "scopes"])
        var exchange: JSONObject = [:]
        for name in ["dexTokenEndpoint", "expectedIssuer", "connectorId", "scopes"] {
            exchange[name] = ["type": "string"]
        }
        exchange["enabled"] = ["type": "boolean"]
        exchange["clientCredentialsSecretRef"] = object(["name", "namespace"])
        schema["tokenExchange"] = ["type": "object", "properties": .object(exchange)]
        return schema
    }
}
