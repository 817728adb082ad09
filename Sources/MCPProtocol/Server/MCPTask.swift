package import JSON

/// A call that goes on by itself, as clients see it. Sources: MCP's extension `io.modelcontextprotocol/tasks`, and for
/// sessions MCP 2025-11-25, `basic/utilities/tasks`.
package struct MCPTask: Sendable, Hashable {
    package enum Status: Sendable, Hashable {
        case working
        /// The questions that wait for an answer.
        case inputRequired(JSONObject)
        /// The result of the call, as it would have been answered.
        case completed(JSONObject)
        case failed(JSONRPCError)
        case cancelled

        package var word: String {
            switch self {
            case .working: "working"
            case .inputRequired: "input_required"
            case .completed: "completed"
            case .failed: "failed"
            case .cancelled: "cancelled"
            }
        }

        package var isTerminal: Bool {
            switch self {
            case .working, .inputRequired: false
            case .completed, .failed, .cancelled: true
            }
        }

        /// In sessions a tool that reports an error has failed.
        var sessionWord: String {
            if case .completed(let result) = self, result["isError"] == true { return "failed" }
            return word
        }
    }

    package var id: String
    package var status: Status
    package var statusMessage: String?
    /// RFC 3339.
    package var createdAt: String
    /// RFC 3339.
    package var lastUpdatedAt: String
    /// Milliseconds for which it can be read, from its creation on; nil means for as long as its record is kept.
    package var timeToLive: Int64?
    /// Milliseconds.
    package var pollInterval: Int64

    package init(
        id: String,
        status: Status,
        statusMessage: String? = nil,
        createdAt: String,
        lastUpdatedAt: String,
        timeToLive: Int64? = nil,
        pollInterval: Int64 = 1000
    ) {
        self.id = id
        self.status = status
        self.statusMessage = statusMessage
        self.createdAt = createdAt
        self.lastUpdatedAt = lastUpdatedAt
        self.timeToLive = timeToLive
        self.pollInterval = pollInterval
    }

    /// The members that every description of a task has, and no others: the answer to the call that became a task.
    package var head: JSONObject {
        var head: JSONObject = ["taskId": .string(id), "status": .string(status.word)]
        if let statusMessage { head["statusMessage"] = .string(statusMessage) }
        head["createdAt"] = .string(createdAt)
        head["lastUpdatedAt"] = .string(lastUpdatedAt)
        head["ttlMs"] = timeToLive.map { .integer($0) } ?? .null
        head["pollIntervalMs"] = .integer(pollInterval)
        return head
    }

    /// With what has become of it: the result of `tasks/get` and the params of `notifications/tasks`.
    package var detail: JSONObject {
        var detail = head
        switch status {
        case .working, .cancelled: break
        case .inputRequired(let requests): detail["inputRequests"] = .object(requests)
        case .completed(var result):
            result["resultType"] = "complete"
            detail["result"] = .object(result)
        case .failed(let error): detail["error"] = error.json
        }
        return detail
    }

    /// The object `Task` of sessions.
    package var sessionForm: JSONObject {
        var form: JSONObject = ["taskId": .string(id), "status": .string(status.sessionWord)]
        if let statusMessage { form["statusMessage"] = .string(statusMessage) }
        form["createdAt"] = .string(createdAt)
        form["lastUpdatedAt"] = .string(lastUpdatedAt)
        form["ttl"] = timeToLive.map { .integer($0) } ?? .null
        form["pollInterval"] = .integer(pollInterval)
        return form
    }

    /// The member of `_meta` that says in sessions which task a message belongs to.
    package static func relation(to id: String, in meta: JSONValue?) -> JSONValue {
        var meta = meta?.objectValue ?? [:]
        meta[MCPMetaKeys.relatedTask] = ["taskId": .string(id)]
        return .object(meta)
    }

    /// The same without it; nil when nothing is left.
    package static func withoutRelation(_ meta: JSONValue?) -> JSONValue? {
        guard var rest = meta?.objectValue else { return nil }
        rest[MCPMetaKeys.relatedTask] = nil
        return rest.isEmpty ? nil : .object(rest)
    }
}
