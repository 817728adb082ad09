package import JSON
package import MCPProtocol
import Synchronization

/// The host behind a server: what its tools are and do. Calls come concurrently.
package protocol MCPServerHandler: Sendable {
    func listTools(_ request: MCPRequestContext) async throws(JSONRPCError) -> MCPToolList

    /// The raw result: `content`, and `isError`, `structuredContent`, `_meta` where they apply.
    ///
    /// The surrounding task is cancelled when the client cancels the call; a handler has to heed that.
    /// - Throws: what is answered as a JSON-RPC error, e.g. `.unknownTool(name)`.
    func callTool(
        name: String,
        arguments: JSONObject,
        request: MCPRequestContext
    ) async throws(JSONRPCError) -> JSONObject
}

/// What is known about a request besides its name and arguments.
package struct MCPRequestContext: Sendable {
    package enum Transport: Sendable { case stdio, http }

    package var transport: Transport
    package var version: MCPVersion
    /// Sessions of the legacy era over HTTP only.
    package var sessionID: String?
    package var clientInfo: MCPImplementation?
    package var clientCapabilities: JSONObject
    /// `params._meta`; empty when absent.
    package var meta: JSONObject
    /// Nil when the client wants no progress.
    package var progress: MCPProgressSender?

    package init(
        transport: Transport,
        version: MCPVersion = .newestLegacy,
        sessionID: String? = nil,
        clientInfo: MCPImplementation? = nil,
        clientCapabilities: JSONObject = [:],
        meta: JSONObject = [:],
        progress: MCPProgressSender? = nil
    ) {
        self.transport = transport
        self.version = version
        self.sessionID = sessionID
        self.clientInfo = clientInfo
        self.clientCapabilities = clientCapabilities
        self.meta = meta
        self.progress = progress
    }

    init(_ call: ServerCall, transport: Transport, sessionID: String?, send: @escaping @Sendable ([UInt8]) -> Void) {
        self.init(
            transport: transport,
            version: call.version,
            sessionID: sessionID,
            clientInfo: call.clientInfo,
            clientCapabilities: call.clientCapabilities,
            meta: call.meta,
            progress: call.progressToken.map { token in
                MCPProgressSender { progress in
                    send(
                        JSONRPCEncoder.notification(
                            method: "notifications/progress",
                            params: progress.params(token: token)
                        )
                    )
                }
            }
        )
    }
}

/// Tells the client how far its call has come. Never blocks; nothing is sent once the call has been answered.
package struct MCPProgressSender: Sendable {
    private final class Gate: Sendable {
        let last = Mutex<Double?>(nil)
        let deliver: @Sendable (MCPProgress) -> Void
        init(_ deliver: @escaping @Sendable (MCPProgress) -> Void) { self.deliver = deliver }
    }

    private let gate: Gate

    package init(_ deliver: @escaping @Sendable (MCPProgress) -> Void) { gate = Gate(deliver) }

    /// Values that do not rise are left out, as the protocol wants them to rise.
    package func send(_ progress: MCPProgress) {
        let rises = gate.last.withLock { last in
            if let previous = last, progress.progress <= previous { return false }
            last = progress.progress
            return true
        }
        if rises { gate.deliver(progress) }
    }
}

extension ServerCall {
    /// Lets the host do the work; whatever comes of it is an answer.
    func perform(_ handler: any MCPServerHandler, _ context: MCPRequestContext) async -> ServerAnswer {
        do throws(JSONRPCError) {
            switch operation {
            case .listTools: return ServerAnswer(bytes: answer(try await handler.listTools(context)))
            case .callTool(let name, let arguments):
                let result = try await handler.callTool(name: name, arguments: arguments, request: context)
                return ServerAnswer(bytes: answer(result))
            }
        } catch {
            return answer(error)
        }
    }
}
