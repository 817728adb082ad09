package import JSON

/// How messages are written once the version is known.
package struct ClientDialect: Sendable {
    package var version: MCPVersion
    package var clientInfo: MCPImplementation

    package init(version: MCPVersion, clientInfo: MCPImplementation) {
        self.version = version
        self.clientInfo = clientInfo
    }

    /// - Parameters:
    ///   - capabilities: what we can do for the server while it answers this request; said in the modern era only.
    ///   - wantsProgress: the id is then the progress token.
    ///   - fields: headers beyond those that follow from method and params.
    package func request(
        id: Int64,
        method: String,
        params: JSONObject,
        capabilities: JSONObject = [:],
        wantsProgress: Bool = false,
        fields: [HTTPField] = []
    ) -> ClientMessage {
        var params = params
        if wantsProgress || version.era == .modern {
            var meta = params["_meta"]?.objectValue ?? [:]
            if version.era == .modern {
                meta[MCPMetaKeys.protocolVersion] = .string(version.text)
                meta[MCPMetaKeys.clientInfo] = clientInfo.json
                meta[MCPMetaKeys.clientCapabilities] = .object(capabilities)
            }
            if wantsProgress { meta[MCPMetaKeys.progressToken] = .integer(id) }
            params["_meta"] = .object(meta)
        }
        let routing = version.era == .modern ? RoutingFields.of(method: method, params: params) + fields : []
        let bytes = JSONRPCEncoder.request(id: .integer(id), method: method, params: params)
        return ClientMessage(bytes: bytes, id: id, version: version, routing: routing)
    }

    package func cancellation(of id: Int64, reason: String) -> ClientMessage {
        let bytes = JSONRPCEncoder.notification(
            method: "notifications/cancelled",
            params: ["requestId": .integer(id), "reason": .string(reason)]
        )
        return ClientMessage(bytes: bytes, version: version)
    }

    package func notification(method: String, params: JSONObject = [:]) -> ClientMessage {
        ClientMessage(bytes: JSONRPCEncoder.notification(method: method, params: params), version: version)
    }

    /// The answer to a request of the server, which only the legacy era has.
    package func answer(_ id: JSONRPCID, _ result: Result<JSONObject, JSONRPCError>) -> ClientMessage {
        let bytes =
            switch result {
            case .success(let members): JSONRPCEncoder.result(id: id, members)
            case .failure(let error): JSONRPCEncoder.error(id: id, error)
            }
        return ClientMessage(bytes: bytes, version: version)
    }
}
