import JSON
import Logging
import MCPProtocol
import NIOCore
import Synchronization

// MARK: - Calls

extension MCPStdioClient {
    func perform(
        _ method: String,
        _ params: JSONObject,
        timeout: Duration?,
        onProgress: (@Sendable (MCPProgress) -> Void)?
    ) async throws(MCPClientError) -> JSONObject {
        let id = state.withLock { state in
            defer { state.nextID += 1 }
            return state.nextID
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                begin(id, method, params, timeout: timeout, onProgress: onProgress, continuation)
                // The handler below may have run before there was anything to cancel.
                if Task.isCancelled { cancel(id) }
            }
        } onCancel: {
            cancel(id)
        }
        let answer = try result.get()
        if let kind = answer["resultType"]?.stringValue, kind != "complete" {
            throw MCPClientError(.invalidResponse, "\(method) was answered with the result type \(kind)")
        }
        return answer
    }

    private func begin(
        _ id: Int64,
        _ method: String,
        _ params: JSONObject,
        timeout: Duration?,
        onProgress: (@Sendable (MCPProgress) -> Void)?,
        _ continuation: CheckedContinuation<Result<JSONObject, MCPClientError>, Never>
    ) {
        let timer = timeout.map { timeout in
            loop.scheduleTask(in: timeout.timeAmount) { [self] in
                abandon(id, MCPClientError(.timedOut, "no answer to \(method) within \(timeout)"))
            }
        }
        let (process, bytes, ending) = state.withLock { state -> (ChildProcess?, [UInt8], MCPClientError?) in
            if let ending = state.ending { return (nil, [], ending) }
            state.calls[id] = ClientState.Call(continuation: continuation, timer: timer, onProgress: onProgress)
            let bytes = state.dialect.request(
                id: id,
                method: method,
                params: params,
                wantsProgress: onProgress != nil
            )
            return (state.process, bytes, nil)
        }
        if let ending {
            timer?.cancel()
            continuation.resume(returning: .failure(ending))
        } else {
            process?.write(bytes)
        }
    }

    private func cancel(_ id: Int64) {
        abandon(id, MCPClientError(.cancelled, "the call was cancelled"))
    }

    /// Fails a call that is still open and tells the server.
    private func abandon(_ id: Int64, _ error: MCPClientError) {
        guard resume(id, .failure(error)) else { return }
        let (process, bytes) = state.withLock { state in
            (state.process, state.dialect.cancellation(of: id, reason: error.message))
        }
        process?.write(bytes)
    }

    @discardableResult
    private func resume(_ id: Int64, _ result: Result<JSONObject, MCPClientError>) -> Bool {
        guard let call = state.withLock({ $0.calls.removeValue(forKey: id) }) else { return false }
        call.timer?.cancel()
        call.continuation.resume(returning: result)
        return true
    }

    /// Fails everything that is open and everything to come.
    func fail(with error: MCPClientError) {
        let calls = state.withLock { state in
            state.ending = state.ending ?? error
            defer { state.calls = [:] }
            return state.calls
        }
        for call in calls.values {
            call.timer?.cancel()
            call.continuation.resume(returning: .failure(error))
        }
    }
}

// MARK: - What the process says

extension MCPStdioClient {
    func received(_ line: [UInt8]) {
        let message: JSONRPCMessage
        do throws(JSONRPCMessage.DecodingError) {
            message = try JSONRPCMessage(decoding: line)
        } catch {
            skip(line, because: error.error)
            return
        }
        switch message {
        case .response(let response): received(response)
        case .notification(let notification): received(notification)
        case .request(let request): state.withLock { $0.process }?.write(ClientDialect.answer(request))
        }
    }

    private func received(_ response: JSONRPCResponse) {
        let actions = state.withLock { state in
            state.facts == nil ? state.handshake.receive(response) : nil
        }
        if let actions {
            perform(actions)
        } else if case .integer(let id)? = response.id {
            resume(id, response.result.mapError { MCPClientError($0) })
        }
    }

    private func received(_ notification: JSONRPCNotification) {
        switch notification.method {
        case "notifications/progress":
            guard let id = notification.params["progressToken"]?.integerValue,
                let progress = MCPProgress(notification.params)
            else { return }
            state.withLock { $0.calls[id]?.onProgress }?(progress)
        case MCPListChange.tools.method: observer.onToolsChanged()
        case "notifications/message":
            logger.debug("message of a server", metadata: ["params": "\(notification.params.text())"])
        default: break
        }
    }

    private func skip(_ line: [UInt8], because error: JSONRPCError) {
        let quote = String(decoding: line.prefix(Self.quotedBytes), as: UTF8.self)
        let count = state.withLock { state in
            state.skippedLines += 1
            state.firstSkippedLine = state.firstSkippedLine ?? quote
            return state.skippedLines
        }
        logger.warning(
            "skipped a line on standard output that is no JSON-RPC",
            metadata: [
                "command": "\(definition.command)", "line": "\(quote)", "reason": "\(error.message)",
                "count": "\(count)",
            ]
        )
    }

    func receivedError(_ line: [UInt8]) {
        let text = String(decoding: line, as: UTF8.self)
        state.withLock { state in
            if state.standardError.count == Self.standardErrorLines { state.standardError.removeFirst() }
            state.standardError.append(text)
        }
        observer.onStandardError(text)
    }

    func outputEnded(isOverflow: Bool) {
        let process = state.withLock { $0.process }
        if isOverflow {
            fail(with: MCPClientError(.invalidResponse, "a line of \(definition.command) is longer than 64 MiB"))
        }
        // A server that can no longer answer is of no use, even if its process goes on.
        loop.scheduleTask(in: isOverflow ? .zero : .seconds(2)) { process?.endSoon() }
    }

    func processExited(_ exit: ProcessExit) {
        let (actions, error, wasReady) = state.withLock { state in
            let isStarting = state.facts == nil
            let error = MCPClientError(
                .exited,
                "\(definition.command) exited (\(exit))\(isStarting ? " during the handshake" : "")\(state.evidence)",
                exit: exit,
                standardError: state.standardError
            )
            return (isStarting ? state.handshake.processEnded() : [], error, !isStarting)
        }
        fail(with: error)
        if actions.isEmpty { finishStart(.failure(.error(error))) } else { perform(actions) }
        if wasReady { observer.onExit(exit, error.standardError) }
    }
}
