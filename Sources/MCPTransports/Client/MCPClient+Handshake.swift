import JSON
import Logging
import MCPProtocol
import NIOCore
import Synchronization

extension MCPClient {
    enum StartFailure: Error, Sendable {
        case error(MCPClientError)
        case restartLegacy
        case tryEventStream(HTTPEndpoint)
    }

    /// Connects and waits for the end of the handshake.
    func open(until deadline: ContinuousClock.Instant) async -> Result<Void, StartFailure> {
        let transport: any ClientTransport
        do throws(MCPClientError) {
            transport = try makeTransport()
            transportBox.withLock { $0 = transport }
            try await start(transport, until: deadline)
        } catch {
            await transportBox.withLock { $0 }?.close()
            return .failure(.error(error))
        }
        let result = await shakeHands(definition.mode, transport, until: deadline)
        if case .failure = result {
            if let process = transport as? StdioTransport {
                await process.close(patience: Self.failedStartPatience)
            } else {
                await transport.close()
            }
        }
        return result
    }

    private func makeTransport() throws(MCPClientError) -> any ClientTransport {
        let events = TransportEvents(
            onMessage: { [self] bytes, id in received(bytes, of: id) },
            onFailure: { [self] id, error in failed(id, error) },
            onErrorLine: { [self] line in receivedError(line) },
            onEnd: { [self] error, exit in ended(error, exit) }
        )
        switch definition.endpoint {
        case .process(let launch): return StdioTransport(launch, loop: loop, events: events)
        case .streamableHTTP(let endpoint):
            return try StreamableHTTPTransport(endpoint, loop: loop, logger: logger, events: events)
        case .eventStream(let endpoint):
            return try EventStreamTransport(endpoint, loop: loop, logger: logger, events: events)
        }
    }

    private func start(
        _ transport: any ClientTransport,
        until deadline: ContinuousClock.Instant
    ) async throws(MCPClientError) {
        let result = await withTaskGroup(of: Result<Void, MCPClientError>?.self) { group in
            group.addTask {
                do throws(MCPClientError) {
                    try await transport.start()
                    try await transport.prepare(after: nil)
                    return .success(())
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                // Ends early when it is not needed any more.
                try? await Task.sleep(until: deadline)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        guard let result else {
            if Task.isCancelled { throw startWasCancelled }
            throw handshakeTimedOut
        }
        try result.get()
    }

    /// One handshake, and a second one when the server wanted other credentials.
    func shakeHands(
        _ mode: MCPClientMode,
        _ transport: any ClientTransport,
        until deadline: ContinuousClock.Instant
    ) async -> Result<Void, StartFailure> {
        let first = await shakeHandsOnce(mode, transport, until: deadline)
        guard case .failure(.error(let error)) = first else { return first }
        guard error.code == .authorizationRequired || (error.code == .forbidden && isStepUp(error)) else {
            return first
        }
        do throws(MCPClientError) {
            try await transport.prepare(after: error)
        } catch {
            return .failure(.error(error))
        }
        return await shakeHandsOnce(mode, transport, until: deadline)
    }

    private func shakeHandsOnce(
        _ mode: MCPClientMode,
        _ transport: any ClientTransport,
        until deadline: ContinuousClock.Instant
    ) async -> Result<Void, StartFailure> {
        // A handshake sends at most four requests.
        let firstID = state.withLock { state in
            defer { state.nextID += 4 }
            return state.nextID
        }
        var handshake = ClientHandshake(
            mode: mode,
            clientInfo: definition.clientInfo,
            capabilities: definition.capabilities,
            firstID: firstID
        )
        var actions = handshake.start()
        while true {
            var request: ClientMessage?
            var isProbe = false
            for action in actions {
                switch action {
                case .send(let message) where message.id != nil: request = message
                case .send(let message): transport.send(message)
                case .startProbeTimer: isProbe = true
                case .finish(let facts):
                    finish(facts, transport)
                    return .success(())
                case .fail(let text): return .failure(.error(handshakeFailure(text)))
                case .restartLegacy: return .failure(.restartLegacy)
                case .tryEventStream:
                    guard case .streamableHTTP(let endpoint) = definition.endpoint else {
                        return .failure(.error(handshakeFailure("the server knows no version of the protocol")))
                    }
                    return .failure(.tryEventStream(endpoint))
                }
            }
            guard let request else { return .failure(.error(handshakeTimedOut)) }
            let left = max(.milliseconds(1), deadline - .now)
            let result = await exchange(
                request,
                MCPCallOptions(timeout: isProbe ? min(left, definition.usedProbeTimeout) : left),
                isHandshake: true
            )
            switch step(&handshake, request, result) {
            case .success(let next): actions = next
            case .failure(let failure): return .failure(failure)
            }
            if actions.isEmpty { return .failure(.error(handshakeTimedOut)) }
            if ContinuousClock.now >= deadline { return .failure(.error(handshakeTimedOut)) }
        }
    }

    /// What the outcome of one request means to the handshake.
    private func step(
        _ handshake: inout ClientHandshake,
        _ request: ClientMessage,
        _ result: Result<JSONObject, MCPClientError>
    ) -> Result<[ClientHandshake.Action], StartFailure> {
        let id = request.id.map { JSONRPCID.integer($0) }
        switch result {
        case .success(let members):
            return .success(handshake.receive(JSONRPCResponse(id: id, result: .success(members))))
        case .failure(let error):
            if let remote = error.remoteError {
                return .success(handshake.receive(JSONRPCResponse(id: id, result: .failure(remote))))
            }
            switch error.code {
            case .timedOut: return .success(handshake.probeTimedOut())
            case .status: return .success(handshake.refused(status: error.httpStatus ?? 0, error.message))
            case .exited:
                let actions = handshake.processEnded()
                return actions.isEmpty ? .failure(.error(error)) : .success(actions)
            // A page of a web site, say; older servers may still be behind it.
            case .invalidResponse where error.httpStatus != nil:
                return .success(handshake.refused(status: error.httpStatus ?? 0, error.message))
            case .cancelled: return .failure(.error(startWasCancelled))
            default: return .failure(.error(error))
            }
        }
    }

    private func finish(_ facts: MCPServerFacts, _ transport: any ClientTransport) {
        state.withLock { state in
            state.facts = facts
            state.dialect.version = facts.version
            state.sessions += 1
        }
        transport.agreed(facts)
        listen()
    }

    private func handshakeFailure(_ text: String) -> MCPClientError {
        MCPClientError(
            .handshakeFailed,
            "the handshake with \(definition.name) failed: \(text)",
            standardError: recentStandardError
        )
    }

    private var startWasCancelled: MCPClientError {
        MCPClientError(.cancelled, "starting \(definition.name) was cancelled")
    }

    private var handshakeTimedOut: MCPClientError {
        state.withLock { state in
            MCPClientError(
                .handshakeTimedOut,
                "\(definition.name) did not finish the handshake within \(definition.handshakeTimeout)"
                    + state.evidence,
                standardError: state.standardError
            )
        }
    }

    /// Makes a new session after the server has forgotten ours; at most one handshake at a time.
    ///
    /// - Parameter seen: the number of the session that was lost.
    func renewSession(after seen: Int) async throws(MCPClientError) {
        let result = await renewal.run {
            guard let transport, state.withLock({ $0.sessions == seen }) else { return .success(()) }
            logger.info(
                "the server has forgotten the session; making another",
                metadata: ["server": "\(definition.name)"]
            )
            transport.reset()
            let deadline = ContinuousClock.now + definition.handshakeTimeout
            switch await shakeHands(.legacy, transport, until: deadline) {
            case .success: return .success(())
            case .failure(.error(let error)): return .failure(error)
            case .failure: return .failure(handshakeFailure("the server has no sessions any more"))
            }
        }
        try result.get()
    }
}

// MARK: - News of a modern server

extension MCPClient {
    /// Of the wait before a subscription that ended is made again, in milliseconds.
    private static let listenBackoff = (first: 500, limit: 60_000)

    /// Subscribes to the changes that the server offers to tell; they come until the subscription ends.
    private func listen() {
        let message = state.withLock { state -> ClientMessage? in
            guard let facts = state.facts, facts.version.era == .modern, state.ending == nil else { return nil }
            let wanted = MCPListChange.allCases.filter {
                facts.capabilities[$0.rawValue]?["listChanged"]?.boolValue == true
            }
            var filter = JSONObject(wanted.map { ($0.filterKey, true) })
            if !state.watched.isEmpty {
                filter["resourceSubscriptions"] = .array(state.watched.sorted().map { .string($0) })
            }
            guard !filter.isEmpty else { return nil }
            let id = state.nextID
            state.nextID += 1
            state.listens = [id]
            return state.dialect.request(
                id: id,
                method: "subscriptions/listen",
                params: ["notifications": .object(filter)]
            )
        }
        if let message { transport?.send(message) }
    }

    /// Hears of updates of these resources and of no others.
    ///
    /// Each is reported as updated once the server tells of it from then on, as it may have changed before.
    package func watch(_ uris: Set<String>) async {
        let (before, old, isModern) = state.withLock { state in
            state.unheard.formIntersection(uris)
            state.unheard.formUnion(uris.subtracting(state.watched))
            defer { state.watched = uris }
            return (state.watched, state.listens, state.dialect.version.era == .modern)
        }
        guard before != uris else { return }
        guard isModern else {
            let options = MCPCallOptions(timeout: .seconds(10))
            // A server that refuses sends no news, which is all that is lost.
            for uri in uris.subtracting(before).sorted() {
                let answer = try? await request("resources/subscribe", params: ["uri": .string(uri)], options: options)
                if answer != nil { toldFromNowOn([uri]) }
            }
            for uri in before.subtracting(uris).sorted() {
                _ = try? await request("resources/unsubscribe", params: ["uri": .string(uri)], options: options)
            }
            return
        }
        listen()
        for id in old { transport?.abandon(id) }
        guard let transport, !transport.abandoningCancels else { return }
        for id in old { transport.send(state.withLock { $0.dialect.cancellation(of: id, reason: "replaced") }) }
    }

    /// The server tells of updates of these resources.
    func toldFromNowOn(_ uris: Set<String>) {
        let unheard = state.withLock { state in
            defer { state.unheard.subtract(uris) }
            return state.unheard.intersection(uris)
        }
        for uri in unheard.sorted() { observer.onResourceUpdated(uri) }
    }

    /// Makes the subscription anew, unless the server has none; what changed meanwhile is asked for again.
    func listenEnded(_ id: Int64, _ result: Result<JSONObject, MCPClientError>) {
        let isOurs = state.withLock { state in
            state.listens.remove(id) != nil && state.ending == nil
        }
        guard isOurs else { return }
        // Then lists are looked at when they are asked for.
        if case .failure(let error) = result, error.remoteError != nil { return }
        let jitter = Int.random(in: 0...Self.listenBackoff.first)
        loop.scheduleTask(in: .milliseconds(Int64(Self.listenBackoff.first + jitter))) { [weak self] in
            guard let self, isRunning else { return }
            listen()
            for change in MCPListChange.allCases { observer.onListChanged(change) }
        }
    }
}

extension Duration {
    /// Saturates at what NIO can count: 292 years.
    var timeAmount: TimeAmount {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return .nanoseconds(overflow ? .max / 4 : min(scaled, .max / 4) + attoseconds / 1_000_000_000)
    }
}
