package import JSON

/// A request that the host has to answer, with what is known about it.
package struct ServerCall: Sendable {
    package enum Operation: Sendable {
        case listTools
        case callTool(name: String, arguments: JSONObject)
    }

    package var id: JSONRPCID
    package var operation: Operation
    package var version: MCPVersion
    package var clientInfo: MCPImplementation?
    package var clientCapabilities: JSONObject
    /// `params._meta`; empty when absent.
    package var meta: JSONObject
    let serverInfo: MCPImplementation

    /// Nil when the client wants no progress.
    package var progressToken: JSONValue? {
        switch meta[MCPMetaKeys.progressToken] {
        case .string(let text)?: .string(text)
        case .integer(let number)?: .integer(number)
        default: nil
        }
    }

    package func answer(_ tools: MCPToolList) -> [UInt8] {
        var bytes = JSONRPCEncoder.resultStart(id: id)
        bytes += "{\"tools\":".utf8
        tools.write(to: &bytes)
        if version.era == .modern {
            bytes += ",\"resultType\":\"complete\",\"ttlMs\":0,\"cacheScope\":\"private\",\"_meta\":{\"".utf8
            bytes += MCPMetaKeys.serverInfo.utf8
            bytes += "\":".utf8
            serverInfo.json.write(to: &bytes)
            bytes.append(UInt8(ascii: "}"))
        }
        bytes += "}}".utf8
        return bytes
    }

    package func answer(_ result: JSONObject) -> [UInt8] {
        JSONRPCEncoder.result(id: id, ModernResult.adapted(result, to: version, serverInfo: serverInfo))
    }

    package func answer(_ error: JSONRPCError) -> ServerAnswer {
        ServerAnswer(error: error, id: id, era: version.era)
    }
}

/// A complete answer.
package struct ServerAnswer: Hashable, Sendable {
    package var bytes: [UInt8]
    /// The HTTP status that goes with it.
    package var status: Int

    package init(bytes: [UInt8], status: Int = 200) {
        self.bytes = bytes
        self.status = status
    }

    package init(error: JSONRPCError, id: JSONRPCID?, era: MCPEra) {
        bytes = JSONRPCEncoder.error(id: id, error)
        status = era == .modern ? Self.modernStatus(error.code) : 200
    }

    private static func modernStatus(_ code: Int) -> Int {
        switch code {
        case JSONRPCError.Codes.methodNotFound: 404
        case JSONRPCError.Codes.internalError: 500
        case -32768 ... -32000: 400
        default: 200
        }
    }
}

/// A client's wish to hear of changes (`subscriptions/listen`).
package struct ServerListen: Hashable, Sendable {
    package var id: JSONRPCID
    package var changes: Set<MCPListChange>
    private let resourceURIs: [JSONValue]?
    private let serverInfo: MCPImplementation

    init(_ request: JSONRPCRequest, serverInfo: MCPImplementation) throws(JSONRPCError) {
        guard case .object(let filter)? = request.params["notifications"] else {
            throw .invalidParams("params.notifications must be an object")
        }
        id = request.id
        changes = Set(MCPListChange.allCases.filter { filter[$0.filterKey]?.boolValue == true })
        resourceURIs = filter["resourceSubscriptions"]?.arrayValue
        self.serverInfo = serverInfo
    }

    private var tag: JSONValue { [(MCPMetaKeys.subscriptionID, id.json)].object }

    package var acknowledgement: [UInt8] {
        var honoured = JSONObject(MCPListChange.allCases.filter(changes.contains).map { ($0.filterKey, true) })
        if let resourceURIs { honoured["resourceSubscriptions"] = .array(resourceURIs) }
        return JSONRPCEncoder.notification(
            method: "notifications/subscriptions/acknowledged",
            params: ["_meta": tag, "notifications": .object(honoured)]
        )
    }

    /// Nil when the client did not ask for it.
    package func notification(_ change: MCPListChange) -> [UInt8]? {
        guard changes.contains(change) else { return nil }
        return JSONRPCEncoder.notification(method: change.method, params: ["_meta": tag])
    }

    /// Ends the subscription from our side.
    package var end: [UInt8] {
        let result: JSONObject = ["_meta": tag]
        return JSONRPCEncoder.result(
            id: id,
            ModernResult.adapted(result, to: .modern, serverInfo: serverInfo)
        )
    }
}

extension [(String, JSONValue)] {
    fileprivate var object: JSONValue { .object(JSONObject(self)) }
}

/// The members that only modern results have.
enum ModernResult {
    static func adapted(_ result: JSONObject, to version: MCPVersion, serverInfo: MCPImplementation) -> JSONObject {
        guard version.era == .modern else {
            guard result.hasKey("resultType") else { return result }
            var plain = result
            plain["resultType"] = nil
            return plain
        }
        var complete = result
        // An outcome of another server in front of us means nothing to our client unless it is complete.
        complete["resultType"] = "complete"
        var meta = complete["_meta"]?.objectValue ?? [:]
        meta[MCPMetaKeys.serverInfo] = serverInfo.json
        complete["_meta"] = .object(meta)
        return complete
    }

    static func list(_ key: String) -> JSONObject {
        [key: [], "ttlMs": 0, "cacheScope": "private"]
    }
}
