import JSON
import MCPProtocol
import Synchronization

/// Serves one client over a pair of message channels: standard streams, or the older HTTP+SSE transport. Requests run
/// concurrently, and everything goes out the same way.
final class DuplexPeer: Sendable {
    /// Takes one message; what may be dropped is for clients that do not read.
    typealias Output = @Sendable (_ message: [UInt8], _ mayBeDropped: Bool) -> Void

    private let handler: any MCPOperationHandler
    private let transport: MCPRequestContext.Transport
    private let output: Output
    private let watch: @Sendable (MCPInterest, Bool) -> Void
    let session: ServingSession
    private let listens = Mutex<[JSONRPCID: ServerListen]>([:])
    /// What the host has been told about.
    private let watched = Mutex<Set<MCPInterest>>([])

    init(
        _ profile: MCPServerProfile,
        handler: any MCPOperationHandler,
        transport: MCPRequestContext.Transport,
        watch: @escaping @Sendable (MCPInterest, Bool) -> Void,
        output: @escaping Output
    ) {
        self.watch = watch
        self.handler = handler
        self.transport = transport
        self.output = output
        session = ServingSession(profile, allowsRepeatedIDs: false)
    }

    /// Takes one message, or an array of them, as it came.
    func receive(_ bytes: [UInt8]) {
        do throws(JSONRPCMessage.DecodingError) {
            switch try ServerInput(decoding: bytes, allowsBatches: session.allowsBatches) {
            case .message(let message): receive(message) { [output] in output($0.bytes, false) }
            case .batch(let messages): receive(messages)
            }
        } catch {
            output(JSONRPCEncoder.error(id: error.id, error.error), false)
        }
        reportWatched()
    }

    /// Answers of one array go out as one array, when all are there.
    private func receive(_ messages: [Result<JSONRPCMessage, JSONRPCMessage.DecodingError>]) {
        let batch = AnswerBatch(count: messages.count) { [output] in output($0, false) }
        for message in messages {
            switch message {
            case .failure(let error): batch.add(ServerAnswer(error: error.error, id: error.id, era: .legacy))
            case .success(let message): receive(message, nothing: { batch.add(nil) }, answer: { batch.add($0) })
            }
        }
    }

    private func receive(
        _ message: JSONRPCMessage,
        nothing: @Sendable () -> Void = {},
        answer: @escaping @Sendable (ServerAnswer) -> Void
    ) {
        switch session.handle(message) {
        case .send(let whole): answer(whole)
        case .perform(let call): perform(call, answer: answer)
        case .listen(let listen):
            listens.withLock { $0[listen.id] = listen }
            output(listen.acknowledgement, false)
        case .cancel(let id):
            listens.withLock { $0[id] = nil }
            session.cancel(id)
            nothing()
        case .accepted, .answered: nothing()
        }
    }

    private func perform(_ call: ServerCall, answer: @escaping @Sendable (ServerAnswer) -> Void) {
        let session = session
        let handler = handler
        let send: Output = { [output] message, mayBeDropped in
            if session.isRunning(call.id) { output(message, mayBeDropped) }
        }
        let route = CallRoute(
            transport: transport,
            send: send,
            ask: { request in await session.ask(request) { send($0, false) } }
        )
        let task = Task {
            let whole = await call.perform(handler, route)
            guard session.finish(call.id) else { return }
            answer(whole)
            guard let begun = whole.begunTask else { return }
            session.follow(begun)
            reportWatched()
        }
        session.note(task, for: call.id)
    }

    /// Tells the client, if it wants to hear of it.
    func notify(_ news: ServerNews) {
        var messages = listens.withLock { $0.values.compactMap { $0.notification(news) } }
        if let message = session.notification(news) { messages.append(message) }
        for message in messages { output(message, true) }
        // A task that has ended is not followed any more.
        if case .task = news, !messages.isEmpty { reportWatched() }
    }

    /// The client is gone.
    func forget() {
        listens.withLock { $0 = [:] }
        let ending = watched.withLock { watched in
            defer { watched = [] }
            return watched
        }
        for interest in ending { watch(interest, false) }
    }

    /// Ends subscriptions from our side.
    func endListening() {
        let ending = listens.withLock { listens in
            defer { listens = [:] }
            return Array(listens.values)
        }
        for listen in ending where session.finish(listen.id) {
            output(listen.end, false)
            output(listen.cancellation, false)
        }
        reportWatched()
    }

    /// Tells the host what is waited for.
    private func reportWatched() {
        let wanted = listens.withLock { listens in
            listens.values.reduce(into: session.interests) { $0.formUnion($1.interests) }
        }
        let (added, removed) = watched.withLock { watched in
            defer { watched = wanted }
            return (wanted.subtracting(watched), watched.subtracting(wanted))
        }
        for interest in added { watch(interest, true) }
        for interest in removed { watch(interest, false) }
    }
}

/// Collects the answers to the messages of one array; may be used from any thread.
final class AnswerBatch: Sendable {
    private struct State {
        var missing: Int
        var answers: [[UInt8]] = []
    }

    private let state: Mutex<State>
    /// Takes the array; empty when nothing had to be answered.
    private let finish: @Sendable ([UInt8]) -> Void
    private let sendsNothing: Bool

    /// - Parameter sendsNothing: whether `finish` is also to be called when there is no answer.
    init(count: Int, sendsNothing: Bool = false, finish: @escaping @Sendable ([UInt8]) -> Void) {
        state = Mutex(State(missing: count))
        self.finish = finish
        self.sendsNothing = sendsNothing
    }

    /// - Parameter answer: nil for a message that has none.
    func add(_ answer: ServerAnswer?) {
        let answers = state.withLock { state -> [[UInt8]]? in
            if let answer { state.answers.append(answer.bytes) }
            state.missing -= 1
            return state.missing == 0 ? state.answers : nil
        }
        guard let answers, !answers.isEmpty || sendsNothing else { return }
        guard !answers.isEmpty else { return finish([]) }
        finish([UInt8(ascii: "[")] + answers.joined(separator: [UInt8(ascii: ",")]) + [UInt8(ascii: "]")])
    }
}
