package import JSON

/// How serious a log message is. Source: RFC 5424, as MCP names the levels.
package enum MCPLogLevel: String, Sendable, CaseIterable, Comparable {
    case debug, info, notice, warning, error, critical, alert, emergency

    package static func < (left: MCPLogLevel, right: MCPLogLevel) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    init(_ value: JSONValue?) throws(JSONRPCError) {
        guard let level = value?.stringValue.flatMap(MCPLogLevel.init(rawValue:)) else {
            let words = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidParams("the log level must be one of \(words)")
        }
        self = level
    }
}

/// Something that a client may show beside the answer to its request.
package struct MCPLogMessage: Sendable, Hashable {
    package var level: MCPLogLevel
    /// Which part says it.
    package var logger: String?
    package var data: JSONValue

    package init(_ level: MCPLogLevel, logger: String? = nil, data: JSONValue) {
        self.level = level
        self.logger = logger
        self.data = data
    }

    /// Reads the params of `notifications/message`; a level that is none of MCP's is taken for the usual one.
    package init(_ params: JSONObject) {
        level = params["level"]?.stringValue.flatMap(MCPLogLevel.init(rawValue:)) ?? .info
        logger = params["logger"]?.stringValue
        data = params["data"] ?? .null
    }

    package var notification: [UInt8] {
        var params: JSONObject = ["level": .string(level.rawValue)]
        if let logger { params["logger"] = .string(logger) }
        params["data"] = data
        return JSONRPCEncoder.notification(method: "notifications/message", params: params)
    }
}
