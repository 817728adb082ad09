import JSON
import MCPProtocol
import Synchronization

/// Calls that a server turned into tasks.
extension MCPClient {
    /// Waits for a task's end as for an ordinary answer; its status messages are told as progress.
    func follow(_ created: JSONObject, _ options: MCPCallOptions) async throws(MCPClientError) -> JSONObject {
        guard var watch = TaskWatch(created) else {
            throw MCPClientError(.invalidResponse, "tools/call was answered with a task that has no id")
        }
        let deadline = options.timeout.map { ContinuousClock.now + $0 }
        do throws(MCPClientError) {
            return try await follow(&watch, options, until: deadline)
        } catch {
            if [.timedOut, .cancelled, .inputRequired].contains(error.code) { cancelTask(watch.id) }
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
            case .ask(let questions):
                let given = try await answers(questions, options.input)
                var params = name
                params["inputResponses"] = .object(JSONObject(given.map { ($0.key, .object($0.answer)) }))
                _ = try await attempt("tasks/update", params, asking)
            case .poll(let wait):
                if let deadline, .now + wait > deadline {
                    throw MCPClientError(.timedOut, "the task did not end within \(options.timeout ?? .zero)")
                }
                do { try await Task.sleep(for: wait) } catch {
                    throw MCPClientError(.cancelled, "the call was cancelled")
                }
            }
            let task = try await attempt("tasks/get", name, asking)
            if let message = task["statusMessage"]?.stringValue, message != lastMessage {
                lastMessage = message
                looks += 1
                options.onProgress?(MCPProgress(progress: looks, message: message))
            }
            step = watch.received(task)
        }
    }

    /// The work goes on at the server otherwise. Nobody waits for the answer.
    private func cancelTask(_ id: String) {
        let message = state.withLock { state in
            defer { state.nextID += 1 }
            return state.dialect.request(
                id: state.nextID,
                method: "tasks/cancel",
                params: ["taskId": .string(id)],
                capabilities: ["extensions": [MCPMetaKeys.tasksExtension: [:]]]
            )
        }
        transport?.send(message)
    }
}
