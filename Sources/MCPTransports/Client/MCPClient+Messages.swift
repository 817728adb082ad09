import JSON
import Logging
import MCPProtocol
import Synchronization

/// What the server says.
extension MCPClient {
    /// - Parameter id: the request in whose answer the bytes came, where the transport knows that.
    func received(_ bytes: [UInt8], of id: Int64?) -> Bool {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes)
        } catch {
            skip(bytes, because: .parseError(error.description))
            // Somebody waits for exactly this. On standard streams only the message itself says who.
            if let waiting = id ?? UnreadableAnswer.id(bytes) {
                failed(waiting, MCPClientError(.invalidResponse, "the answer is no JSON: \(error.description)"))
            }
            return id != nil
        }
        // Only the revision 2025-03-26 has batches, and there any server may send them.
        guard case .array(let members) = value else { return received(value, bytes, of: id) }
        return members.reduce(false) { isAnswer, member in received(member, bytes, of: id) || isAnswer }
    }

    private func received(_ value: JSONValue, _ bytes: [UInt8], of id: Int64?) -> Bool {
        let message: JSONRPCMessage
        do throws(JSONRPCMessage.DecodingError) {
            message = try JSONRPCMessage(value)
        } catch {
            skip(bytes, because: error.error)
            // Somebody waits for this, although it is no answer that can be used.
            guard value["method"] == nil, case .integer(let answered)? = error.id else { return false }
            failed(answered, MCPClientError(.invalidResponse, "the answer is invalid: \(error.error.message)"))
            return answered == id
        }
        switch message {
        case .response(let response): return received(response, of: id)
        case .notification(let notification): received(notification, of: id)
        case .request(let request): received(request, of: id)
        }
        return false
    }

    private func received(_ response: JSONRPCResponse, of exchange: Int64?) -> Bool {
        let id: Int64
        switch response.id {
        case .integer(let number)?: id = number
        // The server could not read what it answers; that has a place of its own, or is the handshake.
        case nil:
            guard let only = exchange ?? state.withLock({ $0.calls.count == 1 ? $0.calls.first?.key : nil }) else {
                return false
            }
            id = only
        default: return false
        }
        let result = response.result.mapError { MCPClientError($0) }
        if state.withLock({ $0.listens.contains(id) }) {
            listenEnded(id, result)
            return id == exchange
        }
        return resume(id, result) && id == exchange
    }

    /// There will be no answer to a request.
    func failed(_ id: Int64, _ error: MCPClientError) {
        if state.withLock({ $0.listens.contains(id) }) {
            listenEnded(id, .failure(error))
        } else {
            resume(id, .failure(error))
        }
    }

    private func received(_ notification: JSONRPCNotification, of id: Int64?) {
        if let tag = notification.params["_meta"]?[MCPMetaKeys.subscriptionID] {
            guard let listen = tag.integerValue, state.withLock({ $0.listens.contains(listen) }) else { return }
        }
        switch notification.method {
        case "notifications/progress":
            guard let token = notification.params["progressToken"]?.integerValue,
                let progress = MCPProgress(notification.params)
            else { return }
            let onProgress = state.withLock { state in
                state.calls[token]?.lastSign = .now
                return state.calls[token]?.options.onProgress
            }
            onProgress?(progress)
        case "notifications/message":
            observer.onLog(notification.params)
            callOf(id)?.options.onLog?(notification.params)
        case "notifications/resources/updated":
            guard let uri = notification.params["uri"]?.stringValue else { return }
            state.withLock { _ = $0.unheard.remove(uri) }
            observer.onResourceUpdated(uri)
        case "notifications/subscriptions/acknowledged":
            let uris = notification.params["notifications"]?["resourceSubscriptions"]?.arrayValue ?? []
            toldFromNowOn(Set(uris.compactMap(\.stringValue)))
        default:
            if let change = MCPListChange.allCases.first(where: { $0.method == notification.method }) {
                observer.onListChanged(change)
            }
        }
    }

    /// The call to which something without an id belongs: the one in whose answer it came, or the only one.
    private func callOf(_ id: Int64?) -> ClientState.Call? {
        state.withLock { state in
            if let id { return state.calls[id] }
            return state.calls.count == 1 ? state.calls.first?.value : nil
        }
    }

    private func received(_ request: JSONRPCRequest, of id: Int64?) {
        guard request.method != "ping" else {
            transport?.send(state.withLock { $0.dialect.answer(request.id, .success([:])) })
            return
        }
        let asked = MCPInputRequest(method: request.method, params: request.params)
        // Where a server says nothing about the call that it asks for, it has to be the only one that can be asked.
        let target = state.withLock { state -> Int64? in
            if let id, state.calls[id]?.options.input != nil { return id }
            let askable = state.calls.filter { $0.value.options.input != nil && !$0.value.isHandshake }
            return askable.count == 1 ? askable.first?.key : nil
        }
        if let target, put(target, .request(request)) { return }
        let isDeclared = asked.isAnswerable(by: definition.capabilities)
        let refusal = isDeclared ? Self.nobody(asked) : .methodNotFound(request.method)
        transport?.send(state.withLock { $0.dialect.answer(request.id, .failure(refusal)) })
    }

    private func skip(_ bytes: [UInt8], because error: JSONRPCError) {
        let quote = String(decoding: bytes.prefix(Self.quotedBytes), as: UTF8.self)
        let count = state.withLock { state in
            state.skippedLines += 1
            state.firstSkippedLine = state.firstSkippedLine ?? quote
            return state.skippedLines
        }
        // One that prints garbage all the time shall not fill the log.
        guard count.nonzeroBitCount == 1 else { return }
        logger.warning(
            "skipped a message that is no JSON-RPC",
            metadata: [
                "server": "\(definition.name)", "message": "\(quote)", "reason": "\(error.message)",
                "count": "\(count)",
            ]
        )
    }

    func receivedError(_ text: String) {
        state.withLock { state in
            if state.standardError.count == Self.standardErrorLines { state.standardError.removeFirst() }
            state.standardError.append(text)
        }
        observer.onStandardError(text)
    }

    /// The transport is gone.
    func ended(_ error: MCPClientError, _ exit: ProcessExit?) {
        let (complete, wasReady) = state.withLock { state in
            let isStarting = state.facts == nil
            var complete = error
            complete.standardError = state.standardError
            if exit != nil { complete.message += (isStarting ? " during the handshake" : "") + state.evidence }
            return (complete, !isStarting)
        }
        let isFirst = fail(with: complete)
        guard wasReady else { return }
        if let exit { observer.onExit(exit, complete.standardError) }
        if isFirst { observer.onEnd(complete) }
    }
}
