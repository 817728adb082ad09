package import JSON

/// Which eras a client tries.
package enum MCPClientMode: String, Sendable { case auto, modern, legacy }

/// The opening of a connection from the client's side, as MCP's `basic/versioning` and its transports describe it.
package struct ClientHandshake: Sendable {
    package enum Action: Hashable, Sendable {
        case send(ClientMessage)
        /// Call `probeTimedOut` when there is no answer after a while.
        case startProbeTimer
        case finish(MCPServerFacts)
        case fail(String)
        /// The process ended at the probe: start it again, with a handshake in legacy mode.
        case restartLegacy
        /// Neither way of speaking over this URL is known there: it may be one of HTTP+SSE.
        case tryEventStream
    }

    private enum Phase: Hashable {
        case idle
        case probing(id: Int64, isRetry: Bool)
        case initializing(id: Int64)
        case done
    }

    private let mode: MCPClientMode
    private let clientInfo: MCPImplementation
    /// What we declare in `initialize` and in the probe.
    private let capabilities: JSONObject
    private var phase = Phase.idle
    private var hasProbedAgain = false
    /// The id for the next request of this connection.
    package private(set) var nextID: Int64 = 1

    /// - Parameter firstID: greater than one when requests have been sent before.
    package init(
        mode: MCPClientMode,
        clientInfo: MCPImplementation,
        capabilities: JSONObject = [:],
        firstID: Int64 = 1
    ) {
        self.mode = mode
        self.clientInfo = clientInfo
        self.capabilities = capabilities
        nextID = firstID
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

    /// The server answered the request in hand with an HTTP status instead of a message; not for 401 and 403, which say
    /// nothing about versions.
    package mutating func refused(status: Int, _ text: String) -> [Action] {
        let reason = "HTTP status \(status)\(text.isEmpty ? "" : ": \(text)")"
        switch phase {
        case .probing: return fallBack(reason)
        case .initializing where [400, 404, 405].contains(status) && mode == .auto:
            phase = .done
            return [.tryEventStream]
        case .initializing: return fail(reason)
        case .idle, .done: return []
        }
    }

    private mutating func takeID() -> Int64 {
        defer { nextID += 1 }
        return nextID
    }

    private mutating func probe(isRetry: Bool) -> Action {
        let id = takeID()
        phase = .probing(id: id, isRetry: isRetry)
        let dialect = ClientDialect(version: .modern, clientInfo: clientInfo)
        return .send(dialect.request(id: id, method: "server/discover", params: [:], capabilities: capabilities))
    }

    private mutating func initialize() -> Action {
        let id = takeID()
        phase = .initializing(id: id)
        let bytes = JSONRPCEncoder.request(
            id: .integer(id),
            method: "initialize",
            params: [
                "protocolVersion": .string(MCPVersion.newestLegacy.text),
                "capabilities": .object(capabilities),
                "clientInfo": clientInfo.json,
            ]
        )
        return .send(ClientMessage(bytes: bytes, id: id))
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
            let bytes = JSONRPCEncoder.notification(method: "notifications/initialized")
            return [.send(ClientMessage(bytes: bytes, version: version)), finish(facts)]
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
