package import JSON
import MCPProtocol
import MCPTransports
package import ToolCatalog
package import WorkflowModel

/// What is known of one MCP server at one moment.
package struct ExternalServer: Sendable {
    package var definition: MCPServerDefinition
    package var life = ServerLife()
    package var failure: ServerFailure?
    package var lastAttempt: Timestamp?
    package var nextRetry: Timestamp?
    package var connectedAt: Timestamp?
    /// What it offers, under our usual names; empty unless it runs.
    package var tools: [ToolDescriptor] = [] {
        didSet { taskTools = Set(tools.lazy.filter(\.requiresTask).compactMap(\.originalName)) }
    }
    /// Its own names of the tools that it runs as tasks only.
    private(set) var taskTools: Set<String> = []
    /// Names of tools that another server offers.
    package var conflicts: [String] = []
    var rawTools: [JSONObject] = []
    var client: MCPClient?
    var breaker = CircuitBreaker()
    let gate: CallGate
    let tokens: (any AccessTokens)?
    /// How a person logs in to it; nil where nobody can.
    var login: ServerLogin? { tokens as? ServerLogin }
    /// What became of the last login, when it failed.
    package internal(set) var loginFailure: String?
    /// The last lines on standard error of the process that ended.
    var lastWords: [String] = []
    /// What is being done for it now, and whether it has to be done once more afterwards, so that a flood of
    /// announcements makes one more question.
    var chores: [Chore: Bool] = [:]

    enum Chore: Hashable, Sendable { case listing, watching }

    static let usualCallLimit = 32

    init(definition: MCPServerDefinition, tokens: (any AccessTokens)?) {
        self.definition = definition
        self.tokens = tokens
        gate = CallGate(limit: definition.callLimit ?? Self.usualCallLimit)
    }

    package var state: ServerLife.State { life.state }
    package var isFailed: Bool { state.isFailure }
    package var error: String? {
        guard isFailed, let message = failure?.message else { return nil }
        return loginFailure.map { "\(message) (the last login failed: \($0))" } ?? message
    }

    package var statusMessage: String? {
        switch state {
        case .starting: "Starting..."
        case .failed, .unreachable, .authorizationRequired: failure?.statusMessage
        case .running where !conflicts.isEmpty:
            "Tool names taken by another server: \(conflicts.prefix(5).joined(separator: ", "))"
        default: nil
        }
    }

    /// Why its tools cannot be called, for `server not found: git is stopped`.
    var absence: String {
        switch state {
        case .idle: "not started"
        case .authorizationRequired: "waiting for a login"
        default: state.rawValue
        }
    }

    /// As a static service; nil while it was never started. See docs/mcp-servers.md.
    package var serviceJSON: JSONObject? {
        guard state != .idle else { return nil }
        let health = isFailed ? "unhealthy" : state == .running ? (life.isHealthy ? "healthy" : "unhealthy") : "unknown"
        var metadata = info(showsSecrets: false, showsError: true)
        metadata["error"] = nil
        let lines = client?.recentStandardError ?? lastWords
        if !lines.isEmpty { metadata["stderr"] = .array(lines.map { .string($0) }) }
        var object: JSONObject = [
            "name": .string(definition.name), "service_type": "MCPServer", "state": .string(serviceWord),
            "health": .string(health),
        ]
        if let error { object["error"] = .string(error) }
        object["metadata"] = .object(metadata)
        return object
    }

    /// See docs/mcp-servers.md.
    package func info(showsSecrets: Bool, showsError: Bool) -> JSONObject {
        var info: JSONObject = ["name": .string(definition.name), "type": .string(definition.typeName)]
        if !definition.description.isEmpty { info["description"] = .string(definition.description) }
        info["autoStart"] = .bool(definition.startsAutomatically)
        switch definition.transport {
        case .stdio(let command, let arguments, let spelledLocalCommand):
            if spelledLocalCommand {
                info["command"] = .array(([command] + arguments).map { .string($0) })
            } else {
                info["command"] = .string(command)
                if !arguments.isEmpty { info["args"] = .array(arguments.map { .string($0) }) }
            }
        case .streamableHTTP(let url), .sse(let url): info["url"] = .string(url)
        }
        func shown(_ values: [String: String]) -> JSONValue? {
            guard !values.isEmpty else { return nil }
            let pairs = values.sorted { $0.key < $1.key }
            return .object(JSONObject(pairs.map { ($0.key, .string(showsSecrets ? $0.value : "***")) }))
        }
        info["env"] = shown(definition.environment)
        info["headers"] = shown(definition.headers)
        info["timeout"] = definition.timeoutSeconds.map { .integer(Int64($0)) }
        info["toolPrefix"] = definition.toolPrefix.map { .string($0) }
        info["auth"] = shownAuthorization
        info["family"] = definition.source["family"]
        info["protocol"] = definition.source["protocol"]
        info["maxConcurrentCalls"] = definition.callLimit.map { .integer(Int64($0)) }
        addLife(to: &info, showsError: showsError)
        return info
    }

    private func addLife(to info: inout JSONObject, showsError: Bool) {
        info["state"] = .string(stateWord)
        info["statusMessage"] = statusMessage.map { .string($0) }
        if showsError { info["error"] = error.map { .string($0) } }
        if life.consecutiveFailures > 0 { info["consecutiveFailures"] = .integer(Int64(life.consecutiveFailures)) }
        info["lastAttempt"] = lastAttempt.map { .string($0.rfc3339) }
        info["nextRetryAfter"] = nextRetry.map { .string($0.rfc3339) }
        if !tools.isEmpty { info["toolsCount"] = .integer(Int64(tools.count)) }
        info["connectedAt"] = connectedAt.map { .string($0.rfc3339) }
        if let client {
            info["protocolVersion"] = .string(client.server.version.text)
            info["serverInfo"] = client.server.info?.json
        }
    }

    /// `auth` as it was written, tokens and secrets masked: nobody needs to read them back.
    private var shownAuthorization: JSONValue? {
        guard case .object(var auth)? = definition.source["auth"] else { return definition.source["auth"] }
        for key in ["token", "clientSecret"] where auth.hasKey(key) { auth[key] = "***" }
        return .object(auth)
    }

    private var stateWord: String {
        let isLocal = !definition.isRemote
        switch state {
        case .idle, .stopped, .stopping: return isLocal ? "Stopped" : "Disconnected"
        case .starting: return isLocal ? "Starting" : "Connecting"
        case .running: return isLocal ? "Running" : "Connected"
        case .authorizationRequired: return "Auth Required"
        case .failed, .unreachable: return "Failed"
        }
    }

    /// The word that services use.
    private var serviceWord: String {
        switch state {
        case .running where definition.isRemote: "connected"
        case .stopped where definition.isRemote: "disconnected"
        case .authorizationRequired: "auth_required"
        default: state.rawValue
        }
    }
}
