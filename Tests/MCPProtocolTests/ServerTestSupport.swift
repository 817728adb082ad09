import JSON
import MCPProtocol

let profile = MCPServerProfile(version: "9.9")
/// With everything that a server can offer.
let fullProfile = MCPServerProfile(version: "9.9", features: .all)

let envelope = #"""
    "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}
    """#

/// An envelope that declares these capabilities, with further members of `_meta` after a comma.
func envelope(declaring capabilities: String, _ more: String = "") -> String {
    #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","#
        + #""io.modelcontextprotocol/clientCapabilities":\#(capabilities)\#(more)}"#
}

let tasks = #"{"extensions":{"io.modelcontextprotocol/tasks":{}}}"#

func message(_ text: String) throws -> JSONRPCMessage { try JSONRPCMessage(decoding: Array(text.utf8)) }

/// A request with the id `a`.
func request(_ body: String) throws -> JSONRPCRequest {
    guard case .request(let request) = try message(#"{"jsonrpc":"2.0","id":"a",\#(body)}"#) else {
        throw JSONRPCError.invalidRequest("not a request")
    }
    return request
}

/// What the modern rules make of a request with the id `a`.
func modern(
    _ body: String,
    _ headers: MCPRoutingHeaders? = nil,
    profile: MCPServerProfile = profile,
    now: Int64 = 0,
    inputSchema: (String) -> JSONObject? = { _ in nil }
) throws -> ServerOutput {
    ModernServer.handle(try request(body), headers: headers, profile: profile, now: now, inputSchema: inputSchema)
}

/// A session after its handshake.
func initialized(
    _ version: String = "2025-06-18",
    capabilities: String = "{}",
    profile: MCPServerProfile = profile
) throws -> ServerSession {
    var session = ServerSession(profile)
    let params = #"{"protocolVersion":"\#(version)","capabilities":\#(capabilities)}"#
    _ = session.handle(try message(#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":\#(params)}"#))
    _ = session.handle(try message(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#))
    return session
}

extension ServerOutput {
    /// What is sent, or the name of what is asked for.
    var text: String {
        switch self {
        case .send(let answer): String(decoding: answer.bytes, as: UTF8.self)
        case .perform(let call): "perform \(call.operation)"
        case .listen: "listen"
        case .cancel(let id): "cancel \(id.json.text())"
        case .answered(let id, _): "answered \(id.json.text())"
        case .accepted: "accepted"
        }
    }

    var call: ServerCall? { if case .perform(let call) = self { call } else { nil } }

    var answer: JSONValue? {
        // Nil stands for "nothing was sent"; what is sent is JSON.
        if case .send(let answer) = self { try? JSONValue(parsing: answer.bytes) } else { nil }
    }

    var status: Int? { if case .send(let answer) = self { answer.status } else { nil } }
    var errorCode: Int64? { answer?["error"]?["code"]?.integerValue }
}

extension ServerCall {
    func json(_ outcome: MCPOutcome, now: Int64 = 0) throws -> JSONValue {
        try JSONValue(parsing: answer(outcome, now: now).bytes)
    }
}
