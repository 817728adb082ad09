/// The headers of an HTTP request that decide who answers it; names ignore case, outer space is removed.
package struct MCPHTTPHeaders: Sendable, Hashable {
    private var values: [String: [String]] = [:]

    package init(_ headers: some Sequence<(name: String, value: String)>) {
        for (name, value) in headers { values[name.lowercased(), default: []].append(Self.trimmed(value)) }
    }

    package subscript(name: String) -> String? { values[name]?.first }

    package var protocolVersion: String? { self["mcp-protocol-version"] }
    package var sessionID: String? { self["mcp-session-id"] }
    package var lastEventID: String? { self["last-event-id"] }

    package var routing: MCPRoutingHeaders {
        let prefix = "mcp-param-"
        var parameters: [String: [String]] = [:]
        for (name, texts) in values where name.hasPrefix(prefix) {
            parameters[String(name.dropFirst(prefix.count))] = texts
        }
        return MCPRoutingHeaders(
            protocolVersion: protocolVersion,
            method: self["mcp-method"],
            name: self["mcp-name"],
            parameters: parameters,
            isAmbiguous: ["mcp-protocol-version", "mcp-method", "mcp-name"].contains {
                values[$0, default: []].count > 1
            }
        )
    }

    private static func trimmed(_ text: String) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard let first = text.utf8.first, let last = text.utf8.last, isSpace(first) || isSpace(last) else {
            return text
        }
        let start = text.utf8.drop(while: isSpace)
        return String(Substring(start.prefix(start.count - start.reversed().prefix(while: isSpace).count)))
    }
}

/// Who answers an HTTP request, by verb and headers. Source: MCP, `basic/versioning` and the streamable HTTP transports.
package enum HTTPAdmission: Sendable {
    /// By the rules of the modern era.
    case modern(JSONRPCRequest, MCPRoutingHeaders)
    /// A new session.
    case open(JSONRPCMessage)
    /// A session that may exist or not; an unknown one is answered with 404.
    case session(String)
    /// A stream that belongs to no session.
    case stream
    /// A ping, which needs no session.
    case pong(JSONRPCID)
    /// Nothing to do; 202.
    case accepted
    case refused(status: Int, error: JSONRPCError, id: JSONRPCID? = nil, allowed: String? = nil)

    package init(posting message: JSONRPCMessage, _ headers: MCPHTTPHeaders) {
        if ModernServer.serves(message, versionHeader: headers.protocolVersion) {
            switch message {
            case .request(let request): self = .modern(request, headers.routing)
            // None means anything here, and a cancellation could come from anybody.
            case .notification: self = .accepted
            case .response: self = .refused(status: 400, error: .invalidRequest("a response answers nothing here"))
            }
            return
        }
        if case .request(let request) = message, request.method == "initialize" {
            self = .open(message)
        } else if let id = headers.sessionID {
            self = .session(id)
        } else if case .request(let request) = message {
            let error = JSONRPCError.invalidRequest("the header Mcp-Session-Id is missing; send initialize first")
            self = request.method == "ping" ? .pong(request.id) : .refused(status: 400, error: error, id: request.id)
        } else {
            self = .refused(status: 400, error: .invalidRequest("the header Mcp-Session-Id is missing"))
        }
    }

    /// An array of messages, before it has been looked into.
    package init(postingArrayWith headers: MCPHTTPHeaders) {
        if let version = headers.protocolVersion, MCPVersion(version) != .batching {
            self = .refused(status: 400, error: .invalidRequest("MCP \(version) has no arrays of messages"))
        } else if let id = headers.sessionID {
            self = .session(id)
        } else {
            self = .refused(status: 400, error: .invalidRequest("an array of messages needs a session"))
        }
    }

    /// GET: a stream of what nobody asked for. Without a session it is a client's way to see whether we are there.
    package init(getting headers: MCPHTTPHeaders) {
        if let refusal = Self.refusal(headers) {
            self = refusal
        } else {
            self = headers.sessionID.map { .session($0) } ?? .stream
        }
    }

    package init(deleting headers: MCPHTTPHeaders) {
        if let refusal = Self.refusal(headers) {
            self = refusal
        } else {
            self = headers.sessionID.map { .session($0) } ?? Self.notAllowed
        }
    }

    private static let notAllowed = HTTPAdmission.refused(
        status: 405,
        error: .invalidRequest("this method is not allowed"),
        allowed: "POST"
    )

    /// Sessions are none of the modern era's, and no version is known that we do not serve.
    private static func refusal(_ headers: MCPHTTPHeaders) -> HTTPAdmission? {
        guard let text = headers.protocolVersion else { return nil }
        let version = MCPVersion(text)
        if version.era == .modern { return notAllowed }
        guard !version.isLegacy else { return nil }
        return .refused(status: 400, error: .invalidRequest("Unsupported protocol version: \(text)"))
    }
}
