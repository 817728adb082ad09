import JSON
import MCPProtocol
import NIOCore

/// What a connection to a server knows.
struct ClientState: Sendable {
    struct Call: Sendable {
        var continuation: CheckedContinuation<Result<JSONObject, MCPClientError>, Never>
        var timer: Scheduled<Void>?
        var onProgress: (@Sendable (MCPProgress) -> Void)?
    }

    enum StartFailure: Error, Sendable {
        case error(MCPClientError)
        case restartLegacy
    }

    var process: ChildProcess?
    var handshake: ClientHandshake
    var startWaiter: CheckedContinuation<Result<Void, StartFailure>, Never>?
    /// Nil until the handshake is done.
    var facts: MCPServerFacts?
    var dialect: ClientDialect
    var nextID: Int64 = 1
    var calls: [Int64: Call] = [:]
    /// Set when nothing can be called any more.
    var ending: MCPClientError?
    var standardError: [String] = []
    var skippedLines = 0
    /// The first line that was no JSON-RPC, cut.
    var firstSkippedLine: String?

    init(_ definition: MCPStdioClient.Definition) {
        handshake = ClientHandshake(mode: definition.mode, clientInfo: definition.clientInfo)
        dialect = ClientDialect(version: .newestLegacy, clientInfo: definition.clientInfo)
    }

    /// Added to what is said about a failed handshake.
    var evidence: String {
        var text = ""
        if let firstSkippedLine { text += "; its first output is not JSON-RPC: \(firstSkippedLine)" }
        if let last = standardError.last { text += "; last line on stderr: \(last)" }
        return text
    }
}
