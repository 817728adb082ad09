package import JSON

/// Answers modern requests; remembers nothing between them.
package enum ModernServer {
    /// - Parameters:
    ///   - headers: nil on stdio.
    ///   - now: seconds since 1970, for states that expire.
    ///   - inputSchema: of a tool, nil for an unknown one; needed for HTTP only.
    package static func handle(
        _ request: JSONRPCRequest,
        headers: MCPRoutingHeaders?,
        profile: MCPServerProfile,
        now: Int64 = 0,
        inputSchema: (String) -> JSONObject? = { _ in nil }
    ) -> ServerOutput {
        do throws(JSONRPCError) {
            let envelope = try RequestEnvelope(request, headers: headers)
            if let headers { try check(headers.parameters, request, inputSchema) }
            guard let method = ServerMethod(rawValue: request.method), method.isServed(in: .modern, profile.features)
            else { throw .methodNotFound(request.method) }
            if method.isOfTasks { try requireTasks(envelope, for: method.rawValue) }
            switch method {
            case .discover:
                let result = ServerResult.adapted(discovery(profile), to: .modern, profile: profile)
                return .send(ServerAnswer(bytes: JSONRPCEncoder.result(id: request.id, result)))
            case .listen: return .listen(try ServerListen(request, envelope: envelope, profile: profile))
            default: return .perform(try call(request, envelope, profile, now))
            }
        } catch {
            return .send(ServerAnswer(error: error, id: request.id, era: .modern))
        }
    }

    private static func call(
        _ request: JSONRPCRequest,
        _ envelope: RequestEnvelope,
        _ profile: MCPServerProfile,
        _ now: Int64
    ) throws(JSONRPCError) -> ServerCall {
        guard let operation = try MCPOperation(request) else { throw .methodNotFound(request.method) }
        let meta = request.params["_meta"]?.objectValue ?? [:]
        var call = ServerCall(
            id: request.id,
            operation: operation,
            version: envelope.version,
            clientInfo: envelope.clientInfo,
            clientCapabilities: envelope.clientCapabilities,
            meta: meta,
            profile: profile
        )
        if let level = meta[MCPMetaKeys.logLevel], !level.isNull {
            let level = try MCPLogLevel(level)
            if profile.features.contains(.logging) { call.logLevel = level }
        }
        call.input = try input(request.params, operation, profile, now)
        return call
    }

    /// What the client brings because it was asked. Other methods than those that may ask ignore it.
    private static func input(
        _ params: JSONObject,
        _ operation: MCPOperation,
        _ profile: MCPServerProfile,
        _ now: Int64
    ) throws(JSONRPCError) -> MCPInput? {
        guard let binding = RequestStateSeal.Binding(operation, principal: "") else { return nil }
        let hasResponses = params.hasKey("inputResponses")
        guard hasResponses || params.hasKey("requestState") else { return nil }
        var input = MCPInput(responses: [:], state: nil)
        if hasResponses {
            guard case .object(let responses)? = params["inputResponses"] else {
                throw .invalidParams("params.inputResponses must be an object")
            }
            input.responses = responses
        }
        if params.hasKey("requestState") {
            guard let text = params["requestState"]?.stringValue,
                let state = profile.seal.open(text, for: binding, now: now)
            else { throw .invalidParams("params.requestState is not one of ours for this request, or has expired") }
            input.state = state
        }
        return input
    }

    private static func check(
        _ headers: [String: [String]],
        _ request: JSONRPCRequest,
        _ inputSchema: (String) -> JSONObject?
    ) throws(JSONRPCError) {
        guard request.method == "tools/call", let name = request.params["name"]?.stringValue,
            let schema = inputSchema(name)
        else { return }
        let annotated = ParameterHeaders(schema)
        guard !annotated.isEmpty else { return }
        try annotated.check(headers, against: request.params["arguments"]?.objectValue ?? [:])
    }

    static func requireTasks(_ envelope: RequestEnvelope, for what: String) throws(JSONRPCError) {
        guard envelope.clientCapabilities["extensions"]?[MCPExtensions.tasks]?.objectValue != nil else {
            throw .missingCapability(["extensions": [MCPExtensions.tasks: [:]].jsonObject], for: what)
        }
    }

    /// Whether a request posted over HTTP is to be answered by the modern rules.
    package static func serves(_ message: JSONRPCMessage, versionHeader: String?) -> Bool {
        let params: JSONObject
        let isInitialize: Bool
        switch message {
        case .request(let request):
            params = request.params
            isInitialize = request.method == "initialize"
        case .notification(let notification):
            params = notification.params
            isInitialize = false
        case .response: return versionHeader.map { !MCPVersion($0).isLegacy } ?? false
        }
        if RequestEnvelope.isPresent(in: params) { return true }
        if isInitialize { return false }
        return versionHeader.map { !MCPVersion($0).isLegacy } ?? false
    }

    private static func discovery(_ profile: MCPServerProfile) -> JSONObject {
        var result: JSONObject = [
            "supportedVersions": RequestEnvelope.supportedVersions,
            "capabilities": .object(profile.capabilities(for: .modern)),
        ]
        if let instructions = profile.instructions { result["instructions"] = .string(instructions) }
        MCPCaching(timeToLive: 3_600_000, isPublic: true).write(to: &result)
        return result
    }
}
