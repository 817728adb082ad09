package import JSON
import MCPTransports
package import ToolCatalog
package import WorkflowModel

/// What is known of one MCP server at one moment.
package struct ExternalServer: Sendable {
    package enum State: String, Sendable {
        /// Defined, and never started.
        case idle
        case starting, running, stopping, stopped, failed
    }

    package var definition: MCPServerDefinition
    package var state: State = .idle
    /// Why it failed.
    package var error: String?
    /// Short hint for people that goes with the error.
    package var statusMessage: String?
    package var consecutiveFailures = 0
    package var lastAttempt: Timestamp?
    package var nextRetry: Timestamp?
    package var connectedAt: Timestamp?
    /// Exposed tools; empty unless it runs.
    package var tools: [ToolDescriptor] = []
    var client: MCPClient?
    /// Counts starts, so that the end of an older process is not taken for that of a newer one.
    var generation = 0

    package var isFailed: Bool { state == .failed }

    /// As a static service; nil while it was never started. See docs/mcp-servers.md.
    package var serviceJSON: JSONObject? {
        guard state != .idle else { return nil }
        let health =
            switch state {
            case .running: "healthy"
            case .failed: "unhealthy"
            default: "unknown"
            }
        var metadata = info(showsSecrets: false, showsError: true)
        metadata["error"] = nil
        var object: JSONObject = [
            "name": .string(definition.name), "service_type": "MCPServer", "state": .string(state.rawValue),
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
        info["auth"] = definition.source["auth"]
        info["family"] = definition.source["family"]
        info["state"] = .string(stateWord)
        info["statusMessage"] = statusMessage.map { .string($0) }
        if showsError { info["error"] = error.map { .string($0) } }
        if consecutiveFailures > 0 { info["consecutiveFailures"] = .integer(Int64(consecutiveFailures)) }
        info["lastAttempt"] = lastAttempt.map { .string($0.rfc3339) }
        info["nextRetryAfter"] = nextRetry.map { .string($0.rfc3339) }
        if !tools.isEmpty { info["toolsCount"] = .integer(Int64(tools.count)) }
        info["connectedAt"] = connectedAt.map { .string($0.rfc3339) }
        return info
    }

    private var stateWord: String {
        let isLocal = if case .stdio = definition.transport { true } else { false }
        switch state {
        case .idle, .stopped, .stopping: return isLocal ? "Stopped" : "Disconnected"
        case .starting: return isLocal ? "Starting" : "Connecting"
        case .running: return isLocal ? "Running" : "Connected"
        case .failed: return "Failed"
        }
    }

    /// The exposed name of a tool: `<musterPrefix>_<prefix>_<tool>`, without the prefix where the tool's own name begins
    /// with it. See docs/mcp-servers.md.
    static func exposedName(_ tool: String, of definition: MCPServerDefinition, musterPrefix: String) -> String {
        let prefix = definition.toolPrefix ?? definition.name
        return tool.hasPrefix(prefix + "_") ? "\(musterPrefix)_\(tool)" : "\(musterPrefix)_\(prefix)_\(tool)"
    }
}

extension MCPClientError {
    /// Short hint for people. See docs/mcp-servers.md.
    var statusMessage: String {
        switch code {
        case .commandNotFound: "Command not found - check the executable path"
        case .permissionDenied: "Permission denied - check file permissions"
        case .handshakeFailed: "Protocol error - check server type configuration"
        case .invalidResponse: "Invalid response from server - check server compatibility"
        default: "Server failed to start"
        }
    }
}
