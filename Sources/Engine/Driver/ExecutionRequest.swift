package import JSON
package import Storage
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
    /// Who can be asked by the servers of its steps, for as long as it runs in this process; not part of the journal.
    package var input: CallInput?

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
