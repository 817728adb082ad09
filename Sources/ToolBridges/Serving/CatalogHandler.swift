package import JSON
package import MCPProtocol
package import MCPTransports
package import Storage
package import ToolCatalog
import WorkflowModel

/// All of muster as an MCP server: tools, resources, prompts, and executions as tasks.
package struct CatalogHandler: MCPOperationHandler {
    private let catalog: ToolCatalog
    private let tools: ServedTools
    private let contents: ServedContents
    private let tasks: ExecutionTasks
    private let parked: ParkedCalls
    private let news: ServedNews
    private let store: any ExecutionStore
    private let serversRequiringLogin: @Sendable () -> [JSONObject]

    /// - Parameter serversRequiringLogin: `name`, `status` and `auth_tool` of each.
    package init(
        catalog: ToolCatalog,
        tools: ServedTools,
        contents: ServedContents,
        tasks: ExecutionTasks,
        parked: ParkedCalls,
        news: ServedNews,
        store: any ExecutionStore,
        serversRequiringLogin: @escaping @Sendable () -> [JSONObject]
    ) {
        self.catalog = catalog
        self.tools = tools
        self.contents = contents
        self.tasks = tasks
        self.parked = parked
        self.news = news
        self.store = store
        self.serversRequiringLogin = serversRequiringLogin
    }

    /// What external tools answer is handed on, and hardly looked at.
    package func isBriefAfterWaiting(_ operation: MCPOperation) -> Bool {
        guard case .callTool(let name, _) = operation else { return false }
        return catalog.descriptor(of: name)?.originalName != nil
    }

    package func inputSchema(of tool: String) -> JSONObject? { tools.inputSchema(of: tool) }

    package func watch(_ interest: MCPInterest, _ isWatched: Bool) {
        news.watch(interest, isWatched)
        if case .resource(let uri) = interest, MusterURI(uri) == nil { contents.watch(uri, isWatched) }
    }

    package func perform(
        _ operation: MCPOperation,
        _ request: MCPRequestContext
    ) async throws(JSONRPCError) -> MCPOutcome {
        if let handle = ParkedCalls.handle(in: request.input) { return try await parked.resume(handle, request) }
        guard request.ask == nil, !request.inputCapabilities.isEmpty, reachesOthers(operation, request) else {
            return try await performNow(operation, request)
        }
        guard case .callTool(let name, let arguments) = operation else {
            return try await parked.begin(request) { request in
                await Self.result { () async throws(JSONRPCError) in try await performNow(operation, request) }
            }
        }
        if let outcome = try await questioner.outcome(of: resolved(name), arguments, request) { return outcome }
        return try await parked.begin(request) { request in
            await Self.result { () async throws(JSONRPCError) in try await makeCall(name, arguments, request) }
        }
    }

    private static func result(
        _ body: () async throws(JSONRPCError) -> MCPOutcome
    ) async -> Result<MCPOutcome, JSONRPCError> {
        do throws(JSONRPCError) { return .success(try await body()) } catch { return .failure(error) }
    }

    /// Whether an external server may come to work, and so have questions.
    private func reachesOthers(_ operation: MCPOperation, _ request: MCPRequestContext) -> Bool {
        switch operation {
        case .callTool(let name, _):
            if isWorkflow(name) { return !request.declaresTasks }
            return MetaTools.mayAsk(name) || catalog.descriptor(of: name)?.originalName != nil
        case .readResource(let uri): return MusterURI(uri) == nil
        case .getPrompt: return true
        default: return false
        }
    }

    private func performNow(
        _ operation: MCPOperation,
        _ request: MCPRequestContext
    ) async throws(JSONRPCError) -> MCPOutcome {
        switch operation {
        case .listTools(let cursor): return try tools.page(after: cursor, for: request.version)
        case .callTool(let name, let arguments) where request.wantsTask:
            return .task(try await beginTask(name, arguments, request))
        case .callTool(let name, let arguments):
            if let outcome = try await questioner.outcome(of: resolved(name), arguments, request) { return outcome }
            return try await makeCall(name, arguments, request)
        case .listResources(let cursor):
            return try ServedContents.page(await contents.resources(), named: "resources", by: "uri", after: cursor)
        case .listResourceTemplates(let cursor):
            let templates = await contents.resourceTemplates()
            return try ServedContents.page(templates, named: "resourceTemplates", by: "uriTemplate", after: cursor)
        case .readResource(let uri): return try await contents.read(uri, request)
        case .listPrompts(let cursor):
            return try ServedContents.page(await contents.prompts(), named: "prompts", by: "name", after: cursor)
        case .getPrompt(let name, let arguments): return try await contents.prompt(name, arguments, request)
        case .complete(let completion): return .complete(try await contents.complete(completion).json)
        case .getTask(let id):
            guard let task = await tasks.task(id) else { throw .unknownTask(id) }
            return .complete(request.version.era == .modern ? task.detail : task.sessionForm)
        case .updateTask(let id, let responses):
            guard await tasks.update(id, responses) else { throw .unknownTask(id) }
            return .complete([:])
        case .cancelTask(let id) where request.version.era == .legacy:
            return .complete(try await tasks.cancelled(id).sessionForm)
        case .cancelTask(let id):
            guard await tasks.cancel(id) else { throw .unknownTask(id) }
            return .complete([:])
        case .taskResult(let id): return .complete(try await tasks.result(of: id, request))
        case .listTasks(let cursor): return .complete(try await tasks.page(after: cursor))
        }
    }

    // MARK: - Calls

    /// Failures of tools are results with `isError`; only a name that never existed is a JSON-RPC error. See docs/tools.md.
    private func makeCall(
        _ name: String,
        _ arguments: JSONObject,
        _ request: MCPRequestContext
    ) async throws(JSONRPCError) -> MCPOutcome {
        if MetaTools.contains(name) {
            let meta = MetaTools(
                tools: tools,
                contents: contents,
                serversRequiringLogin: serversRequiringLogin,
                call: { name, arguments, request in await self.callPlainly(name, arguments, request) }
            )
            return .complete(await meta.perform(name, arguments, request).json)
        }
        let name = resolved(name)
        do throws(ToolCallError) {
            if request.declaresTasks, isWorkflow(name) {
                switch try await tasks.start(tool: name, arguments, askableBy: request.inputCapabilities) {
                case .task(let task): return .task(task)
                case .ended(let result): return .complete(result.json)
                }
            }
            return .complete(try await catalog.call(name, arguments, context(request, name)).json)
        } catch {
            if error.code == .notFound, !error.message.contains("server not found") {
                throw .invalidParams(error.message)
            }
            return .complete(ToolResult.failure(error.message).json)
        }
    }

    /// Source: MCP 2025-11-25, `basic/utilities/tasks`, "Tool-Level Negotiation".
    private func beginTask(
        _ name: String,
        _ arguments: JSONObject,
        _ request: MCPRequestContext
    ) async throws(JSONRPCError) -> MCPTask {
        let name = MetaTools.contains(name) ? name : resolved(name)
        if catalog.descriptor(of: name)?.runsAsTask == true {
            return try await tasks.begin(tool: name, arguments, request)
        }
        guard MetaTools.contains(name) || catalog.descriptor(of: name) != nil else {
            throw .invalidParams("tool not found: \(name)")
        }
        throw JSONRPCError(
            code: JSONRPCError.Codes.methodNotFound,
            message: "\(name) cannot be called as a task: call it without params.task"
        )
    }

    private var questioner: ExecutionQuestioner { ExecutionQuestioner(store: store, tasks: tasks) }

    private func isWorkflow(_ name: String) -> Bool {
        name.hasPrefix(WorkflowDefinition.toolPrefix) && catalog.descriptor(of: name) != nil
    }

    /// The management tools go by their names without `core_` as well.
    private func resolved(_ name: String) -> String {
        let core = "core_" + name
        return catalog.descriptor(of: name) == nil && catalog.descriptor(of: core) != nil ? core : name
    }

    /// A call by another tool: it ends with its answer.
    private func callPlainly(_ name: String, _ arguments: JSONObject, _ request: MCPRequestContext) async -> ToolResult
    {
        let name = resolved(name)
        do throws(ToolCallError) {
            return try await catalog.call(name, arguments, context(request, name))
        } catch {
            return .failure("Tool execution failed: \(error.message)")
        }
    }

    /// Steps of workflows are worth a line of the log; external servers have a log of their own.
    private func context(_ request: MCPRequestContext, _ name: String) -> CallContext {
        request.callContext(repeatsProgress: catalog.descriptor(of: name)?.originalName == nil)
    }
}
