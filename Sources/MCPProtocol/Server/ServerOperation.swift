package import JSON

/// What a host is asked for, with checked parameters.
package enum MCPOperation: Sendable, Hashable {
    case listTools(cursor: String?)
    case callTool(name: String, arguments: JSONObject)
    case listResources(cursor: String?)
    case listResourceTemplates(cursor: String?)
    case readResource(uri: String)
    case listPrompts(cursor: String?)
    case getPrompt(name: String, arguments: JSONObject)
    case complete(MCPCompletion)
    case getTask(id: String)
    /// `responses` by the keys of the task's input requests.
    case updateTask(id: String, responses: JSONObject)
    case cancelTask(id: String)
    /// Answered when the task has ended.
    case taskResult(id: String)
    case listTasks(cursor: String?)

    /// Reads the parameters of a method that a host answers; nil for other methods.
    init?(_ request: JSONRPCRequest) throws(JSONRPCError) {
        let params = MethodParameters(request.params)
        switch request.method {
        case "tools/list": self = .listTools(cursor: try params.cursor())
        case "tools/call":
            self = .callTool(name: try params.text("name"), arguments: try params.object("arguments"))
        case "resources/list": self = .listResources(cursor: try params.cursor())
        case "resources/templates/list": self = .listResourceTemplates(cursor: try params.cursor())
        case "resources/read": self = .readResource(uri: try params.uri())
        case "prompts/list": self = .listPrompts(cursor: try params.cursor())
        case "prompts/get":
            let arguments = try params.object("arguments")
            for (name, value) in arguments where value.stringValue == nil {
                throw .invalidParams("params.arguments.\(name) must be a string")
            }
            self = .getPrompt(name: try params.text("name"), arguments: arguments)
        case "completion/complete": self = .complete(try MCPCompletion(request.params))
        case "tasks/get": self = .getTask(id: try params.text("taskId"))
        case "tasks/update":
            guard case .object(let responses)? = request.params["inputResponses"] else {
                throw .invalidParams("params.inputResponses must be an object")
            }
            self = .updateTask(id: try params.text("taskId"), responses: responses)
        case "tasks/cancel": self = .cancelTask(id: try params.text("taskId"))
        case "tasks/result": self = .taskResult(id: try params.text("taskId"))
        case "tasks/list": self = .listTasks(cursor: try params.cursor())
        default: return nil
        }
    }

    /// Whether its modern result says how long it may be kept.
    var isCacheable: Bool {
        switch self {
        case .listTools, .listResources, .listResourceTemplates, .listPrompts, .readResource: true
        case .callTool, .getPrompt, .complete: false
        case .getTask, .updateTask, .cancelTask, .taskResult, .listTasks: false
        }
    }

    /// Whether it may be answered with a request for input (source: MCP 2026-07-28, `basic/patterns/mrtr`), or may ask while
    /// it waits for a task, which is in sessions only.
    package var mayAsk: Bool {
        switch self {
        case .callTool, .getPrompt, .readResource, .taskResult: true
        default: false
        }
    }
}

/// What is to be completed: the value of an argument of a prompt, or of a variable in a resource's template.
package struct MCPCompletion: Sendable, Hashable {
    package enum Reference: Sendable, Hashable {
        case prompt(name: String)
        /// The template, or the URI of a resource.
        case resource(uri: String)
    }

    package var reference: Reference
    package var argument: String
    /// What has been typed so far.
    package var value: String
    /// Arguments that are known already.
    package var known: [String: String]

    /// Most values that one answer may have. Source: MCP, `server/utilities/completion`.
    package static let limit = 100

    package init(_ params: JSONObject) throws(JSONRPCError) {
        let ref = params["ref"]
        switch ref?["type"]?.stringValue {
        case "ref/prompt":
            guard let name = ref?["name"]?.stringValue else { throw .invalidParams("params.ref.name must be a string") }
            reference = .prompt(name: name)
        case "ref/resource":
            guard let uri = ref?["uri"]?.stringValue else { throw .invalidParams("params.ref.uri must be a string") }
            reference = .resource(uri: uri)
        default: throw .invalidParams("params.ref.type must be ref/prompt or ref/resource")
        }
        guard let name = params["argument"]?["name"]?.stringValue, let value = params["argument"]?["value"]?.stringValue
        else { throw .invalidParams("params.argument must have the strings name and value") }
        argument = name
        self.value = value
        known = [:]
        for (name, value) in params["context"]?["arguments"]?.objectValue ?? [:] { known[name] = value.stringValue }
    }

    /// The answer to `completion/complete`; more than the limit is cut off and counted.
    package static func result(_ values: [String]) -> JSONObject { MCPCompletionValues(values).json }
}

/// What may be meant.
package struct MCPCompletionValues: Sendable, Hashable {
    /// At most ``MCPCompletion/limit``.
    package var values: [String]
    /// How many there are altogether; nil when nobody has counted.
    package var total: Int64?
    package var hasMore: Bool?

    /// Cuts off and counts what is beyond the limit.
    package init(_ all: [String]) {
        values = Array(all.prefix(MCPCompletion.limit))
        total = Int64(all.count)
        hasMore = all.count > MCPCompletion.limit
    }

    /// Reads the result of a server's `completion/complete`; nil when it is none.
    package init?(result: JSONObject) {
        guard let completion = result["completion"], let values = completion["values"]?.arrayValue else { return nil }
        let texts = values.compactMap(\.stringValue)
        self.values = Array(texts.prefix(MCPCompletion.limit))
        total = completion["total"]?.integerValue
        hasMore = texts.count > MCPCompletion.limit ? true : completion["hasMore"]?.boolValue
    }

    /// The result of `completion/complete`.
    package var json: JSONObject {
        var completion: JSONObject = ["values": .array(values.map { .string($0) })]
        completion["total"] = total.map { .integer($0) }
        completion["hasMore"] = hasMore.map { .bool($0) }
        return ["completion": .object(completion)]
    }
}

/// Reads members of `params` with errors that name them.
struct MethodParameters {
    private let params: JSONObject

    init(_ params: JSONObject) { self.params = params }

    func text(_ key: String) throws(JSONRPCError) -> String {
        guard let text = params[key]?.stringValue else { throw .invalidParams("params.\(key) must be a string") }
        return text
    }

    /// Empty when absent.
    func object(_ key: String) throws(JSONRPCError) -> JSONObject {
        switch params[key] {
        case nil, .null: return [:]
        case .object(let object): return object
        default: throw .invalidParams("params.\(key) must be an object")
        }
    }

    /// Whether the call is to become a task. For how long its client wants to read it is checked and not heeded: records are
    /// kept as long as the history. Source: MCP 2025-11-25, TaskMetadata.
    func asksForTask() throws(JSONRPCError) -> Bool {
        switch params["task"] {
        case nil, .null: return false
        case .object(let task):
            switch task["ttl"] {
            case nil, .null: return true
            case let ttl?:
                guard let milliseconds = ttl.integerValue, milliseconds >= 0 else {
                    throw .invalidParams("params.task.ttl must be a number of milliseconds, at least 0")
                }
                return true
            }
        default: throw .invalidParams("params.task must be an object")
        }
    }

    /// The empty text is a cursor like any other.
    func cursor() throws(JSONRPCError) -> String? {
        switch params["cursor"] {
        case nil, .null: return nil
        case .string(let text): return text
        default: throw .invalidParams("params.cursor must be a string")
        }
    }

    func uri() throws(JSONRPCError) -> String {
        let uri = try text("uri")
        if let fault = ResourceURI.fault(in: uri) { throw .invalidParams("params.uri \(fault)") }
        return uri
    }
}

/// What a URI of a resource may look like.
package enum ResourceURI {
    /// UTF-8 bytes.
    package static let sizeLimit = 4096

    /// The end of a sentence that begins with the URI's name; nil when nothing is wrong.
    ///
    /// Only what no URI may have: which URIs mean something is the host's business, and other servers' resources may
    /// have relative ones.
    package static func fault(in uri: String) -> String? {
        if uri.isEmpty { return "must not be empty" }
        if uri.utf8.count > sizeLimit { return "is longer than \(sizeLimit) bytes" }
        if uri.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return "must not have control characters" }
        return nil
    }
}
