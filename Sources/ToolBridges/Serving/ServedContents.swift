package import JSON
package import MCPProtocol
package import MCPTransports
import Synchronization

/// A source of resources: our own, or an external server.
///
/// A slow or broken source is its own business: lists have to come without waiting for what may never come.
package protocol ResourceProvider: Sendable {
    /// MCP resource objects; `uri` and `name` are there.
    func resources() async -> [JSONObject]

    /// MCP resource template objects; `uriTemplate` and `name` are there.
    func resourceTemplates() async -> [JSONObject]

    /// The result of `resources/read`; nil when the URI is nobody's here.
    func read(_ uri: String, _ request: MCPRequestContext) async throws(JSONRPCError) -> MCPOutcome?

    /// Values for a variable of one of the templates, or of a resource; nil when the template is not from here.
    func complete(
        template: String,
        _ completion: MCPCompletion
    ) async throws(JSONRPCError) -> MCPCompletionValues?

    /// Somebody starts, or nobody waits any more, to hear of updates of a resource.
    func watch(_ uri: String, _ isWatched: Bool)
}

extension ResourceProvider {
    package func resourceTemplates() async -> [JSONObject] { [] }
    package func complete(
        template: String,
        _ completion: MCPCompletion
    ) async throws(JSONRPCError) -> MCPCompletionValues? { nil }
    package func watch(_ uri: String, _ isWatched: Bool) {}
}

/// A source of prompts: our own, or an external server.
package protocol PromptProvider: Sendable {
    /// MCP prompt objects; `name` and `description` are there.
    func prompts() async -> [JSONObject]

    /// The result of `prompts/get`; nil when the name is nobody's here.
    func prompt(
        _ name: String,
        _ arguments: JSONObject,
        _ request: MCPRequestContext
    ) async throws(JSONRPCError) -> MCPOutcome?

    /// Values for an argument; nil when the prompt is not from here.
    func complete(prompt: String, _ completion: MCPCompletion) async throws(JSONRPCError) -> MCPCompletionValues?
}

extension PromptProvider {
    package func complete(
        prompt: String,
        _ completion: MCPCompletion
    ) async throws(JSONRPCError) -> MCPCompletionValues? { nil }
}

/// Resources and prompts of all sources. Where two offer the same the one registered first wins.
package final class ServedContents: Sendable {
    private struct State: Sendable {
        var resources: [any ResourceProvider] = []
        var prompts: [any PromptProvider] = []
    }

    /// Items of one page.
    package static let pageSize = 500

    private let state = Mutex(State())

    package init() {}

    package func register(_ provider: any ResourceProvider) { state.withLock { $0.resources.append(provider) } }
    package func register(_ provider: any PromptProvider) { state.withLock { $0.prompts.append(provider) } }

    private var resourceProviders: [any ResourceProvider] { state.withLock { $0.resources } }
    private var promptProviders: [any PromptProvider] { state.withLock { $0.prompts } }

    /// Ordered by URI.
    package func resources() async -> [JSONObject] {
        var all: [JSONObject] = []
        for provider in resourceProviders { all += await provider.resources() }
        return Self.ordered(all, by: "uri")
    }

    /// Ordered by template.
    package func resourceTemplates() async -> [JSONObject] {
        var all: [JSONObject] = []
        for provider in resourceProviders { all += await provider.resourceTemplates() }
        return Self.ordered(all, by: "uriTemplate")
    }

    /// Ordered by name.
    package func prompts() async -> [JSONObject] {
        var all: [JSONObject] = []
        for provider in promptProviders { all += await provider.prompts() }
        return Self.ordered(all, by: "name")
    }

    package func read(_ uri: String, _ request: MCPRequestContext) async throws(JSONRPCError) -> MCPOutcome {
        for provider in resourceProviders {
            if let outcome = try await provider.read(uri, request) { return outcome }
        }
        throw .resourceNotFound(uri)
    }

    package func prompt(
        _ name: String,
        _ arguments: JSONObject,
        _ request: MCPRequestContext
    ) async throws(JSONRPCError) -> MCPOutcome {
        for provider in promptProviders {
            if let outcome = try await provider.prompt(name, arguments, request) { return outcome }
        }
        throw .invalidParams("Unknown prompt: \(name)")
    }

    package func complete(_ completion: MCPCompletion) async throws(JSONRPCError) -> MCPCompletionValues {
        switch completion.reference {
        case .prompt(let name):
            for provider in promptProviders {
                if let values = try await provider.complete(prompt: name, completion) { return values }
            }
            throw .invalidParams("Unknown prompt: \(name)")
        case .resource(let template):
            for provider in resourceProviders {
                if let values = try await provider.complete(template: template, completion) { return values }
            }
            throw .invalidParams("Unknown resource template: \(template)")
        }
    }

    package func watch(_ uri: String, _ isWatched: Bool) {
        for provider in resourceProviders { provider.watch(uri, isWatched) }
    }

    /// One page of a list as the result of its method.
    package static func page(
        _ items: [JSONObject],
        named member: String,
        by key: String,
        after cursor: String?
    ) throws(JSONRPCError) -> MCPOutcome {
        let page = try PageCursor.page(of: items, after: cursor, size: pageSize) { $0[key]?.stringValue ?? "" }
        var result: JSONObject = [member: .array(page.items.map { .object($0) })]
        if let next = page.next { result["nextCursor"] = .string(next) }
        return .complete(result)
    }

    private static func ordered(_ items: [JSONObject], by key: String) -> [JSONObject] {
        var seen: Set<String> = []
        let unique = items.filter { item in item[key]?.stringValue.map { seen.insert($0).inserted } ?? false }
        return unique.sorted { ($0[key]?.stringValue ?? "") < ($1[key]?.stringValue ?? "") }
    }
}
