import JSON
import Storage
import Synchronization
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
    /// Who can be asked by the servers of its steps.
    let input: CallInput?
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

    /// An execution under way.
    private struct Course {
        var machine: ExecutionMachine
        var creation: JournalBatch.Creation?
        var calls = CallTasks()
        /// Commits that nobody has waited for yet, in order.
        var unconfirmed: [CommitTicket] = []
    }

    private typealias NewsFeed = AsyncStream<(CommitTicket, [ExecutionUpdate])>.Continuation

    /// Runs until the end, and calls `onCalls` with the number of calls in flight after every event but the last. At
    /// zero nothing more happens without somebody's decision.
    func run(
        _ machine: ExecutionMachine,
        first: ExecutionEvent,
        creation: JournalBatch.Creation?,
        onCalls: @Sendable @escaping (Int) -> Void
    ) async -> Departure {
        let (news, newsFeed) = AsyncStream<(CommitTicket, [ExecutionUpdate])>.makeStream()
        return await withTaskGroup(of: Void.self) { group in
            group.addTask { await announceInOrder(news) }
            let departure = await consume(Course(machine: machine, creation: creation), first, newsFeed, onCalls)
            newsFeed.finish()
            await group.waitForAll()
            return departure
        }
    }

    private func consume(
        _ begun: Course,
        _ first: ExecutionEvent,
        _ newsFeed: NewsFeed,
        _ onCalls: @Sendable (Int) -> Void
    ) async -> Departure {
        var course = begun
        var next: ExecutionEvent? = first
        var iterator = events.makeAsyncIterator()
        while let event = next {
            let decision = record(event, &course, newsFeed)
            if course.machine.isParked, let error = await failure(of: &course.unconfirmed) {
                // Whoever is told that a decision is needed has to find that in the journal.
                return await abandon(course, error)
            }
            if !course.machine.isFinished { onCalls(course.machine.callsInFlight) }
            if let departure = await act(on: decision, &course) { return departure }
            next = await iterator.next()
            switch next {
            case .callEnded(let key, let phase, _, _), .handleLost(let key, let phase, _):
                course.calls.remove(key, phase)
            default: break
            }
        }
        return await abandon(course, StoreError(.unavailable, "it goes on at the next start of muster"))
    }

    /// Decides, and queues what was decided for the journal.
    private func record(_ event: ExecutionEvent, _ course: inout Course, _ newsFeed: NewsFeed) -> Decision {
        let firstSequence = course.machine.entryCount
        let decision = course.machine.handle(Occurrence(event, at: clock.now(), entropy: clock.entropy()))
        guard !decision.entries.isEmpty else { return decision }
        let machine = course.machine
        let batch = JournalBatch(
            execution: machine.id,
            firstSequence: firstSequence,
            entries: decision.entries,
            creation: course.creation,
            stepCount: machine.state.steps.count,
            phase: machine.state.phase
        )
        course.creation = nil
        let ticket = store.append(batch)
        course.unconfirmed.append(ticket)
        if isWatched() { newsFeed.yield((ticket, ExecutionUpdate.updates(for: decision.entries, of: machine))) }
        return decision
    }

    /// Performs what was decided; gives how the execution left when that was its end.
    private func act(on decision: Decision, _ course: inout Course) async -> Departure? {
        for action in decision.actions {
            if case .call(let request) = action, isHarmless(request) {
                start(request, &course)
                continue
            }
            // External synchrony: whatever is visible outside waits until all that it depends on is durable.
            if let error = await failure(of: &course.unconfirmed) { return await abandon(course, error) }
            switch action {
            case .call(let request): start(request, &course)
            case .cancelCalls: course.calls.requestCancel()
            case .finish(let end):
                await course.calls.finish()
                return .ended(end)
            case .refuse: break
            }
        }
        return nil
    }

    /// Waits until everything is durable; gives the first error when it could not be written.
    private func failure(of unconfirmed: inout [CommitTicket]) async -> StoreError? {
        guard let last = unconfirmed.last else { return nil }
        do throws(StoreError) {
            try await store.waitUntilDurable(last)
            unconfirmed.removeAll(keepingCapacity: true)
            return nil
        } catch {
            // What failed first says why; later ones only miss it.
            for ticket in unconfirmed {
                do throws(StoreError) { try await store.waitUntilDurable(ticket) } catch { return error }
            }
            return error
        }
    }

    private func abandon(_ course: Course, _ error: StoreError) async -> Departure {
        await course.calls.leaveAll()
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

    private func start(_ request: ToolCallRequest, _ course: inout Course) {
        let machine = course.machine
        let caller = CallContext.Caller(
            executionID: machine.id.text,
            stepKey: request.logicalKey,
            attempt: request.attempt
        )
        var context = CallContext(
            caller: caller,
            workflowChain: (machine.state.start?.chain ?? []) + [machine.plan.definition.name],
            timeout: stepTimeout
        )
        context.input = input.map { visible($0, after: course.unconfirmed.last) }
        context.handover = handover(of: request, course.calls.mark)
        let catalog = catalog
        let post = post
        course.calls.add(
            request.key,
            request.phase,
            Task {
                let (key, phase, attempt) = (request.key, request.phase, request.attempt)
                switch await Self.end(of: request, context, catalog) {
                case .outcome(let outcome):
                    post.yield(.callEnded(key: key, phase: phase, attempt: attempt, outcome: outcome))
                case .lost: post.yield(.handleLost(key: key, phase: phase, attempt: attempt))
                case .abandoned: post.finish()
                }
            }
        )
    }

    private func handover(of request: ToolCallRequest, _ mark: LeaveMark) -> CallHandover {
        let post = post
        return CallHandover(
            handle: request.handle,
            give: { handle in
                let (key, phase, attempt) = (request.key, request.phase, request.attempt)
                post.yield(.handleGiven(key: key, phase: phase, attempt: attempt, handle: handle))
            },
            isLeft: { mark.isSet }
        )
    }

    /// A question can be seen outside: it waits until all that it depends on is durable.
    private func visible(_ input: CallInput, after ticket: CommitTicket?) -> CallInput {
        guard let ticket else { return input }
        let store = store
        return CallInput(capabilities: input.capabilities) { questions throws(ToolCallError) in
            do throws(StoreError) {
                try await store.waitUntilDurable(ticket)
            } catch {
                throw ToolCallError(.abandoned, error.message)
            }
            return try await input.answer(questions)
        }
    }

    private enum CallEnd: Sendable {
        case outcome(StepOutcome)
        /// What was to be taken up again is not there.
        case lost
        /// The outcome will be known only after the next start.
        case abandoned
    }

    private static func end(
        of request: ToolCallRequest,
        _ context: CallContext,
        _ catalog: ToolCatalog
    ) async -> CallEnd {
        do throws(ToolCallError) {
            let result = try await catalog.call(request.tool, request.arguments, context)
            if Task.isCancelled { return .outcome(.cancelled) }
            guard !result.isError else { return .outcome(.failed(message: result.errorText, answered: true)) }
            return .outcome(.succeeded(result: result.value))
        } catch {
            if error.code == .abandoned { return .abandoned }
            if error.code == .cancelled || Task.isCancelled { return .outcome(.cancelled) }
            if request.handle != nil, error.code == .lost || error.code == .notFound { return .lost }
            return .outcome(.failed(message: error.message, answered: false))
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
    let mark = LeaveMark()

    mutating func add(_ step: StepKey, _ phase: StepPhase, _ task: Task<Void, Never>) {
        tasks[Key(step: step, phase: phase)] = task
    }

    mutating func remove(_ step: StepKey, _ phase: StepPhase) { tasks[Key(step: step, phase: phase)] = nil }

    func requestCancel() { for task in tasks.values { task.cancel() } }

    func finish() async { for task in tasks.values { await task.value } }

    /// Stops them without stopping what goes on elsewhere for them.
    func leaveAll() async {
        mark.set()
        requestCancel()
        await finish()
    }
}

/// Set when calls are left to a successor.
private final class LeaveMark: Sendable {
    private let isLeft = Atomic<Bool>(false)

    var isSet: Bool { isLeft.load(ordering: .acquiring) }
    func set() { isLeft.store(true, ordering: .releasing) }
}
