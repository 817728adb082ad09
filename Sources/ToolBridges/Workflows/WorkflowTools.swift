package import Engine
import Expressions
package import JSON
import Storage
import Synchronization
package import ToolCatalog
import WorkflowLoading
package import WorkflowModel

/// Every workflow as a tool `workflow_<name>`.
package final class WorkflowTools: ToolProvider {
    private let registry: DefinitionRegistry
    private let engine: ExecutionEngine
    private let availability: WorkflowAvailability
    private let waitForServers: @Sendable () async -> Void
    /// Compiled definitions by name, as of one reading of the configuration.
    private let plans = Mutex(PlanCache())

    private struct PlanCache: Sendable {
        var generation = 0
        var plans: [String: Plan] = [:]
    }

    /// - Parameter waitForServers: returns when no server that may still bring tools is being started.
    package init(
        registry: DefinitionRegistry,
        engine: ExecutionEngine,
        availability: WorkflowAvailability,
        waitForServers: @escaping @Sendable () async -> Void
    ) {
        self.waitForServers = waitForServers
        self.registry = registry
        self.engine = engine
        self.availability = availability
    }

    package var tools: [ToolDescriptor] {
        registry.current.definitions(of: .workflow).map { loaded in
            let workflow = loaded.workflow
            let written = workflow?.description ?? loaded.spec["description"]?.stringValue ?? ""
            var extras = JSONObject()
            if !loaded.labels.isEmpty {
                let labels = loaded.labels.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
                extras["_meta"] = ["labels": .object(JSONObject(labels))]
            }
            var tool = ToolDescriptor(
                name: WorkflowDefinition.toolPrefix + loaded.name,
                description: written.isEmpty ? "Execute workflow \(loaded.name)" : written,
                inputSchema: ArgumentDefinition.inputSchema(of: workflow?.arguments ?? []),
                extras: extras
            )
            tool.joinsRepeatedCalls = true
            tool.runsAsTask = true
            return tool
        }
    }

    package func call(
        _ name: String,
        _ arguments: JSONObject,
        _ context: CallContext
    ) async throws(ToolCallError) -> ToolResult {
        try await call(name, arguments, context) { _ in }
    }

    /// - Parameter onStart: takes the id of an execution that this call begins, before it is recorded.
    package func call(
        _ name: String,
        _ arguments: JSONObject,
        _ context: CallContext,
        onStart: @Sendable (ExecutionID) -> Void
    ) async throws(ToolCallError) -> ToolResult {
        let workflow = String(name.dropFirst(WorkflowDefinition.toolPrefix.count))
        do {
            return Self.reply(try await execute(workflow, arguments, context, onStart: onStart))
        } catch let refusal as WorkflowRefusal {
            return .failure(refusal.message)
        } catch let error as StoreError {
            throw ToolCallError(.abandoned, "the execution of \(workflow) could not be recorded: \(error.message)")
        } catch let mismatch as KeyMismatch {
            return .failure(mismatch.description)
        } catch is CancellationError {
            throw ToolCallError(.cancelled, "\(name) was cancelled")
        } catch {
            return .failure("\(error)")
        }
    }

    /// What a caller is told about an execution that has ended.
    package static func reply(_ result: ExecutionResult) -> ToolResult {
        .json(result.document, isError: result.status != .completed)
    }

    /// Executes a workflow and returns when it has ended.
    ///
    /// - Throws: `WorkflowRefusal` when nothing was begun, `StoreError` when nothing more can be recorded.
    package func execute(
        _ name: String,
        _ arguments: JSONObject,
        _ context: CallContext,
        onStart: @Sendable (ExecutionID) -> Void = { _ in }
    ) async throws -> ExecutionResult {
        // A repeated call of a step: its execution goes on, whatever has become of the definition since.
        if let key = context.caller?.idempotencyKey, let known = try await engine.result(ofKey: key) { return known }
        // Taken before the definition: a plan of a newer one is at worst thrown away.
        let generation = registry.generation
        let workflow = try definition(name)
        var missing = availability.missingTools(of: workflow)
        if !missing.isEmpty {
            // Right after the start the servers may still be on their way.
            await waitForServers()
            missing = availability.missingTools(of: workflow)
        }
        guard missing.isEmpty else {
            let names = missing.joined(separator: ", ")
            throw WorkflowRefusal("workflow \(name) is not available (missing required tools): \(names)")
        }
        guard context.workflowChain.count < ExecutionMachine.depthLimit else {
            let chain = (context.workflowChain + [name]).joined(separator: " → ")
            throw WorkflowRefusal("workflows are nested deeper than \(ExecutionMachine.depthLimit): \(chain)")
        }
        let reserved = try ReservedArguments(taking: arguments)
        var request = ExecutionRequest(
            plan: try plan(of: workflow, generation),
            arguments: reserved.rest,
            isDebug: reserved.isDebug,
            chain: context.workflowChain,
            parent: context.caller.map { ExecutionID($0.executionID) },
            idempotencyKey: reserved.idempotencyKey.map { "\(name):\($0)" } ?? context.caller?.idempotencyKey
        )
        request.checksKey = reserved.idempotencyKey != nil
        request.input = context.input
        do throws(ArgumentFault) {
            request.arguments = try ArgumentBinding(workflow.arguments, undeclared: .allowed).bind(reserved.rest)
        } catch {
            return try await engine.refuse(request, because: "input validation failed: \(error.sentence)")
        }
        return try await withProgress(context.progress, request, onStart)
    }

    private func definition(_ name: String) throws(WorkflowRefusal) -> WorkflowDefinition {
        guard let loaded = registry.workflow(name) else { throw WorkflowRefusal("workflow \(name) not found") }
        guard let workflow = loaded.workflow else {
            throw WorkflowRefusal("workflow \(name) is not valid:\n" + loaded.errors.joined(separator: "\n"))
        }
        return workflow
    }

    private func plan(of workflow: WorkflowDefinition, _ generation: Int) throws(WorkflowRefusal) -> Plan {
        let known = plans.withLock { $0.generation == generation ? $0.plans[workflow.name] : nil }
        if let known { return known }
        do throws(PlanError) {
            let plan = try Plan(compiling: workflow)
            plans.withLock { cache in
                if cache.generation != generation { cache = PlanCache(generation: generation) }
                cache.plans[workflow.name] = plan
            }
            return plan
        } catch {
            throw WorkflowRefusal("workflow \(workflow.name) is not valid: \(error.message)")
        }
    }

    /// Executes and reports each finished step: `k of n`, and what it was.
    private func withProgress(
        _ progress: (@Sendable (Progress) -> Void)?,
        _ request: ExecutionRequest,
        _ onStart: @Sendable (ExecutionID) -> Void
    ) async throws -> ExecutionResult {
        guard let progress else { return try await engine.execute(request, onStart: onStart) }
        let watched = Mutex<ExecutionID?>(nil)
        let done = Mutex(0)
        let total = Double(request.plan.steps.count)
        let observer = engine.observe { update in
            guard update.execution == watched.withLock({ $0 }), case .stepEnded(let step) = update.news else { return }
            let count = done.withLock { count in
                count += 1
                return Double(count)
            }
            let message = "step \(step.identity.id) \(step.status.rawValue)"
            progress(Progress(done: count, total: max(total, count), message: message))
        }
        defer { engine.stopObserving(observer) }
        return try await engine.execute(request) { id in
            watched.withLock { $0 = id }
            onStart(id)
        }
    }
}

/// Why an execution was not begun.
package struct WorkflowRefusal: Error, Sendable {
    package var message: String

    package init(_ message: String) { self.message = message }
}

/// The arguments that every workflow takes beside its own. See docs/workflows.md.
private struct ReservedArguments {
    var isDebug: Bool
    var idempotencyKey: String?
    var rest: JSONObject

    private static let unsupported = ["_plan", "_async", "_timeout"]

    init(taking arguments: JSONObject) throws(WorkflowRefusal) {
        var rest = arguments
        let debug = rest.removeValue(forKey: "_debug")
        isDebug = debug == true || debug == "true"
        if let key = rest.removeValue(forKey: "_idempotencyKey") {
            guard let text = key.stringValue, !text.isEmpty else {
                throw WorkflowRefusal("_idempotencyKey must be a text")
            }
            idempotencyKey = text
        }
        for name in Self.unsupported where rest[name] != nil {
            throw WorkflowRefusal("the argument \(name) is not supported yet")
        }
        self.rest = rest
    }
}

extension ArgumentFault {
    fileprivate var sentence: String {
        switch self {
        case .missing(let name): "required field '\(name)' is missing"
        case .wrongType(let name, let expected, _): "field '\(name)' has wrong type, expected \(expected)"
        case .undeclared(let name): "field '\(name)' is not declared"
        }
    }
}
