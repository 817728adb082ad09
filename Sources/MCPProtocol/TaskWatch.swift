package import JSON

/// How a client follows a task until it ends. Sources: the Tasks extension of MCP 2026-07-28, and for sessions MCP
/// 2025-11-25, `basic/utilities/tasks`.
package struct TaskWatch: Sendable {
    package enum Step: Sendable, Hashable {
        /// Ask for it again after this time.
        case poll(after: Duration)
        /// Answer what is new, send the answers with `tasks/update`, and ask again.
        case ask([InputRounds.Question])
        /// Sessions: ask for the result, during which the server asks what it wants to know.
        case fetch
        case finished(JSONObject)
        case failed(JSONRPCError)
        case invalid(String)
    }

    private static let firstPoll = Duration.milliseconds(20)
    private static let usualPoll = Duration.seconds(1)
    private static let longestPoll = Duration.seconds(60)

    package let id: String
    private let isOfSession: Bool
    /// Doubles up to the server's interval.
    private var ramp = Self.firstPoll
    private var interval = Self.usualPoll
    private var answered: Set<String> = []

    /// Nil when the result names no task.
    ///
    /// - Parameter created: the answer of a call; in a session its member `task`.
    package init?(_ created: JSONObject, isOfSession: Bool = false) {
        guard let id = created["taskId"]?.stringValue, !id.isEmpty else { return nil }
        self.id = id
        self.isOfSession = isOfSession
        read(created)
    }

    /// What to do about the task as it is now.
    package mutating func received(_ task: JSONObject) -> Step {
        read(task)
        switch task["status"]?.stringValue {
        case "working": return next
        case "input_required" where isOfSession, "completed" where isOfSession, "failed" where isOfSession:
            return .fetch
        case "input_required":
            let wanted = task["inputRequests"]?.objectValue ?? [:]
            var questions: [InputRounds.Question] = []
            for (key, value) in wanted where !answered.contains(key) {
                guard let method = value["method"]?.stringValue else { continue }
                let request = MCPInputRequest(method: method, params: value["params"]?.objectValue ?? [:])
                questions.append(InputRounds.Question(key: key, request: request))
            }
            guard !questions.isEmpty else { return next }
            answered.formUnion(questions.map(\.key))
            ramp = Self.firstPoll
            return .ask(questions)
        case "completed":
            guard case .object(let result)? = task["result"] else { return .invalid("the task ended without a result") }
            return .finished(result)
        case "failed": return .failed(JSONRPCError(task["error"] ?? .object([:])))
        case "cancelled": return .invalid("the server cancelled the task")
        case let status: return .invalid("the task has the unknown status \(status ?? "(none)")")
        }
    }

    /// The first look.
    package mutating func first() -> Step { next }

    private var next: Step {
        mutating get {
            defer { ramp = min(ramp * 2, interval) }
            return .poll(after: min(ramp, interval))
        }
    }

    private mutating func read(_ task: JSONObject) {
        let key = isOfSession ? "pollInterval" : "pollIntervalMs"
        guard let milliseconds = task[key]?.integerValue, milliseconds > 0 else { return }
        interval = min(.milliseconds(milliseconds), Self.longestPoll)
    }
}
