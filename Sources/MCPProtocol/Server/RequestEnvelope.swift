import JSON

/// Keys of `_meta` that modern requests and results use.
package enum MCPMetaKeys {
    package static let protocolVersion = "io.modelcontextprotocol/protocolVersion"
    package static let clientCapabilities = "io.modelcontextprotocol/clientCapabilities"
    package static let clientInfo = "io.modelcontextprotocol/clientInfo"
    package static let serverInfo = "io.modelcontextprotocol/serverInfo"
    package static let subscriptionID = "io.modelcontextprotocol/subscriptionId"
    package static let logLevel = "io.modelcontextprotocol/logLevel"
    package static let progressToken = "progressToken"
    /// In sessions with tasks: which task a message belongs to.
    package static let relatedTask = "io.modelcontextprotocol/related-task"
}

/// What a modern request says about itself.
struct RequestEnvelope {
    var version: MCPVersion
    var clientCapabilities: JSONObject
    var clientInfo: MCPImplementation?

    /// Whether `params` carry an envelope, be it incomplete. A `_meta` without our keys is none.
    static func isPresent(in params: JSONObject) -> Bool {
        guard case .object(let meta)? = params["_meta"] else { return false }
        return meta.hasKey(MCPMetaKeys.protocolVersion) || meta.hasKey(MCPMetaKeys.clientCapabilities)
            || meta.hasKey(MCPMetaKeys.clientInfo)
    }

    /// The first checks of a request, in the order of MCP's streamable HTTP transport: the envelope, the headers, the
    /// version.
    ///
    /// - Parameter headers: nil on stdio.
    init(_ request: JSONRPCRequest, headers: MCPRoutingHeaders?) throws(JSONRPCError) {
        guard case .object(let meta)? = request.params["_meta"] else {
            throw .invalidParams("params._meta with \(MCPMetaKeys.protocolVersion) is missing")
        }
        guard let versionText = meta[MCPMetaKeys.protocolVersion]?.stringValue else {
            throw .invalidParams("params._meta[\"\(MCPMetaKeys.protocolVersion)\"] is missing")
        }
        guard case .object(let capabilities)? = meta[MCPMetaKeys.clientCapabilities] else {
            throw .invalidParams("params._meta[\"\(MCPMetaKeys.clientCapabilities)\"] is missing")
        }
        if let headers { try headers.check(against: request, version: versionText) }
        version = MCPVersion(versionText)
        guard version == .modern else {
            throw JSONRPCError(
                code: JSONRPCError.Codes.unsupportedProtocolVersion,
                message: "Unsupported protocol version: \(versionText)",
                data: ["supported": Self.supportedVersions, "requested": .string(versionText)]
            )
        }
        clientCapabilities = capabilities
        clientInfo = MCPImplementation(meta[MCPMetaKeys.clientInfo])
    }

    static let supportedVersions = JSONValue.array(MCPVersion.all.map { .string($0.text) })
}
