import Logging
import MCPProtocol
import NIOCore
import Synchronization

/// A server of the revision 2024-11-05: one stream for everything it says, whose first event names where to post (MCP
/// 2024-11-05, "HTTP with SSE").
final class EventStreamTransport: ClientTransport {
    private struct State: Sendable {
        var token: String?
        var transfer: HTTPTransfer?
        var head: HTTPHead?
        var parser: ServerSentEventParser
        var refusal: [UInt8] = []
        /// Where to post; nil before the first event.
        var target: WebAddress?
        var waiter: CheckedContinuation<Result<Void, MCPClientError>, Never>?
        var ending: MCPClientError?
        var posts: [Int64: HTTPExchange] = [:]
        var sidePosts: [Int: HTTPExchange] = [:]
        var nextSideKey = 0
        var isClosed = false
    }

    private let endpoint: HTTPEndpoint
    private let address: WebAddress
    private let loop: any EventLoop
    private let logger: Logger
    private let events: TransportEvents
    private let state: Mutex<State>

    init(_ endpoint: HTTPEndpoint, loop: any EventLoop, logger: Logger, events: TransportEvents) throws(MCPClientError)
    {
        self.endpoint = endpoint
        address = try endpoint.address
        self.loop = loop
        self.logger = logger
        self.events = events
        state = Mutex(State(parser: ServerSentEventParser(limit: endpoint.messageLimit)))
    }

    var processID: Int32 { 0 }
    var abandoningCancels: Bool { false }

    func prepare(after refusal: MCPClientError?) async throws(MCPClientError) {
        guard endpoint.tokens != nil || refusal != nil else { return }
        let token = try await endpoint.token(after: refusal)
        state.withLock { $0.token = token }
    }

    // MARK: The stream

    /// Opens the stream and waits until it has said where to post.
    func start() async throws(MCPClientError) {
        try await prepare(after: nil)
        do throws(MCPClientError) {
            try await open()
        } catch {
            guard error.code == .authorizationRequired, endpoint.tokens != nil else { throw error }
            try await prepare(after: error)
            state.withLock { state in
                state.ending = nil
                state.refusal = []
            }
            try await open()
        }
    }

    private func open() async throws(MCPClientError) {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { $0.waiter = continuation }
                connect()
                if Task.isCancelled { end(MCPClientError(.cancelled, "connecting was cancelled")) }
            }
        } onCancel: {
            end(MCPClientError(.cancelled, "connecting was cancelled"))
        }
        try result.get()
    }

    private func connect() {
        let fields = endpoint.fields(token: state.withLock { $0.token }) + [HTTPField("Accept", "text/event-stream")]
        let transfer = HTTPTransfer(
            HTTPClientRequest("GET", address, fields: fields),
            HTTPTransfer.Events(
                onHead: { [self] head in state.withLock { $0.head = head } },
                onBody: { [self] bytes in bodyCame(bytes) },
                onEnd: { [self] failure in transferEnded(failure) }
            )
        )
        let isOver = state.withLock { state in
            state.transfer = transfer
            return state.isClosed || state.ending != nil
        }
        if isOver { transfer.cancel() }
    }

    private func bodyCame(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var received: [ServerSentEvent] = []
        let problem = state.withLock { state -> String? in
            guard state.head?.status == 200 else {
                state.refusal += bytes.prefix(HTTPReplyReader.explanationLimit - state.refusal.count)
                return nil
            }
            let type = state.head?["content-type"]?.lowercased() ?? ""
            guard type.hasPrefix("text/event-stream") else {
                return "the answer has the content type \(type) instead of text/event-stream"
            }
            do throws(ServerSentEventParser.TooLarge) {
                try state.parser.append(bytes) { received.append($0) }
                return nil
            } catch {
                return "an event is larger than \(endpoint.messageLimit >> 20) MiB"
            }
        }
        for event in received { eventCame(event) }
        if let problem { end(MCPClientError(.invalidResponse, problem)) }
        return problem == nil
    }

    private func eventCame(_ event: ServerSentEvent) {
        switch event.type {
        case "endpoint":
            let text = String(decoding: event.data, as: UTF8.self)
            guard let target = address.resolving(text), target.isSameOrigin(as: address) else {
                let shown = text.prefix(200)
                end(MCPClientError(.invalidResponse, "the server names an endpoint of another origin: \(shown)"))
                return
            }
            let waiter = state.withLock { state in
                // A second one would send what follows somewhere else in mid-conversation.
                if state.target == nil { state.target = target }
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume(returning: .success(()))
        case "message": _ = events.onMessage(event.data, nil)
        default: break
        }
    }

    private func transferEnded(_ failure: HTTPFailure?) {
        let (head, refusal) = state.withLock { ($0.head, $0.refusal) }
        if let failure {
            end(MCPClientError(failure, host: address.origin))
        } else if let head, head.status != 200 {
            let error = HTTPRefusal.error(head.status, refusal, head.all("www-authenticate"))
            end(error ?? MCPClientError(.status, "HTTP status \(head.status)", httpStatus: head.status))
        } else {
            end(MCPClientError(.connectionReset, "the server ended its stream of events"))
        }
    }

    /// Whatever happens first counts.
    private func end(_ error: MCPClientError) {
        let (waiter, transfer, isNews) = state.withLock { state in
            let isNews = state.ending == nil && !state.isClosed
            if isNews { state.ending = error }
            defer { state.waiter = nil }
            return (state.waiter, state.transfer, isNews)
        }
        transfer?.cancel()
        if let waiter {
            waiter.resume(returning: .failure(error))
        } else if isNews {
            events.onEnd(error, nil)
        }
    }

    // MARK: Posting

    func send(_ message: ClientMessage) {
        let exchange = state.withLock { state -> HTTPExchange? in
            guard !state.isClosed, state.ending == nil, let target = state.target else { return nil }
            let key = state.nextSideKey
            if message.id == nil { state.nextSideKey += 1 }
            let exchange = HTTPExchange(
                HTTPExchange.Start(
                    method: "POST",
                    address: target,
                    fields: endpoint.fields(token: state.token) + [HTTPField("Content-Type", "application/json")],
                    body: message.bytes,
                    id: message.id,
                    isResumable: false,
                    messageLimit: endpoint.messageLimit
                ),
                loop: loop,
                events: HTTPExchange.Events(
                    onHead: { _ in },
                    onMessage: { [self] bytes in events.onMessage(bytes, message.id) },
                    onEnd: { [self] ending in posted(message.id, key, ending) }
                )
            )
            if let id = message.id { state.posts[id] = exchange } else { state.sidePosts[key] = exchange }
            return exchange
        }
        exchange?.begin()
        if exchange == nil, let id = message.id {
            events.onFailure(id, MCPClientError(.closed, "the connection to \(address.origin) was closed"))
        }
    }

    private func posted(_ id: Int64?, _ key: Int, _ ending: HTTPExchange.Ending) {
        state.withLock { state in
            if let id { state.posts[id] = nil } else { state.sidePosts[key] = nil }
        }
        guard let id else { return }
        switch ending {
        // The answer comes on the stream. What the body of a 2xx says does not count.
        case .answered, .cancelled, .silent: break
        case .failed(let error) where error.httpStatus.map { (200..<300).contains($0) } == true: break
        case .failed(let error): events.onFailure(id, error)
        case .refused(let status, let body, let challenges):
            let error = HTTPRefusal.error(status, body, challenges)
            events.onFailure(id, error ?? MCPClientError(.status, "HTTP status \(status)", httpStatus: status))
        }
    }

    func abandon(_ id: Int64) { state.withLock { $0.posts[id] }?.cancel() }
    func agreed(_ facts: MCPServerFacts) {}
    func reset() {}

    func close() async {
        let (posts, transfer) = state.withLock { state in
            state.isClosed = true
            return (Array(state.posts.values) + Array(state.sidePosts.values), state.transfer)
        }
        for post in posts { post.cancel() }
        transfer?.cancel()
    }
}
