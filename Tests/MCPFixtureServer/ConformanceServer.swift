import JSON
import MCPProtocol
import MCPTransports
import Synchronization

/// What the official conformance suite expects of a server under test, by its own names: tools, resources, prompts.
/// Source: `@modelcontextprotocol/conformance`, server scenarios.
final class ConformanceServer: MCPOperationHandler {
    let tasks = ConformanceTasks()
    private let news = Mutex<(@Sendable (ServerNews) -> Void)?>(nil)

    static let png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    static let wav = "UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA="

    func announce(with notify: @escaping @Sendable (ServerNews) -> Void) { news.withLock { $0 = notify } }

    func tell(_ item: ServerNews) { news.withLock { $0 }?(item) }

    func inputSchema(of tool: String) -> JSONObject? {
        ConformanceTools.listed.first { $0["name"]?.stringValue == tool }?["inputSchema"]?.objectValue
    }

    func perform(
        _ operation: MCPOperation,
        _ request: MCPRequestContext
    ) async throws(JSONRPCError) -> MCPOutcome {
        switch operation {
        case .listTools(let cursor):
            if let cursor { throw .invalidParams("Unknown cursor: \(cursor)") }
            return .tools(.objects(ConformanceTools.listed))
        case .callTool(let name, let arguments):
            if let outcome = try await ConformanceInput.outcome(of: name, arguments, request) { return outcome }
            if let outcome = try await tasks.outcome(of: name, arguments, request) { return outcome }
            return .complete(try await ConformanceTools.call(name, arguments, request, self))
        case .listResources: return .complete(["resources": .array(Self.resources)])
        case .listResourceTemplates:
            let template: JSONValue = [
                "uriTemplate": "test://template/{id}/data", "name": "template", "mimeType": "application/json",
            ]
            return .complete(["resourceTemplates": [template]])
        case .readResource(let uri): return .complete(["contents": [try Self.content(uri)]])
        case .listPrompts: return .complete(["prompts": .array(Self.prompts)])
        case .getPrompt(let name, let arguments): return try Self.prompt(name, arguments, request)
        case .complete(let completion):
            return .complete(
                MCPCompletion.result(["paris", "park", "party"].filter { $0.hasPrefix(completion.value) })
            )
        case .getTask(let id):
            guard let task = tasks.task(id) else { throw .unknownTask(id) }
            return .complete(task.detail)
        case .updateTask(let id, let responses):
            guard tasks.update(id, responses) else { throw .unknownTask(id) }
            return .complete([:])
        case .cancelTask(let id):
            guard tasks.cancel(id) else { throw .unknownTask(id) }
            return .complete([:])
        case .taskResult(let id): throw .unknownTask(id)
        case .listTasks: return .complete(["tasks": []])
        }
    }

    // MARK: - Resources

    private static let resources: [JSONValue] = [
        ["uri": "test://static-text", "name": "static text", "mimeType": "text/plain"],
        ["uri": "test://static-binary", "name": "static binary", "mimeType": "image/png"],
        ["uri": "test://watched-resource", "name": "watched", "mimeType": "text/plain"],
    ]

    private static func content(_ uri: String) throws(JSONRPCError) -> JSONValue {
        switch uri {
        case "test://static-text", "test://watched-resource":
            return ["uri": .string(uri), "mimeType": "text/plain", "text": "This is a static text."]
        case "test://static-binary": return ["uri": .string(uri), "mimeType": "image/png", "blob": .string(png)]
        default:
            let (start, end) = ("test://template/", "/data")
            guard uri.hasPrefix(start), uri.hasSuffix(end), uri.utf8.count > start.utf8.count + end.utf8.count else {
                throw .resourceNotFound(uri)
            }
            let id = uri.dropFirst(start.count).dropLast(end.count)
            return ["uri": .string(uri), "mimeType": "application/json", "text": .string(#"{"id":"\#(id)"}"#)]
        }
    }

    // MARK: - Prompts

    private static func described(_ name: String, _ arguments: [String] = []) -> JSONValue {
        [
            "name": .string(name), "description": .string("The prompt \(name)."),
            "arguments": .array(arguments.map { ["name": .string($0), "required": true] }),
        ]
    }

    private static let prompts: [JSONValue] = [
        described("test_simple_prompt"), described("test_prompt_with_arguments", ["arg1", "arg2"]),
        described("test_prompt_with_embedded_resource", ["resourceUri"]), described("test_prompt_with_image"),
        described("test_input_required_result_prompt"),
    ]

    private static func prompt(
        _ name: String,
        _ arguments: JSONObject,
        _ request: MCPRequestContext
    ) throws(JSONRPCError) -> MCPOutcome {
        func argument(_ name: String) throws(JSONRPCError) -> String {
            guard let value = arguments[name]?.stringValue else {
                throw .invalidParams("the argument \(name) is missing")
            }
            return value
        }
        func messages(_ content: JSONValue...) -> MCPOutcome {
            .complete(["messages": .array(content.map { ["role": "user", "content": $0] })])
        }
        func text(_ text: String) -> JSONValue { ["type": "text", "text": .string(text)] }
        switch name {
        case "test_simple_prompt": return messages(text("This is a simple prompt."))
        case "test_prompt_with_arguments":
            return messages(text("arg1 is \(try argument("arg1")), arg2 is \(try argument("arg2"))"))
        case "test_prompt_with_embedded_resource":
            let uri = try argument("resourceUri")
            let resource: JSONValue = ["uri": .string(uri), "mimeType": "text/plain", "text": "embedded"]
            return messages(["type": "resource", "resource": resource], text("Use this resource."))
        case "test_prompt_with_image":
            return messages(["type": "image", "data": .string(png), "mimeType": "image/png"], text("See this image."))
        case "test_input_required_result_prompt":
            if case .accepted(let content)? = request.input?.elicitation("user_context") {
                return messages(text("In the context \(content["context"]?.stringValue ?? "")"))
            }
            return .inputRequired(
                MCPInputNeed([("user_context", ConformanceInput.form("What is the context?", "context"))], state: "p")
            )
        default: throw .invalidParams("Unknown prompt: \(name)")
        }
    }
}
