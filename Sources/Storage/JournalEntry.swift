package import JSON
package import WorkflowModel

/// The key of one step within an execution: `read`, `loop[2]/make`, `onFailure:notify`. Unique, the same in every attempt.
package typealias StepKey = String

/// What a call of a tool, or a condition, came to.
package enum StepOutcome: Sendable, Hashable {
    /// `result` is nil when the reply had no text.
    case succeeded(result: JSONValue?)
    /// `answered` tells a failure that the tool reported from one where it could not be asked.
    case failed(message: String, answered: Bool)
    case cancelled
}

/// Which of a step's calls is meant.
package enum StepPhase: Sendable, Hashable {
    /// A tool of the step's condition; `path` is its place in nested conditions, e.g. `0.1`, empty for a plain one.
    case condition(path: String)
    /// The tool of the step itself.
    case action
}

/// How a step's condition came out.
package struct ConditionRecord: Sendable, Hashable {
    package var holds: Bool
    /// What was judged: the condition tool's result, the other step's result, or the rendered template.
    package var result: JSONValue?
    /// The tool's name, `from_step:<id>`, or `template`.
    package var source: String

    package init(holds: Bool, result: JSONValue? = nil, source: String) {
        self.holds = holds
        self.result = result
        self.source = source
    }
}

package enum ExecutionStatus: String, Sendable, Hashable, CaseIterable {
    case inProgress = "inprogress"
    case completed, failed, cancelled
}

/// What an execution in progress is doing.
package enum ExecutionPhase: String, Sendable, Hashable {
    case running
    /// A step was in flight when the process died, and someone has to say what became of it.
    case uncertain
}

/// Facts about one execution, in the order in which they happened. The journal is append-only, and the state of an
/// execution is the fold of its entries (``ExecutionState``).
package enum JournalFact: Sendable, Hashable {
    case executionStarted(ExecutionStart)
    /// The list over which a loop goes.
    case itemsEvaluated(key: StepKey, items: [JSONValue])
    case attemptStarted(AttemptStart)
    /// A call goes on elsewhere, where this handle of its provider finds it.
    case handleGiven(key: StepKey, phase: StepPhase, attempt: Int, handle: JSONObject)
    case attemptEnded(key: StepKey, phase: StepPhase, attempt: Int, outcome: StepOutcome)
    case conditionDecided(StepIdentity, ConditionRecord)
    /// A step that failed before its tool was called.
    case stepFailed(StepIdentity, message: String)
    /// Somebody has to decide what became of a call that was in flight when the process died.
    case decisionNeeded(key: StepKey)
    case cancelRequested(reason: String)
    case executionEnded(ExecutionEnd)
}

package struct ExecutionStart: Sendable, Hashable {
    package var workflow: String
    package var definitionHash: String
    /// Arguments after defaults.
    package var input: JSONObject
    /// Whether the response shows every step's result.
    package var isDebug: Bool
    /// Names of the workflows around this execution, outermost first.
    package var chain: [String]
    /// Seeds the random functions of its templates.
    package var entropy: UInt64 = 0

    package init(workflow: String, definitionHash: String, input: JSONObject, isDebug: Bool, chain: [String]) {
        self.workflow = workflow
        self.definitionHash = definitionHash
        self.input = input
        self.isDebug = isDebug
        self.chain = chain
    }
}

/// Which step an entry is about, with what a record shows of it.
package struct StepIdentity: Sendable, Hashable {
    package var key: StepKey
    package var id: String
    /// The tool's rendered name; empty for a group.
    package var tool: String
    package var allowsFailure: Bool

    package init(key: StepKey, id: String, tool: String, allowsFailure: Bool) {
        self.key = key
        self.id = id
        self.tool = tool
        self.allowsFailure = allowsFailure
    }
}

package struct AttemptStart: Sendable, Hashable {
    package var step: StepIdentity
    package var phase: StepPhase
    /// 1 for the first.
    package var attempt: Int
    /// The tool that is called: the condition's, or the step's.
    package var tool: String
    /// Rendered arguments: what is called again after a crash, without rendering again.
    package var arguments: JSONObject
    /// Whether the tool said, when it was called, that repeating the call is harmless.
    package var isSafeToRepeat: Bool

    package init(
        step: StepIdentity,
        phase: StepPhase,
        attempt: Int,
        tool: String,
        arguments: JSONObject,
        isSafeToRepeat: Bool = false
    ) {
        self.isSafeToRepeat = isSafeToRepeat
        self.step = step
        self.phase = phase
        self.attempt = attempt
        self.tool = tool
        self.arguments = arguments
    }
}

package struct ExecutionEnd: Sendable, Hashable {
    package var status: ExecutionStatus
    package var error: String?
    /// The response document as the caller got it.
    package var response: JSONValue

    package init(status: ExecutionStatus, error: String?, response: JSONValue) {
        self.status = status
        self.error = error
        self.response = response
    }
}

/// A fact and when it happened.
package struct JournalEntry: Sendable, Hashable {
    package var at: Timestamp
    package var fact: JournalFact

    package init(at: Timestamp, fact: JournalFact) {
        self.at = at
        self.fact = fact
    }
}
