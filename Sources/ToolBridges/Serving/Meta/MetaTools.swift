import JSON
import MCPProtocol
import MCPTransports
import ToolCatalog

/// The eleven tools with which clients find and call all others, so that they need not see them all at once.
/// See docs/tools.md.
struct MetaTools {
    let tools: ServedTools
    let contents: ServedContents
    /// Servers that want a login: `name`, `status` and `auth_tool`.
    let serversRequiringLogin: @Sendable () -> [JSONObject]
    /// Calls a tool that is none of these.
    let call: @Sendable (String, JSONObject, MCPRequestContext) async -> ToolResult

    static let descriptors: [ToolDescriptor] = all.map(\.descriptor)
    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.descriptor.name, $0) })

    static func contains(_ name: String) -> Bool { byName[name] != nil }

    /// Whether an external server may have questions while it runs.
    static func mayAsk(_ name: String) -> Bool { ["call_tool", "get_resource", "get_prompt"].contains(name) }

    private typealias Body = @Sendable (MetaTools, CoreArguments, MCPRequestContext) async throws -> ToolResult

    private struct MetaTool: Sendable {
        var descriptor: ToolDescriptor
        var body: Body

        init(
            _ name: String,
            _ description: String,
            _ parameters: [CoreTool.Parameter] = [],
            annotations: ToolAnnotations = .reading,
            body: @escaping Body
        ) {
            descriptor = ToolDescriptor(
                name: name,
                description: description,
                inputSchema: CoreTool.Parameter.schema(parameters),
                annotations: annotations,
                extras: ["title": .string(ToolTitle.make(name))]
            )
            self.body = body
        }
    }

    func perform(_ name: String, _ arguments: JSONObject, _ request: MCPRequestContext) async -> ToolResult {
        guard let tool = Self.byName[name] else { return .failure("tool not found: \(name)") }
        do {
            return try await tool.body(self, CoreArguments(arguments), request)
        } catch let failure as CoreToolFailure {
            return .failure(failure.message)
        } catch {
            return .failure("\(error)")
        }
    }

    private static let all: [MetaTool] = finding + [calling] + reading

    // MARK: - Find

    private static let finding: [MetaTool] = [
        MetaTool("list_tools", "List all tools with their descriptions, and the servers that want a login first") {
            meta,
            _,
            _ in
            let lines = meta.tools.all.map { tool -> JSONValue in
                ["name": .string(tool.name), "description": .string(tool.description)]
            }
            var document: JSONObject = ["tools": .array(lines)]
            let closed = meta.serversRequiringLogin()
            if !closed.isEmpty { document["servers_requiring_auth"] = .array(closed.map { .object($0) }) }
            return .json(.object(document))
        },
        MetaTool(
            "describe_tool",
            "Show a tool's description and the schema of its arguments",
            [CoreTool.Parameter("name", "string", "Name of the tool", isRequired: true)]
        ) { meta, arguments, _ in
            let name = try arguments.requiredText("name")
            guard let tool = meta.tools.descriptor(of: name) else { throw CoreToolFailure("Tool not found: \(name)") }
            return .json([
                "name": .string(tool.name), "description": .string(tool.description),
                "inputSchema": .object(tool.inputSchema),
            ])
        },
        MetaTool(
            "list_core_tools",
            "List muster's own tools",
            [CoreTool.Parameter("include_schema", "boolean", "Show the schemas of arguments", defaultValue: true)]
        ) { meta, arguments, _ in
            let filter = ToolFilter(coreWithSchema: try arguments.flag("include_schema", default: true))
            let core = meta.tools.all.filter { $0.name.hasPrefix("core_") }
            return try filter.response(core)
        },
        MetaTool(
            "filter_tools",
            "Find tools by name, description, labels, or a query in words",
            [
                CoreTool.Parameter("pattern", "string", "Glob over the whole name, e.g. core_*"),
                CoreTool.Parameter("description_filter", "string", "Text that the description contains"),
                CoreTool.Parameter("query", "string", "What the tool should do; the best fits come first"),
                CoreTool.Parameter("labels", "object", "Labels that the tool carries"),
                CoreTool.Parameter(
                    "case_sensitive",
                    "boolean",
                    "Tell small and capital letters apart",
                    defaultValue: false
                ),
                CoreTool.Parameter(
                    "include_schema",
                    "boolean",
                    "Show whole descriptions and schemas",
                    defaultValue: false
                ),
                CoreTool.Parameter("limit", "integer", "Most tools to show", defaultValue: 5),
                CoreTool.Parameter("offset", "integer", "Tools to leave out at the start", defaultValue: 0),
            ]
        ) { meta, arguments, _ in try ToolFilter(arguments).response(meta.tools.all) },
    ]

    // MARK: - Call

    private static let calling = MetaTool(
        "call_tool",
        "Call any tool by its name",
        [
            CoreTool.Parameter("name", "string", "Name of the tool", isRequired: true),
            CoreTool.Parameter("arguments", "object", "Arguments of the tool"),
        ],
        annotations: ToolAnnotations(readOnly: false, destructive: true, idempotent: false, openWorld: true)
    ) { meta, arguments, request in
        let name = try arguments.requiredText("name")
        let given: JSONObject
        switch arguments.values["arguments"] {
        case nil, .null: given = [:]
        case .object(let object): given = object
        default: throw CoreToolFailure("arguments must be a JSON object")
        }
        guard !MetaTools.contains(name) else { return .failure("Tool execution failed: tool not found: \(name)") }
        return wrapped(await meta.call(name, given, request))
    }

    /// The reply as one document; what is no text follows as it came.
    private static func wrapped(_ result: ToolResult) -> ToolResult {
        let media = result.content.filter { $0["data"]?.stringValue != nil }
        let shown = result.content.map { block -> JSONValue in
            guard let data = block["data"]?.stringValue else { return block }
            var short: JSONObject = ["dataSize": .integer(Int64(data.utf8.count))]
            for key in ["type", "mimeType"] { short[key] = block[key] }
            return .object(short)
        }
        var document: JSONObject = ["isError": .bool(result.isError), "content": .array(shown)]
        if let structured = result.structuredContent { document["structuredContent"] = structured }
        var wrapped = ToolResult.text(JSONValue.object(document).text(), isError: result.isError)
        wrapped.content += media
        return wrapped
    }

    // MARK: - Read

    private static let reading: [MetaTool] = [
        MetaTool("list_resources", "List the resources that can be read") { meta, _, _ in
            list(await meta.contents.resources(), ["uri", "name", "description", "mimeType"], "No resources available")
        },
        MetaTool("list_prompts", "List the prompts") { meta, _, _ in
            list(await meta.contents.prompts(), ["name", "description"], "No prompts available")
        },
        MetaTool(
            "describe_resource",
            "Show what is known about a resource",
            [CoreTool.Parameter("uri", "string", "URI of the resource", isRequired: true)]
        ) { meta, arguments, _ in
            let uri = try arguments.requiredText("uri")
            guard let found = await meta.contents.resources().first(where: { $0["uri"]?.stringValue == uri }) else {
                throw CoreToolFailure("Resource not found: \(uri)")
            }
            return .json(.object(found))
        },
        MetaTool(
            "describe_prompt",
            "Show a prompt's description and arguments",
            [CoreTool.Parameter("name", "string", "Name of the prompt", isRequired: true)]
        ) { meta, arguments, _ in
            let name = try arguments.requiredText("name")
            guard let found = await meta.contents.prompts().first(where: { $0["name"]?.stringValue == name }) else {
                throw CoreToolFailure("Prompt not found: \(name)")
            }
            return .json(.object(found))
        },
        MetaTool(
            "get_resource",
            "Read a resource",
            [CoreTool.Parameter("uri", "string", "URI of the resource", isRequired: true)]
        ) { meta, arguments, request in
            let uri = try arguments.requiredText("uri")
            let contents =
                try await result { () async throws(JSONRPCError) in
                    try await meta.contents.read(uri, request)
                }["contents"]?.arrayValue ?? []
            return .text(contents.map(text).joined(separator: "\n"))
        },
        MetaTool(
            "get_prompt",
            "Get the messages of a prompt",
            [
                CoreTool.Parameter("name", "string", "Name of the prompt", isRequired: true),
                CoreTool.Parameter("arguments", "object", "Arguments of the prompt, all texts"),
            ]
        ) { meta, arguments, request in
            let name = try arguments.requiredText("name")
            let given = try arguments.object("arguments") ?? [:]
            let messages =
                try await result { () async throws(JSONRPCError) in
                    try await meta.contents.prompt(name, given, request)
                }["messages"] ?? []
            return .text(messages.text())
        },
    ]

    private static func list(_ items: [JSONObject], _ keys: [String], _ none: String) -> ToolResult {
        guard !items.isEmpty else { return .text(none) }
        let lines = items.map { item in
            JSONValue.object(JSONObject(keys.compactMap { key in item[key].map { (key, $0) } }))
        }
        return .json(.array(lines))
    }

    private static func result(
        _ body: () async throws(JSONRPCError) -> MCPOutcome
    ) async throws(CoreToolFailure) -> JSONObject {
        do throws(JSONRPCError) {
            if case .complete(let result, _) = try await body() { return result }
        } catch {
            throw CoreToolFailure(error.message)
        }
        throw CoreToolFailure("this needs an answer of the user: ask for it directly")
    }

    private static func text(_ content: JSONValue) -> String {
        if let text = content["text"]?.stringValue { return text }
        let base64 = content["blob"]?.stringValue.map { Array($0.utf8) } ?? []
        let padding = base64.suffix(2).count { $0 == UInt8(ascii: "=") }
        return "[Binary data: \(base64.count / 4 * 3 - padding) bytes]"
    }
}
