package import JSON
import Logging
package import MCPProtocol
import Synchronization

/// What can be asked of a server.
extension MCPClient {
    /// Items of one list that are taken; a server with more is at fault.
    package static let itemLimit = 50_000
    private static let attemptLimit = 3
    private static let levelPatience = Duration.seconds(5)

    /// All tools as raw objects. Over HTTP those are left out whose wishes for headers cannot be fulfilled.
    package func listTools(timeout: Duration = .seconds(30)) async throws(MCPClientError) -> [JSONObject] {
        try await toolPages(timeout: timeout).tools
    }

    /// The same, and how long the server says that the list is good; see `pages`.
    package func toolPages(
        timeout: Duration = .seconds(30)
    ) async throws(MCPClientError) -> (tools: [JSONObject], timeToLive: Duration) {
        let list = try await pages("tools/list", key: "tools", timeout: timeout)
        return (usable(list.items), list.timeToLive)
    }

    private func usable(_ tools: [JSONObject]) -> [JSONObject] {
        guard case .streamableHTTP = definition.endpoint, server.version.era == .modern else { return tools }
        var fields: [String: ParameterHeaders] = [:]
        let usable = tools.filter { tool in
            guard let name = tool["name"]?.stringValue, case .object(let schema)? = tool["inputSchema"] else {
                return true
            }
            do throws(ParameterHeaders.Invalid) {
                let wanted = try ParameterHeaders(validating: schema)
                if !wanted.isEmpty { fields[name] = wanted }
                return true
            } catch {
                logger.warning(
                    "a tool is left out",
                    metadata: ["server": "\(definition.name)", "tool": "\(name)", "reason": "\(error.reason)"]
                )
                return false
            }
        }
        state.withLock { $0.parameterFields = fields }
        return usable
    }

    /// The raw result of the tool, be it an error result.
    ///
    /// Cancelling the task tells the server and throws `.cancelled`.
    /// - Parameter asTask: whether the server of a session runs the tool as a task only; others decide by themselves.
    /// - Throws: `.remote` with the server's own message when it answers with a JSON-RPC error.
    package func callTool(
        _ name: String,
        arguments: JSONObject,
        meta: JSONObject? = nil,
        asTask: Bool = false,
        options: MCPCallOptions
    ) async throws(MCPClientError) -> JSONObject {
        var params: JSONObject = ["name": .string(name), "arguments": .object(arguments)]
        if let meta { params["_meta"] = .object(meta) }
        if asTask, hasSessionTasks {
            params["task"] = [:]
            let result = try await perform("tools/call", params, options)
            // One that is a result already is as good.
            guard let task = result["task"]?.objectValue else { return result }
            return try await follow(task, options, isOfSession: true)
        }
        do throws(MCPClientError) {
            return try await perform("tools/call", params, options)
        } catch {
            guard error.remoteError?.code == JSONRPCError.Codes.headerMismatch else { throw error }
        }
        // Its schema has changed since it was listed.
        _ = try await listTools()
        return try await perform("tools/call", params, options)
    }

    package func callTool(
        _ name: String,
        arguments: JSONObject,
        meta: JSONObject? = nil,
        timeout: Duration? = nil,
        onProgress: (@Sendable (MCPProgress) -> Void)? = nil
    ) async throws(MCPClientError) -> JSONObject {
        let options = MCPCallOptions(timeout: timeout, onProgress: onProgress)
        return try await callTool(name, arguments: arguments, meta: meta, options: options)
    }

    package func ping(timeout: Duration = .seconds(5)) async throws(MCPClientError) {
        let method = server.version.era == .modern ? "server/discover" : "ping"
        _ = try await perform(method, [:], MCPCallOptions(timeout: timeout))
    }

    /// The raw result of any other method.
    package func request(
        _ method: String,
        params: JSONObject = [:],
        options: MCPCallOptions = MCPCallOptions()
    ) async throws(MCPClientError) -> JSONObject {
        try await perform(method, params, options)
    }

    /// All pages of a list, e.g. `resources/list` with the key `resources`.
    package func list(
        _ method: String,
        key: String,
        timeout: Duration = .seconds(30)
    ) async throws(MCPClientError) -> [JSONObject] {
        try await pages(method, key: key, timeout: timeout).items
    }

    /// The items of all pages, and how long the server says that they are good: the least of what the pages say, zero
    /// where one does not; at most a day.
    package func pages(
        _ method: String,
        key: String,
        timeout: Duration = .seconds(30)
    ) async throws(MCPClientError) -> (items: [JSONObject], timeToLive: Duration) {
        var items: [JSONObject] = []
        var timeToLive = Self.longestTimeToLive
        var cursors: Set<String> = []
        var params: JSONObject = [:]
        for _ in 0..<Self.pageLimit {
            let page = try await perform(method, params, MCPCallOptions(timeout: timeout))
            guard case .array(let members)? = page[key] else {
                throw MCPClientError(.invalidResponse, "\(method) was answered without \(key)")
            }
            items += members.compactMap(\.objectValue)
            timeToLive = min(timeToLive, max(0, page["ttlMs"]?.integerValue ?? 0))
            guard items.count <= Self.itemLimit else {
                throw MCPClientError(.invalidResponse, "\(method) has more than \(Self.itemLimit) items")
            }
            guard let cursor = page["nextCursor"]?.stringValue else { return (items, .milliseconds(timeToLive)) }
            guard cursors.insert(cursor).inserted else {
                throw MCPClientError(.invalidResponse, "\(method) repeats the cursor \(cursor)")
            }
            params["cursor"] = .string(cursor)
        }
        throw MCPClientError(.invalidResponse, "\(method) has more than \(Self.pageLimit) pages")
    }

    // MARK: A request with what may come before its answer

    func perform(
        _ method: String,
        _ params: JSONObject,
        _ options: MCPCallOptions
    ) async throws(MCPClientError) -> JSONObject {
        var rounds = InputRounds(method: method, params: params)
        var next = params
        while true {
            let result = try await attempt(method, next, options)
            switch rounds.received(result) {
            case .finished(let members): return members
            case .wait(let duration):
                do { try await Task.sleep(for: duration) } catch {
                    throw MCPClientError(.cancelled, "the call was cancelled")
                }
                next = rounds.params(answers: [])
            case .ask(let questions): next = rounds.params(answers: try await answers(questions, options.input))
            case .task(let task): return try await follow(task, options)
            case .invalid(let text): throw MCPClientError(.invalidResponse, text)
            }
        }
    }

    func answers(
        _ questions: [InputRounds.Question],
        _ input: MCPInputHandler?
    ) async throws(MCPClientError) -> [(key: String, answer: JSONObject)] {
        for question in questions {
            guard let input, question.request.isAnswerable(by: input.capabilities) else {
                throw MCPClientError(.inputRequired, Self.nobody(question.request).message)
            }
        }
        guard let input else { return [] }
        switch await input.answerAll(questions.map(\.request)) {
        case .success(let answers) where answers.count == questions.count:
            if Task.isCancelled { throw MCPClientError(.cancelled, "the call was cancelled") }
            return zip(questions, answers).map { ($0.key, $1) }
        case .success: throw MCPClientError(.inputRequired, "not every question was answered")
        case .failure(let error):
            if Task.isCancelled { throw MCPClientError(.cancelled, "the call was cancelled") }
            throw MCPClientError(.inputRequired, error.message)
        }
    }

    /// One request; sent again where the server certainly has not worked on it.
    func attempt(
        _ method: String,
        _ params: JSONObject,
        _ options: MCPCallOptions
    ) async throws(MCPClientError) -> JSONObject {
        guard let transport else { throw MCPClientError(.closed, "not connected") }
        var refusal: MCPClientError?
        var hasRenewed = false
        for _ in 0..<Self.attemptLimit {
            try await transport.prepare(after: refusal)
            if method == "tools/call" { await transport.listening() }
            if options.onLog != nil { await wantMessages() }
            let (message, session) = state.withLock { state in
                (makeMessage(&state, method, params, options), state.sessions)
            }
            let error: MCPClientError
            switch await exchange(message, options) {
            case .success(let result): return result
            case .failure(let failure): error = failure
            }
            switch error.code {
            case .sessionLost where !hasRenewed:
                hasRenewed = true
                refusal = nil
                try await renewSession(after: session)
            case .authorizationRequired where refusal == nil, .forbidden where refusal == nil && isStepUp(error):
                refusal = error
            case .timedOut:
                throw MCPClientError(.timedOut, error.message.replacingPrefix("no answer", "no answer to \(method)"))
            default: throw error
            }
        }
        throw refusal ?? MCPClientError(.status, "\(method) was refused \(Self.attemptLimit) times")
    }

    /// Of the older revisions some servers say nothing until they know from which level on, where others say everything.
    private func wantMessages() async {
        let isNew = state.withLock { state in
            guard let facts = state.facts, facts.version.era == .legacy, facts.capabilities["logging"] != nil else {
                return false
            }
            defer { state.levelledSession = state.sessions }
            return state.levelledSession != state.sessions
        }
        guard isNew else { return }
        let options = MCPCallOptions(timeout: Self.levelPatience)
        // A server that refuses goes on as it did, and the call is what matters.
        _ = try? await request("logging/setLevel", params: ["level": "debug"], options: options)
    }

    /// Whether more rights would help.
    func isStepUp(_ error: MCPClientError) -> Bool {
        error.challenges.contains { $0.contains("insufficient_scope") }
    }

    /// Whether a server of the modern era may make a task of a call.
    var offersTasks: Bool { Self.offersTasks(state.withLock { $0.facts }) }

    private static func offersTasks(_ facts: MCPServerFacts?) -> Bool {
        facts?.capabilities["extensions"]?[MCPMetaKeys.tasksExtension] != nil
    }

    private func makeMessage(
        _ state: inout ClientState,
        _ method: String,
        _ params: JSONObject,
        _ options: MCPCallOptions
    ) -> ClientMessage {
        defer { state.nextID += 1 }
        var params = params
        if options.onLog != nil, state.dialect.version.era == .modern {
            var meta = params["_meta"]?.objectValue ?? [:]
            meta[MCPMetaKeys.logLevel] = "debug"
            params["_meta"] = .object(meta)
        }
        var capabilities = options.input?.capabilities ?? [:]
        if Self.offersTasks(state.facts), method == "tools/call" || method.hasPrefix("tasks/") {
            capabilities["extensions"] = [MCPMetaKeys.tasksExtension: [:]]
        }
        var fields: [HTTPField] = []
        if method == "tools/call", let name = params["name"]?.stringValue, let wanted = state.parameterFields[name] {
            fields = wanted.fields(params["arguments"]?.objectValue ?? [:])
        }
        return state.dialect.request(
            id: state.nextID,
            method: method,
            params: params,
            capabilities: capabilities,
            wantsProgress: options.onProgress != nil,
            fields: fields
        )
    }
}

extension MCPMetaKeys {
    static let logLevel = "io.modelcontextprotocol/logLevel"
    static let tasksExtension = "io.modelcontextprotocol/tasks"
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String, _ replacement: String) -> String {
        hasPrefix(prefix) ? replacement + dropFirst(prefix.count) : self
    }
}
