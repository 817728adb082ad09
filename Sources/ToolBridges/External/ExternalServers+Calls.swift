package import JSON
import Logging
import MCPProtocol
package import MCPTransports
import Synchronization
package import ToolCatalog
import WorkflowModel

/// Calls of the servers' tools.
extension ExternalServers {
    private static let clock = ContinuousClock.now

    package var tools: [ToolDescriptor] { state.withLock { $0.exposure.tools } }

    package func reasonForMissing(_ name: String) -> String? {
        state.withLock { state in
            let servers = state.servers.values.sorted { $0.definition.name < $1.definition.name }
            var absent: [String] = []
            for server in servers where server.state != .running {
                let definition = server.definition
                let prefixes = [definition.toolPrefix ?? definition.name, definition.family?.name].compactMap(\.self)
                guard prefixes.contains(where: { name.hasPrefix("\(settings.musterPrefix)_\($0)_") }) else { continue }
                absent.append("\(definition.name) is \(server.absence)\(server.error.map { ": \($0)" } ?? "")")
            }
            for (server, prefix) in state.removed.sorted(by: { $0.key < $1.key }) {
                guard name.hasPrefix("\(settings.musterPrefix)_\(prefix)_") else { continue }
                absent.append("\(server) was removed")
            }
            return absent.isEmpty ? nil : "server not found: \(absent.joined(separator: "; "))"
        }
    }

    package func call(
        _ name: String,
        _ arguments: JSONObject,
        _ context: CallContext
    ) async throws(ToolCallError) -> ToolResult {
        switch state.withLock({ $0.exposure.routes[name] }) {
        case nil:
            let reason = reasonForMissing(name).map { " (\($0))" } ?? ""
            throw ToolCallError(.notFound, "tool not found: \(name)\(reason)")
        case .server(let server, let tool)?: return try await call(server, tool, name, arguments, context)
        case .family(let argument, let servers, let tool)?:
            switch ExposedTools.choose(name, argument: argument, servers: servers, arguments: arguments) {
            case .refused(let text): return .failure(text)
            case .server(let server, let rest): return try await call(server, tool, name, rest, context)
            }
        }
    }

    private func call(
        _ serverName: String,
        _ tool: String,
        _ name: String,
        _ arguments: JSONObject,
        _ context: CallContext
    ) async throws(ToolCallError) -> ToolResult {
        let begun = ContinuousClock.now
        guard let server = server(serverName), let client = server.client else {
            throw ToolCallError(.notFound, "tool not found: \(name) (\(reasonForMissing(name) ?? "server not found"))")
        }
        try await enter(server, name, context)
        defer { server.gate.leave() }
        try admit(serverName, name)
        var options = options(for: context, of: serverName)
        let known = try ExternalTask.id(in: context.handover, of: serverName, name)
        options.timeout = context.timeout.map { max(.milliseconds(1), $0 - (.now - begun)) }
        if context.timeout == nil {
            options.timeout = settings.callTimeout
            options.idleTimeout = settings.callIdleTimeout
        }
        do throws(MCPClientError) {
            let result: JSONObject
            if let known {
                result = try await client.takeUp(known, options: options)
            } else {
                result = try await client.callTool(
                    tool,
                    arguments: arguments,
                    meta: meta(context),
                    asTask: server.taskTools.contains(tool),
                    options: options
                )
            }
            let answer = checked(result, tool, name, server, isStep: context.caller != nil)
            state.withLock { state in
                state.servers[serverName]?.breaker.answered()
                state.links.note(answer.content, from: serverName)
            }
            return answer
        } catch {
            note(error, serverName, server.life.generation)
            if known != nil, ExternalTask.isLost(error) { throw ToolCallError(.lost, "\(name): \(error.message)") }
            throw Self.failure(error, name, within: context.timeout)
        }
    }

    /// A reply that breaks its tool's promise is an error for clients, who would refuse it. A step gets what came: its
    /// workflow may not need what is wrong.
    private func checked(
        _ result: JSONObject,
        _ tool: String,
        _ name: String,
        _ server: ExternalServer,
        isStep: Bool
    ) -> ToolResult {
        let external = ToolResult(external: result)
        guard let complaint = replyCheck.complaint(about: result, of: tool, on: server) else { return external }
        logger.warning("the answer of \(name) is wrong: \(complaint)")
        guard !isStep else { return external }
        var failure = ToolResult.failure("\(name): the answer of \(server.definition.name) is wrong: \(complaint)")
        failure.content += external.content
        return failure
    }

    /// Waits for one of the server's places.
    private func enter(_ server: ExternalServer, _ name: String, _ context: CallContext) async throws(ToolCallError) {
        do throws(CallGate.Refusal) {
            try await server.gate.enter(timeout: context.timeout ?? settings.callIdleTimeout)
        } catch {
            switch error {
            case .cancelled: throw ToolCallError(.cancelled, "\(name) was cancelled")
            case .timedOut: throw ToolCallError(.timedOut, "\(name): the server is busy with other calls")
            case .queueIsFull:
                throw ToolCallError(.unreachable, "\(name): more than \(CallGate.queueLimit) calls wait for the server")
            }
        }
    }

    private func admit(_ server: String, _ name: String) throws(ToolCallError) {
        let verdict = state.withLock { state in
            state.servers[server]?.breaker.admit(at: .now - Self.clock) ?? .go
        }
        guard case .refuse(let time) = verdict else { return }
        let seconds = max(1, time.components.seconds)
        throw ToolCallError(
            .unreachable,
            "\(name): \(server) has not answered the last \(CircuitBreaker.threshold) calls; "
                + "it is tried again in \(seconds) seconds"
        )
    }

    private func meta(_ context: CallContext) -> JSONObject? {
        var meta = JSONObject()
        for key in ["traceparent", "tracestate", "baggage"] { meta[key] = context.trace[key] }
        if let caller = context.caller { meta["muster/idempotencyKey"] = .string(caller.idempotencyKey) }
        return meta.isEmpty ? nil : meta
    }

    /// What the caller hears of, and can be asked, while a server works; without a limit of time.
    package func options(for context: CallContext, of server: String) -> MCPCallOptions {
        var options = MCPCallOptions()
        if let progress = context.progress {
            options.onProgress = { progress(Progress(done: $0.progress, total: $0.total, message: $0.message)) }
        }
        options.onLog = context.log
        options.input = context.input.map { handler($0, server) }
        if let handover = context.handover {
            options.onTask = { handover.give(ExternalTask.handle($0, of: server)) }
            options.leavesTask = handover.isLeft
        }
        return options
    }

    private func handler(_ input: CallInput, _ server: String) -> MCPInputHandler {
        let answerAll: @Sendable ([MCPInputRequest]) async -> Result<[JSONObject], JSONRPCError> = { requests in
            let questions = requests.map { CallInput.Question(method: $0.method, params: $0.params, server: server) }
            do throws(ToolCallError) {
                return .success(try await input.answer(questions))
            } catch {
                return .failure(.internalError(error.message))
            }
        }
        return MCPInputHandler(capabilities: input.capabilities, answerAll: answerAll)
    }

    /// What a failed call says about its server.
    private func note(_ error: MCPClientError, _ server: String, _ generation: Int) {
        let now = ContinuousClock.now - Self.clock
        state.withLock { state in
            switch error.code {
            case .timedOut, .unreachable, .connectionReset, .answerLost: state.servers[server]?.breaker.failed(at: now)
            case .cancelled, .closed: state.servers[server]?.breaker.abandoned()
            default: state.servers[server]?.breaker.answered()
            }
        }
        switch error.code {
        case .unreachable, .connectionReset: lookSoon(server, generation)
        case .authorizationRequired: fail(server, generation, ServerFailure(error))
        default: break
        }
    }

    /// - Parameter timeout: what the caller set; some of it may have been spent on waiting for a place.
    private static func failure(_ error: MCPClientError, _ name: String, within timeout: Duration?) -> ToolCallError {
        switch error.code {
        // The server refused, or asked in vain; the tool itself has said nothing.
        case .remote, .inputRequired: ToolCallError(.unreachable, "tool execution failed: \(error.message)")
        case .timedOut:
            ToolCallError(.timedOut, "\(name): \(timeout.map { "no answer within \($0)" } ?? error.message)")
        case .cancelled: ToolCallError(.cancelled, "\(name) was cancelled")
        default: ToolCallError(.unreachable, "\(name): \(error.message)")
        }
    }
}
