import JSON
import Logging
import MCPProtocol
import NIOCore
import Synchronization

/// A server behind one URL: every message is a POST, whose answer is a message or a stream of them; a legacy session may
/// have a stream of its own beside (MCP, "Streamable HTTP").
final class StreamableHTTPTransport: ClientTransport {
    private struct State: Sendable {
        var sessionID: String?
        /// Nil before the handshake is over.
        var version: MCPVersion?
        var token: String?
        var exchanges: [Int64: HTTPExchange] = [:]
        /// Notifications and answers on their way.
        var sideExchanges: [Int: HTTPExchange] = [:]
        var nextSideKey = 0
        var stream: HTTPExchange?
        var streamAttempts = 0
        /// Kept until the server has answered the first request for the session's stream, or has had time to.
        var streamPending: EventLoopPromise<Void>?
        var isClosed = false
    }

    private static let farewellTimeout = Duration.seconds(2)
    /// Of the wait before the session's own stream is opened again.
    private static let streamBackoff = (first: 1000, limit: 30_000)

    private let endpoint: HTTPEndpoint
    private let address: WebAddress
    private let loop: any EventLoop
    private let logger: Logger
    private let events: TransportEvents
    private let state = Mutex(State())

    init(_ endpoint: HTTPEndpoint, loop: any EventLoop, logger: Logger, events: TransportEvents) throws(MCPClientError)
    {
        self.endpoint = endpoint
        address = try endpoint.address
        self.loop = loop
        self.logger = logger
        self.events = events
    }

    var processID: Int32 { 0 }
    /// Closing a stream is how the modern era cancels.
    var abandoningCancels: Bool { state.withLock { $0.version?.era == .modern } }

    func start() async throws(MCPClientError) {}

    func prepare(after refusal: MCPClientError?) async throws(MCPClientError) {
        guard endpoint.tokens != nil || refusal != nil else { return }
        let token = try await endpoint.token(after: refusal)
        state.withLock { $0.token = token }
    }

    // MARK: Sending

    func send(_ message: ClientMessage) {
        let exchange = state.withLock { state -> HTTPExchange? in
            guard !state.isClosed else { return nil }
            let sessionID = message.version?.era == .legacy ? state.sessionID : nil
            let key = state.nextSideKey
            if message.id == nil { state.nextSideKey += 1 }
            let exchange = HTTPExchange(
                HTTPExchange.Start(
                    method: "POST",
                    address: address,
                    fields: fields(state, message.version) + message.routing
                        + [
                            HTTPField("Content-Type", "application/json"),
                            HTTPField("Accept", "application/json, text/event-stream"),
                        ],
                    body: message.bytes,
                    id: message.id,
                    isResumable: message.version?.era == .legacy,
                    messageLimit: endpoint.messageLimit
                ),
                loop: loop,
                events: HTTPExchange.Events(
                    onHead: { [self] head in headCame(head, isHandshake: message.version == nil) },
                    onMessage: { [self] bytes in events.onMessage(bytes, message.id) },
                    onEnd: { [self] ending in ended(message.id, key, ending, sessionID: sessionID, message.version) }
                )
            )
            if let id = message.id { state.exchanges[id] = exchange } else { state.sideExchanges[key] = exchange }
            return exchange
        }
        if let exchange {
            exchange.begin()
        } else if let id = message.id {
            events.onFailure(id, MCPClientError(.closed, "the connection to \(address.origin) was closed"))
        }
    }

    func abandon(_ id: Int64) { state.withLock { $0.exchanges[id] }?.cancel() }

    private func fields(_ state: borrowing State, _ version: MCPVersion?) -> [HTTPField] {
        var fields = endpoint.fields(token: state.token)
        if let version { fields.append(HTTPField("MCP-Protocol-Version", version.text)) }
        // A handshake begins without a session, and the modern era has none.
        if let session = state.sessionID, version?.era == .legacy {
            fields.append(HTTPField("Mcp-Session-Id", session))
        }
        return fields
    }

    private func headCame(_ head: HTTPHead, isHandshake: Bool) {
        guard isHandshake, (200..<300).contains(head.status) else { return }
        // Others would not be allowed in a header.
        let session = head["mcp-session-id"].flatMap { text in
            !text.isEmpty && text.utf8.allSatisfy({ $0 >= 0x21 && $0 <= 0x7E }) ? text : nil
        }
        state.withLock { $0.sessionID = session }
    }

    private func ended(
        _ id: Int64?,
        _ key: Int,
        _ ending: HTTPExchange.Ending,
        sessionID: String?,
        _ version: MCPVersion?
    ) {
        state.withLock { state in
            if let id { state.exchanges[id] = nil } else { state.sideExchanges[key] = nil }
        }
        guard let id else {
            if case .refused(let status, _, _) = ending {
                logger.debug(
                    "a notification was refused",
                    metadata: ["server": "\(address.origin)", "status": "\(status)"]
                )
            }
            return
        }
        switch ending {
        case .answered, .cancelled: break
        case .failed(let error): events.onFailure(id, error)
        case .silent(let wasStream):
            let text = wasStream ? "the stream ended without the answer" : "the answer is empty"
            events.onFailure(id, MCPClientError(wasStream ? .answerLost : .invalidResponse, text))
        case .refused(let status, let body, let challenges):
            if status == 404, sessionID != nil, version?.era == .legacy {
                events.onFailure(id, MCPClientError(.sessionLost, "the server does not know our session any more"))
                return
            }
            if let error = HTTPRefusal.error(status, body, challenges, hadSession: sessionID != nil) {
                events.onFailure(id, error)
            } else if !events.onMessage(body, id) {
                events.onFailure(id, MCPClientError(.status, "HTTP status \(status)", httpStatus: status))
            }
        }
    }

    // MARK: The stream of a legacy session

    func agreed(_ facts: MCPServerFacts) {
        let isLegacy = facts.version.era == .legacy
        let pending = isLegacy ? loop.makePromise(of: Void.self) : nil
        let old = state.withLock { state in
            state.version = facts.version
            defer { state.streamPending = pending }
            return state.streamPending
        }
        old?.succeed()
        guard let pending else { return }
        loop.scheduleTask(in: endpoint.streamPatience.timeAmount) { pending.succeed() }
        openStream(after: 0, lastEventID: "")
    }

    /// What a server asks during a call may come on the session's stream, and is lost when there is none yet.
    func listening() async {
        guard let pending = state.withLock({ $0.streamPending }) else { return }
        try? await pending.futureResult.get()
    }

    private func streamSettled() {
        let pending = state.withLock { state in
            defer { state.streamPending = nil }
            return state.streamPending
        }
        pending?.succeed()
    }

    private func openStream(after milliseconds: Int, lastEventID: String) {
        guard milliseconds == 0 else {
            loop.scheduleTask(in: .milliseconds(Int64(milliseconds))) { [weak self] in
                self?.openStream(after: 0, lastEventID: lastEventID)
            }
            return
        }
        let opened = ContinuousClock.now
        let exchange = state.withLock { state -> HTTPExchange? in
            guard !state.isClosed, let version = state.version else { return nil }
            var fields = fields(state, version) + [HTTPField("Accept", "text/event-stream")]
            if !lastEventID.isEmpty { fields.append(HTTPField("Last-Event-ID", lastEventID)) }
            let exchange = HTTPExchange(
                HTTPExchange.Start(
                    method: "GET",
                    address: address,
                    fields: fields,
                    body: nil,
                    id: nil,
                    isResumable: false,
                    messageLimit: endpoint.messageLimit
                ),
                loop: loop,
                events: HTTPExchange.Events(
                    onHead: { [weak self] _ in self?.streamSettled() },
                    onMessage: { [self] bytes in
                        _ = events.onMessage(bytes, nil)
                        return false
                    },
                    onEnd: { [weak self] ending in self?.streamEnded(ending, opened) }
                )
            )
            state.stream = exchange
            return exchange
        }
        exchange?.begin()
    }

    private func streamEnded(_ ending: HTTPExchange.Ending, _ opened: ContinuousClock.Instant) {
        streamSettled()
        let lived = ContinuousClock.now - opened
        let (stream, attempts) = state.withLock { state in
            state.streamAttempts = lived > .seconds(10) ? 0 : state.streamAttempts + 1
            defer { state.stream = nil }
            return (state.stream, state.streamAttempts)
        }
        switch ending {
        // A server need not offer it; and what refuses us now will not like us better soon.
        case .refused, .cancelled: return
        case .silent(wasStream: false): return
        default: break
        }
        let usual = min(Self.streamBackoff.first << min(max(attempts - 1, 0), 5), Self.streamBackoff.limit)
        let wait = max(stream?.retryMilliseconds ?? usual, attempts > 3 ? usual : 0)
        openStream(after: max(wait, 1), lastEventID: stream?.lastEventID ?? "")
    }

    // MARK: Ends

    func reset() {
        let stream = state.withLock { state in
            // The lost session's id stays until there is another: a call in between learns that it is lost and waits for
            // the new one. Without an id it would be refused for good.
            state.version = nil
            defer { state.stream = nil }
            return state.stream
        }
        stream?.cancel()
    }

    func close() async {
        streamSettled()
        let (exchanges, farewell) = state.withLock { state -> ([HTTPExchange], HTTPClientRequest?) in
            guard !state.isClosed else { return ([], nil) }
            state.isClosed = true
            var farewell: HTTPClientRequest?
            if state.sessionID != nil {
                farewell = HTTPClientRequest("DELETE", address, fields: fields(state, state.version))
                farewell?.timeout = Self.farewellTimeout
            }
            let all =
                Array(state.exchanges.values) + Array(state.sideExchanges.values) + [state.stream].compactMap(\.self)
            state.exchanges = [:]
            state.sideExchanges = [:]
            state.stream = nil
            return (all, farewell)
        }
        for exchange in exchanges { exchange.cancel() }
        // A server that does not take the farewell forgets us some day by itself.
        if let farewell { _ = await farewell.fetch(limit: 64 << 10) }
    }
}

/// What an HTTP status that is no 2xx means.
enum HTTPRefusal {
    /// Nil when the body is an answer in JSON-RPC, which says more than the status.
    static func error(
        _ status: Int,
        _ body: [UInt8],
        _ challenges: [String],
        hadSession: Bool = false
    ) -> MCPClientError? {
        func make(_ code: MCPClientError.Code, _ text: String) -> MCPClientError {
            MCPClientError(code, text, httpStatus: status, challenges: challenges)
        }
        let said = explanation(body)
        switch status {
        case 401: return make(.authorizationRequired, "the server wants authorization (HTTP 401)\(said)")
        case 403: return make(.forbidden, "the server forbids it (HTTP 403)\(said)")
        default: break
        }
        if let message = try? JSONRPCMessage(decoding: body), case .response(let response) = message {
            // Servers in the field answer 400 where they should answer 404.
            if status == 400, hadSession, case .failure(let error) = response.result,
                error.message.lowercased().contains("session")
            {
                return make(.sessionLost, error.message)
            }
            return nil
        }
        return make(.status, "HTTP status \(status)\(said)")
    }

    /// The start of a text that a person could read.
    private static func explanation(_ body: [UInt8]) -> String {
        let limit = 200
        if let message = try? JSONValue(parsing: body),
            let text = message["error"]?["message"]?.stringValue ?? message["error_description"]?.stringValue
                ?? message["error"]?.stringValue
        {
            return ": \(text.prefix(limit))"
        }
        guard !body.isEmpty, !body.contains(0), body.first != UInt8(ascii: "<") else { return "" }
        return ": \(String(decoding: body.prefix(limit), as: UTF8.self))"
    }
}
