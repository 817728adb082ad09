import MCPProtocol
import NIOCore
import NIOHTTP1

/// What is written.
extension HTTPConnection {
    // MARK: - Event streams

    /// Turns the answer to a call into a stream; in a session into one that may be resumed.
    func startAnswerStream() {
        guard let carrier = startStream(), let session = exchange?.session else { return }
        let (feed, start) = session.open(carrier, isStandalone: false)
        feeds[carrier.number] = feed
        if session.hasPositions { writeChunk(EventText.position(start)) }
    }

    func startStream() -> EventStream? {
        guard let number = exchange?.number else { return nil }
        exchange?.answer = .streaming
        var headers: HTTPHeaders = [
            "Content-Type": "text/event-stream", "Cache-Control": "no-cache", "X-Accel-Buffering": "no",
        ]
        addCommonHeaders(&headers)
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)
        channel.writeAndFlush(HTTPServerResponsePart.head(head), promise: nil)
        armKeepAlive()
        return EventStream(number: number, connection: bound, loop: channel.eventLoop)
    }

    func send(_ message: [UInt8], id: String?, mayBeDropped: Bool, on number: UInt64) {
        guard exchange?.number == number, channel.isWritable || !mayBeDropped else { return }
        writeEvent(message, id: id)
    }

    func end(_ message: [UInt8]?, id: String?, on number: UInt64) {
        guard let exchange, exchange.number == number, exchange.answer == .streaming else { return }
        if let message { writeEvent(message, id: id, flushes: false) }
        channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
        completed(exchange)
    }

    func pause(retry: Int, on number: UInt64) {
        guard exchange?.number == number else { return }
        writeChunk(EventText.retry(retry), flushes: false)
        end(nil, id: nil, on: number)
    }

    func writeEvent(_ message: [UInt8], id: String? = nil, flushes: Bool = true) {
        writeChunk(EventText.message(message, id: id), flushes: flushes)
    }

    func writeChunk(_ bytes: [UInt8], flushes: Bool = true) {
        exchange?.lastWrite = .now()
        channel.write(HTTPServerResponsePart.body(.byteBuffer(channel.allocator.buffer(bytes: bytes))), promise: nil)
        if flushes { channel.flush() }
    }

    // MARK: - Whole answers

    func write(_ answer: ServerAnswer) {
        writeAnswer(HTTPResponseStatus(statusCode: answer.status), answer.bytes)
    }

    func fail(_ status: HTTPResponseStatus, _ text: String) { writeAnswer(status, Self.errorBody(text)) }

    func refuseMethod(_ allowed: String) {
        writeAnswer(.methodNotAllowed, Self.errorBody("this method is not allowed"), extra: ("Allow", allowed))
    }

    /// What a browser asks before it lets a page send its request.
    func writePreflight() {
        guard let exchange, !isClosed else { return }
        var headers: HTTPHeaders = [
            "Access-Control-Allow-Methods": "GET, POST, DELETE, OPTIONS", "Access-Control-Max-Age": "600",
            "Access-Control-Allow-Headers": "Content-Type, Accept, Authorization, Last-Event-ID, Mcp-Session-Id, "
                + "Mcp-Protocol-Version, Mcp-Method, Mcp-Name",
        ]
        addCommonHeaders(&headers)
        let head = HTTPResponseHead(version: .http1_1, status: .noContent, headers: headers)
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
        completed(exchange)
    }

    static func errorBody(_ text: String) -> [UInt8] { JSONRPCEncoder.error(id: nil, .invalidRequest(text)) }

    func writeAnswer(
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
        addCommonHeaders(&headers)
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        if !body.isEmpty {
            channel.write(HTTPServerResponsePart.body(.byteBuffer(channel.allocator.buffer(bytes: body))), promise: nil)
        }
        channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
        if closes { completed(exchange) }
    }

    private func addCommonHeaders(_ headers: inout HTTPHeaders) {
        if exchange?.isKeptAlive == false { headers.add(name: "Connection", value: "close") }
        guard let origin = exchange?.origin else { return }
        // Only origins that are allowed come so far.
        headers.add(name: "Access-Control-Allow-Origin", value: origin)
        headers.add(name: "Access-Control-Expose-Headers", value: "Mcp-Session-Id")
        headers.add(name: "Vary", value: "Origin")
    }

    private func completed(_ done: Exchange) {
        forget(done)
        exchange = nil
        awaitNextRequest()
        if !done.isKeptAlive || closesWhenIdle { channel.close(promise: nil) }
    }

    /// The client gets nothing more of this answer.
    func forget(_ done: Exchange) {
        guard done.answer == .streaming else { return }
        shared.remove(done.number)
        if let pair = done.pair { shared.removePair(pair) }
        let stream = EventStream(number: done.number, connection: bound, loop: channel.eventLoop)
        done.session?.detach(stream)
    }
}
