import NIOCore
import NIOHTTP1
import NIOPosix

/// One GET request over a connection of its own.
enum HTTPGet {
    struct Response: Sendable {
        var status: Int
        var body: String
    }

    /// For the connection, and again for the answer.
    private static let limit = TimeAmount.seconds(5)
    /// Bytes.
    private static let bodyLimit = 1 << 20

    /// - Throws: `ToolFailure` that names the address when nothing answers there; every status is an answer.
    static func send(_ url: LoopbackURL, path: String) async throws -> Response {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: Response.self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: loop).connectTimeout(limit).channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(Collector(promise, limit: bodyLimit))
                }
            }.connect(host: "127.0.0.1", port: url.port).get()
        } catch {
            promise.fail(error)
            throw ToolFailure("cannot connect to \(url): nothing answers there")
        }
        let deadline = loop.scheduleTask(in: limit) { promise.fail(ToolFailure("no answer")) }
        defer { deadline.cancel() }
        let headers: HTTPHeaders = ["Host": "127.0.0.1:\(url.port)", "Connection": "close"]
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: headers)
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        do {
            let response = try await promise.futureResult.get()
            // The peer may have closed it already.
            try? await channel.close()
            return response
        } catch {
            try? await channel.close()
            throw ToolFailure("\(url)\(path) gave no HTTP answer: \(error)")
        }
    }

    /// Puts the parts of the answer together.
    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = HTTPClientResponsePart

        private let promise: EventLoopPromise<Response>
        private let limit: Int
        private var status = 0
        private var body: [UInt8] = []

        init(_ promise: EventLoopPromise<Response>, limit: Int) {
            self.promise = promise
            self.limit = limit
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): status = Int(head.status.code)
            case .body(let part):
                body += part.readableBytesView
                if body.count > limit { promise.fail(ToolFailure("the answer is longer than \(limit) bytes")) }
            case .end: promise.succeed(Response(status: status, body: String(decoding: body, as: UTF8.self)))
            }
        }

        func channelInactive(context: ChannelHandlerContext) { promise.fail(ToolFailure("the connection was closed")) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { promise.fail(error) }
    }
}
