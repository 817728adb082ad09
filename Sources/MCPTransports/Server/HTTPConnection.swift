import Glibc
import JSON
import MCPProtocol
import NIOCore
import NIOHTTP1

/// One connection: collects requests and writes answers, one after the other. Lives on its event loop.
final class HTTPConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// The request being read.
    private struct Incoming {
        var head: HTTPRequestHead
        var body: [UInt8] = []
    }

    /// The request being answered.
    private struct Exchange {
        enum Answer { case none, streaming }

        /// Distinguishes it from earlier and later ones of the connection.
        var number: UInt64
        var isKeptAlive: Bool
        var acceptsEvents: Bool
        var answer = Answer.none
        var lastWrite: NIODeadline
        /// To be cancelled when the client goes away.
        var task: Task<Void, Never>?
        var session: HTTPSession?
    }

    let shared: HTTPServerContext
    let channel: any Channel
    private var incoming: Incoming?
    /// The rest of the request is dropped: it has been refused.
    private var isDiscarding = false
    private var exchange: Exchange?
    private var closesWhenIdle = false
    private var isClosed = false
    private var keepAliveTimer: Scheduled<Void>?

    init(_ shared: HTTPServerContext, channel: any Channel) {
        self.shared = shared
        self.channel = channel
    }

    private var bound: NIOLoopBound<HTTPConnection> { NIOLoopBound(self, eventLoop: channel.eventLoop) }

    // MARK: - In

    func channelActive(context: ChannelHandlerContext) {
        if !shared.add(self, loop: channel.eventLoop) { channel.close(promise: nil) }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosed = true
        keepAliveTimer?.cancel()
        if let exchange {
            // Only requests of the modern era are tied to their connection.
            if exchange.session == nil { exchange.task?.cancel() }
            forget(exchange)
        }
        exchange = nil
        shared.remove(self)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head)
        case .body(var buffer):
            guard !isDiscarding, incoming != nil else { return }
            guard (incoming?.body.count ?? 0) + buffer.readableBytes <= shared.configuration.bodyLimit else {
                refuse(.payloadTooLarge, "the body is larger than \(shared.configuration.bodyLimit) bytes")
                return
            }
            // Appended in place: the array is not shared.
            buffer.readWithUnsafeReadableBytes { bytes in
                incoming?.body.append(contentsOf: bytes)
                return bytes.count
            }
        case .end:
            if isDiscarding {
                channel.close(promise: nil)
            } else if let request = incoming {
                incoming = nil
                answer(request.head, request.body)
            }
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        exchange = Exchange(
            number: shared.takeStreamNumber(),
            isKeptAlive: head.isKeepAlive && !closesWhenIdle,
            // Said outright: what takes anything mostly expects JSON.
            acceptsEvents: head.headers["accept"].contains { $0.hasBytes(of: "text/event-stream") },
            lastWrite: .now()
        )
        let size = head.headers.reduce(head.uri.utf8.count) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        guard size <= shared.configuration.headerLimit else {
            let limit = shared.configuration.headerLimit
            return refuse(.requestHeaderFieldsTooLarge, "the headers are larger than \(limit) bytes")
        }
        let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        guard length <= shared.configuration.bodyLimit else {
            return refuse(.payloadTooLarge, "the body is larger than \(shared.configuration.bodyLimit) bytes")
        }
        incoming = Incoming(head: head)
        incoming?.body.reserveCapacity(min(length, 1 << 20))
        if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
            // Written beneath the handler that counts answers, which takes every head for a final one.
            var buffer = channel.allocator.buffer(capacity: 32)
            buffer.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
            channel.pipeline.context(handlerType: HTTPResponseEncoder.self).whenSuccess { [buffer] context in
                context.writeAndFlush(NIOAny(buffer), promise: nil)
            }
        }
    }

    /// Answers before the request has been read, and closes after it.
    private func refuse(_ status: HTTPResponseStatus, _ text: String) {
        isDiscarding = true
        incoming = nil
        exchange?.isKeptAlive = false
        let drainTime = TimeAmount.seconds(2)
        let bound = bound
        channel.eventLoop.scheduleTask(in: drainTime) { bound.value.channel.close(promise: nil) }
        writeAnswer(status, Self.errorBody(text), closes: false)
    }

    // MARK: - Routes

    private func answer(_ head: HTTPRequestHead, _ body: [UInt8]) {
        let path = head.uri.prefix { $0 != "?" }
        let headers = head.headers
        guard shared.hosts.allows(host: headers.first(name: "host"), origin: headers.first(name: "origin")) else {
            return fail(.forbidden, "this host or origin is not allowed")
        }
        if path == "/health", head.method == .GET || head.method == .HEAD {
            return writeAnswer(.ok, Array("{\"status\":\"ok\"}".utf8))
        }
        guard path == shared.configuration.path else { return fail(.notFound, "nothing is served here") }
        switch head.method {
        case .POST: post(headers, body)
        case .GET: get(headers)
        case .HEAD: writeAnswer(.ok, [], contentType: "text/event-stream")
        case .DELETE: delete(headers)
        default: refuseMethod("GET, POST, DELETE")
        }
    }

    private func post(_ headers: HTTPHeaders, _ body: [UInt8]) {
        let message: JSONRPCMessage
        do throws(JSONRPCMessage.DecodingError) {
            message = try JSONRPCMessage(decoding: body)
        } catch {
            return write(ServerAnswer(error: error.error, id: error.id, era: .modern))
        }
        let versions = headers["mcp-protocol-version"]
        guard ModernServer.serves(message, versionHeader: versions.first) else { return postLegacy(message, headers) }
        guard case .request(let request) = message else {
            // No notification means anything here, and a cancellation could come from anybody.
            if case .notification = message { return writeAnswer(.accepted, [], contentType: nil) }
            return fail(.badRequest, "a response answers nothing here")
        }
        let methods = headers["mcp-method"]
        let names = headers["mcp-name"]
        let routing = MCPRoutingHeaders(
            protocolVersion: versions.first,
            method: methods.first,
            name: names.first,
            isAmbiguous: versions.count > 1 || methods.count > 1 || names.count > 1
        )
        perform(ModernServer.handle(request, headers: routing, profile: shared.profile), session: nil)
    }

    private func postLegacy(_ message: JSONRPCMessage, _ headers: HTTPHeaders) {
        if case .request(let request) = message, request.method == "initialize" {
            guard let session = shared.sessions.make(now: .now) else {
                return fail(.serviceUnavailable, "there are too many sessions")
            }
            guard case .send(let answer) = session.handle(message, now: .now) else { return }
            return writeAnswer(.ok, answer.bytes, extra: ("Mcp-Session-Id", session.id))
        }
        guard let id = headers.first(name: "mcp-session-id") else {
            switch message {
            case .request(let request) where request.method == "ping":
                return writeAnswer(.ok, JSONRPCEncoder.result(id: request.id, [:]))
            case .request(let request):
                let error = JSONRPCError.invalidRequest("the header Mcp-Session-Id is missing; send initialize first")
                return write(ServerAnswer(error: error, id: request.id, era: .modern))
            default: return writeAnswer(.accepted, [], contentType: nil)
            }
        }
        guard let session = shared.sessions[id] else { return fail(.notFound, "there is no such session") }
        perform(session.handle(message, now: .now), session: session)
    }

    private func get(_ headers: HTTPHeaders) {
        let id = headers.first(name: "mcp-session-id")
        if let version = headers.first(name: "mcp-protocol-version"), !MCPVersion(version).isLegacy {
            return refuseMethod("POST")
        }
        var session: HTTPSession?
        if let id {
            session = shared.sessions[id]
            guard session != nil else { return fail(.notFound, "there is no such session") }
        }
        exchange?.session = session
        guard let stream = startStream() else { return }
        shared.add(stream)
        session?.attach(stream)
    }

    private func delete(_ headers: HTTPHeaders) {
        guard let id = headers.first(name: "mcp-session-id") else { return refuseMethod("POST") }
        guard shared.sessions.remove(id) else { return fail(.notFound, "there is no such session") }
        writeAnswer(.noContent, [], contentType: nil)
    }

    private func perform(_ output: ServerOutput, session: HTTPSession?) {
        switch output {
        case .send(let answer): write(answer)
        case .perform(let call): perform(call, session: session)
        case .listen(let listen):
            guard let stream = startStream() else { return }
            shared.add(stream, listen)
            writeEvent(listen.acknowledgement)
        case .cancel(let id):
            session?.cancel(id)
            writeAnswer(.accepted, [], contentType: nil)
        case .accepted: writeAnswer(.accepted, [], contentType: nil)
        }
    }

    // MARK: - Calls

    private func perform(_ call: ServerCall, session: HTTPSession?) {
        guard let number = exchange?.number else { return }
        exchange?.session = session
        let bound = bound
        let loop = channel.eventLoop
        let handler = shared.handler
        let context = MCPRequestContext(call, transport: .http, sessionID: session?.id) { message in
            loop.perform { bound.value.progressed(message, on: number) }
        }
        let work: @Sendable () async -> Void = {
            let answer = await call.perform(handler, context)
            loop.perform {
                let isWanted = session?.finish(call.id) ?? true
                bound.value.finish(isWanted ? answer : nil, on: number)
            }
        }
        let task = shared.configuration.startsCallsOnEventLoop ? Task.immediate { await work() } : Task { await work() }
        // Otherwise it has been answered already.
        guard exchange?.number == number else { return }
        exchange?.task = task
        session?.note(task, for: call.id)
        armKeepAlive()
    }

    private func progressed(_ message: [UInt8], on number: UInt64) {
        guard let exchange, exchange.number == number, exchange.acceptsEvents else { return }
        if exchange.answer == .none { _ = startStream() }
        // Progress may be dropped for a client that does not read; answers may not.
        if channel.isWritable { writeEvent(message) }
    }

    /// - Parameter answer: nil when the request was cancelled.
    private func finish(_ answer: ServerAnswer?, on number: UInt64) {
        guard let exchange, exchange.number == number else { return }
        switch (exchange.answer, answer) {
        case (.none, let answer?): write(answer)
        case (.none, nil): writeAnswer(.accepted, [], contentType: nil)
        case (.streaming, let answer): end(answer?.bytes, on: number)
        }
    }

    /// One timer for the connection, not one for each call: most calls are answered long before.
    private func armKeepAlive() {
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
            if exchange.answer == .none { _ = startStream() }
            if channel.isWritable { writeChunk(Array(": still at work\n\n".utf8)) }
        }
        armKeepAlive()
    }

    // MARK: - Event streams

    private func startStream() -> EventStream? {
        guard let number = exchange?.number else { return nil }
        exchange?.answer = .streaming
        var headers: HTTPHeaders = [
            "Content-Type": "text/event-stream", "Cache-Control": "no-cache", "X-Accel-Buffering": "no",
        ]
        if exchange?.isKeptAlive == false { headers.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)
        channel.writeAndFlush(HTTPServerResponsePart.head(head), promise: nil)
        armKeepAlive()
        return EventStream(number: number, connection: bound, loop: channel.eventLoop)
    }

    func notify(_ message: [UInt8], on number: UInt64) {
        guard exchange?.number == number, channel.isWritable else { return }
        writeEvent(message)
    }

    func end(_ message: [UInt8]?, on number: UInt64) {
        guard let exchange, exchange.number == number, exchange.answer == .streaming else { return }
        if let message { writeEvent(message, flushes: false) }
        channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
        completed(exchange)
    }

    private func writeEvent(_ message: [UInt8], flushes: Bool = true) {
        var event = Array("event: message\ndata: ".utf8)
        event.reserveCapacity(event.count + message.count + 2)
        event += message
        event += "\n\n".utf8
        writeChunk(event, flushes: flushes)
    }

    private func writeChunk(_ bytes: [UInt8], flushes: Bool = true) {
        exchange?.lastWrite = .now()
        channel.write(HTTPServerResponsePart.body(.byteBuffer(channel.allocator.buffer(bytes: bytes))), promise: nil)
        if flushes { channel.flush() }
    }

    // MARK: - Whole answers

    private func write(_ answer: ServerAnswer) {
        writeAnswer(HTTPResponseStatus(statusCode: answer.status), answer.bytes)
    }

    private func fail(_ status: HTTPResponseStatus, _ text: String) { writeAnswer(status, Self.errorBody(text)) }

    private func refuseMethod(_ allowed: String) {
        writeAnswer(.methodNotAllowed, Self.errorBody("this method is not allowed"), extra: ("Allow", allowed))
    }

    private static func errorBody(_ text: String) -> [UInt8] { JSONRPCEncoder.error(id: nil, .invalidRequest(text)) }

    private func writeAnswer(
        _ status: HTTPResponseStatus,
        _ body: [UInt8],
        contentType: String? = "application/json",
        extra: (name: String, value: String)? = nil,
        closes: Bool = true
    ) {
        guard let exchange, !isClosed else { return }
        var headers = HTTPHeaders()
        headers.reserveCapacity(4)
        if let contentType { headers.add(name: "Content-Type", value: contentType) }
        if status != .noContent { headers.add(name: "Content-Length", value: String(body.count)) }
        if let extra { headers.add(name: extra.name, value: extra.value) }
        if !exchange.isKeptAlive { headers.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        if !body.isEmpty {
            channel.write(HTTPServerResponsePart.body(.byteBuffer(channel.allocator.buffer(bytes: body))), promise: nil)
        }
        channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
        if closes { completed(exchange) }
    }

    private func completed(_ done: Exchange) {
        forget(done)
        exchange = nil
        if !done.isKeptAlive || closesWhenIdle { channel.close(promise: nil) }
    }

    private func forget(_ done: Exchange) {
        guard done.answer == .streaming else { return }
        shared.remove(done.number)
        let stream = EventStream(number: done.number, connection: bound, loop: channel.eventLoop)
        done.session?.detach(stream)
    }

    // MARK: - The end

    func closeWhenIdle() {
        closesWhenIdle = true
        if exchange == nil { channel.close(promise: nil) }
    }

    func closeNow() {
        if let exchange { exchange.task?.cancel() }
        channel.close(promise: nil)
    }
}

extension EventLoop {
    /// Runs at once when on the loop already, else as soon as it can.
    fileprivate func perform(_ body: @escaping @Sendable () -> Void) {
        if inEventLoop { body() } else { execute(body) }
    }
}

extension String {
    /// Whether `part` occurs in it, byte by byte: `contains` walks characters, which every request would pay for.
    fileprivate func hasBytes(of part: StaticString) -> Bool {
        var text = self
        return text.withUTF8 { bytes in
            guard let start = bytes.baseAddress else { return false }
            return memmem(start, bytes.count, part.utf8Start, part.utf8CodeUnitCount) != nil
        }
    }
}
