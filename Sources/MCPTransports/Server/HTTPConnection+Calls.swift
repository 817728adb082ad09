import MCPProtocol
import NIOCore
import NIOHTTP1

/// What is done for requests, and how their answers find back.
extension HTTPConnection {
    func perform(_ output: ServerOutput, session: HTTPSession?) {
        if let session { reportWatched(session) }
        switch output {
        case .send(let answer): write(answer)
        case .perform(let call): perform(call, session: session)
        case .listen(let listen): self.listen(listen, session: session)
        case .cancel(let id):
            session?.serving.cancel(id)
            writeAnswer(.accepted, [], contentType: nil)
        case .accepted, .answered: writeAnswer(.accepted, [], contentType: nil)
        }
    }

    private func reportWatched(_ session: HTTPSession) { shared.reportWatched(session) }

    private func listen(_ listen: ServerListen, session: HTTPSession?) {
        // A session never sees this: an envelope makes a request one of the modern era.
        _ = session?.serving.finish(listen.id)
        guard let number = exchange?.number else { return }
        let stream = EventStream(number: number, connection: bound, loop: channel.eventLoop)
        guard shared.add(stream, listen) else { return fail(.serviceUnavailable, "there are too many streams") }
        _ = startStream()
        writeEvent(listen.acknowledgement)
    }

    // MARK: - One call

    private func perform(_ call: ServerCall, session: HTTPSession?) {
        guard let number = exchange?.number else { return }
        exchange?.session = session
        let bound = bound
        let loop = channel.eventLoop
        let handler = shared.handler
        let route = route(number, session)
        let mayTell = call.progressToken != nil || call.logLevel != nil
        let work: @Sendable () async -> Void = {
            let answer = await call.perform(handler, route)
            let finish: @Sendable () -> Void = {
                let isWanted = session?.serving.finish(call.id) ?? true
                bound.value.finish(isWanted ? answer : nil, on: number, session)
                if isWanted, let session, let begun = answer.begunTask {
                    session.serving.follow(begun)
                    bound.value.reportWatched(session)
                }
            }
            // What other threads have told waits for the loop. An answer that is found on the loop must not overtake it.
            if mayTell { loop.execute(finish) } else { loop.perform(finish) }
        }
        let task: Task<Void, Never>
        if shared.configuration.startsCallsOnEventLoop {
            let preferred = handler.isBriefAfterWaiting(call.operation) ? executor : nil
            task = Task.immediate(executorPreference: preferred) { await work() }
        } else {
            task = Task { await work() }
        }
        // Otherwise it has been answered already.
        guard exchange?.number == number else { return }
        exchange?.task = task
        session?.serving.note(task, for: call.id)
        armKeepAlive()
    }

    private func route(_ number: UInt64, _ session: HTTPSession?) -> CallRoute {
        let bound = bound
        let loop = channel.eventLoop
        let send: @Sendable ([UInt8], Bool) -> Void = { message, mayBeDropped in
            loop.perform { bound.value.deliver(message, mayBeDropped: mayBeDropped, of: number, session) }
        }
        var route = CallRoute(transport: .http, sessionID: session?.id, send: send)
        guard let session, exchange?.acceptsEvents == true else { return route }
        route.ask = { request in await session.serving.ask(request) { send($0, false) } }
        if session.hasPositions {
            route.pause = { retry in loop.perform { bound.value.pause(retry: retry, of: number, session) } }
        }
        return route
    }

    /// Sends a message about a call that runs. In a session the stream outlives the connection.
    private func deliver(_ message: [UInt8], mayBeDropped: Bool, of number: UInt64, _ session: HTTPSession?) {
        if feeds[number] == nil {
            guard let exchange, exchange.number == number, exchange.acceptsEvents else { return }
            if exchange.answer == .none { startAnswerStream() }
        }
        if let session, let feed = feeds[number] {
            session.publish(message, to: feed, mayBeDropped: mayBeDropped)
        } else if channel.isWritable || !mayBeDropped {
            writeEvent(message)
        }
    }

    private func pause(retry: Int, of number: UInt64, _ session: HTTPSession) {
        if feeds[number] == nil {
            guard let exchange, exchange.number == number, exchange.answer == .none else { return }
            startAnswerStream()
        }
        if let feed = feeds[number] { session.pause(feed, retry: retry) }
    }

    /// - Parameter answer: nil when the request was cancelled.
    private func finish(_ answer: ServerAnswer?, on number: UInt64, _ session: HTTPSession?) {
        if let session, let feed = feeds.removeValue(forKey: number) {
            if let answer { session.publish(answer.bytes, to: feed, isLast: true) } else { session.close(feed) }
            return
        }
        guard let exchange, exchange.number == number else { return }
        switch (exchange.answer, answer) {
        case (.none, let answer?): write(answer)
        case (.none, nil): writeAnswer(.accepted, [], contentType: nil)
        case (.streaming, let answer): end(answer?.bytes, id: nil, on: number)
        }
    }

    // MARK: - Several calls

    /// Answers the messages of one array with one array.
    func perform(_ messages: [Result<JSONRPCMessage, JSONRPCMessage.DecodingError>], _ session: HTTPSession) {
        guard let number = exchange?.number else { return }
        exchange?.session = session
        let bound = bound
        let loop = channel.eventLoop
        let handler = shared.handler
        let batch = AnswerBatch(count: messages.count, sendsNothing: true) { array in
            loop.perform { bound.value.finishBatch(array, on: number) }
        }
        let route = CallRoute(transport: .http, sessionID: session.id, send: { _, _ in })
        for message in messages {
            switch message.map({ session.handle($0, now: .now) }) {
            case .failure(let error): batch.add(ServerAnswer(error: error.error, id: error.id, era: .legacy))
            case .success(.send(let answer)): batch.add(answer)
            case .success(.perform(let call)):
                let task = Task {
                    let answer = await call.perform(handler, route)
                    batch.add(session.serving.finish(call.id) ? answer : nil)
                }
                session.serving.note(task, for: call.id)
            case .success(.cancel(let id)):
                session.serving.cancel(id)
                batch.add(nil)
            case .success(.listen(let listen)):
                _ = session.serving.finish(listen.id)
                let error = JSONRPCError.invalidRequest("a subscription needs a stream of its own")
                batch.add(ServerAnswer(error: error, id: listen.id, era: .modern))
            case .success(.accepted), .success(.answered): batch.add(nil)
            }
        }
        reportWatched(session)
    }

    private func finishBatch(_ array: [UInt8], on number: UInt64) {
        guard exchange?.number == number else { return }
        if array.isEmpty { writeAnswer(.accepted, [], contentType: nil) } else { writeAnswer(.ok, array) }
    }

    // MARK: - Silence

    /// One timer for the connection, not one for each call: most calls are answered long before.
    func armKeepAlive() {
        guard keepAliveTimer == nil else { return }
        let bound = bound
        keepAliveTimer = channel.eventLoop.scheduleTask(in: shared.configuration.keepAliveInterval.timeAmount) {
            bound.value.keepAlive()
        }
    }

    private func keepAlive() {
        keepAliveTimer = nil
        guard let exchange, !isClosed else { return }
        let isSilent = NIODeadline.now() - exchange.lastWrite >= shared.configuration.keepAliveInterval.timeAmount
        if isSilent, exchange.acceptsEvents || exchange.answer == .streaming {
            if exchange.answer == .none { startAnswerStream() }
            if channel.isWritable { writeChunk(EventText.comment) }
        }
        armKeepAlive()
    }
}

extension EventLoop {
    /// Runs at once when on the loop already, else as soon as it can.
    func perform(_ body: @escaping @Sendable () -> Void) {
        if inEventLoop { body() } else { execute(body) }
    }
}
