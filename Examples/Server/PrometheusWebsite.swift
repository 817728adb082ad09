import JSON
import NIOCore
import NIOHTTP1
import NIOPosix

/// The HTTP side of the Prometheus stand-in, on a free port of the loopback.
struct PrometheusWebsite: Sendable {
    private let channel: any Channel
    let port: Int

    /// Listens from here on.
    init() async throws {
        let metrics = Metrics()
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Responder(metrics))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
        metrics.setPort(port)
    }

    func close() async {
        // Fails only when it is closed already.
        try? await channel.close()
    }

    /// Answers one request after the other.
    private final class Responder: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let metrics: Metrics
        private var head: HTTPRequestHead?

        init(_ metrics: Metrics) { self.metrics = metrics }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): self.head = head
            case .body: break
            case .end:
                guard let head = head.take() else { return }
                metrics.countRequest()
                answer(head, context)
            }
        }

        private func answer(_ request: HTTPRequestHead, _ context: ChannelHandlerContext) {
            let page = request.method == .GET ? page(request.uri) : Page(.methodNotAllowed, "only GET is allowed\n")
            let body = context.channel.allocator.buffer(string: page.text)
            var headers: HTTPHeaders = ["Content-Type": page.type, "Content-Length": "\(body.readableBytes)"]
            if !request.isKeepAlive { headers.add(name: "Connection", value: "close") }
            let head = HTTPResponseHead(version: .http1_1, status: page.status, headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            if !request.isKeepAlive { context.close(promise: nil) }
        }

        private func page(_ uri: String) -> Page {
            let parts = uri.split(separator: "?", maxSplits: 1)
            switch parts.first {
            case "/-/healthy": return Page(.ok, "Prometheus Server is Healthy.\n")
            case "/api/v1/query":
                let fields = parts.count > 1 ? parts[1].split(separator: "&") : []
                guard let field = fields.first(where: { $0.hasPrefix("query=") }), field.count > 6 else {
                    let error: JSONObject = ["status": "error", "errorType": "bad_data", "error": "no query given"]
                    return Page(.badRequest, error)
                }
                return Page(.ok, metrics.answer(PercentEncoding.decode(field.dropFirst(6))))
            default: return Page(.notFound, "404 page not found\n")
            }
        }
    }

    private struct Page {
        var status: HTTPResponseStatus
        var type: String
        var text: String

        init(_ status: HTTPResponseStatus, _ text: String) {
            self.status = status
            self.type = "text/plain; charset=utf-8"
            self.text = text
        }

        init(_ status: HTTPResponseStatus, _ json: JSONObject) {
            self.status = status
            self.type = "application/json"
            self.text = json.text()
        }
    }
}
