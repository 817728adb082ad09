package import JSON
package import MCPProtocol

/// What a connection to a server knows.
struct ClientState: Sendable {
    /// What happens to a call that is open.
    enum CallEvent: Sendable {
        case ended(Result<JSONObject, MCPClientError>)
        /// The server wants something before it goes on.
        case request(JSONRPCRequest)
    }

    /// A request that has not been answered yet.
    struct Call: Sendable {
        /// Events that nobody has taken yet; bounded, as servers ask one thing after the other.
        var events: [CallEvent] = []
        var waiter: CheckedContinuation<CallEvent?, Never>?
        var options: MCPCallOptions
        let begun = ContinuousClock.now
        var lastSign = ContinuousClock.now
        /// Whether the server waits for an answer of ours, and is silent therefore.
        var isAsking = false
        /// Of a handshake: nothing is sent when it is given up.
        var isHandshake: Bool
    }

    static let waitingEventLimit = 16

    /// Nil until the handshake is done.
    var facts: MCPServerFacts?
    var dialect: ClientDialect
    var nextID: Int64 = 1
    var calls: [Int64: Call] = [:]
    /// When it is looked next whether calls have waited too long; nil when nothing is planned.
    var nextLook: ContinuousClock.Instant?
    /// Set when nothing can be called any more.
    var ending: MCPClientError?
    /// Counts handshakes.
    var sessions = 0
    var standardError: [String] = []
    var skippedLines = 0
    /// The first line that was no JSON-RPC, cut.
    var firstSkippedLine: String?
    /// Ids of our `subscriptions/listen`.
    var listens: Set<Int64> = []
    /// Requests that the end of the connection waits for.
    var farewells: [Int64: Task<Void, Never>] = [:]
    /// Resources whose updates are wanted.
    var watched: Set<String> = []
    /// Those of them of which nothing has been heard since they are wanted.
    var unheard: Set<String> = []
    /// The session whose server knows that its messages are wanted, by number.
    var levelledSession = 0
    /// Of the tools that want arguments as headers, by tool.
    var parameterFields: [String: ParameterHeaders] = [:]

    init(_ definition: MCPClient.Definition) {
        dialect = ClientDialect(version: .newestLegacy, clientInfo: definition.clientInfo)
    }

    /// Added to what is said about a failed handshake.
    var evidence: String {
        var text = ""
        if let firstSkippedLine { text += "; its first output is not JSON-RPC: \(firstSkippedLine)" }
        if let last = standardError.last { text += "; last line on stderr: \(last)" }
        return text
    }
}

/// What goes with one request.
package struct MCPCallOptions: Sendable {
    /// From the start to the answer, whatever happens between; nil for none.
    package var timeout: Duration?
    /// Longest silence: each progress notification begins it anew; nil for none.
    package var idleTimeout: Duration?
    package var onProgress: (@Sendable (MCPProgress) -> Void)?
    /// Takes the params of `notifications/message` that belong to this request.
    package var onLog: (@Sendable (JSONObject) -> Void)?
    /// Answers what the server asks meanwhile.
    package var input: MCPInputHandler?
    /// Takes the id of the task that the call has become.
    package var onTask: (@Sendable (String) -> Void)?
    /// Whether the task of a call that is cancelled goes on nevertheless, for somebody who comes later.
    package var leavesTask: (@Sendable () -> Bool)?

    package init(
        timeout: Duration? = nil,
        idleTimeout: Duration? = nil,
        onProgress: (@Sendable (MCPProgress) -> Void)? = nil,
        onLog: (@Sendable (JSONObject) -> Void)? = nil,
        input: MCPInputHandler? = nil
    ) {
        self.timeout = timeout
        self.idleTimeout = idleTimeout
        self.onProgress = onProgress
        self.onLog = onLog
        self.input = input
    }
}

/// Somebody who can answer what a server asks.
package struct MCPInputHandler: Sendable {
    /// MCP's ClientCapabilities: what can be asked.
    package var capabilities: JSONObject
    /// Gives the answers in the order of the questions, which were asked together.
    package var answerAll: @Sendable ([MCPInputRequest]) async -> Result<[JSONObject], JSONRPCError>

    package init(
        capabilities: JSONObject,
        answerAll: @escaping @Sendable ([MCPInputRequest]) async -> Result<[JSONObject], JSONRPCError>
    ) {
        self.capabilities = capabilities
        self.answerAll = answerAll
    }

    /// Answers one question after the other.
    package init(
        capabilities: JSONObject,
        answer: @escaping @Sendable (MCPInputRequest) async -> Result<JSONObject, JSONRPCError>
    ) {
        self.init(
            capabilities: capabilities,
            answerAll: { requests in
                var answers: [JSONObject] = []
                for request in requests {
                    switch await answer(request) {
                    case .success(let one): answers.append(one)
                    case .failure(let error): return .failure(error)
                    }
                }
                return .success(answers)
            }
        )
    }
}
