package import JSON
package import Storage
package import WorkflowModel

/// What happens to an execution.
package enum ExecutionEvent: Sendable {
    case start(ExecutionStart)
    case callEnded(key: StepKey, phase: StepPhase, attempt: Int, outcome: StepOutcome)
    /// A call goes on elsewhere, where this handle finds it.
    case handleGiven(key: StepKey, phase: StepPhase, attempt: Int, handle: JSONObject)
    /// The call that was taken up again by its handle is not there any more.
    case handleLost(key: StepKey, phase: StepPhase, attempt: Int)
    case cancel(reason: String)
    /// The process that ran the execution died.
    case recover
    /// Somebody said what became of the call that was in flight.
    case decide(key: StepKey, StepDecision)
}

/// The answer to an uncertain step.
package enum StepDecision: Sendable, Hashable {
    case retry
    case succeeded(result: JSONValue?)
    case fail(message: String)
}

/// An event with all that may differ between two executions.
package struct Occurrence: Sendable {
    package var event: ExecutionEvent
    package var at: Timestamp
    /// Seeds the random functions of the templates that are rendered now.
    package var entropy: UInt64

    package init(_ event: ExecutionEvent, at: Timestamp, entropy: UInt64) {
        self.event = event
        self.at = at
        self.entropy = entropy
    }
}

/// What is to be done, in this order: write the entries, then act.
package struct Decision: Sendable {
    package var entries: [JournalEntry] = []
    package var actions: [ExecutionAction] = []
}

package enum ExecutionAction: Sendable {
    case call(ToolCallRequest)
    /// Stop every call in flight.
    case cancelCalls
    /// Nothing more will happen; hand over the answer.
    case finish(ExecutionEnd)
    /// The event does not fit the state, e.g. a decision for a step that needs none; nothing changed.
    case refuse(String)
}

package struct ToolCallRequest: Sendable, Hashable {
    package var key: StepKey
    package var phase: StepPhase
    package var attempt: Int
    package var tool: String
    package var arguments: JSONObject
    package var onInterrupt: InterruptPolicy?
    /// By which the call is taken up again instead of being made.
    package var handle: JSONObject?

    /// Unique within the execution and the same in every attempt: the calls of a condition are others than the step's.
    package var logicalKey: String {
        switch phase {
        case .action: key
        case .condition(let path): path.isEmpty ? "\(key)?condition" : "\(key)?condition.\(path)"
        }
    }
}
