import Engine
package import JSON
package import MCPProtocol
package import MCPTransports
import Storage
import ToolCatalog
import WorkflowModel

/// Tasks as sessions of 2025-11-25 use them: they wait for results, have lists, and are told what a cancelled task is.
/// Source: MCP 2025-11-25, `basic/utilities/tasks`.
extension ExecutionTasks {
    /// Tasks of one page of `tasks/list`.
    package static let pageSize = 100

    // MARK: - Begin

    /// The task that a call becomes.
    ///
    /// - Throws: when nothing was begun.
    package func begin(
        tool: String,
        _ arguments: JSONObject,
        _ request: MCPRequestContext
    ) async throws(JSONRPCError) -> MCPTask {
        let started: Start
        do throws(ToolCallError) {
            started = try await start(tool: tool, arguments, askableBy: request.inputCapabilities)
        } catch {
            throw error.code == .notFound ? .invalidParams(error.message) : .internalError(error.message)
        }
        switch started {
        case .task(let task): return task
        case .ended(let result):
            // Arguments that are wrong are in the history, too, and what has ended before with the same key.
            let recorded = result.json["structuredContent"]?["execution_id"]?.stringValue
            if let recorded, let task = await task(recorded) { return task }
            throw .invalidParams("no task was begun: \(result.errorText)")
        }
    }

    // MARK: - The end

    private enum Sign: Sendable {
        case unknown
        case ended(ToolResult)
        case asks(key: String, MCPInputRequest)
    }

    /// What the call would have been answered, when the task has ended. Until then its questions go to who waits; one that
    /// is not answered is not asked again.
    package func result(of id: String, _ request: MCPRequestContext) async throws(JSONRPCError) -> JSONObject {
        var asked: Set<String> = []
        while true {
            let known = asked
            let sign = await news(of: id) { await self.sign(id, request, asked: known) }
            switch sign {
            case nil: throw .internalError("the request was cancelled")
            case .unknown?: throw .unknownTask(id)
            case .ended(let result)?:
                var members = result.json
                members["_meta"] = MCPTask.relation(to: id, in: members["_meta"])
                return members
            case .asks(let key, let question)?:
                asked.insert(key)
                guard let answer = await answer(to: question, key, of: id, request) else { continue }
                var responses = JSONObject()
                responses[key] = .object(answer)
                _ = await update(id, responses)
            }
        }
    }

    private func sign(_ id: String, _ request: MCPRequestContext, asked: Set<String>) async -> Sign? {
        // What cannot be read now is as good as unknown; the store's own log has the reason.
        guard let journal = try? await store.journal(of: ExecutionID(id)), !journal.isEmpty else { return .unknown }
        if let end = ExecutionState(entries: journal).end { return .ended(Self.result(of: end)) }
        guard request.ask != nil, case .inputRequired(let requests) = task(id, at: journal).status else { return nil }
        for (key, value) in requests where !asked.contains(key) {
            guard let method = value["method"]?.stringValue else { continue }
            let question = MCPInputRequest(method: method, params: value["params"]?.objectValue ?? [:])
            if request.canAsk(question) { return .asks(key: key, question) }
        }
        return nil
    }

    /// Nil when the question has been answered some other way meanwhile, or cannot be any more.
    private func answer(
        to question: MCPInputRequest,
        _ key: String,
        of id: String,
        _ request: MCPRequestContext
    ) async -> JSONObject? {
        guard let ask = request.ask else { return nil }
        var related = question
        related.params["_meta"] = MCPTask.relation(to: id, in: question.params["_meta"])
        return await withTaskGroup(of: JSONObject?.self) { [related] group in
            group.addTask {
                guard case .success(let answers) = await ask([related]), !Task.isCancelled else { return nil }
                guard var answer = answers.first else { return nil }
                answer["_meta"] = MCPTask.withoutRelation(answer["_meta"])
                return answer
            }
            group.addTask {
                await self.news(of: id) { await self.isOpen(key, of: id) ? nil : () }
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    private func isOpen(_ key: String, of id: String) async -> Bool {
        guard case .inputRequired(let requests)? = await task(id)?.status else { return false }
        return requests.hasKey(key)
    }

    /// The first value that `look` gives, which is asked now and whenever something may have changed about an execution; nil
    /// when the surrounding task is cancelled.
    @discardableResult
    private func news<Value: Sendable>(of id: String, _ look: @Sendable () async -> Value?) async -> Value? {
        let (signs, feed) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let observer = engine.observe { if $0.execution.text == id { feed.yield() } }
        let listener = onQuestions { if $0.text == id { feed.yield() } }
        defer {
            engine.stopObserving(observer)
            stopListening(listener)
        }
        return await withTaskGroup(of: Void.self) { group in
            // Nobody tells of executions elsewhere, and of what was on its way to the disk before somebody watched.
            group.addTask {
                while !Task.isCancelled {
                    feed.yield()
                    // Cancelled when nobody waits any more.
                    do { try await Task.sleep(for: .seconds(1)) } catch { return }
                }
            }
            defer { group.cancelAll() }
            for await _ in signs {
                if let value = await look() { return value }
            }
            return nil
        }
    }

    // MARK: - Cancel

    /// Stops a task and returns it when it is cancelled.
    package func cancelled(_ id: String) async throws(JSONRPCError) -> MCPTask {
        guard let task = await task(id) else { throw .unknownTask(id) }
        if task.status.isTerminal { throw Self.tooLate(task) }
        let isStopped = await stop(ExecutionID(id))
        let end = await news(of: id) { () -> MCPTask? in
            guard let task = await self.task(id) else { return nil }
            return task.status.isTerminal || !isStopped ? task : nil
        }
        guard let end else { throw .internalError("the request was cancelled") }
        switch end.status {
        case .cancelled: return end
        case .completed, .failed: throw Self.tooLate(end)
        case .working, .inputRequired:
            throw .internalError("task \(id) is executed by another muster: cancel it there")
        }
    }

    private static func tooLate(_ task: MCPTask) -> JSONRPCError {
        .invalidParams("Cannot cancel task \(task.id): it has ended (\(task.sessionForm["status"]?.stringValue ?? ""))")
    }

    // MARK: - List

    /// One page of the answer to `tasks/list`: every execution of the history is a task, the newest first.
    package func page(after cursor: String?) async throws(JSONRPCError) -> JSONObject {
        var query = ExecutionQuery(limit: Self.pageSize + 1)
        if let cursor {
            let last = ExecutionID(try PageCursor(cursor).key)
            // A history that cannot be read has no cursors either.
            guard (try? await store.summary(of: last)) != nil else { throw PageCursor.unknown }
            query.after = last
        }
        let found: ExecutionPage
        do throws(StoreError) { found = try await store.executions(matching: query) } catch {
            throw .internalError("the history cannot be read: \(error.message)")
        }
        let shown = found.executions.prefix(Self.pageSize)
        var tasks: [JSONValue] = []
        for summary in shown { tasks.append(.object(await task(summary).sessionForm)) }
        var page: JSONObject = ["tasks": .array(tasks)]
        if found.executions.count > shown.count, let last = shown.last {
            page["nextCursor"] = .string(PageCursor(after: last.id.text).text)
        }
        return page
    }

    /// What has ended is told from its summary, so that a page does not read a hundred journals.
    private func task(_ summary: ExecutionSummary) async -> MCPTask {
        let status: MCPTask.Status
        switch summary.status {
        case .inProgress:
            if let task = await task(summary.id.text) { return task }
            status = .working
        case .completed: status = .completed([:])
        case .failed: status = .completed(["isError": true])
        case .cancelled: status = .cancelled
        }
        return MCPTask(
            id: summary.id.text,
            status: status,
            statusMessage: summary.error ?? summary.status.rawValue,
            createdAt: summary.startedAt.rfc3339,
            lastUpdatedAt: (summary.endedAt ?? summary.startedAt).rfc3339
        )
    }
}
