package import MCPProtocol
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A web server on this machine, open for as long as a login may take, to which the browser comes back.
///
/// - Source: RFC 8252, section 7.3.
package final class LoginCallback: Sendable {
    package static let path = "/callback"
    /// Bytes of what the browser comes back with.
    static let queryLimit = 16 << 10
    private static let connectionLimit = 16
    /// Where another port would do as well, and where it would not.
    private static let bindAttempts = (free: 5, fixed: 20)
    private static let bindPause = Duration.milliseconds(50)

    private let listener: any Channel
    private let desk: CallbackDesk
    private let outcomes: AsyncStream<AuthorizationRequest.Outcome>

    private init(_ listener: any Channel, _ desk: CallbackDesk, _ outcomes: AsyncStream<AuthorizationRequest.Outcome>) {
        self.listener = listener
        self.desk = desk
        self.outcomes = outcomes
    }

    /// - Parameters:
    ///   - port: 0 for any free one.
    ///   - isFixed: whether another port would not do.
    package static func open(port: Int, isFixed: Bool) async throws(AuthorizationFailure) -> LoginCallback {
        let (outcomes, feed) = AsyncStream<AuthorizationRequest.Outcome>.makeStream(
            bufferingPolicy: .bufferingOldest(1)
        )
        let desk = CallbackDesk(feed, connectionLimit: connectionLimit)
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(CallbackConnection(desk))
                }
            }
        let tries = port == 0 ? 1 : isFixed ? bindAttempts.fixed : bindAttempts.free
        for attempt in 1...tries {
            do {
                return LoginCallback(try await bootstrap.bind(host: "127.0.0.1", port: port).get(), desk, outcomes)
            } catch {
                guard attempt == tries else {
                    // Processes that are being started hold what we have just closed for a moment.
                    try? await Task.sleep(for: bindPause)
                    continue
                }
                guard port != 0, !isFixed else {
                    let place = "127.0.0.1:\(port)"
                    throw AuthorizationFailure(
                        .unreachable,
                        "cannot listen on \(place) for the end of the login: \(error)"
                    )
                }
            }
        }
        return try await open(port: 0, isFixed: true)
    }

    package var port: Int { listener.localAddress?.port ?? 0 }
    package var redirectURI: String { "http://127.0.0.1:\(port)\(Self.path)" }

    /// What comes back is held against this login from now on.
    package func expect(_ request: AuthorizationRequest) { desk.request.withLock { $0 = request } }

    /// The first answer that belongs to the login; nil when none came in time, or it was closed.
    package func outcome(within patience: Duration) async -> AuthorizationRequest.Outcome? {
        await withTaskGroup(of: AuthorizationRequest.Outcome?.self) { group in
            group.addTask { [outcomes] in
                var iterator = outcomes.makeAsyncIterator()
                return await iterator.next()
            }
            group.addTask {
                // Ends early when it is not needed any more.
                try? await Task.sleep(for: patience)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    /// Returns when the port is free again.
    package func close() async {
        desk.feed.finish()
        // Closing again is all that can fail.
        try? await listener.close()
    }
}

/// What all connections of one login share.
private final class CallbackDesk: Sendable {
    let request = Mutex<AuthorizationRequest?>(nil)
    let feed: AsyncStream<AuthorizationRequest.Outcome>.Continuation
    private let connections = Mutex(0)
    private let connectionLimit: Int

    init(_ feed: AsyncStream<AuthorizationRequest.Outcome>.Continuation, connectionLimit: Int) {
        self.feed = feed
        self.connectionLimit = connectionLimit
    }

    func enter() -> Bool {
        connections.withLock { count in
            count += 1
            return count <= connectionLimit
        }
    }

    func leave() { connections.withLock { $0 -= 1 } }

    /// The status and the sentence that the browser shows.
    func answer(_ head: HTTPRequestHead, port: Int?) -> (HTTPResponseStatus, String) {
        let uri = head.uri
        let path = uri.prefix { $0 != "?" }
        let hosts = ["127.0.0.1", "localhost"].map { "\($0):\(port ?? 0)" }
        guard let host = head.headers.first(name: "host"), hosts.contains(host.lowercased()) else {
            return (.forbidden, "This host is not served here.")
        }
        guard path == LoginCallback.path else { return (.notFound, "Nothing is served here.") }
        guard head.method == .GET else { return (.methodNotAllowed, "This method is not allowed.") }
        guard uri.utf8.count <= LoginCallback.queryLimit else { return (.uriTooLong, "This answer is too long.") }
        guard let request = request.withLock({ $0 }) else { return (.notFound, "No login is under way.") }
        let outcome = request.outcome(String(uri.dropFirst(path.count + 1)))
        switch outcome {
        case .foreign: return (.badRequest, "This answer belongs to no login that is under way.")
        case .failed:
            feed.yield(outcome)
            return (.ok, "The login has failed. muster says why: read auth://status.")
        case .code:
            feed.yield(outcome)
            return (.ok, "muster has got the answer. You can close this page.")
        }
    }
}

/// Answers one request and closes.
private final class CallbackConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private static let patience = TimeAmount.seconds(10)

    private let desk: CallbackDesk
    private var head: HTTPRequestHead?
    private var timer: Scheduled<Void>?

    init(_ desk: CallbackDesk) { self.desk = desk }

    func channelActive(context: ChannelHandlerContext) {
        if !desk.enter() { context.close(promise: nil) }
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        desk.leave()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): if self.head == nil { self.head = head }
        case .body: break
        case .end:
            guard let head else { return context.close(promise: nil) }
            write(desk.answer(head, port: context.channel.localAddress?.port), context)
        }
    }

    /// Fixed texts only: nothing of the request is shown.
    private func write(_ answer: (HTTPResponseStatus, String), _ context: ChannelHandlerContext) {
        let page = "<!doctype html><title>muster</title><p>\(answer.1)</p>\n"
        let headers: HTTPHeaders = [
            "Content-Type": "text/html; charset=utf-8", "Content-Length": "\(page.utf8.count)",
            "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
            "Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Connection": "close",
        ]
        let head = HTTPResponseHead(version: .http1_1, status: answer.0, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let body = context.channel.allocator.buffer(string: page)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }
}
