import JSON
import Logging
import MCPProtocol
import NIOCore
import Synchronization

/// One request and its answer.
extension MCPClient {
    /// Sends a request and waits for its answer; what the server asks meanwhile is answered by the options' handler.
    ///
    /// Cancelling the task tells the server and gives `.cancelled`.
    func exchange(
        _ message: ClientMessage,
        _ options: MCPCallOptions,
        isHandshake: Bool = false
    ) async -> Result<JSONObject, MCPClientError> {
        guard let id = message.id else { preconditionFailure("a request has an id") }
        return await withTaskCancellationHandler {
            begin(id, message, options, isHandshake: isHandshake)
            while true {
                switch await nextEvent(id) {
                case .ended(let result)?: return result
                case .request(let request)?: await answer(request, id, options.input)
                // The end of the call is on its way.
                case nil: cancel(id)
                }
            }
        } onCancel: {
            cancel(id)
        }
    }

    private func begin(_ id: Int64, _ message: ClientMessage, _ options: MCPCallOptions, isHandshake: Bool) {
        let call = ClientState.Call(options: options, isHandshake: isHandshake)
        let ending = state.withLock { state in
            var call = call
            if let ending = state.ending { call.events = [.ended(.failure(ending))] }
            state.calls[id] = call
            return state.ending
        }
        guard ending == nil else { return }
        if let due = call.due { planLook(before: due) }
        transport?.send(message)
        // The handler of the cancellation may have run before there was anything to cancel.
        if Task.isCancelled { cancel(id) }
    }

    private func cancel(_ id: Int64) { abandon(id, MCPClientError(.cancelled, "the call was cancelled")) }

    /// Fails a call that is still open and tells the server.
    func abandon(_ id: Int64, _ error: MCPClientError) {
        let isHandshake = state.withLock { $0.calls[id]?.isHandshake ?? true }
        guard resume(id, .failure(error)), let transport else { return }
        let tells = !isHandshake && !transport.abandoningCancels
        transport.abandon(id)
        if tells { transport.send(state.withLock { $0.dialect.cancellation(of: id, reason: error.message) }) }
    }

    /// Ends a call; false when it is not open.
    @discardableResult
    func resume(_ id: Int64, _ result: Result<JSONObject, MCPClientError>) -> Bool {
        put(id, .ended(result))
    }

    /// Hands an event to a call; false when it is not open, or has too many waiting.
    func put(_ id: Int64, _ event: ClientState.CallEvent) -> Bool {
        let (isOpen, waiter) = state.withLock { state -> (Bool, CheckedContinuation<ClientState.CallEvent?, Never>?) in
            guard var call = state.calls[id] else { return (false, nil) }
            if case .ended? = call.events.last { return (false, nil) }
            let isEnd = if case .ended = event { true } else { false }
            guard isEnd || call.events.count < ClientState.waitingEventLimit else { return (false, nil) }
            let waiter = call.waiter
            call.waiter = nil
            if waiter == nil { call.events.append(event) }
            state.calls[id] = isEnd && waiter != nil ? nil : call
            return (true, waiter)
        }
        waiter?.resume(returning: event)
        return isOpen
    }

    private enum Waiting {
        case event(ClientState.CallEvent?)
        case later
    }

    /// The next event of a call; nil when the task was cancelled before there was one.
    private func nextEvent(_ id: Int64) async -> ClientState.CallEvent? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiting = state.withLock { state -> Waiting in
                    guard var call = state.calls[id] else {
                        return .event(.ended(.failure(MCPClientError(.cancelled, "the call was cancelled"))))
                    }
                    if !call.events.isEmpty {
                        let event = call.events.removeFirst()
                        if case .ended = event { state.calls[id] = nil } else { state.calls[id] = call }
                        return .event(event)
                    }
                    if Task.isCancelled { return .event(nil) }
                    call.waiter = continuation
                    state.calls[id] = call
                    return .later
                }
                if case .event(let event) = waiting { continuation.resume(returning: event) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                defer { state.calls[id]?.waiter = nil }
                return state.calls[id]?.waiter
            }
            waiter?.resume(returning: nil)
        }
    }

    // MARK: Requests of the server

    private enum Outcome: Sendable {
        case answer(Result<JSONObject, JSONRPCError>)
        case event(ClientState.CallEvent?)
    }

    /// Lets somebody answer, for as long as the call is open.
    private func answer(_ request: JSONRPCRequest, _ id: Int64, _ input: MCPInputHandler?) async {
        let task = request.params["_meta"]?[MCPMetaKeys.relatedTask]?["taskId"]?.stringValue
        var params = request.params
        // Whose task it belongs to is between the server and us.
        if task != nil { params["_meta"] = MCPTask.withoutRelation(params["_meta"]) }
        let asked = MCPInputRequest(method: request.method, params: params)
        guard let input, asked.isAnswerable(by: input.capabilities) else {
            transport?.send(state.withLock { $0.dialect.answer(request.id, .failure(Self.nobody(asked))) })
            return
        }
        setAsking(id, true)
        let result = await withTaskGroup(of: Outcome.self) { group -> Result<JSONObject, JSONRPCError>? in
            group.addTask { .answer(await input.answerAll([asked]).map { $0.first ?? [:] }) }
            group.addTask { .event(await self.nextEvent(id)) }
            var answer: Result<JSONObject, JSONRPCError>?
            while let outcome = await group.next() {
                switch outcome {
                case .answer(let result):
                    answer = result
                    group.cancelAll()
                // What came while somebody was thinking is looked at afterwards.
                case .event(let event?):
                    putBack(id, event)
                    if case .ended = event { group.cancelAll() }
                case .event(nil): break
                }
            }
            return answer
        }
        setAsking(id, false)
        guard let result, state.withLock({ $0.calls[id] != nil }) else { return }
        let told = result.map { answer in
            var answer = answer
            if let task { answer["_meta"] = MCPTask.relation(to: task, in: answer["_meta"]) }
            return answer
        }
        transport?.send(state.withLock { $0.dialect.answer(request.id, told) })
    }

    private func setAsking(_ id: Int64, _ isAsking: Bool) {
        state.withLock { state in
            state.calls[id]?.isAsking = isAsking
            state.calls[id]?.lastSign = .now
        }
    }

    private func putBack(_ id: Int64, _ event: ClientState.CallEvent) {
        state.withLock { state in
            if state.calls[id] == nil, case .ended(let result) = event {
                var call = ClientState.Call(options: MCPCallOptions(), isHandshake: true)
                call.events = [.ended(result)]
                state.calls[id] = call
            } else {
                state.calls[id]?.events.insert(event, at: 0)
            }
        }
    }

    static func nobody(_ request: MCPInputRequest) -> JSONRPCError {
        let text = "\(request.method): whoever called this tool cannot be asked"
        guard let message = request.params["message"]?.stringValue else { return .internalError(text) }
        return .internalError("\(text): \(message.prefix(200))")
    }

    /// Fails everything that is open and everything to come. True when it is the first time.
    @discardableResult
    func fail(with error: MCPClientError) -> Bool {
        let (ids, isFirst) = state.withLock { state in
            let isFirst = state.ending == nil
            state.ending = state.ending ?? error
            state.listens = []
            return (Array(state.calls.keys), isFirst)
        }
        for id in ids { resume(id, .failure(error)) }
        return isFirst
    }
}
