import Expressions
package import JSON
package import Storage
import Synchronization
package import ToolCatalog
package import WorkflowModel

/// What is to be executed.
package struct ExecutionRequest: Sendable {
    package var plan: Plan
    package var arguments: JSONObject
    package var isDebug: Bool
    /// Names of the workflows around it, outermost first.
    package var chain: [String]
    package var parent: ExecutionID?
    /// A second request with the same key gets the first one's execution.
    package var idempotencyKey: String?
    /// Whether the key comes from outside, where it may have been used for something else before.
    package var checksKey = false

    package init(
        plan: Plan,
        arguments: JSONObject,
        isDebug: Bool = false,
        chain: [String] = [],
        parent: ExecutionID? = nil,
        idempotencyKey: String? = nil
    ) {
        self.plan = plan
        self.arguments = arguments
        self.isDebug = isDebug
        self.chain = chain
        self.parent = parent
        self.idempotencyKey = idempotencyKey
    }
}

/// An idempotency key that was used before, for other arguments.
package struct KeyMismatch: Error, Sendable, CustomStringConvertible {
    package var execution: ExecutionID

    package var description: String {
        "the idempotency key was used before with other arguments, by execution \(execution): use another key"
    }
}

/// How a request was answered.
package struct ExecutionResult: Sendable {
    package var id: ExecutionID
    package var status: ExecutionStatus
    package var document: JSONValue
    package var error: String?
}

/// Starts, resumes, watches and stops executions. The one owner of everything that runs in this process.
package final class ExecutionEngine: Sendable {
    private struct State: Sendable {
        var running = RunningExecutions()
        var isShuttingDown = false
        /// Executions of ours that cannot go on before some tool is back, the latest first.
        var heldBack: [ExecutionID] = []
        var observers: [Int: @Sendable (ExecutionUpdate) -> Void] = [:]
        var nextObserver = 0
    }

    private let store: any ExecutionStore
    private let catalog: ToolCatalog
    private let clock: EngineClock
    private let stepTimeout: Duration
    /// Decodes a pinned definition.
    private let decode: @Sendable (_ name: String, _ spec: JSONObject) throws -> WorkflowDefinition
    private let state = Mutex(State())

    package init(
        store: any ExecutionStore,
        catalog: ToolCatalog,
        clock: EngineClock,
        stepTimeout: Duration,
        decode: @escaping @Sendable (_ name: String, _ spec: JSONObject) throws -> WorkflowDefinition
    ) {
        self.store = store
        self.catalog = catalog
        self.clock = clock
        self.stepTimeout = stepTimeout
        self.decode = decode
    }

    // MARK: Watching

    /// Calls `observer` with every update of every execution of this process. Returns the number that stops it.
    @discardableResult
    package func observe(_ observer: @escaping @Sendable (ExecutionUpdate) -> Void) -> Int {
        state.withLock { state in
            state.nextObserver += 1
            state.observers[state.nextObserver] = observer
            return state.nextObserver
        }
    }

    package func stopObserving(_ number: Int) { state.withLock { $0.observers[number] = nil } }

    private func announce(_ update: ExecutionUpdate) {
        let observers = state.withLock { $0.observers.values.map { $0 } }
        for observer in observers { observer(update) }
    }

    // MARK: Starting

    /// Executes a workflow and returns when it has ended. Cancelling the calling task cancels the execution.
    ///
    /// - Throws: `StoreError` when the execution could not be recorded; it is then resumed at the next start, unless its
    ///   start itself was not recorded.
    package func execute(
        _ request: ExecutionRequest,
        onStart: @Sendable (ExecutionID) -> Void = { _ in }
    ) async throws -> ExecutionResult {
        if state.withLock({ $0.isShuttingDown }) { throw StoreError(.unavailable, "muster is shutting down") }
        if let known = try await joined(request) { return known }
        let id = clock.makeExecutionID()
        let start = ExecutionStart(
            workflow: request.plan.definition.name,
            definitionHash: request.plan.hash,
            input: request.arguments,
            isDebug: request.isDebug,
            chain: request.chain
        )
        let creation = JournalBatch.Creation(
            definition: request.plan.definition.pinned,
            idempotencyKey: request.idempotencyKey,
            parent: request.parent
        )
        onStart(id)
        let machine = ExecutionMachine(id: id, plan: request.plan, isSafeToRepeat: isSafeToRepeat)
        let task = begin(machine, parent: request.parent, first: .start(start), creation: creation)
        do {
            return try await value(of: task, id)
        } catch let error as StoreError where error.code == .conflict {
            // Somebody with the same key was faster.
            guard let known = try await joined(request) else { throw error }
            return known
        }
    }

    private func joined(_ request: ExecutionRequest) async throws -> ExecutionResult? {
        guard let key = request.idempotencyKey else { return nil }
        return try await result(ofKey: key, expecting: request.checksKey ? request.arguments : nil)
    }

    /// The result of the execution that was started with a key, waiting for its end; nil when there is none.
    ///
    /// - Throws: `KeyMismatch` when it has other arguments than expected.
    package func result(ofKey key: String, expecting arguments: JSONObject? = nil) async throws -> ExecutionResult? {
        guard let id = try await store.execution(withKey: key) else { return nil }
        if let arguments, let start = ExecutionState(entries: try await store.journal(of: id)).start,
            start.input != arguments
        {
            throw KeyMismatch(execution: id)
        }
        return try await join(id)
    }

    /// Records an execution that fails before its first step.
    package func refuse(_ request: ExecutionRequest, because message: String) async throws -> ExecutionResult {
        let id = clock.makeExecutionID()
        let name = request.plan.definition.name
        let document: JSONValue = [
            "execution_id": .string(id.text), "workflow": .string(name), "status": "failed",
            "input": .object(request.arguments), "steps": [], "template_vars": [], "error": .string(message),
        ]
        let start = ExecutionStart(
            workflow: name,
            definitionHash: request.plan.hash,
            input: request.arguments,
            isDebug: request.isDebug,
            chain: request.chain
        )
        let end = ExecutionEnd(status: .failed, error: message, response: document)
        let now = clock.now()
        let batch = JournalBatch(
            execution: id,
            firstSequence: 0,
            entries: [
                JournalEntry(at: now, fact: .executionStarted(start)),
                JournalEntry(at: now, fact: .executionEnded(end)),
            ],
            creation: JournalBatch.Creation(definition: request.plan.definition.pinned, parent: request.parent),
            stepCount: 0,
            phase: nil
        )
        try await store.waitUntilDurable(store.append(batch))
        return ExecutionResult(id: id, status: .failed, document: document, error: message)
    }

    private func begin(
        _ machine: ExecutionMachine,
        parent: ExecutionID?,
        first: ExecutionEvent,
        creation: JournalBatch.Creation?
    ) -> Task<ExecutionResult, any Error> {
        let (events, post) = AsyncStream<ExecutionEvent>.makeStream()
        let id = machine.id
        let driver = ExecutionDriver(
            store: store,
            catalog: catalog,
            clock: clock,
            stepTimeout: stepTimeout,
            events: events,
            post: post,
            isWatched: { [weak self] in self?.state.withLock { !$0.observers.isEmpty } ?? false },
            announce: { [weak self] in self?.announce($0) }
        )
        return state.withLock { state in
            let task = Task {
                let departure = await driver.run(machine, first: first, creation: creation) { [weak self] count in
                    self?.report(id, callsInFlight: count)
                }
                self.forget(id)
                switch departure {
                case .ended(let end):
                    return ExecutionResult(id: id, status: end.status, document: end.response, error: end.error)
                case .abandoned(let error): throw error
                }
            }
            state.running.add(id, parent: parent, post: post, task: task)
            return task
        }
    }

    private func forget(_ id: ExecutionID) {
        let waiters = state.withLock { $0.running.remove(id) }
        for waiter in waiters { waiter.resume() }
    }

    private func value(
        of task: Task<ExecutionResult, any Error>,
        _ id: ExecutionID
    ) async throws -> ExecutionResult {
        try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            self.cancel(id, reason: "the caller went away")
        }
    }

    /// The result of an execution that exists already: waits while it runs here, reads it when it has ended.
    private func join(_ id: ExecutionID) async throws -> ExecutionResult {
        if let task = state.withLock({ $0.running.task(id) }) { return try await value(of: task, id) }
        let journal = try await store.journal(of: id)
        if let end = ExecutionState(entries: journal).end {
            return ExecutionResult(id: id, status: end.status, document: end.response, error: end.error)
        }
        throw StoreError(.unavailable, "execution \(id) with this key is in progress elsewhere, or waits for its tools")
    }

    // MARK: Recovery

    /// Takes over the executions that died with their process and goes on with each at its first step without an
    /// outcome. Returns their ids; what cannot be resumed is told to `report`.
    ///
    /// One that needs a tool which is not there is held back, with those that wait for it, until ``retryHeldBack(report:)``
    /// finds the tool: a server that is late is no failure of the execution.
    package func resumeOrphans(
        report: @Sendable (ExecutionID, String) -> Void
    ) async throws -> [ExecutionID] {
        // The latest first: a nested workflow is here when the step that called it asks for it again.
        try await resume(try await store.claimOrphans().reversed(), report)
    }

    /// Tries those again that were held back.
    package func retryHeldBack(report: @Sendable (ExecutionID, String) -> Void) async throws -> [ExecutionID] {
        let heldBack = state.withLock { state in
            defer { state.heldBack = [] }
            return state.heldBack
        }
        return try await resume(heldBack, report)
    }

    private func resume(
        _ ids: [ExecutionID],
        _ report: @Sendable (ExecutionID, String) -> Void
    ) async throws -> [ExecutionID] {
        var resumed: [ExecutionID] = []
        var waitingParents: Set<ExecutionID> = []
        for id in ids {
            do {
                let orphan = try await orphan(id)
                let missing = catalog.missing(among: orphan.machine.plan.definition.requiredTools)
                if missing.isEmpty, !waitingParents.contains(id) {
                    resume(orphan)
                    resumed.append(id)
                    continue
                }
                if let parent = orphan.parent { waitingParents.insert(parent) }
                state.withLock { $0.heldBack.append(id) }
                if !missing.isEmpty {
                    report(id, "it waits for tools that are missing: \(missing.joined(separator: ", "))")
                }
            } catch {
                report(id, "it cannot be resumed: \(error)")
            }
        }
        return resumed.reversed()
    }

    private struct Orphan {
        var machine: ExecutionMachine
        var start: ExecutionStart
        var parent: ExecutionID?
    }

    private func orphan(_ id: ExecutionID) async throws -> Orphan {
        let journal = try await store.journal(of: id)
        guard let start = ExecutionState(entries: journal).start,
            let pinned = try await store.definition(withHash: start.definitionHash)
        else { throw StoreError(.damaged, "the definition of execution \(id) is lost") }
        let plan = try Plan(compiling: try decode(start.workflow, pinned["spec"]?.objectValue ?? JSONObject()))
        let machine = ExecutionMachine(id: id, plan: plan, journal: journal, isSafeToRepeat: isSafeToRepeat)
        return Orphan(machine: machine, start: start, parent: try await store.summary(of: id)?.parent)
    }

    private func resume(_ orphan: Orphan) {
        let machine = orphan.machine
        func announce(_ news: ExecutionUpdate.News) {
            let update = ExecutionUpdate(
                execution: machine.id,
                workflow: orphan.start.workflow,
                depth: orphan.start.chain.count,
                at: clock.now(),
                news: news
            )
            self.announce(update)
        }
        announce(.started(stepCount: machine.plan.steps.count, isResumed: true))
        for step in machine.state.steps where step.needsDecision { announce(.decisionNeeded(step)) }
        _ = begin(machine, parent: orphan.parent, first: .recover, creation: nil)
    }

    private var isSafeToRepeat: @Sendable (String) -> Bool {
        let catalog = catalog
        return { catalog.descriptor(of: $0)?.isSafeToRepeat ?? false }
    }

    // MARK: Control

    /// Asks an execution of this process to stop; false when there is none of that id.
    @discardableResult
    package func cancel(_ id: ExecutionID, reason: String) -> Bool {
        // What is left to the next start is not cancelled by its caller being left as well.
        let post = state.withLock { $0.isShuttingDown ? nil : $0.running.post(to: id) }
        guard let post else { return false }
        post.yield(.cancel(reason: reason))
        return true
    }

    /// Answers an uncertain step; false when the execution is not in this process.
    package func decide(_ id: ExecutionID, step key: StepKey, _ decision: StepDecision) -> Bool {
        guard let post = state.withLock({ $0.running.post(to: id) }) else { return false }
        post.yield(.decide(key: key, decision))
        return true
    }

    package var runningExecutions: [ExecutionID] { state.withLock { $0.running.ids } }

    /// Waits until an execution has ended or waits for somebody's decision, be it in a nested workflow; at once for one
    /// that is not here.
    package func waitUntilSettled(_ id: ExecutionID) async {
        await withCheckedContinuation { continuation in
            let isKept = state.withLock { $0.running.keep(continuation, for: id) }
            if !isKept { continuation.resume() }
        }
    }

    private func report(_ id: ExecutionID, callsInFlight: Int) {
        let waiters = state.withLock { $0.running.report(id, callsInFlight: callsInFlight) }
        for waiter in waiters { waiter.resume() }
    }

    /// Leaves every execution where its journal stands, to be resumed at the next start, and stops its calls.
    package func shutDown() async {
        let running = state.withLock { state in
            state.isShuttingDown = true
            // Callers first: that a nested workflow was left is no answer that its caller may record.
            let running = state.running.outermostFirst
            for execution in running { execution.post.finish() }
            return running
        }
        for execution in running { _ = await execution.task.result }
    }
}

extension WorkflowDefinition {
    /// What is kept to execute the same definition again after a crash.
    var pinned: JSONObject { ["name": .string(name), "spec": .object(source)] }
}
