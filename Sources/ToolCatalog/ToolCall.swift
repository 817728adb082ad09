package import JSON

/// Everything that accompanies a call beside the tool's name and arguments.
package struct CallContext: Sendable {
    /// The execution and the step on whose behalf the call is made; nil for a call from outside.
    package var caller: Caller?
    /// Names of the workflows that are being executed around this call, outermost first.
    package var workflowChain: [String]
    /// Longest time that the call may take; nil leaves it to the provider.
    package var timeout: Duration?
    /// Takes progress of the call, if someone wants it.
    package var progress: (@Sendable (Progress) -> Void)?
    /// Answers what an external server asks before it goes on; nil when nobody can be asked.
    package var input: CallInput?
    /// Takes what an external server logs about the call (the params of MCP's `notifications/message`).
    package var log: (@Sendable (JSONObject) -> Void)?
    /// How the call can be taken up again after a crash; nil where nobody would.
    package var handover: CallHandover?
    /// `traceparent`, `tracestate` and `baggage` of the caller, passed on as they are.
    package var trace = JSONObject()

    package struct Caller: Sendable, Hashable {
        package var executionID: String
        /// The step's key: unique within the execution, the same in every attempt.
        package var stepKey: String
        /// 1 for the first attempt.
        package var attempt: Int

        package init(executionID: String, stepKey: String, attempt: Int) {
            self.executionID = executionID
            self.stepKey = stepKey
            self.attempt = attempt
        }

        /// The same for every attempt of one logical call, across crashes.
        package var idempotencyKey: String { "\(executionID)/\(stepKey)" }
    }

    package init(
        caller: Caller? = nil,
        workflowChain: [String] = [],
        timeout: Duration? = nil,
        progress: (@Sendable (Progress) -> Void)? = nil
    ) {
        self.caller = caller
        self.workflowChain = workflowChain
        self.timeout = timeout
        self.progress = progress
    }
}

/// How a call outlives the process that made it: where its work goes on elsewhere, its provider gives out a handle by which
/// a successor finds it again.
package struct CallHandover: Sendable {
    /// Of the very call that is to be taken up again instead of being made; nil for a call that is new.
    package var handle: JSONObject?
    /// Takes the handle, as soon as there is one.
    package var give: @Sendable (JSONObject) -> Void
    /// Whether who cancels the call only leaves it to a successor, so that its work has to go on.
    package var isLeft: @Sendable () -> Bool

    package init(
        handle: JSONObject?,
        give: @escaping @Sendable (JSONObject) -> Void,
        isLeft: @escaping @Sendable () -> Bool
    ) {
        self.handle = handle
        self.give = give
        self.isLeft = isLeft
    }
}

/// How far a call has come. Source: MCP `notifications/progress`.
package struct Progress: Sendable, Hashable {
    package var done: Double
    package var total: Double?
    package var message: String?

    package init(done: Double, total: Double? = nil, message: String? = nil) {
        self.done = done
        self.total = total
        self.message = message
    }
}

/// Why a call gave no answer of the tool at all.
package struct ToolCallError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: Sendable {
        /// No tool of that name.
        case notFound
        /// The tool's provider could not be reached or broke the protocol.
        case unreachable
        case timedOut
        case cancelled
        /// What becomes of the call is decided at the next start: it goes on from its own journal.
        case abandoned
        /// The call that was to be taken up again is not found: nobody knows what became of it.
        case lost
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}

/// A source of tools: the core, the workflows, or an external server.
package protocol ToolProvider: Sendable {
    /// The tools offered now. A provider that changes them tells its catalogue (``ToolCatalog/toolsChanged(of:)``).
    var tools: [ToolDescriptor] { get }

    /// Calls a tool that the provider offered. Failures of the tool itself are results with `isError`.
    func call(_ name: String, _ arguments: JSONObject, _ context: CallContext) async throws(ToolCallError) -> ToolResult

    /// Why a name that looks like this provider's is not offered, e.g. `server not found: git is stopped`; nil when the
    /// name means nothing to it.
    func reasonForMissing(_ name: String) -> String?
}

extension ToolProvider {
    package func reasonForMissing(_ name: String) -> String? { nil }
}
