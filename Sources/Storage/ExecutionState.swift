package import JSON
package import WorkflowModel

/// What is known of one execution: the fold of its journal. Recovery, records, live views and tests all use ``apply(_:)``.
package struct ExecutionState: Sendable {
    package private(set) var start: ExecutionStart?
    package private(set) var startedAt: Timestamp?
    /// In the order in which they began.
    package private(set) var steps: [StepState] = []
    private var positions: [StepKey: Int] = [:]
    package private(set) var items: [StepKey: [JSONValue]] = [:]
    package private(set) var cancelReason: String?
    package private(set) var end: ExecutionEnd?
    package private(set) var endedAt: Timestamp?

    package init() {}

    package init(entries: some Sequence<JournalEntry>) {
        for entry in entries { apply(entry) }
    }

    package subscript(key: StepKey) -> StepState? { positions[key].map { steps[$0] } }

    package var status: ExecutionStatus { end?.status ?? .inProgress }

    /// Nil after the end.
    package var phase: ExecutionPhase? {
        if end != nil { return nil }
        return steps.contains { $0.needsDecision } ? .uncertain : .running
    }

    package mutating func apply(_ entry: JournalEntry) {
        switch entry.fact {
        case .executionStarted(let start):
            self.start = start
            startedAt = entry.at
        case .itemsEvaluated(let key, let list): items[key] = list
        case .attemptStarted(let attempt):
            update(attempt.step, at: entry.at) { step in
                step.needsDecision = false
                step.inFlight = StepState.Call(
                    phase: attempt.phase,
                    attempt: attempt.attempt,
                    tool: attempt.tool,
                    arguments: attempt.arguments,
                    isSafeToRepeat: attempt.isSafeToRepeat
                )
                if attempt.phase == .action { step.input = attempt.arguments }
            }
        case .handleGiven(let key, let phase, let attempt, let handle):
            guard let position = positions[key], let call = steps[position].inFlight, call.phase == phase,
                call.attempt == attempt
            else { return }
            steps[position].inFlight?.handle = handle
        case .attemptEnded(let key, let phase, _, let outcome):
            guard let position = positions[key] else { return }
            steps[position].inFlight = nil
            steps[position].needsDecision = false
            switch phase {
            case .condition(let path): steps[position].conditionOutcomes[path] = outcome
            case .action: steps[position].finish(outcome, at: entry.at)
            }
        case .conditionDecided(let identity, let condition):
            update(identity, at: entry.at) { step in
                step.condition = condition
                if !condition.holds { step.skip(at: entry.at) }
            }
        case .stepFailed(let identity, let message):
            update(identity, at: entry.at) { $0.finish(.failed(message: message, answered: false), at: entry.at) }
        case .decisionNeeded(let key):
            guard let position = positions[key] else { return }
            steps[position].needsDecision = true
        case .cancelRequested(let reason): cancelReason = reason
        case .executionEnded(let end):
            self.end = end
            endedAt = entry.at
        }
    }

    private mutating func update(_ identity: StepIdentity, at time: Timestamp, _ change: (inout StepState) -> Void) {
        if let position = positions[identity.key] {
            if !identity.tool.isEmpty { steps[position].identity.tool = identity.tool }
            change(&steps[position])
        } else {
            var step = StepState(identity: identity, startedAt: time)
            change(&step)
            positions[identity.key] = steps.count
            steps.append(step)
        }
    }
}

/// What is known of one step.
package struct StepState: Sendable {
    package enum Status: String, Sendable, Hashable {
        case running, completed, skipped, failed, cancelled
    }

    package struct Call: Sendable, Hashable {
        package var phase: StepPhase
        package var attempt: Int
        package var tool: String
        package var arguments: JSONObject
        package var isSafeToRepeat: Bool
        /// By which the call is found again where its work goes on; nil while it goes on nowhere else.
        package var handle: JSONObject?
    }

    package var identity: StepIdentity
    package var status: Status = .running
    package var startedAt: Timestamp
    package var endedAt: Timestamp?
    /// The rendered arguments of the step's tool; nil when it was never called.
    package var input: JSONObject?
    package var result: JSONValue?
    package var error: String?
    package var condition: ConditionRecord?
    /// What the tools of the condition came to, by their place in it.
    package var conditionOutcomes: [String: StepOutcome] = [:]
    package var inFlight: Call?
    package var needsDecision = false

    init(identity: StepIdentity, startedAt: Timestamp) {
        self.identity = identity
        self.startedAt = startedAt
    }

    package var isFinished: Bool { status != .running }

    mutating func finish(_ outcome: StepOutcome, at time: Timestamp) {
        endedAt = time
        switch outcome {
        case .succeeded(let value):
            status = .completed
            result = value
        case .failed(let message, _):
            status = .failed
            error = message
        case .cancelled: status = .cancelled
        }
    }

    mutating func skip(at time: Timestamp) {
        status = .skipped
        endedAt = time
    }
}
