package import JSON

/// What a host answers to an operation, when it is no error.
package enum MCPOutcome: Sendable {
    case tools(MCPToolList, nextCursor: String? = nil)
    /// The members of the result, without those that only one era has.
    case complete(JSONObject, MCPCaching = .none)
    /// Somebody has to answer first; only for operations that may ask, and only what the client can answer.
    case inputRequired(MCPInputNeed)
    /// The work goes on by itself under an id; only for calls of clients that declare tasks or ask for one.
    case task(MCPTask)
}

/// How long a result may be kept, and by whom.
package struct MCPCaching: Sendable, Hashable {
    /// Milliseconds.
    package var timeToLive: Int64
    /// Whether all callers get the same.
    package var isPublic: Bool

    package init(timeToLive: Int64, isPublic: Bool) {
        self.timeToLive = max(0, timeToLive)
        self.isPublic = isPublic
    }

    package static let none = MCPCaching(timeToLive: 0, isPublic: false)

    func write(to result: inout JSONObject) {
        result["ttlMs"] = .integer(timeToLive)
        result["cacheScope"] = isPublic ? "public" : "private"
    }
}

/// Questions of a host, to be answered before it can go on with a call.
package struct MCPInputNeed: Sendable {
    /// By key; keys are unique within the need.
    package var requests: [(key: String, request: MCPInputRequest)]
    /// What the host needs to go on; comes back with the answers. Clients carry it sealed.
    package var state: JSONValue

    package init(_ requests: [(key: String, request: MCPInputRequest)], state: JSONValue) {
        self.requests = requests
        self.state = state
    }

    /// The member `inputRequests`.
    package var requestsObject: JSONObject {
        JSONObject(
            requests.map { ($0.key, ["method": .string($0.request.method), "params": .object($0.request.params)]) }
        )
    }
}

/// One question to a client's user, model or machine.
package struct MCPInputRequest: Sendable, Hashable {
    package var method: String
    package var params: JSONObject

    package init(method: String, params: JSONObject) {
        self.method = method
        self.params = params
    }

    /// A form for the user. `schema` is a flat object of primitive values.
    package static func form(_ message: String, schema: JSONObject) -> MCPInputRequest {
        MCPInputRequest(
            method: "elicitation/create",
            params: ["mode": "form", "message": .string(message), "requestedSchema": .object(schema)]
        )
    }

    /// Whether a client with these capabilities can answer it.
    package func isAnswerable(by capabilities: JSONObject) -> Bool {
        switch method {
        case "elicitation/create":
            guard let elicitation = capabilities["elicitation"]?.objectValue else { return false }
            let mode = params["mode"]?.stringValue ?? "form"
            // A client that names no mode has forms.
            return elicitation.hasKey(mode) || (mode == "form" && !elicitation.hasKey("url"))
        case "sampling/createMessage": return capabilities["sampling"]?.objectValue != nil
        case "roots/list": return capabilities["roots"]?.objectValue != nil
        default: return false
        }
    }

    /// The params as a client of this version understands them: the first clients with forms know no `mode`.
    package func params(for version: MCPVersion) -> JSONObject {
        guard version.era == .legacy, !version.isAtLeast(.newestLegacy) else { return params }
        var plain = params
        plain["mode"] = nil
        return plain
    }
}

/// What a client sends with a call that it makes again because it was asked.
package struct MCPInput: Sendable, Hashable {
    /// By the keys of the requests; may lack some, and have others.
    package var responses: JSONObject
    /// As the host gave it; nil when the client brought none.
    package var state: JSONValue?

    package init(responses: JSONObject, state: JSONValue?) {
        self.responses = responses
        self.state = state
    }

    package func elicitation(_ key: String) -> MCPElicitation? { MCPElicitation(responses[key]) }
}

/// A user's answer to a form.
package enum MCPElicitation: Sendable, Hashable {
    case accepted(JSONObject)
    case declined
    case cancelled

    /// Nil when the value is no such answer.
    package init?(_ value: JSONValue?) {
        switch value?["action"]?.stringValue {
        case "accept": self = .accepted(value?["content"]?.objectValue ?? [:])
        case "decline": self = .declined
        case "cancel": self = .cancelled
        default: return nil
        }
    }
}
