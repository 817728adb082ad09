import Expressions
import GoTemplate
import JSON
package import Storage
package import WorkflowModel

/// One execution as a pure state machine: events in, entries and actions out. No clock, no I/O, no await.
///
/// Its state is the fold of its journal, plus where the walk through the plan stands. The walk is a function of plan and
/// journal, so that a machine made from a journal continues exactly where the live one would.
package struct ExecutionMachine: Sendable {
    /// Longest chain of workflows that call each other.
    package static let depthLimit = 16
    /// Children of one parallel step that run at the same time.
    static let parallelLimit = 16

    package let id: ExecutionID
    package let plan: Plan
    package private(set) var state: ExecutionState
    /// Entries recorded so far; the sequence number of the next one.
    package private(set) var entryCount: Int

    /// Whether a tool says that repeating a call of it is harmless; recorded with every call.
    private let isSafeToRepeat: @Sendable (String) -> Bool
    private var decision = Decision()
    private var time = Timestamp(microseconds: 0)
    private var entropy: UInt64 = 0
    var walk = PlanWalk()
    private(set) var callsInFlight = 0

    package init(
        id: ExecutionID,
        plan: Plan,
        isSafeToRepeat: @escaping @Sendable (String) -> Bool = { _ in false }
    ) {
        self.isSafeToRepeat = isSafeToRepeat
        self.id = id
        self.plan = plan
        state = ExecutionState()
        entryCount = 0
    }

    /// The machine of an execution that has a journal. Nothing is in flight until a `recover` event.
    package init(
        id: ExecutionID,
        plan: Plan,
        journal: [JournalEntry],
        isSafeToRepeat: @escaping @Sendable (String) -> Bool = { _ in false }
    ) {
        self.isSafeToRepeat = isSafeToRepeat
        self.id = id
        self.plan = plan
        state = ExecutionState(entries: journal)
        entryCount = journal.count
    }

    package var isFinished: Bool { state.end != nil }

    /// Whether nothing happens any more until somebody decides about a step.
    package var isParked: Bool { state.end == nil && callsInFlight == 0 }

    package mutating func handle(_ occurrence: Occurrence) -> Decision {
        decision = Decision()
        time = occurrence.at
        entropy = occurrence.entropy
        guard state.end == nil else { return decision }
        switch occurrence.event {
        case .start(var start):
            start.entropy = entropy
            record(.executionStarted(start))
        case .callEnded(let key, let phase, let attempt, let outcome):
            guard isInFlight(key, phase, attempt) else { return decision }
            callsInFlight -= 1
            // A call that somebody else stopped has failed, as far as this execution is concerned.
            let isForeign = outcome == .cancelled && state.cancelReason == nil
            let known = isForeign ? .failed(message: "the call was cancelled", answered: false) : outcome
            record(.attemptEnded(key: key, phase: phase, attempt: attempt, outcome: known))
        case .handleGiven(let key, let phase, let attempt, let handle):
            if isInFlight(key, phase, attempt) {
                record(.handleGiven(key: key, phase: phase, attempt: attempt, handle: handle))
            }
            return decision
        case .handleLost(let key, let phase, let attempt):
            guard isInFlight(key, phase, attempt), let step = state[key], let call = step.inFlight else {
                return decision
            }
            callsInFlight -= 1
            if state.cancelReason == nil {
                settle(step, interrupted: call)
            } else {
                record(.attemptEnded(key: key, phase: phase, attempt: attempt, outcome: .cancelled))
            }
        case .cancel(let reason):
            guard state.cancelReason == nil else { return decision }
            record(.cancelRequested(reason: reason))
            if callsInFlight > 0 { decision.actions.append(.cancelCalls) }
        case .recover: recover()
        case .decide(let key, let answer):
            guard decide(key, answer) else { return decision }
        }
        advance()
        return decision
    }

    private func isInFlight(_ key: StepKey, _ phase: StepPhase, _ attempt: Int) -> Bool {
        guard let call = state[key]?.inFlight else { return false }
        return call.phase == phase && call.attempt == attempt
    }

    // MARK: Recording

    mutating func record(_ fact: JournalFact) {
        let entry = JournalEntry(at: time, fact: fact)
        state.apply(entry)
        decision.entries.append(entry)
        entryCount += 1
    }

    mutating func call(_ step: StepIdentity, _ phase: StepPhase, attempt: Int, tool: String, _ arguments: JSONObject) {
        let start = AttemptStart(
            step: step,
            phase: phase,
            attempt: attempt,
            tool: tool,
            arguments: arguments,
            isSafeToRepeat: isSafeToRepeat(tool)
        )
        record(.attemptStarted(start))
        callsInFlight += 1
        decision.actions.append(.call(request(start)))
    }

    mutating func refuse(_ message: String) { decision.actions.append(.refuse(message)) }

    func request(_ start: AttemptStart) -> ToolCallRequest {
        ToolCallRequest(
            key: start.step.key,
            phase: start.phase,
            attempt: start.attempt,
            tool: start.tool,
            arguments: start.arguments,
            onInterrupt: plan.step(forKey: start.step.key)?.definition.onInterrupt
        )
    }

    // MARK: The course of the whole execution

    /// Goes on until everything that can be done now is under way.
    private mutating func advance() {
        if let reason = state.cancelReason {
            guard callsInFlight == 0 else { return }
            // Calls of a process that died, about which nobody has decided.
            for step in state.steps {
                guard let call = step.inFlight else { continue }
                let (key, phase, attempt) = (step.identity.key, call.phase, call.attempt)
                record(.attemptEnded(key: key, phase: phase, attempt: attempt, outcome: .cancelled))
            }
            finish(.cancelled, error: "cancelled: \(reason)")
            return
        }
        if walk.failure == nil {
            switch run(plan.steps, block: Block(key: "", vars: JSONObject(), isHandler: false)) {
            case .blocked: return
            case .finished:
                finishWithOutput()
                return
            case .failed(let failure): walk.failure = failure
            }
        }
        guard let failure = walk.failure else { return }
        let handlers = Block(key: Plan.handlerBlock, vars: JSONObject(), isHandler: true)
        if case .blocked = run(plan.onFailure, block: handlers) { return }
        finish(.failed, error: "step \(failure.stepID) failed: \(failure.message)")
    }

    private mutating func finishWithOutput() {
        guard let output = plan.output else { return finish(.completed, error: nil) }
        do throws(CompileError) {
            walk.output = try output.render(context(step: nil, vars: JSONObject()), .textStaysText, path: "output")
            finish(.completed, error: nil)
        } catch {
            walk.outputError = "failed to render output template: \(error.path): \(plan.placed(error).error)"
            finish(.failed, error: walk.outputError)
        }
    }

    private mutating func finish(_ status: ExecutionStatus, error: String?) {
        let document = ResponseDocument(
            executionID: id,
            plan: plan,
            state: state,
            status: status,
            error: error,
            output: walk.output,
            outputError: walk.outputError
        )
        let end = ExecutionEnd(status: status, error: error, response: document.json)
        record(.executionEnded(end))
        decision.actions.append(.finish(end))
    }

    // MARK: Templates

    /// What templates see: docs/templates.md.
    func context(step: StepIdentity?, vars: JSONObject) -> TemplateContext {
        var root: JSONObject = [
            "input": .object(state.start?.input ?? JSONObject()),
            "results": .object(walk.results),
            "context": .object(walk.results),
            "vars": .object(vars),
            "execution": [
                "id": .string(id.text), "workflow": .string(plan.definition.name),
                "startedAt": .string((state.startedAt ?? time).rfc3339), "attempt": 1,
            ],
        ]
        if let step {
            root["step"] = ["id": .string(step.id), "key": .string("\(id.text)/\(step.key)"), "attempt": 1]
        }
        if let failure = walk.failure {
            root["error"] = [
                "step": .string(failure.stepID), "tool": .string(failure.tool), "message": .string(failure.message),
                "attempt": 1,
            ]
        }
        // A step that is looked at again, after a part of its condition or after a crash, sees the same time and the same
        // numbers as before.
        let moment = (step.flatMap { state[$0.key]?.startedAt } ?? time).microseconds
        let random = SeededRandom(seed: seed(of: step?.key ?? ""))
        let environment = TemplateEnvironment(now: { moment }, random: { random.next() })
        return TemplateContext(root: root, environment: environment)
    }

    /// Mixes the execution's own number with a key (FNV-1a).
    private func seed(of key: StepKey) -> UInt64 {
        key.utf8.reduce((state.start?.entropy ?? 0) ^ 0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    // MARK: Recovery

    /// Tools that the steps which are not done yet name. Handlers tolerate that theirs are missing.
    package var toolsToCome: [String] {
        var rest = plan.definition
        rest.steps.removeAll { state[$0.id]?.isFinished == true }
        rest.onFailure = []
        return rest.requiredTools
    }

    private mutating func recover() {
        for step in state.steps {
            guard let inFlight = step.inFlight, !step.needsDecision else { continue }
            if state.cancelReason != nil {
                let (key, phase, attempt) = (step.identity.key, inFlight.phase, inFlight.attempt)
                record(.attemptEnded(key: key, phase: phase, attempt: attempt, outcome: .cancelled))
                continue
            }
            if inFlight.handle == nil { settle(step, interrupted: inFlight) } else { takeUp(step, inFlight) }
        }
    }

    /// Goes on with the same attempt where its work goes on, whatever `onInterrupt` says: its outcome can be known.
    private mutating func takeUp(_ step: StepState, _ inFlight: StepState.Call) {
        let start = AttemptStart(
            step: step.identity,
            phase: inFlight.phase,
            attempt: inFlight.attempt,
            tool: inFlight.tool,
            arguments: inFlight.arguments
        )
        var request = request(start)
        request.handle = inFlight.handle
        callsInFlight += 1
        decision.actions.append(.call(request))
    }

    /// Decides about a call of which nobody knows what became of it.
    private mutating func settle(_ step: StepState, interrupted inFlight: StepState.Call) {
        let (key, phase) = (step.identity.key, inFlight.phase)
        let policy = plan.step(forKey: key)?.definition.onInterrupt
        switch policy ?? (inFlight.isSafeToRepeat ? .retry : .ask) {
        case .retry:
            call(step.identity, phase, attempt: inFlight.attempt + 1, tool: inFlight.tool, inFlight.arguments)
        case .fail:
            let message = "interrupted: the process ended while \(inFlight.tool) was being called"
            let outcome = StepOutcome.failed(message: message, answered: false)
            record(.attemptEnded(key: key, phase: phase, attempt: inFlight.attempt, outcome: outcome))
        case .ask: record(.decisionNeeded(key: key))
        }
    }

    private mutating func decide(_ key: StepKey, _ answer: StepDecision) -> Bool {
        guard let step = state[key], step.needsDecision, let inFlight = step.inFlight else {
            refuse("step \(key) does not wait for a decision")
            return false
        }
        let outcome: StepOutcome
        switch answer {
        case .retry:
            call(step.identity, inFlight.phase, attempt: inFlight.attempt + 1, tool: inFlight.tool, inFlight.arguments)
            return true
        case .succeeded(let result): outcome = .succeeded(result: result)
        case .fail(let message): outcome = .failed(message: message, answered: false)
        }
        record(.attemptEnded(key: key, phase: inFlight.phase, attempt: inFlight.attempt, outcome: outcome))
        return true
    }
}

/// Where the walk through the plan stands. A function of plan and journal: it is never stored.
struct PlanWalk: Sendable {
    /// Block key → position of its first step that is not done.
    var cursors: [String: Int] = [:]
    /// Step id → what templates see of it.
    var results = JSONObject()
    /// Step id → key of its latest iteration that is done; for `fromStep`.
    var latestKeys: [String: StepKey] = [:]
    /// The failure that ends the workflow.
    var failure: StepFailure?
    var output: JSONValue?
    var outputError: String?
}

struct StepFailure: Sendable {
    var stepID: String
    var tool: String
    var message: String
}

/// A list of steps under way and what is particular to it.
struct Block: Sendable {
    /// Prefix of the keys of its steps.
    var key: String
    var vars: JSONObject
    /// Handlers tolerate every failure.
    var isHandler: Bool
}

enum BlockState: Sendable {
    /// Something is in flight.
    case blocked
    case finished
    case failed(StepFailure)
}
