package import JSON
import MCPProtocol
import Synchronization

/// Calls that a server turned into tasks.
extension MCPClient {
    /// Whether a call of this server can be asked to become a task; elsewhere the server decides by itself.
    var hasSessionTasks: Bool {
        let facts = server
        return facts.version == .sessionTasks && facts.capabilities["tasks"]?["requests"]?["tools"]?["call"] != nil
    }

    /// Takes up a task again that this server was given before, and waits for its end.
    ///
    /// - Throws: `.taskLost` when the server does not know it, or knows no tasks.
    package func takeUp(_ task: String, options: MCPCallOptions) async throws(MCPClientError) -> JSONObject {
        let isOfSession = server.version.era == .legacy
        guard isOfSession ? hasSessionTasks : offersTasks else {
            throw MCPClientError(.taskLost, "\(definition.name) has no tasks any more")
        }
        return try await follow(["taskId": .string(task)], options, isOfSession: isOfSession)
    }

    /// Waits for a task's end as for an ordinary answer; its status messages are told as progress.
    func follow(
        _ created: JSONObject,
        _ options: MCPCallOptions,
        isOfSession: Bool = false
    ) async throws(MCPClientError) -> JSONObject {
        guard var watch = TaskWatch(created, isOfSession: isOfSession) else {
            throw MCPClientError(.invalidResponse, "tools/call was answered with a task that has no id")
        }
        options.onTask?(watch.id)
        let deadline = options.timeout.map { ContinuousClock.now + $0 }
        do throws(MCPClientError) {
            return try await follow(&watch, options, until: deadline)
        } catch {
            let isLeft = error.code == .cancelled && options.leavesTask?() == true
            if [.timedOut, .cancelled, .inputRequired].contains(error.code), !isLeft { cancelTask(watch.id) }
            throw error
        }
    }

    private func follow(
        _ watch: inout TaskWatch,
        _ options: MCPCallOptions,
        until deadline: ContinuousClock.Instant?
    ) async throws(MCPClientError) -> JSONObject {
        let name: JSONObject = ["taskId": .string(watch.id)]
        let asking = MCPCallOptions(timeout: .seconds(30), input: options.input)
        var step = watch.first()
        var lastMessage: String?
        var looks = 0.0
        while true {
            switch step {
            case .finished(let result): return result
            case .failed(let error): throw MCPClientError(error)
            case .invalid(let text): throw MCPClientError(.invalidResponse, text)
            case .fetch: return try await fetch(name, options, until: deadline)
            case .ask(let questions):
                let given = try await answers(questions, options.input)
                var params = name
                params["inputResponses"] = .object(JSONObject(given.map { ($0.key, .object($0.answer)) }))
                _ = try await attempt("tasks/update", params, asking)
            case .poll(let wait): try await pause(wait, options, until: deadline)
            }
            let task = try await look(name, asking)
            if let message = task["statusMessage"]?.stringValue, message != lastMessage {
                lastMessage = message
                looks += 1
                options.onProgress?(MCPProgress(progress: looks, message: message))
            }
            step = watch.received(task)
        }
    }

    private func pause(
        _ wait: Duration,
        _ options: MCPCallOptions,
        until deadline: ContinuousClock.Instant?
    ) async throws(MCPClientError) {
        if let deadline, .now + wait > deadline {
            throw MCPClientError(.timedOut, "the task did not end within \(options.timeout ?? .zero)")
        }
        do { try await Task.sleep(for: wait) } catch {
            throw MCPClientError(.cancelled, "the call was cancelled")
        }
    }

    private func look(_ name: JSONObject, _ options: MCPCallOptions) async throws(MCPClientError) -> JSONObject {
        do throws(MCPClientError) {
            return try await attempt("tasks/get", name, options)
        } catch {
            guard error.code == .remote else { throw error }
            // What became of a task comes as its status.
            throw MCPClientError(.taskLost, "the server says nothing about its task: \(error.message)")
        }
    }

    /// What the call would have been answered, in a session. The server asks meanwhile what it wants to know.
    private func fetch(
        _ name: JSONObject,
        _ options: MCPCallOptions,
        until deadline: ContinuousClock.Instant?
    ) async throws(MCPClientError) -> JSONObject {
        var waiting = MCPCallOptions(onLog: options.onLog, input: options.input)
        waiting.timeout = deadline.map { max(.milliseconds(1), $0 - .now) }
        var result = try await attempt("tasks/result", name, waiting)
        if result["content"] == nil, let failure = try await failure(name) { return failure }
        result["_meta"] = MCPTask.withoutRelation(result["_meta"])
        return result
    }

    /// Some servers know that a task has failed, and have no result of it.
    private func failure(_ name: JSONObject) async throws(MCPClientError) -> JSONObject? {
        let task = try await look(name, MCPCallOptions(timeout: .seconds(30)))
        guard task["status"] == "failed" || task["status"] == "cancelled" else { return nil }
        let text = task["statusMessage"]?.stringValue ?? "the task has \(task["status"]?.stringValue ?? "ended")"
        return ["content": [["type": "text", "text": .string(text)]], "isError": true]
    }

    /// How long the end of a connection waits for the server's word that it has heard of a cancelled task.
    private static let farewellPatience = Duration.seconds(1)

    /// The work goes on at the server otherwise. Nobody waits for the answer but the end of the connection.
    private func cancelTask(_ id: String) {
        state.withLock { state in
            let number = state.nextID
            state.nextID += 1
            let message = state.dialect.request(
                id: number,
                method: "tasks/cancel",
                params: ["taskId": .string(id)],
                capabilities: ["extensions": [MCPMetaKeys.tasksExtension: [:]]]
            )
            state.farewells[number] = Task {
                _ = await self.exchange(message, MCPCallOptions(timeout: Self.farewellPatience))
                self.state.withLock { $0.farewells[number] = nil }
            }
        }
    }
}
