import JSON
import Storage
import ToolCatalog
import WorkflowModel

/// Performs what the machine decides: journal first, act second. No decisions in here.
///
/// One driver runs one execution. Events arrive in one queue that one task consumes in order, so that the steps of two
/// events never interleave.
struct ExecutionDriver {
    let store: any ExecutionStore
    let catalog: ToolCatalog
    let clock: EngineClock
    let stepTimeout: Duration
    let events: AsyncStream<ExecutionEvent>
    let post: AsyncStream<ExecutionEvent>.Continuation
    /// Whether anybody wants news now: without watchers nothing waits on their behalf.
    let isWatched: @Sendable () -> Bool
    let announce: @Sendable (ExecutionUpdate) -> Void

    /// How an execution left this process.
    enum Departure: Sendable {
        case ended(ExecutionEnd)
        /// The journal could not be written; the execution stays where it was and is resumed at the next start.
        case abandoned(StoreError)
    }

    /// Runs until the end, and calls `onPark` whenever nothing more happens without somebody's decision.
    func run(
        _ machine: consuming ExecutionMachine,
        first: ExecutionEvent,
        creation: JournalBatch.Creation?,
        onPark: @Sendable @escaping () -> Void
    ) async -> Departure {
        var machine = machine
        let (news, newsFeed) = AsyncStream<(CommitTicket, [ExecutionUpdate])>.makeStream()
        return await withTaskGroup(of: Void.self) { group in
            group.addTask { await announceInOrder(news) }
            let departure = await consume(&machine, first, creation, newsFeed, onPark)
            newsFeed.finish()
            await group.waitForAll()
            return departure
        }
    }

    private func consume(
        _ machine: inout ExecutionMachine,
        _ first: ExecutionEvent,
        _ creation: JournalBatch.Creation?,
        _ newsFeed: AsyncStream<(CommitTicket, [ExecutionUpdate])>.Continuation,
        _ onPark: @Sendable () -> Void
    ) async -> Departure {
        var creation = creation
        var next: ExecutionEvent? = first
        var calls = CallTasks()
        var lastTicket: CommitTicket?
        var iterator = events.makeAsyncIterator()
        while let event = next {
            let firstSequence = machine.entryCount
            let decision = machine.handle(Occurrence(event, at: clock.now(), entropy: clock.entropy()))
            if !decision.entries.isEmpty {
                let phase = machine.state.phase
                let batch = JournalBatch(
                    execution: machine.id,
                    firstSequence: firstSequence,
                    entries: decision.entries,
                    creation: creation,
                    stepCount: machine.state.steps.count,
                    phase: phase
                )
                creation = nil
                let ticket = store.append(batch)
                lastTicket = ticket
                if isWatched() {
                    newsFeed.yield((ticket, ExecutionUpdate.updates(for: decision.entries, of: machine)))
                }
            }
            if machine.isParked {
                // Whoever is told that a decision is wanted has to find that in the journal.
                if let error = await failure(of: lastTicket) { return await abandon(calls, error) }
                onPark()
            }
            for action in decision.actions {
                if case .call(let request) = action, isHarmless(request) {
                    start(request, machine, &calls)
                    continue
                }
                // External synchrony: whatever is visible outside waits until all that it depends on is durable.
                if let error = await failure(of: lastTicket) { return await abandon(calls, error) }
                switch action {
                case .call(let request): start(request, machine, &calls)
                case .cancelCalls: calls.requestCancel()
                case .finish(let end):
                    await calls.finish()
                    return .ended(end)
                case .refuse: break
                }
            }
            next = await iterator.next()
            if case .callEnded(let key, let phase, _, _) = next { calls.remove(key, phase) }
        }
        return await abandon(calls, StoreError(.unavailable, "muster is shutting down"))
    }

    /// Waits until everything up to the ticket is durable; gives the error when it could not be written.
    private func failure(of ticket: CommitTicket?) async -> StoreError? {
        guard let ticket else { return nil }
        do throws(StoreError) { try await store.waitUntilDurable(ticket) } catch { return error }
        return nil
    }

    private func abandon(_ calls: CallTasks, _ error: StoreError) async -> Departure {
        await calls.cancelAll()
        return .abandoned(error)
    }

    private func announceInOrder(_ news: AsyncStream<(CommitTicket, [ExecutionUpdate])>) async {
        for await (ticket, updates) in news where !updates.isEmpty {
            do throws(StoreError) { try await store.waitUntilDurable(ticket) } catch { continue }
            for update in updates { announce(update) }
        }
    }

    /// A call that changes nothing may run ahead of the commits before it: after a crash repeating it is harmless, and
    /// nobody has seen its outcome.
    private func isHarmless(_ request: ToolCallRequest) -> Bool {
        catalog.descriptor(of: request.tool)?.annotations.readOnly == true
    }

    private func start(_ request: ToolCallRequest, _ machine: ExecutionMachine, _ calls: inout CallTasks) {
        let caller = CallContext.Caller(
            executionID: machine.id.text,
            stepKey: request.key,
            attempt: request.attempt
        )
        let context = CallContext(
            caller: caller,
            workflowChain: (machine.state.start?.chain ?? []) + [machine.plan.definition.name],
            timeout: stepTimeout
        )
        let catalog = catalog
        let post = post
        calls.add(
            request.key,
            request.phase,
            Task {
                let outcome = await Self.outcome(of: request, context, catalog)
                post.yield(
                    .callEnded(key: request.key, phase: request.phase, attempt: request.attempt, outcome: outcome)
                )
            }
        )
    }

    private static func outcome(
        of request: ToolCallRequest,
        _ context: CallContext,
        _ catalog: ToolCatalog
    ) async -> StepOutcome {
        do throws(ToolCallError) {
            let result = try await catalog.call(request.tool, request.arguments, context)
            if Task.isCancelled { return .cancelled }
            return result.isError
                ? .failed(message: result.errorText, answered: true) : .succeeded(result: result.value)
        } catch {
            if error.code == .cancelled || Task.isCancelled { return .cancelled }
            return .failed(message: error.message, answered: false)
        }
    }
}

/// The calls in flight of one execution.
private struct CallTasks {
    private struct Key: Hashable {
        var step: StepKey
        var phase: StepPhase
    }

    private var tasks: [Key: Task<Void, Never>] = [:]

    mutating func add(_ step: StepKey, _ phase: StepPhase, _ task: Task<Void, Never>) {
        tasks[Key(step: step, phase: phase)] = task
    }

    mutating func remove(_ step: StepKey, _ phase: StepPhase) { tasks[Key(step: step, phase: phase)] = nil }

    func requestCancel() { for task in tasks.values { task.cancel() } }

    func finish() async { for task in tasks.values { await task.value } }

    func cancelAll() async {
        requestCancel()
        await finish()
    }
}
