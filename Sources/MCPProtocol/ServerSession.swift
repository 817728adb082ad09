package import JSON

/// What the shell has to do about a message.
package enum ServerOutput: Sendable {
    case send(ServerAnswer)
    /// The host answers; ask `finish` before sending it.
    case perform(ServerCall)
    case listen(ServerListen)
    /// Stop the work on this request; nothing is sent for it any more.
    case cancel(JSONRPCID)
    /// Nothing to do: a notification or an answer.
    case accepted
}

/// The server's side of one process (stdio) or one session (HTTP). Messages of both eras may be mixed: each request is
/// classified by itself, after MCP's `basic/versioning`.
package struct ServerSession: Sendable {
    package let profile: MCPServerProfile
    /// Agreed in `initialize`; nil before.
    package private(set) var version: MCPVersion?
    package private(set) var clientInfo: MCPImplementation?
    package private(set) var clientCapabilities: JSONObject = [:]
    /// How many requests with an id are being answered.
    private var running: [JSONRPCID: Int] = [:]
    private let allowsRepeatedIDs: Bool

    /// - Parameter allowsRepeatedIDs: whether two requests with the same id may run at once; harmless where each answer
    ///   has a place of its own, as over HTTP.
    package init(_ profile: MCPServerProfile, allowsRepeatedIDs: Bool = false) {
        self.profile = profile
        self.allowsRepeatedIDs = allowsRepeatedIDs
    }

    package var isIdle: Bool { running.isEmpty }
    package func isRunning(_ id: JSONRPCID) -> Bool { running[id] != nil }

    package mutating func handle(_ message: JSONRPCMessage) -> ServerOutput {
        switch message {
        case .response: return .accepted
        case .notification(let notification): return handle(notification)
        case .request(let request):
            guard allowsRepeatedIDs || !isRunning(request.id) else {
                let error = JSONRPCError.invalidRequest("a request with this id is still being answered")
                return .send(ServerAnswer(error: error, id: request.id, era: .legacy))
            }
            let output =
                RequestEnvelope.isPresent(in: request.params)
                ? ModernServer.handle(request, headers: nil, profile: profile) : handleLegacy(request)
            switch output {
            case .perform(let call): running[call.id, default: 0] += 1
            case .listen(let listen): running[listen.id, default: 0] += 1
            default: break
            }
            return output
        }
    }

    /// Notes that a request has been worked off. False when it was cancelled: then nothing may be sent for it.
    package mutating func finish(_ id: JSONRPCID) -> Bool {
        guard let count = running[id] else { return false }
        running[id] = count > 1 ? count - 1 : nil
        return true
    }

    private mutating func handle(_ notification: JSONRPCNotification) -> ServerOutput {
        guard notification.method == "notifications/cancelled",
            let id = notification.params["requestId"].flatMap({ JSONRPCID($0) }), running.removeValue(forKey: id) != nil
        else { return .accepted }
        return .cancel(id)
    }

    private mutating func handleLegacy(_ request: JSONRPCRequest) -> ServerOutput {
        func send(_ result: JSONObject) -> ServerOutput {
            .send(ServerAnswer(bytes: JSONRPCEncoder.result(id: request.id, result)))
        }
        func fail(_ error: JSONRPCError) -> ServerOutput {
            .send(ServerAnswer(error: error, id: request.id, era: .legacy))
        }
        switch request.method {
        case "initialize": return send(initialize(request.params))
        case "ping": return send([:])
        default: break
        }
        guard let version else {
            return fail(
                .invalidParams(
                    "Not initialized: send initialize first, or give params._meta[\"\(MCPMetaKeys.protocolVersion)\"]"
                )
            )
        }
        do throws(JSONRPCError) {
            switch request.method {
            case "tools/list", "tools/call":
                let operation = try request.toolOperation()
                return .perform(
                    ServerCall(
                        id: request.id,
                        operation: operation,
                        version: version,
                        clientInfo: clientInfo,
                        clientCapabilities: clientCapabilities,
                        meta: request.params["_meta"]?.objectValue ?? [:],
                        serverInfo: profile.info
                    )
                )
            case "resources/list": return send(["resources": []])
            case "resources/templates/list": return send(["resourceTemplates": []])
            case "prompts/list": return send(["prompts": []])
            case "resources/subscribe", "resources/unsubscribe", "logging/setLevel": return send([:])
            case "resources/read":
                throw try request.resourceNotFound(code: JSONRPCError.Codes.resourceNotFound)
            case "prompts/get": throw try request.promptNotFound()
            default: throw .methodNotFound(request.method)
            }
        } catch {
            return fail(error)
        }
    }

    private mutating func initialize(_ params: JSONObject) -> JSONObject {
        let wanted = MCPVersion(params["protocolVersion"]?.stringValue ?? "")
        let agreed = wanted.isLegacy ? wanted : .newestLegacy
        version = agreed
        clientInfo = MCPImplementation(params["clientInfo"])
        clientCapabilities = params["capabilities"]?.objectValue ?? [:]
        var result: JSONObject = [
            "protocolVersion": .string(agreed.text),
            "capabilities": .object(MCPServerProfile.capabilities),
            "serverInfo": profile.info.json,
        ]
        if let instructions = profile.instructions { result["instructions"] = .string(instructions) }
        return result
    }
}

/// Answers modern requests; remembers nothing between them.
package enum ModernServer {
    /// - Parameter headers: nil on stdio.
    package static func handle(
        _ request: JSONRPCRequest,
        headers: MCPRoutingHeaders?,
        profile: MCPServerProfile
    ) -> ServerOutput {
        func send(_ result: JSONObject) -> ServerOutput {
            let complete = ModernResult.adapted(result, to: .modern, serverInfo: profile.info)
            return .send(ServerAnswer(bytes: JSONRPCEncoder.result(id: request.id, complete)))
        }
        do throws(JSONRPCError) {
            let envelope = try RequestEnvelope(request, headers: headers)
            switch request.method {
            case "server/discover": return send(discovery(profile))
            case "tools/list", "tools/call":
                return .perform(
                    ServerCall(
                        id: request.id,
                        operation: try request.toolOperation(),
                        version: envelope.version,
                        clientInfo: envelope.clientInfo,
                        clientCapabilities: envelope.clientCapabilities,
                        meta: request.params["_meta"]?.objectValue ?? [:],
                        serverInfo: profile.info
                    )
                )
            case "resources/list": return send(ModernResult.list("resources"))
            case "resources/templates/list": return send(ModernResult.list("resourceTemplates"))
            case "prompts/list": return send(ModernResult.list("prompts"))
            case "resources/read": throw try request.resourceNotFound(code: JSONRPCError.Codes.invalidParams)
            case "prompts/get": throw try request.promptNotFound()
            case "subscriptions/listen":
                return .listen(try ServerListen(request, serverInfo: profile.info))
            default: throw .methodNotFound(request.method)
            }
        } catch {
            return .send(ServerAnswer(error: error, id: request.id, era: .modern))
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
            "capabilities": .object(MCPServerProfile.capabilities),
        ]
        if let instructions = profile.instructions { result["instructions"] = .string(instructions) }
        result["ttlMs"] = 3_600_000
        result["cacheScope"] = "public"
        return result
    }
}

extension JSONRPCRequest {
    fileprivate func toolOperation() throws(JSONRPCError) -> ServerCall.Operation {
        if method == "tools/list" {
            // The list has one page, so we never gave a cursor out.
            guard params["cursor"]?.isNull ?? true else { throw .invalidParams("Unknown cursor") }
            return .listTools
        }
        guard let name = params["name"]?.stringValue else { throw .invalidParams("params.name must be a string") }
        switch params["arguments"] {
        case nil, .null: return .callTool(name: name, arguments: [:])
        case .object(let arguments): return .callTool(name: name, arguments: arguments)
        default: throw .invalidParams("params.arguments must be an object")
        }
    }

    fileprivate func resourceNotFound(code: Int) throws(JSONRPCError) -> JSONRPCError {
        guard let uri = params["uri"]?.stringValue else { throw .invalidParams("params.uri must be a string") }
        return JSONRPCError(code: code, message: "Resource not found: \(uri)", data: ["uri": .string(uri)])
    }

    fileprivate func promptNotFound() throws(JSONRPCError) -> JSONRPCError {
        guard let name = params["name"]?.stringValue else { throw .invalidParams("params.name must be a string") }
        return .invalidParams("Unknown prompt: \(name)")
    }
}
