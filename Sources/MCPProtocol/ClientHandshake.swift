package import JSON

/// Which eras a client tries.
package enum MCPClientMode: String, Sendable { case auto, modern, legacy }

/// The opening of a connection from the client's side, as MCP's `basic/versioning` describes it for stdio.
package struct ClientHandshake: Sendable {
    package enum Action: Hashable, Sendable {
        case send([UInt8])
        /// Call `probeTimedOut` when there is no answer after a while.
        case startProbeTimer
        case finish(MCPServerFacts)
        case fail(String)
        /// The process ended at the probe: start it again, with a handshake in legacy mode.
        case restartLegacy
    }

    private enum Phase: Hashable {
        case idle
        case probing(id: Int64, isRetry: Bool)
        case initializing(id: Int64)
        case done
    }

    private let mode: MCPClientMode
    private let clientInfo: MCPImplementation
    private var phase = Phase.idle
    private var hasProbedAgain = false
    /// The id for the next request of this connection.
    package private(set) var nextID: Int64 = 1

    package init(mode: MCPClientMode, clientInfo: MCPImplementation) {
        self.mode = mode
        self.clientInfo = clientInfo
    }

    package mutating func start() -> [Action] {
        mode == .legacy ? [initialize()] : [probe(isRetry: false), .startProbeTimer]
    }

    package mutating func receive(_ response: JSONRPCResponse) -> [Action] {
        switch phase {
        case .probing(let id, let isRetry) where response.id == .integer(id) || response.id == nil:
            return probed(response.result, isRetry: isRetry)
        case .initializing(let id) where response.id == .integer(id):
            return initialized(response.result)
        default:
            // A late answer to a probe that we no longer wait for.
            return []
        }
    }

    package mutating func probeTimedOut() -> [Action] {
        guard case .probing = phase, mode == .auto else { return [] }
        return [initialize()]
    }

    package mutating func processEnded() -> [Action] {
        guard case .probing = phase, mode == .auto else { return [] }
        phase = .done
        return [.restartLegacy]
    }

    private mutating func takeID() -> Int64 {
        defer { nextID += 1 }
        return nextID
    }

    private mutating func probe(isRetry: Bool) -> Action {
        let id = takeID()
        phase = .probing(id: id, isRetry: isRetry)
        let dialect = ClientDialect(version: .modern, clientInfo: clientInfo)
        return .send(dialect.request(id: id, method: "server/discover", params: [:]))
    }

    private mutating func initialize() -> Action {
        let id = takeID()
        phase = .initializing(id: id)
        return .send(
            JSONRPCEncoder.request(
                id: .integer(id),
                method: "initialize",
                params: [
                    "protocolVersion": .string(MCPVersion.newestLegacy.text),
                    "capabilities": [:],
                    "clientInfo": clientInfo.json,
                ]
            )
        )
    }

    private mutating func finish(_ facts: MCPServerFacts) -> Action {
        phase = .done
        return .finish(facts)
    }

    private mutating func fail(_ text: String) -> [Action] {
        phase = .done
        return [.fail(text)]
    }

    private mutating func fallBack(_ reason: String) -> [Action] {
        mode == .auto ? [initialize()] : fail(reason)
    }

    private mutating func probed(_ result: Result<JSONObject, JSONRPCError>, isRetry: Bool) -> [Action] {
        switch result {
        case .success(let discovery):
            guard case .array(let versions)? = discovery["supportedVersions"] else {
                return fallBack("server/discover was answered without supportedVersions")
            }
            guard versions.contains(.string(MCPVersion.modern.text)) else {
                return fallBack("the server does not speak \(MCPVersion.modern)")
            }
            let info = discovery["_meta"]?[MCPMetaKeys.serverInfo] ?? discovery["serverInfo"]
            return [
                finish(
                    MCPServerFacts(
                        info: MCPImplementation(info),
                        version: .modern,
                        capabilities: discovery["capabilities"]?.objectValue ?? [:],
                        instructions: discovery["instructions"]?.stringValue
                    )
                )
            ]
        case .failure(let error):
            switch error.code {
            case JSONRPCError.Codes.unsupportedProtocolVersion:
                return refused(error, isRetry: isRetry)
            case JSONRPCError.Codes.headerMismatch, JSONRPCError.Codes.missingClientCapability:
                return fail(error.message)
            default:
                return fallBack(error.message)
            }
        }
    }

    /// The server named the versions it speaks.
    private mutating func refused(_ error: JSONRPCError, isRetry: Bool) -> [Action] {
        let supported = (error.data?["supported"]?.arrayValue ?? []).compactMap(\.stringValue)
        if supported.contains(MCPVersion.modern.text), !isRetry { return [probe(isRetry: true)] }
        if supported.isEmpty || supported.contains(where: { MCPVersion($0).isLegacy }) {
            return fallBack(error.message)
        }
        let ours = MCPVersion.all.map(\.text).joined(separator: ", ")
        return fail("no common protocol version: the server speaks \(supported.joined(separator: ", ")), we \(ours)")
    }

    private mutating func initialized(_ result: Result<JSONObject, JSONRPCError>) -> [Action] {
        switch result {
        case .success(let answer):
            guard let text = answer["protocolVersion"]?.stringValue else {
                return fail("initialize was answered without protocolVersion")
            }
            let version = MCPVersion(text)
            guard version.isLegacy else { return fail("the server chose the unknown protocol version \(text)") }
            let facts = MCPServerFacts(
                info: MCPImplementation(answer["serverInfo"]),
                version: version,
                capabilities: answer["capabilities"]?.objectValue ?? [:],
                instructions: answer["instructions"]?.stringValue
            )
            return [.send(JSONRPCEncoder.notification(method: "notifications/initialized")), finish(facts)]
        case .failure(let error):
            // A modern server that was slow to start: its probe timed out here.
            if error.code == JSONRPCError.Codes.unsupportedProtocolVersion, mode == .auto, !hasProbedAgain {
                hasProbedAgain = true
                return [probe(isRetry: true)]
            }
            return fail(error.message)
        }
    }
}

/// How requests are written once the version is known.
package struct ClientDialect: Sendable {
    package var version: MCPVersion
    package var clientInfo: MCPImplementation

    package init(version: MCPVersion, clientInfo: MCPImplementation) {
        self.version = version
        self.clientInfo = clientInfo
    }

    /// - Parameter wantsProgress: the id is then the progress token.
    package func request(
        id: Int64,
        method: String,
        params: JSONObject,
        wantsProgress: Bool = false
    ) -> [UInt8] {
        var params = params
        if wantsProgress || version.era == .modern {
            var meta = params["_meta"]?.objectValue ?? [:]
            if version.era == .modern {
                meta[MCPMetaKeys.protocolVersion] = .string(version.text)
                meta[MCPMetaKeys.clientInfo] = clientInfo.json
                meta[MCPMetaKeys.clientCapabilities] = [:]
            }
            if wantsProgress { meta[MCPMetaKeys.progressToken] = .integer(id) }
            params["_meta"] = .object(meta)
        }
        return JSONRPCEncoder.request(id: .integer(id), method: method, params: params)
    }

    package func cancellation(of id: Int64, reason: String) -> [UInt8] {
        JSONRPCEncoder.notification(
            method: "notifications/cancelled",
            params: ["requestId": .integer(id), "reason": .string(reason)]
        )
    }

    /// The answer to a request of the server: ping is answered, everything else is not offered.
    package static func answer(_ request: JSONRPCRequest) -> [UInt8] {
        request.method == "ping"
            ? JSONRPCEncoder.result(id: request.id, [:])
            : JSONRPCEncoder.error(id: request.id, .methodNotFound(request.method))
    }
}
