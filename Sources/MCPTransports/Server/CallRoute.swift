import Glibc
import JSON
import Logging
import MCPProtocol

/// How messages about one request reach its client.
struct CallRoute: Sendable {
    var transport: MCPRequestContext.Transport
    var sessionID: String?
    /// Takes notifications, and requests of ours, before the answer. What may be dropped is for clients that do not read.
    var send: @Sendable (_ message: [UInt8], _ mayBeDropped: Bool) -> Void
    /// Asks the client and returns its answer; nil where a server cannot ask.
    var ask: (@Sendable (MCPInputRequest) async -> Result<JSONObject, JSONRPCError>)?
    var pause: (@Sendable (Int) -> Void)?
}

extension ServerCall {
    /// Most rounds of questions of one call in a session; clients of the modern era have the same bound.
    private static let roundLimit = 10

    /// Lets the host do the work; whatever comes of it is an answer.
    ///
    /// In a session the host's questions go to the client as requests while the call runs: there the host sees the
    /// same rounds as in the modern era, where they are calls of their own.
    func perform(_ handler: any MCPOperationHandler, _ route: CallRoute) async -> ServerAnswer {
        var context = context(route)
        do throws(JSONRPCError) {
            for _ in 0..<Self.roundLimit {
                let outcome = try await handler.perform(operation, context)
                guard version.era == .legacy, case .inputRequired(let need) = outcome else {
                    return answer(outcome, now: SystemTime.seconds)
                }
                context.input = MCPInput(responses: try await answers(to: need, route), state: need.state)
            }
            throw .internalError("the call asked \(Self.roundLimit) times and was not content")
        } catch {
            return answer(error)
        }
    }

    private func answers(to need: MCPInputNeed, _ route: CallRoute) async throws(JSONRPCError) -> JSONObject {
        let answers = try await answers(to: need.requests.map(\.request), route.ask).get()
        return JSONObject(zip(need.requests, answers).map { ($0.key, .object($1)) })
    }

    /// One question after the other: a person can answer one at a time.
    private func answers(
        to requests: [MCPInputRequest],
        _ ask: (@Sendable (MCPInputRequest) async -> Result<JSONObject, JSONRPCError>)?
    ) async -> Result<[JSONObject], JSONRPCError> {
        var answers: [JSONObject] = []
        for request in requests {
            guard let ask, request.isAnswerable(by: clientCapabilities) else {
                return .failure(.internalError("a question that the client cannot answer"))
            }
            switch await ask(request) {
            case .success(let answer): answers.append(answer)
            // A form that could not be shown is as good as one that was closed.
            case .failure where request.method == "elicitation/create": answers.append(["action": "cancel"])
            case .failure(let error):
                return .failure(.internalError("\(request.method) failed at the client: \(error.message)"))
            }
        }
        return .success(answers)
    }

    private func context(_ route: CallRoute) -> MCPRequestContext {
        var context = MCPRequestContext(
            transport: route.transport,
            version: version,
            sessionID: route.sessionID,
            clientInfo: clientInfo,
            clientCapabilities: clientCapabilities,
            meta: meta
        )
        context.input = input
        context.declaresTasks = declaresTasks
        context.wantsTask = wantsTask
        context.canAsk = operation.mayAsk && (version.era == .modern || route.ask != nil)
        if version.era == .legacy, operation.mayAsk, let ask = route.ask {
            context.ask = { requests in await answers(to: requests, ask) }
        }
        context.pause = route.pause
        let send = route.send
        context.progress = progressToken.map { token in
            MCPProgressSender { progress in
                let params = progress.params(token: token)
                send(JSONRPCEncoder.notification(method: "notifications/progress", params: params), true)
            }
        }
        if let logLevel {
            context.log = { message in
                if message.level >= logLevel { send(message.notification, true) }
            }
        }
        return context
    }
}

enum SystemTime {
    /// Since 1970.
    static var seconds: Int64 { Int64(time(nil)) }
}
