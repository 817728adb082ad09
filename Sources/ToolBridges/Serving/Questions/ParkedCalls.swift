import JSON
package import MCPProtocol
package import MCPTransports
import Synchronization

/// Calls that go on while their client is asked something. In the modern era a question is an answer: the client calls
/// again with what it says, and finds the call where it was by a handle in the state that it carries sealed.
package final class ParkedCalls: Sendable {
    package struct Limits: Sendable {
        /// Calls that may wait for their clients at a time.
        package var count = 1000
        /// How long a call waits for its client to come back.
        package var patience = Duration.seconds(600)

        package init() {}
    }

    private struct State: Sendable {
        /// Those that wait for their client, by handle. A handle is good for one round.
        var waiting: [String: ParkedCall] = [:]
        var all: [ObjectIdentifier: ParkedCall] = [:]
    }

    package typealias Work = @Sendable (MCPRequestContext) async -> Result<MCPOutcome, JSONRPCError>

    private static let stateKey = "parked"
    private let limits: Limits
    private let state = Mutex(State())

    package init(limits: Limits = Limits()) { self.limits = limits }

    /// Calls that wait for their clients.
    package var count: Int { state.withLock { $0.waiting.count } }

    /// The handle that a request brings back; nil when it belongs to no parked call.
    package static func handle(in input: MCPInput?) -> String? { input?.state?[stateKey]?.stringValue }

    /// Begins a call that may ask, and returns with its end or its first questions.
    package func begin(_ request: MCPRequestContext, _ work: @escaping Work) async throws(JSONRPCError) -> MCPOutcome {
        let call = ParkedCall()
        state.withLock { $0.all[ObjectIdentifier(call)] = call }
        call.start(for: request, work)
        return try await next(of: call, for: request)
    }

    /// Goes on with a call whose client has come back with answers.
    package func resume(_ handle: String, _ request: MCPRequestContext) async throws(JSONRPCError) -> MCPOutcome {
        guard let call = state.withLock({ $0.waiting.removeValue(forKey: handle) }) else {
            throw .invalidParams(
                "the call that asked this is gone: it was answered already, waited longer than "
                    + "\(limits.patience.components.seconds) seconds, or muster was started anew; make the call again"
            )
        }
        call.goOn(for: request, request.input?.responses ?? [:])
        return try await next(of: call, for: request)
    }

    /// Cancels all of them and waits for their ends.
    package func shutDown() async {
        let all = state.withLock { state in
            state.waiting = [:]
            return Array(state.all.values)
        }
        for call in all {
            call.cancel()
            await call.end()
        }
    }

    private func next(of call: ParkedCall, for request: MCPRequestContext) async throws(JSONRPCError) -> MCPOutcome {
        while true {
            let sign = await withTaskCancellationHandler {
                await call.nextSign()
            } onCancel: {
                call.cancel()
            }
            switch sign {
            case .ended(let result):
                _ = state.withLock { $0.all.removeValue(forKey: ObjectIdentifier(call)) }
                return try result.get()
            case .asks(let questions):
                let questions = questions.filter { request.canAsk($0.request) }
                if let need = park(call, questions) { return .inputRequired(need) }
            }
        }
    }

    /// Nil when it cannot be: then the call has been told so.
    private func park(_ call: ParkedCall, _ questions: [(key: String, request: MCPInputRequest)]) -> MCPInputNeed? {
        guard !questions.isEmpty else {
            call.refuse(.internalError("the client has come back without the means to be asked"))
            return nil
        }
        let handle = RandomID.make()
        let isParked = state.withLock { state in
            guard state.waiting.count < limits.count else { return false }
            state.waiting[handle] = call
            return true
        }
        guard isParked else {
            call.refuse(
                .internalError(
                    "nobody else can be asked now: calls that wait for their clients are \(limits.count) already"
                )
            )
            return nil
        }
        call.park(for: limits.patience) { [weak self] in
            // Who comes back at the last moment is faster, or too late.
            guard let self, self.state.withLock({ $0.waiting.removeValue(forKey: handle) }) != nil else { return }
            call.cancel()
            await call.end()
            _ = self.state.withLock { $0.all.removeValue(forKey: ObjectIdentifier(call)) }
        }
        return MCPInputNeed(questions, state: .object(JSONObject([(Self.stateKey, .string(handle))])))
    }
}

/// One call between its begin and its end, whichever of its client's requests waits for it.
private final class ParkedCall: Sendable {
    enum Sign: Sendable {
        case ended(Result<MCPOutcome, JSONRPCError>)
        case asks([(key: String, request: MCPInputRequest)])
    }

    private struct State: Sendable {
        /// The request that is being worked on; nil between the rounds.
        var request: MCPRequestContext?
        var result: Result<MCPOutcome, JSONRPCError>?
        var waiter: CheckedContinuation<Sign, Never>?
        var work: Task<Void, Never>?
        var timer: Task<Void, Never>?
        var desk: QuestionDesk?
    }

    private let state = Mutex(State())

    func start(for request: MCPRequestContext, _ work: @escaping ParkedCalls.Work) {
        let desk = QuestionDesk(prefix: "q") { [weak self] in self?.wake() }
        var asking = request
        asking.input = nil
        asking.ask = { await desk.ask($0) }
        // What is told goes to the request of the round; between the rounds there is nobody to tell.
        if request.progress != nil {
            asking.progress = MCPProgressSender { [weak self] progress in
                self?.state.withLock { $0.request }?.progress?.send(progress)
            }
        }
        if request.log != nil {
            asking.log = { [weak self] message in self?.state.withLock { $0.request }?.log?(message) }
        }
        let context = asking
        state.withLock { state in
            state.request = request
            state.desk = desk
            state.work = Task { self.ended(await work(context)) }
        }
    }

    /// The end, or questions that nobody has answered yet.
    func nextSign() async -> Sign {
        await withCheckedContinuation { continuation in
            let sign = state.withLock { state -> Sign? in
                let sign = Self.sign(state)
                if sign == nil { state.waiter = continuation }
                return sign
            }
            if let sign { continuation.resume(returning: sign) }
        }
    }

    func park(for patience: Duration, _ expired: @escaping @Sendable () async -> Void) {
        state.withLock { state in
            state.request = nil
            state.timer = Task {
                // Cancelled when the client comes back.
                do { try await Task.sleep(for: patience) } catch { return }
                await expired()
            }
        }
    }

    func goOn(for request: MCPRequestContext, _ responses: JSONObject) {
        let (timer, desk) = state.withLock { state in
            state.request = request
            defer { state.timer = nil }
            return (state.timer, state.desk)
        }
        timer?.cancel()
        desk?.take(responses)
    }

    func refuse(_ error: JSONRPCError) { state.withLock { $0.desk }?.close(error) }

    func cancel() {
        let (work, timer, desk) = state.withLock { ($0.work, $0.timer, $0.desk) }
        timer?.cancel()
        work?.cancel()
        desk?.close(.internalError("the call was cancelled"))
    }

    /// Waits for it.
    func end() async { await state.withLock { $0.work }?.value }

    private func ended(_ result: Result<MCPOutcome, JSONRPCError>) {
        let waiter = state.withLock { state in
            state.result = result
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: .ended(result))
    }

    private func wake() {
        let ready = state.withLock { state -> (CheckedContinuation<Sign, Never>, Sign)? in
            guard let waiter = state.waiter, let sign = Self.sign(state) else { return nil }
            state.waiter = nil
            return (waiter, sign)
        }
        ready?.0.resume(returning: ready?.1 ?? .asks([]))
    }

    private static func sign(_ state: borrowing State) -> Sign? {
        if let result = state.result { return .ended(result) }
        guard let open = state.desk?.open, !open.isEmpty else { return nil }
        return .asks(open)
    }
}
