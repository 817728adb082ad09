import Glibc
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
    struct Exchange {
        enum Answer { case none, streaming }

        /// Distinguishes it from earlier and later ones of the connection.
        var number: UInt64
        var isKeptAlive: Bool
        var acceptsEvents: Bool
        /// The web page that asks, if one does.
        var origin: String?
        var answer = Answer.none
        var lastWrite: NIODeadline
        /// To be cancelled when the client goes away.
        var task: Task<Void, Never>?
        var session: HTTPSession?
        /// The id of the older transport's session whose stream this is.
        var pair: String?
    }

    /// What the client has to do next, and by when.
    private enum Wait { case request, nextRequest, reading }

    let shared: HTTPServerContext
    let channel: any Channel
    private var incoming: Incoming?
    /// The rest of the request is dropped: it has been refused.
    private var isDiscarding = false
    var exchange: Exchange?
    /// The streams of sessions in which calls of this connection are answered, by the numbers of their exchanges.
    var feeds: [UInt64: ReplayLog.Stream] = [:]
    var closesWhenIdle = false
    var isClosed = false
    var keepAliveTimer: Scheduled<Void>?
    private var waiting: (Wait, since: NIODeadline)?
    private var patienceTimer: Scheduled<Void>?

    /// For calls that may go on on the loop after they have waited.
    let executor: EventLoopExecutor

    init(_ shared: HTTPServerContext, channel: any Channel) {
        executor = EventLoopExecutor(channel.eventLoop)
        self.shared = shared
        self.channel = channel
    }

    var bound: NIOLoopBound<HTTPConnection> { NIOLoopBound(self, eventLoop: channel.eventLoop) }

    // MARK: - In

    func channelActive(context: ChannelHandlerContext) {
        if !shared.add(self, loop: channel.eventLoop) { channel.close(promise: nil) }
        expect(.request)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosed = true
        keepAliveTimer?.cancel()
        patienceTimer?.cancel()
        dropIncoming()
        if let exchange {
            // Only requests of the modern era are tied to their connection.
            if exchange.session == nil, exchange.pair == nil { exchange.task?.cancel() }
            forget(exchange)
        }
        exchange = nil
        shared.remove(self)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if channel.isWritable {
            if case .reading? = waiting?.0 { waiting = nil }
        } else {
            expect(.reading)
        }
        context.fireChannelWritabilityChanged()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head)
        case .body(var buffer):
            guard !isDiscarding, incoming != nil else { return }
            let limit = shared.configuration.bodyLimit
            guard (incoming?.body.count ?? 0) + buffer.readableBytes <= limit else {
                return refuse(.payloadTooLarge, "the body is larger than \(limit) bytes")
            }
            guard shared.reserve(buffer.readableBytes) else {
                return refuse(.serviceUnavailable, "too many requests are being received: try again later")
            }
            // Appended in place: the array is not shared.
            buffer.readWithUnsafeReadableBytes { bytes in
                incoming?.body.append(contentsOf: bytes)
                return bytes.count
            }
        case .end:
            waiting = nil
            if isDiscarding {
                channel.close(promise: nil)
            } else if let request = incoming {
                dropIncoming()
                answer(request.head, request.body)
            }
        }
    }

    private func dropIncoming() {
        if let incoming { shared.release(incoming.body.count) }
        incoming = nil
    }

    private func begin(_ head: HTTPRequestHead) {
        expect(.request)
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
        // What is only announced costs nothing yet.
        incoming?.body.reserveCapacity(min(length, 64 << 10))
        if head.headers.first(name: "expect")?.lowercased() == "100-continue" { sendContinue() }
    }

    private func sendContinue() {
        // Written beneath the handler that counts answers, which takes every head for a final one.
        var buffer = channel.allocator.buffer(capacity: 32)
        buffer.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
        channel.pipeline.context(handlerType: HTTPResponseEncoder.self).whenSuccess { [buffer] context in
            context.writeAndFlush(NIOAny(buffer), promise: nil)
        }
    }

    /// Answers before the request has been read, and closes after it.
    private func refuse(_ status: HTTPResponseStatus, _ text: String) {
        isDiscarding = true
        dropIncoming()
        exchange?.isKeptAlive = false
        let drainTime = TimeAmount.seconds(2)
        let bound = bound
        channel.eventLoop.scheduleTask(in: drainTime) { bound.value.channel.close(promise: nil) }
        writeAnswer(status, Self.errorBody(text), closes: false)
    }

    // MARK: - Patience

    private func expect(_ wait: Wait) {
        waiting = (wait, .now())
        armPatience()
    }

    func awaitNextRequest() {
        if case .reading? = waiting?.0 { return }
        waiting = (.nextRequest, .now())
    }

    private func patience(for wait: Wait) -> TimeAmount {
        switch wait {
        case .request: shared.configuration.requestTimeout.timeAmount
        case .nextRequest: shared.configuration.idleTimeout.timeAmount
        case .reading: shared.configuration.writeTimeout.timeAmount
        }
    }

    /// One timer for the connection that looks again when it was too early: requests come and go much faster.
    private func armPatience() {
        guard patienceTimer == nil, let (wait, since) = waiting else { return }
        let bound = bound
        let due = since + patience(for: wait)
        patienceTimer = channel.eventLoop.scheduleTask(deadline: due) { bound.value.losePatience() }
    }

    private func losePatience() {
        patienceTimer = nil
        guard !isClosed else { return }
        guard let (wait, since) = waiting else {
            // At work. The shortest of the waits is soon enough for the next look.
            let bound = bound
            let pause = min(patience(for: .request), patience(for: .nextRequest))
            patienceTimer = channel.eventLoop.scheduleTask(in: pause) { bound.value.losePatience() }
            return
        }
        if NIODeadline.now() >= since + patience(for: wait) { return channel.close(promise: nil) }
        armPatience()
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
