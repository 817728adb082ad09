import JSON
import MCPProtocol
import MCPTransports
import Testing

/// A host that does what tests tell it, and offers everything.
final class SteeredHost: MCPOperationHandler {
    let started = Probe<String>()
    let cancelled = Probe<String>()
    let released = Probe<String>()
    let watched = Probe<String>()

    static let form = MCPInputRequest.form(
        "Go on?",
        schema: ["type": "object", "properties": ["ok": ["type": "boolean"]]]
    )

    func watch(_ interest: MCPInterest, _ isWatched: Bool) { watched.add("\(interest) \(isWatched)") }

    func inputSchema(of tool: String) -> JSONObject? {
        ["type": "object", "properties": ["region": ["type": "string", "x-mcp-header": "Region"]]]
    }

    func perform(
        _ operation: MCPOperation,
        _ request: MCPRequestContext
    ) async throws(JSONRPCError) -> MCPOutcome {
        guard case .callTool(let name, let arguments) = operation else { return .complete(["resources": []]) }
        switch name {
        case "ask":
            guard let answer = request.input?.elicitation("go") else {
                guard request.canAsk(Self.form) else { return Self.text("nobody to ask") }
                return .inputRequired(MCPInputNeed([("go", Self.form)], state: "s"))
            }
            return Self.text("\(answer)")
        case "report":
            for step in 1...3 { request.progress?.send(MCPProgress(progress: Double(step))) }
            request.log?(MCPLogMessage(.info, data: "between"))
            request.log?(MCPLogMessage(.error, data: "wrong"))
            return Self.text("reported")
        case "hold":
            // Says something first, so that a stream is there, then waits to be released.
            request.progress?.send(MCPProgress(progress: 1))
            started.add(name)
            await withTaskCancellationHandler {
                _ = await released.first(1)
            } onCancel: {
                cancelled.add(name)
                released.add("cancelled")
            }
            return Self.text("released")
        case "pause":
            request.pause?(500)
            started.add(name)
            _ = await released.first(1)
            return Self.text("afterwards")
        default: return Self.text(arguments.text())
        }
    }

    private static func text(_ text: String) -> MCPOutcome {
        .complete(["content": [["type": "text", "text": .string(text)]]])
    }
}

/// A server of its own for one test, spoken to in bytes.
struct HTTPBench {
    let host: SteeredHost
    let server: HTTPServer

    static func with(
        _ change: (inout HTTPServer.Configuration) -> Void = { _ in },
        _ body: (HTTPBench) async throws -> Void
    ) async throws {
        var configuration = HTTPServer.Configuration(host: "127.0.0.1", port: 0)
        change(&configuration)
        let host = SteeredHost()
        let server = try await HTTPServer.start(
            configuration,
            profile: MCPServerProfile(version: "1", features: .all),
            handler: host,
            logger: quiet
        )
        try await body(HTTPBench(host: host, server: server))
        await server.shutdown(grace: .milliseconds(200))
        #expect(server.connectionCount == 0)
    }

    private init(host: SteeredHost, server: HTTPServer) {
        self.host = host
        self.server = server
    }

    static let envelope =
        #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}"#

    func text(_ line: String, _ headers: [String] = [], body: String = "") -> String {
        let all =
            ["\(line) HTTP/1.1", "Host: localhost"] + headers
            + (body.isEmpty ? [] : ["Content-Length: \(body.utf8.count)"])
        return all.joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    /// A connection on which a request has been sent.
    func open(_ line: String, _ headers: [String] = [], body: String = "") async throws -> RawConnection {
        let connection = try await RawConnection(port: server.port)
        try await connection.send(text(line, headers, body: body))
        return connection
    }

    /// The whole answer to one request on a connection of its own.
    func exchange(_ line: String, _ headers: [String] = [], body: String = "") async throws -> String {
        let connection = try await open(line, headers + ["Connection: close"], body: body)
        let answer = await connection.text(until: nil)
        await connection.close()
        return answer
    }

    /// A call by the modern rules; `meta` are further members of `_meta` after a comma.
    func modern(
        _ tool: String,
        id: String = "1",
        meta: String = "",
        headers: [String] = []
    ) async throws -> RawConnection {
        let body =
            #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"\#(tool)",\#(Self.envelope)\#(meta)}}}"#
        return try await open("POST /mcp", modernHeaders("tools/call") + ["Mcp-Name: \(tool)"] + headers, body: body)
    }

    func modernHeaders(_ method: String) -> [String] {
        [
            "MCP-Protocol-Version: 2026-07-28", "Mcp-Method: \(method)",
            "Accept: application/json, text/event-stream",
        ]
    }

    /// The header that names a new session.
    func session(_ version: String = "2025-11-25", capabilities: String = "{}") async throws -> String {
        let params =
            #"{"protocolVersion":"\#(version)","capabilities":\#(capabilities),"clientInfo":{"name":"t","version":"1"}}"#
        let body = #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":\#(params)}"#
        let answer = try await exchange("POST /mcp", body: body)
        return String(try #require(answer.split(separator: "\r\n").first { $0.hasPrefix("Mcp-Session-Id: ") }))
    }

    static let accept = "Accept: application/json, text/event-stream"

    func call(_ tool: String, id: Int = 1, meta: String = #""progressToken":"p""#) -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"\#(tool)","_meta":{\#(meta)}}}"#
    }

    /// The values of all `id:` lines.
    static func eventIDs(_ text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) }
    }
}
