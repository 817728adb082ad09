package import JSON

/// What the shell has to do about a message.
package enum ServerOutput: Sendable {
    case send(ServerAnswer)
    /// The host answers; ask `finish` before sending it.
    case perform(ServerCall)
    case listen(ServerListen)
    /// Stop the work on this request; nothing is sent for it any more.
    case cancel(JSONRPCID)
    /// The client answers a request of ours.
    case answered(JSONRPCID, Result<JSONObject, JSONRPCError>)
    /// Nothing to do: a notification, or an answer that nobody waits for.
    case accepted
}

/// The server's side of one process (stdio) or one session (HTTP). Messages of both eras may be mixed: each request is
/// classified by itself, after MCP's `basic/versioning`.
package struct ServerSession: Sendable {
    /// Bounds of what one client makes us remember.
    package static let callLimit = 1000
    package static let subscriptionLimit = 1000
    package static let followedLimit = 1000

    package let profile: MCPServerProfile
    /// Agreed in `initialize`; nil before.
    package private(set) var version: MCPVersion?
    package private(set) var clientInfo: MCPImplementation?
    package private(set) var clientCapabilities: JSONObject = [:]
    /// Whether the client has said that it is ready for messages it did not ask for.
    package private(set) var isReady = false
    package private(set) var logLevel: MCPLogLevel?
    /// URIs of the resources whose updates the client wants to hear of.
    package private(set) var subscriptions: Set<String> = []
    /// Tasks that the session began and that have not ended, with the state that their client was told last.
    private var followed: [String: String] = [:]
    /// How many requests with an id are being answered.
    private var running: [JSONRPCID: Int] = [:]
    /// Requests of ours that the client has not answered.
    private var asked: Set<JSONRPCID> = []
    private var nextRequest = 1
    private let allowsRepeatedIDs: Bool

    /// - Parameter allowsRepeatedIDs: whether two requests with the same id may run at once; harmless where each answer
    ///   has a place of its own, as over HTTP.
    package init(_ profile: MCPServerProfile, allowsRepeatedIDs: Bool = false) {
        self.profile = profile
        self.allowsRepeatedIDs = allowsRepeatedIDs
    }

    package var isIdle: Bool { running.isEmpty }
    package func isRunning(_ id: JSONRPCID) -> Bool { running[id] != nil }
    /// Whether arrays of messages are understood. Source: MCP 2025-03-26; other versions have none.
    package var allowsBatches: Bool { version == .batching }

    /// - Parameter now: seconds since 1970, for states that expire.
    package mutating func handle(_ message: JSONRPCMessage, now: Int64 = 0) -> ServerOutput {
        switch message {
        case .response(let response):
            guard let id = response.id, asked.remove(id) != nil else { return .accepted }
            return .answered(id, response.result)
        case .notification(let notification): return handle(notification)
        case .request(let request):
            let isModern = RequestEnvelope.isPresent(in: request.params)
            let era: MCPEra = isModern ? .modern : .legacy
            guard allowsRepeatedIDs || !isRunning(request.id) else {
                let error = JSONRPCError.invalidRequest("a request with this id is still being answered")
                return .send(ServerAnswer(error: error, id: request.id, era: era))
            }
            let output =
                isModern
                ? ModernServer.handle(request, headers: nil, profile: profile, now: now) : handleLegacy(request)
            switch output {
            case .perform, .listen:
                guard running.count < Self.callLimit else {
                    let error = JSONRPCError.internalError(
                        "\(Self.callLimit) requests of this client are being answered: wait for some of them"
                    )
                    return .send(ServerAnswer(error: error, id: request.id, era: era))
                }
                running[request.id, default: 0] += 1
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

    /// A request of ours, with an id of its own. The client's answer comes as `answered`.
    package mutating func ask(_ request: MCPInputRequest) -> (id: JSONRPCID, message: [UInt8]) {
        let id = JSONRPCID.string("server-\(nextRequest)")
        nextRequest += 1
        asked.insert(id)
        var params = request.params(for: version ?? .newestLegacy)
        if params["mode"]?.stringValue == "url", !params.hasKey("elicitationId") {
            // Only sessions have it, so that it is missing where a modern server asks.
            params["elicitationId"] = id.json
        }
        return (id, JSONRPCEncoder.request(id: id, method: request.method, params: params))
    }

    /// Nobody waits for the answer any more. The message tells the client so; nil when it has answered.
    package mutating func withdraw(_ id: JSONRPCID) -> [UInt8]? {
        guard asked.remove(id) != nil else { return nil }
        return JSONRPCEncoder.notification(method: "notifications/cancelled", params: ["requestId": id.json])
    }

    /// The client has opened a stream for what it did not ask for.
    package mutating func listenToEverything() { isReady = version != nil }

    /// Tells the client of this task until it ends; of more than the limit it is told only what it asks for.
    package mutating func follow(_ task: String) {
        if followed.count < Self.followedLimit { followed[task] = MCPTask.Status.working.word }
    }

    /// What the host has to watch for this session.
    package var interests: Set<MCPInterest> {
        Set(subscriptions.map { .resource(uri: $0) }).union(followed.keys.map { .task(id: $0) })
    }

    /// What the client of a session is told; nil when it did not ask for it, or is not ready. Changes of a task's message
    /// are no news.
    package mutating func notification(_ news: ServerNews) -> [UInt8]? {
        guard isReady else { return nil }
        switch news {
        case .listChanged(let change):
            guard profile.features.contains(change.feature) else { return nil }
            return JSONRPCEncoder.notification(method: change.method)
        case .resourceUpdated(let uri):
            guard MCPInterest.covers(uri, subscriptions) else { return nil }
            return JSONRPCEncoder.notification(method: "notifications/resources/updated", params: ["uri": .string(uri)])
        case .task(let task):
            guard let told = followed[task.id], told != task.status.sessionWord else { return nil }
            followed[task.id] = task.status.isTerminal ? nil : task.status.sessionWord
            return JSONRPCEncoder.notification(method: "notifications/tasks/status", params: task.sessionForm)
        }
    }

    private mutating func handle(_ notification: JSONRPCNotification) -> ServerOutput {
        switch notification.method {
        case "notifications/initialized": isReady = version != nil
        case "notifications/cancelled":
            guard let id = notification.params["requestId"].flatMap({ JSONRPCID($0) }),
                running.removeValue(forKey: id) != nil
            else { break }
            return .cancel(id)
        default: break
        }
        return .accepted
    }

    private mutating func handleLegacy(_ request: JSONRPCRequest) -> ServerOutput {
        do throws(JSONRPCError) {
            let method = ServerMethod(rawValue: request.method)
            switch method {
            case .initialize: return send(initialize(request.params), request)
            case .ping: return send([:], request)
            default: break
            }
            guard let version else {
                throw .invalidParams(
                    "Not initialized: send initialize first, or give params._meta[\"\(MCPMetaKeys.protocolVersion)\"]"
                )
            }
            guard let method, method.isServed(in: version, profile.features) else {
                throw .methodNotFound(request.method)
            }
            // Who asks for more than the handshake has seen its end.
            isReady = true
            switch method {
            case .setLogLevel: logLevel = try MCPLogLevel(request.params["level"])
            case .subscribe: try subscribe(try MethodParameters(request.params).uri())
            case .unsubscribe: subscriptions.remove(try MethodParameters(request.params).uri())
            default: return .perform(try call(request, version))
            }
            return send([:], request)
        } catch {
            return .send(ServerAnswer(error: error, id: request.id, era: .legacy))
        }
    }

    private func send(_ result: JSONObject, _ request: JSONRPCRequest) -> ServerOutput {
        .send(ServerAnswer(bytes: JSONRPCEncoder.result(id: request.id, result)))
    }

    private mutating func subscribe(_ uri: String) throws(JSONRPCError) {
        guard subscriptions.contains(uri) || subscriptions.count < Self.subscriptionLimit else {
            throw .invalidParams("this session has subscribed to \(Self.subscriptionLimit) resources already")
        }
        subscriptions.insert(uri)
    }

    private func call(_ request: JSONRPCRequest, _ version: MCPVersion) throws(JSONRPCError) -> ServerCall {
        guard let operation = try MCPOperation(request) else { throw .methodNotFound(request.method) }
        var call = ServerCall(
            id: request.id,
            operation: operation,
            version: version,
            clientInfo: clientInfo,
            clientCapabilities: clientCapabilities,
            meta: request.params["_meta"]?.objectValue ?? [:],
            profile: profile
        )
        call.logLevel = logLevel
        // Other versions give the member no meaning.
        if case .callTool = operation, profile.features.hasTasks(in: version) {
            call.wantsTask = try MethodParameters(request.params).asksForTask()
        }
        return call
    }

    private mutating func initialize(_ params: JSONObject) -> JSONObject {
        let wanted = MCPVersion(params["protocolVersion"]?.stringValue ?? "")
        let agreed = wanted.isLegacy ? wanted : .newestLegacy
        version = agreed
        isReady = false
        clientInfo = MCPImplementation(params["clientInfo"])
        clientCapabilities = params["capabilities"]?.objectValue ?? [:]
        var result: JSONObject = [
            "protocolVersion": .string(agreed.text),
            "capabilities": .object(profile.capabilities(for: agreed)),
            "serverInfo": profile.info.json,
        ]
        if let instructions = profile.instructions { result["instructions"] = .string(instructions) }
        return result
    }
}
