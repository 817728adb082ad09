package import JSON
import MCPProtocol
package import MCPTransports
package import ToolCatalog

/// What a call of a tool gets from the request that it is made for.
extension MCPRequestContext {
    /// What of a client's capabilities lets it be asked.
    private static let askable = ["elicitation", "sampling", "roots"]

    /// The capabilities by which this client can be asked; empty when it cannot.
    package var inputCapabilities: JSONObject {
        guard canAsk else { return [:] }
        var capabilities = JSONObject()
        for name in Self.askable {
            if case .object(let capability)? = clientCapabilities[name] { capabilities[name] = .object(capability) }
        }
        return capabilities
    }

    /// - Parameter repeatsProgress: whether messages of progress are worth a line of the log as well.
    package func callContext(repeatsProgress: Bool = false) -> CallContext {
        var context = CallContext()
        let (sender, log) = (progress, log)
        if sender != nil || (repeatsProgress && log != nil) {
            context.progress = { progress in
                sender?.send(MCPProgress(progress: progress.done, total: progress.total, message: progress.message))
                if repeatsProgress, let message = progress.message {
                    log?(MCPLogMessage(.info, logger: "muster", data: .string(message)))
                }
            }
        }
        if let log { context.log = { log(MCPLogMessage($0)) } }
        for key in ["traceparent", "tracestate", "baggage"] { context.trace[key] = meta[key] }
        let capabilities = inputCapabilities
        if let ask, !capabilities.isEmpty { context.input = .asking(ask, capabilities) }
        return context
    }
}

extension CallInput {
    /// Puts questions of external servers to a client; forms say which server wants to know.
    static func asking(
        _ ask: @escaping @Sendable ([MCPInputRequest]) async -> Result<[JSONObject], JSONRPCError>,
        _ capabilities: JSONObject
    ) -> CallInput {
        CallInput(capabilities: capabilities) { questions throws(ToolCallError) in
            switch await ask(questions.map(\.request)) {
            case .success(let answers): return answers
            case .failure(let error): throw ToolCallError(.unreachable, error.message)
            }
        }
    }
}

extension CallInput.Question {
    fileprivate var request: MCPInputRequest {
        var params = params
        // The client itself knows us only.
        if let message = params["message"]?.stringValue { params["message"] = .string("\(server): \(message)") }
        return MCPInputRequest(method: method, params: params)
    }
}
