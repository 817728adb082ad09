import JSON
import MCPProtocol
import NIOCore
import NIOHTTP1

/// Which request is answered by whom.
extension HTTPConnection {
    func answer(_ head: HTTPRequestHead, _ body: [UInt8]) {
        let path = String(head.uri.prefix { $0 != "?" })
        let headers = head.headers
        let origin = headers.first(name: "origin")
        guard shared.hosts.allows(host: headers.first(name: "host"), origin: origin) else {
            return fail(.forbidden, "this host or origin is not allowed")
        }
        exchange?.origin = origin
        if origin != nil, head.method == .OPTIONS { return writePreflight() }
        let configuration = shared.configuration
        switch (path, head.method) {
        case ("/health", .GET), ("/health", .HEAD): writeAnswer(.ok, Array("{\"status\":\"ok\"}".utf8))
        case (configuration.path, .POST): post(MCPHTTPHeaders(headers), body)
        case (configuration.path, .GET): get(MCPHTTPHeaders(headers))
        case (configuration.path, .HEAD): writeAnswer(.ok, [], contentType: "text/event-stream")
        case (configuration.path, .DELETE): delete(MCPHTTPHeaders(headers))
        case (configuration.path, _): refuseMethod("GET, POST, DELETE")
        case (configuration.eventPath, .GET): openPair()
        case (configuration.eventPath, _): refuseMethod("GET")
        case (configuration.messagePath, .POST): postToPair(head.uri, body)
        case (configuration.messagePath, _): refuseMethod("POST")
        default: fail(.notFound, "nothing is served here")
        }
    }

    // MARK: - Streamable HTTP

    private func post(_ headers: MCPHTTPHeaders, _ body: [UInt8]) {
        do throws(JSONRPCMessage.DecodingError) {
            switch try ServerInput(decoding: body, allowsBatches: true) {
            case .message(let message): post(message, HTTPAdmission(posting: message, headers))
            case .batch(let messages): post(messages, HTTPAdmission(postingArrayWith: headers))
            }
        } catch {
            write(ServerAnswer(error: error.error, id: error.id, era: .modern))
        }
    }

    private func post(_ message: JSONRPCMessage, _ admission: HTTPAdmission) {
        switch admission {
        case .modern(let request, let routing):
            let handler = shared.handler
            let output = ModernServer.handle(
                request,
                headers: routing,
                profile: shared.profile,
                now: SystemTime.seconds
            ) { handler.inputSchema(of: $0) }
            perform(output, session: nil)
        case .open: open(message)
        case .session(let id):
            guard let session = shared.sessions[id] else { return fail(.notFound, "there is no such session") }
            perform(session.handle(message, now: .now), session: session)
        case .pong(let id): writeAnswer(.ok, JSONRPCEncoder.result(id: id, [:]))
        default: settle(admission)
        }
    }

    private func post(
        _ messages: [Result<JSONRPCMessage, JSONRPCMessage.DecodingError>],
        _ admission: HTTPAdmission
    ) {
        guard case .session(let id) = admission else { return settle(admission) }
        guard let session = shared.sessions[id] else { return fail(.notFound, "there is no such session") }
        guard session.serving.allowsBatches else {
            return fail(.badRequest, "arrays of messages are only known to sessions of 2025-03-26")
        }
        perform(messages, session)
    }

    private func open(_ message: JSONRPCMessage) {
        guard let (session, evicted) = shared.sessions.make(now: .now) else {
            return fail(.serviceUnavailable, "there are too many sessions")
        }
        if let evicted { shared.end(evicted) }
        guard case .send(let answer) = session.handle(message, now: .now) else { return }
        writeAnswer(.ok, answer.bytes, extra: ("Mcp-Session-Id", session.id))
    }

    private func get(_ headers: MCPHTTPHeaders) {
        switch HTTPAdmission(getting: headers) {
        case .session(let id):
            guard let session = shared.sessions[id] else { return fail(.notFound, "there is no such session") }
            exchange?.session = session
            session.serving.listenToEverything()
            guard let carrier = startStream() else { return }
            if let last = headers.lastEventID, session.resume(after: last, on: carrier) { return }
            let start = session.open(carrier, isStandalone: true).start
            if session.hasPositions { writeChunk(EventText.position(start)) }
        case .stream:
            guard let number = exchange?.number else { return }
            let stream = EventStream(number: number, connection: bound, loop: channel.eventLoop)
            guard shared.add(stream) else { return fail(.serviceUnavailable, "there are too many streams") }
            _ = startStream()
        case let other: settle(other)
        }
    }

    private func delete(_ headers: MCPHTTPHeaders) {
        switch HTTPAdmission(deleting: headers) {
        case .session(let id):
            guard let session = shared.sessions.remove(id) else { return fail(.notFound, "there is no such session") }
            shared.end(session)
            writeAnswer(.noContent, [], contentType: nil)
        case let other: settle(other)
        }
    }

    private func settle(_ admission: HTTPAdmission) {
        switch admission {
        case .accepted: writeAnswer(.accepted, [], contentType: nil)
        case .refused(let status, let error, let id, let allowed):
            writeAnswer(
                HTTPResponseStatus(statusCode: status),
                JSONRPCEncoder.error(id: id, error),
                extra: allowed.map { ("Allow", $0) }
            )
        default: fail(.badRequest, "this cannot be served here")
        }
    }

    // MARK: - HTTP+SSE

    /// The stream of events of a client of the older transport; its first event says where to post to.
    private func openPair() {
        let id = RandomID.make()
        exchange?.pair = id
        guard let stream = startStream() else { return }
        let shared = shared
        let peer = DuplexPeer(
            shared.profile,
            handler: shared.handler,
            transport: .http,
            watch: { [weak shared] interest, isWatched in
                shared?.watch(added: isWatched ? [interest] : [], removed: isWatched ? [] : [interest])
            },
            output: { message, mayBeDropped in stream.send(message, mayBeDropped: mayBeDropped) }
        )
        shared.add(peer, id: id, stream)
        writeChunk(EventText.endpoint("\(shared.configuration.messagePath)?sessionId=\(id)"))
    }

    private func postToPair(_ uri: String, _ body: [UInt8]) {
        let query = uri.drop { $0 != "?" }.dropFirst()
        let parameter = "sessionId="
        guard let id = query.split(separator: "&").first(where: { $0.hasPrefix(parameter) })?.dropFirst(parameter.count)
        else { return fail(.badRequest, "the parameter sessionId is missing") }
        guard let peer = shared.pair(String(id)) else { return fail(.notFound, "there is no such session") }
        // Before the message is worked on: its answer may be quicker than this one.
        writeAnswer(.accepted, [], contentType: nil)
        peer.receive(body)
    }
}
