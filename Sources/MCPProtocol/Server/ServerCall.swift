package import JSON

/// A request that the host has to answer, with what is known about it.
package struct ServerCall: Sendable {
    package var id: JSONRPCID
    package var operation: MCPOperation
    package var version: MCPVersion
    package var clientInfo: MCPImplementation?
    package var clientCapabilities: JSONObject
    /// `params._meta`; empty when absent.
    package var meta: JSONObject
    /// Nil for the first round.
    package var input: MCPInput?
    /// The least serious messages that the client wants to see; nil when it wants none.
    package var logLevel: MCPLogLevel?
    /// Whether the client of a session asked for a task: then the answer is one, or an error.
    package var wantsTask = false
    let profile: MCPServerProfile

    /// Nil when the client wants no progress.
    package var progressToken: JSONValue? {
        switch meta[MCPMetaKeys.progressToken] {
        case .string(let text)?: .string(text)
        case .integer(let number)?: .integer(number)
        default: nil
        }
    }

    /// Whether this request, not an earlier one, says that its client knows tasks.
    package var declaresTasks: Bool {
        version.era == .modern && clientCapabilities["extensions"]?[MCPExtensions.tasks]?.objectValue != nil
    }

    /// - Parameter now: seconds since 1970.
    package func answer(_ outcome: MCPOutcome, now: Int64) -> ServerAnswer {
        switch outcome {
        case .tools(let list, let nextCursor): return ServerAnswer(bytes: answer(list, nextCursor: nextCursor))
        case .complete(let result, let caching):
            var result = result
            if operation.isCacheable, version.era == .modern { caching.write(to: &result) }
            return ServerAnswer(bytes: answer(result))
        case .inputRequired(let need): return answer(need, now: now)
        case .task(let task):
            if wantsTask {
                return ServerAnswer(bytes: answer(["task": .object(task.sessionForm)]), begunTask: task.id)
            }
            guard declaresTasks else { return answer(.internalError("a task for a client that knows none")) }
            return result(task.head, type: "task")
        }
    }

    package func answer(_ tools: MCPToolList, nextCursor: String? = nil) -> [UInt8] {
        var bytes = JSONRPCEncoder.resultStart(id: id)
        bytes += "{\"tools\":".utf8
        tools.write(to: &bytes)
        if let nextCursor {
            bytes += ",\"nextCursor\":".utf8
            JSONValue.string(nextCursor).write(to: &bytes)
        }
        if version.era == .modern {
            bytes += ",\"resultType\":\"complete\",\"ttlMs\":0,\"cacheScope\":\"private\",\"_meta\":{\"".utf8
            bytes += MCPMetaKeys.serverInfo.utf8
            bytes += "\":".utf8
            profile.info.json.write(to: &bytes)
            bytes.append(UInt8(ascii: "}"))
        }
        bytes += "}}".utf8
        return bytes
    }

    package func answer(_ result: JSONObject) -> [UInt8] {
        var adapted = result
        switch operation {
        case .callTool, .taskResult: LegacyContent.adapt(&adapted, to: version)
        default: break
        }
        return JSONRPCEncoder.result(id: id, ServerResult.adapted(adapted, to: version, profile: profile))
    }

    package func answer(_ error: JSONRPCError) -> ServerAnswer {
        ServerAnswer(error: error, id: id, era: version.era)
    }

    private func result(_ members: JSONObject, type: String) -> ServerAnswer {
        let result = ServerResult.adapted(members, to: version, profile: profile, type: type)
        return ServerAnswer(bytes: JSONRPCEncoder.result(id: id, result))
    }

    private func answer(_ need: MCPInputNeed, now: Int64) -> ServerAnswer {
        guard version.era == .modern, operation.mayAsk, let binding = RequestStateSeal.Binding(operation, principal: "")
        else { return answer(.internalError("a question where none may be asked")) }
        for (_, request) in need.requests where !request.isAnswerable(by: clientCapabilities) {
            return answer(.internalError("a question that the client cannot answer"))
        }
        var members: JSONObject = [:]
        if !need.requests.isEmpty { members["inputRequests"] = .object(need.requestsObject) }
        members["requestState"] = .string(profile.seal.seal(need.state, for: binding, now: now))
        return result(members, type: "input_required")
    }
}

/// Makes results into what clients of each era expect.
enum ServerResult {
    private static let modernMembers = ["resultType", "ttlMs", "cacheScope"]

    static func adapted(
        _ result: JSONObject,
        to version: MCPVersion,
        profile: MCPServerProfile,
        type: String = "complete"
    ) -> JSONObject {
        var adapted = result
        guard version.era == .modern else {
            for name in modernMembers where adapted.hasKey(name) { adapted[name] = nil }
            return adapted
        }
        // What a server behind us said of its own outcome means nothing to our client.
        adapted["resultType"] = .string(type)
        var meta = adapted["_meta"]?.objectValue ?? [:]
        meta[MCPMetaKeys.serverInfo] = profile.info.json
        adapted["_meta"] = .object(meta)
        return adapted
    }
}

/// Puts what older clients cannot read into forms that they can.
enum LegacyContent {
    private static let structuredObjects = MCPVersion("2025-06-18")

    static func adapt(_ result: inout JSONObject, to version: MCPVersion) {
        guard version.era == .legacy else { return }
        // Sessions know objects only.
        if let structured = result["structuredContent"], structured.objectValue == nil {
            result["structuredContent"] = ["result": structured]
        }
        guard !version.isAtLeast(structuredObjects), let content = result["content"]?.arrayValue else { return }
        let isForeign: (JSONValue) -> Bool = { block in
            switch block["type"]?.stringValue {
            case "resource_link": true
            case "audio": version == .oldest
            default: false
            }
        }
        guard content.contains(where: isForeign) else { return }
        result["content"] = .array(content.map { isForeign($0) ? text(for: $0) : $0 })
    }

    private static func text(for block: JSONValue) -> JSONValue {
        let text: String
        if let uri = block["uri"]?.stringValue {
            text = (block["name"]?.stringValue).map { "\($0): \(uri)" } ?? uri
        } else {
            text = "[\(block["mimeType"]?.stringValue ?? "audio")]"
        }
        return ["type": "text", "text": .string(text)]
    }
}
