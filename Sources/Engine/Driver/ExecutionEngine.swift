import Expressions
package import JSON
package import Storage
import Synchronization
package import ToolCatalog
package import WorkflowModel

/// Starts, resumes, watches and stops executions. The one owner of everything that runs in this process.
package final class ExecutionEngine: Sendable {
    struct State: Sendable {
        var running = RunningExecutions()
        var isShuttingDown = false
        /// Executions of ours that cannot go on before some tool is back, the latest first.
        var heldBack: [ExecutionID] = []
        var observers: [Int: @Sendable (ExecutionUpdate) -> Void] = [:]
        var nextObserver = 0
    }

    let store: any ExecutionStore
    let catalog: ToolCatalog
    let clock: EngineClock
    private let stepTimeout: Duration
    /// Reads what `WorkflowDefinition.pinned` made.
    let decode: @Sendable (_ name: String, _ pinned: JSONObject) throws -> WorkflowDefinition
    let state = Mutex(State())

    package init(
        store: any ExecutionStore,
        catalog: ToolCatalog,
        clock: EngineClock,
        stepTimeout: Duration,
        decode: @escaping @Sendable (_ name: String, _ pinned: JSONObject) throws -> WorkflowDefinition
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

    func announce(_ update: ExecutionUpdate) {
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
            definition: request.plan.pinned,
            idempotencyKey: request.idempotencyKey,
            parent: request.parent
        )
        onStart(id)
        let machine = ExecutionMachine(id: id, plan: request.plan, isSafeToRepeat: isSafeToRepeat)
        let task = begin(
            machine,
            parent: request.parent,
            first: .start(start),
            creation: creation,
            input: request.input
        )
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
        // Callers from outside who share an execution do not end it for each other.
        return try await join(id, cancelsWithCaller: arguments == nil)
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
            creation: JournalBatch.Creation(definition: request.plan.pinned, parent: request.parent),
            stepCount: 0,
            phase: nil
        )
        try await store.waitUntilDurable(store.append(batch))
        return ExecutionResult(id: id, status: .failed, document: document, error: message)
    }

    func begin(
        _ machine: ExecutionMachine,
        parent: ExecutionID?,
        first: ExecutionEvent,
        creation: JournalBatch.Creation?,
        input: CallInput? = nil
    ) -> Task<ExecutionResult, any Error> {
        let (events, post) = AsyncStream<ExecutionEvent>.makeStream()
        let id = machine.id
        let driver = ExecutionDriver(
            store: store,
            catalog: catalog,
            clock: clock,
            stepTimeout: stepTimeout,
            input: input,
            events: events,
            post: post,
            isWatched: { [weak self] in self?.state.withLock { !$0.observers.isEmpty } ?? false },
            announce: { [weak self] in self?.announce($0) }
        )
        return state.withLock { state in
            if state.isShuttingDown { return Task { throw StoreError(.unavailable, "muster is shutting down") } }
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
    private func join(_ id: ExecutionID, cancelsWithCaller: Bool) async throws -> ExecutionResult {
        if let task = state.withLock({ $0.running.task(id) }) {
            return cancelsWithCaller ? try await value(of: task, id) : try await task.value
        }
        let journal = try await store.journal(of: id)
        if let end = ExecutionState(entries: journal).end {
            return ExecutionResult(id: id, status: end.status, document: end.response, error: end.error)
        }
        throw StoreError(.unavailable, "execution \(id) with this key is in progress elsewhere, or waits for its tools")
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
