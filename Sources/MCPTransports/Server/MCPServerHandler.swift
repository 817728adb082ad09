package import JSON
package import MCPProtocol
import Synchronization

/// The host behind a server. Operations come concurrently.
package protocol MCPOperationHandler: Sendable {
    /// Answers one operation of a family that the server's profile offers.
    ///
    /// The surrounding task is cancelled when the client cancels the request; a handler has to heed that.
    /// - Throws: what is answered as a JSON-RPC error, e.g. `.unknownTool(name)`.
    func perform(_ operation: MCPOperation, _ request: MCPRequestContext) async throws(JSONRPCError) -> MCPOutcome

    /// Whether nothing is computed for long after the operation has waited for something, so that it may go on on the
    /// event loop of its connection.
    func isBriefAfterWaiting(_ operation: MCPOperation) -> Bool

    /// Of a tool, to hold routing headers against; nil for an unknown one.
    func inputSchema(of tool: String) -> JSONObject?

    /// A client starts to wait for news that nobody waited for before, or the last one stops.
    func watch(_ interest: MCPInterest, _ isWatched: Bool)
}

extension MCPOperationHandler {
    package func isBriefAfterWaiting(_ operation: MCPOperation) -> Bool { false }
    package func inputSchema(of tool: String) -> JSONObject? { nil }
    package func watch(_ interest: MCPInterest, _ isWatched: Bool) {}
}

/// A host that has tools and nothing else.
package protocol MCPServerHandler: MCPOperationHandler {
    func listTools(_ request: MCPRequestContext) async throws(JSONRPCError) -> MCPToolList

    /// The raw result: `content`, and `isError`, `structuredContent`, `_meta` where they apply.
    func callTool(
        name: String,
        arguments: JSONObject,
        request: MCPRequestContext
    ) async throws(JSONRPCError) -> JSONObject
}

extension MCPServerHandler {
    /// Lists of anything but tools are empty.
    package func perform(
        _ operation: MCPOperation,
        _ request: MCPRequestContext
    ) async throws(JSONRPCError) -> MCPOutcome {
        switch operation {
        case .listTools(let cursor):
            if let cursor {
                // The list has one page, so that we gave no cursor out.
                throw .invalidParams("Unknown cursor: \(cursor)")
            }
            return .tools(try await listTools(request))
        case .callTool(let name, let arguments):
            return .complete(try await callTool(name: name, arguments: arguments, request: request))
        case .listResources: return .complete(["resources": []])
        case .listResourceTemplates: return .complete(["resourceTemplates": []])
        case .listPrompts: return .complete(["prompts": []])
        case .readResource(let uri): throw .resourceNotFound(uri)
        case .getPrompt(let name, _): throw .invalidParams("Unknown prompt: \(name)")
        case .complete: return .complete(MCPCompletion.result([]))
        case .getTask(let id), .updateTask(let id, _), .cancelTask(let id), .taskResult(let id): throw .unknownTask(id)
        case .listTasks: return .complete(["tasks": []])
        }
    }
}

extension JSONRPCError {
    package static func unknownTask(_ id: String) -> JSONRPCError { .invalidParams("Unknown task: \(id)") }
}

/// What is known about a request besides what it asks for.
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
    /// Nil when the client wants to see no messages.
    package var log: (@Sendable (MCPLogMessage) -> Void)?
    /// What the client answered to the questions of an earlier round of the same call; nil in the first.
    package var input: MCPInput?
    /// Whether the answer may be a task.
    package var declaresTasks = false
    /// Whether the client of a session asked for a task: then the answer has to be one, or an error.
    package var wantsTask = false
    /// Whether questions reach the client at all.
    package var canAsk = false
    /// Asks the client while the request is being worked on, and gives its answers in the order of the questions. Nil
    /// where it can be asked by an outcome only, or not at all.
    package var ask: (@Sendable ([MCPInputRequest]) async -> Result<[JSONObject], JSONRPCError>)?
    /// Ends the answer's stream for now; the client comes back for the rest after so many milliseconds. Nil where it
    /// would not. For answers that take long on connections that are dear.
    package var pause: (@Sendable (Int) -> Void)?

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

    /// Whether the client answers this question, should the outcome be one.
    package func canAsk(_ request: MCPInputRequest) -> Bool { canAsk && request.isAnswerable(by: clientCapabilities) }
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
        // Handed on under the lock, so that what rises here rises there as well.
        gate.last.withLock { last in
            if let previous = last, progress.progress <= previous { return }
            last = progress.progress
            gate.deliver(progress)
        }
    }
}
