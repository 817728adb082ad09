import MCPProtocol
import NIOCore
import Synchronization

/// One POST or GET to an MCP server with everything that follows from it: redirects, the messages of its answer, and
/// going on after the stream has broken off.
final class HTTPExchange: Sendable {
    /// What is asked for.
    struct Start: Sendable {
        var method: String
        var address: WebAddress
        var fields: [HTTPField]
        var body: [UInt8]?
        /// The request that is answered by it; nil for notifications, answers and the stream without a request.
        var id: Int64?
        /// Whether a stream that ended can be taken up again, as legacy sessions allow.
        var isResumable: Bool
        var messageLimit: Int
    }

    /// How it came to its end.
    enum Ending: Sendable {
        case answered
        /// 2xx without what was waited for; `wasStream` when there was a stream that ended.
        case silent(wasStream: Bool)
        case refused(status: Int, body: [UInt8], challenges: [String])
        case failed(MCPClientError)
        case cancelled
    }

    struct Events: Sendable {
        var onHead: @Sendable (HTTPHead) -> Void
        /// True when the message is the answer.
        var onMessage: @Sendable ([UInt8]) -> Bool
        /// Called once.
        var onEnd: @Sendable (Ending) -> Void
    }

    private struct State: Sendable {
        var transfer: HTTPTransfer?
        var reader: HTTPReplyReader?
        var head: HTTPHead?
        var address: WebAddress
        var isPost: Bool
        var isAnswered = false
        var isOver = false
        var redirects = 0
        var lastEventID = ""
        var retryMilliseconds: Int?
        /// Attempts to take the stream up again that brought nothing new.
        var fruitless = 0
        var invalid: String?
        /// Ends a stream that goes on after its answer.
        var farewell: Scheduled<Void>?
    }

    static let redirectLimit = 5
    static let resumptionLimit = 8
    private static let usualRetry = 1000
    private static let longestRetry = 60_000
    /// How long a stream may stay open after the answer.
    private static let farewellTime = TimeAmount.seconds(5)

    private let start: Start
    private let events: Events
    private let loop: any EventLoop
    private let state: Mutex<State>

    init(_ start: Start, loop: any EventLoop, events: Events) {
        self.start = start
        self.loop = loop
        self.events = events
        state = Mutex(State(address: start.address, isPost: start.method == "POST"))
    }

    func begin() { send(fields: start.fields, body: start.body, method: start.method) }

    func cancel() {
        let (transfer, isFirst) = state.withLock { state in
            defer { state.isOver = true }
            return (state.transfer, !state.isOver)
        }
        transfer?.cancel()
        if isFirst { events.onEnd(.cancelled) }
    }

    var lastEventID: String { state.withLock { $0.lastEventID } }
    var retryMilliseconds: Int? { state.withLock { $0.retryMilliseconds } }

    private func send(fields: [HTTPField], body: [UInt8]?, method: String) {
        let address = state.withLock { state in
            state.reader = nil
            state.head = nil
            return state.address
        }
        let request = HTTPClientRequest(method, address, fields: fields, body: body)
        let transfer = HTTPTransfer(
            request,
            HTTPTransfer.Events(
                onHead: { [self] head in headCame(head) },
                onBody: { [self] bytes in bodyCame(bytes) },
                onEnd: { [self] failure in transferEnded(failure) }
            )
        )
        let isOver = state.withLock { state in
            state.transfer = transfer
            return state.isOver
        }
        if isOver { transfer.cancel() }
    }

    private func headCame(_ head: HTTPHead) {
        let isOver = state.withLock { state in
            state.head = head
            do throws(HTTPReplyReader.Invalid) {
                state.reader = try HTTPReplyReader(status: head.status, fields: head.fields, limit: start.messageLimit)
            } catch {
                state.invalid = error.message
            }
            return state.isOver
        }
        if !isOver { events.onHead(head) }
    }

    private func bodyCame(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var messages: [[UInt8]] = []
        let goesOn = state.withLock { state in
            guard !state.isOver, state.invalid == nil, state.reader != nil else { return false }
            do throws(HTTPReplyReader.Invalid) {
                try state.reader?.append(bytes) { messages.append($0) }
            } catch {
                state.invalid = error.message
            }
            return state.invalid == nil
        }
        deliver(messages)
        return goesOn
    }

    /// Stops delivering once it is over.
    private func deliver(_ messages: [[UInt8]]) {
        for message in messages {
            guard !state.withLock({ $0.isOver }) else { return }
            let isAnswer = events.onMessage(message)
            state.withLock { state in
                state.fruitless = 0
                guard isAnswer, !state.isAnswered else { return }
                state.isAnswered = true
                let transfer = state.transfer
                state.farewell = loop.scheduleTask(in: Self.farewellTime) { transfer?.cancel() }
            }
        }
    }

    // MARK: The end of a transfer

    private enum Next {
        case end(Ending)
        case nothing
        case redirect(WebAddress)
        case resume(afterMilliseconds: Int)
    }

    private func transferEnded(_ failure: HTTPFailure?) {
        var messages: [[UInt8]] = []
        let ending = state.withLock { state -> HTTPReplyReader.Ending? in
            if let parser = state.reader?.parser {
                if !parser.lastEventID.isEmpty { state.lastEventID = parser.lastEventID }
                state.retryMilliseconds = parser.retryMilliseconds ?? state.retryMilliseconds
            }
            guard failure == nil, state.invalid == nil else { return nil }
            return state.reader?.finish { messages.append($0) }
        }
        deliver(messages)
        let (next, farewell) = state.withLock { state in (decide(&state, failure, ending), state.farewell) }
        farewell?.cancel()
        switch next {
        case .nothing: return
        case .end(let ending): events.onEnd(ending)
        case .redirect: send(fields: start.fields, body: start.body, method: start.method)
        case .resume(let milliseconds):
            loop.scheduleTask(in: .milliseconds(Int64(milliseconds))) { [self] in resume() }
        }
    }

    private func decide(_ state: inout State, _ failure: HTTPFailure?, _ ending: HTTPReplyReader.Ending?) -> Next {
        guard !state.isOver else { return .nothing }
        func end(_ ending: Ending) -> Next {
            state.isOver = true
            return .end(ending)
        }
        if state.isAnswered { return end(.answered) }
        if let invalid = state.invalid {
            return end(.failed(MCPClientError(.invalidResponse, invalid, httpStatus: state.head?.status)))
        }
        let wasStream = state.reader?.isStream == true
        if let failure {
            // Before anything was streamed there is no event to go on after.
            if let wait = resumption(&state) { return .resume(afterMilliseconds: wait) }
            if wasStream, failure.code == .broken { return end(.silent(wasStream: true)) }
            return end(.failed(MCPClientError(failure, host: state.address.origin)))
        }
        switch ending {
        case .redirect(let location)?: return redirect(&state, to: location)
        case .refused(let status, let body)?:
            return end(.refused(status: status, body: body, challenges: state.head?.all("www-authenticate") ?? []))
        case .complete(let isStream)?:
            if isStream, let wait = resumption(&state) { return .resume(afterMilliseconds: wait) }
            return end(.silent(wasStream: isStream))
        case nil: return end(.failed(MCPClientError(.invalidResponse, "the answer has no head")))
        }
    }

    private func redirect(_ state: inout State, to location: String) -> Next {
        state.redirects += 1
        let target = state.address.resolving(location)
        let problem: String? =
            if state.redirects > Self.redirectLimit {
                "more than \(Self.redirectLimit) redirects"
            } else if let target, target.isSameOrigin(as: start.address) {
                nil
            } else {
                "a redirect to another origin (\(location.prefix(200))) is not followed"
            }
        if problem == nil, let target {
            state.address = target
            return .redirect(target)
        }
        state.isOver = true
        return .end(.failed(MCPClientError(.status, problem ?? "", httpStatus: state.head?.status)))
    }

    /// The wait before the stream is taken up again; nil when it is not.
    private func resumption(_ state: inout State) -> Int? {
        guard start.isResumable, start.id != nil, !state.lastEventID.isEmpty, state.fruitless < Self.resumptionLimit
        else { return nil }
        state.fruitless += 1
        return min(state.retryMilliseconds ?? Self.usualRetry, Self.longestRetry)
    }

    private func resume() {
        let (isOver, id) = state.withLock { ($0.isOver, $0.lastEventID) }
        guard !isOver else { return }
        var fields = start.fields.filter { !["content-type", "accept"].contains($0.name.lowercased()) }
        fields.append(HTTPField("Accept", "text/event-stream"))
        fields.append(HTTPField("Last-Event-ID", id))
        send(fields: fields, body: nil, method: "GET")
    }
}
