package import JSON

/// A request that the server may answer with requests for input, several times. Source: MCP 2026-07-28,
/// `basic/patterns/mrtr`.
package struct InputRounds: Sendable {
    package enum Step: Hashable, Sendable {
        case finished(JSONObject)
        /// Answer all of them by key, then send again with ``params(answers:)``.
        case ask([Question])
        /// The server only wants the request repeated, after a while.
        case wait(Duration)
        case task(JSONObject)
        case invalid(String)
    }

    /// A request for input and the key under which its answer goes.
    package struct Question: Hashable, Sendable {
        package var key: String
        package var request: MCPInputRequest
    }

    package static let roundLimit = 10
    private static let firstWait = Duration.milliseconds(50)
    private static let longestWait = Duration.milliseconds(250)
    private static let askingMethods: Set<String> = ["tools/call", "prompts/get", "resources/read"]

    private let method: String
    private let params: JSONObject
    private var rounds = 0
    private var wait = Self.firstWait
    private var state: JSONValue?

    /// - Parameter params: those of the first request, without envelope.
    package init(method: String, params: JSONObject) {
        self.method = method
        self.params = params
    }

    package mutating func received(_ result: JSONObject) -> Step {
        guard let kind = result["resultType"] else { return .finished(result) }
        switch kind.stringValue {
        case "complete"?: return .finished(result)
        case "task"? where method == "tools/call": return .task(result)
        case "input_required"? where Self.askingMethods.contains(method): return asked(result)
        default: return .invalid("\(method) was answered with the result type \(kind.stringValue ?? kind.text())")
        }
    }

    /// The params of the next request. Nothing of them belongs into any other request.
    package func params(answers: [(key: String, answer: JSONObject)]) -> JSONObject {
        var params = params
        if !answers.isEmpty { params["inputResponses"] = .object(JSONObject(answers.map { ($0, .object($1)) })) }
        params["requestState"] = state
        return params
    }

    private mutating func asked(_ result: JSONObject) -> Step {
        rounds += 1
        guard rounds <= Self.roundLimit else {
            return .invalid("\(method) asked for input more than \(Self.roundLimit) times")
        }
        state = result["requestState"]
        if let state, state.stringValue == nil { return .invalid("\(method) gave a requestState that is no text") }
        guard case .object(let wanted)? = result["inputRequests"], !wanted.isEmpty else {
            guard state != nil else { return .invalid("\(method) asked for input without saying for which") }
            defer { wait = min(wait * 2, Self.longestWait) }
            return .wait(wait)
        }
        var questions: [Question] = []
        for (key, value) in wanted {
            guard let asked = value["method"]?.stringValue else {
                return .invalid("the input request '\(key)' has no method")
            }
            let request = MCPInputRequest(method: asked, params: value["params"]?.objectValue ?? [:])
            questions.append(Question(key: key, request: request))
        }
        return .ask(questions)
    }
}
