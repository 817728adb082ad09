package import JSON
import Logging
package import MCPProtocol
package import MCPTransports
import Synchronization
import WorkflowModel

/// Lists of resources and prompts as servers gave them.
struct ContentLists: Sendable {
    /// Whose list, and which.
    struct Key: Hashable, Sendable {
        var server: String
        var kind: ContentKind
    }

    struct Entry: Sendable {
        var items: [JSONObject]
        /// What the items are called by their server.
        var names: Set<String>
        /// Of which connection.
        var generation: Int
        var time: ContinuousClock.Instant
        /// How long it may be shown without asking again, where the server does not tell of changes.
        var timeToLive: Duration
        /// Whether the server gave it.
        var isGood = true

        func isFresh(for use: Use, hearsOfChanges: Bool, at now: ContinuousClock.Instant) -> Bool {
            if isGood, hearsOfChanges { return true }
            let longest = use == .finding ? max(timeToLive, ExternalServers.usualTimeToLive) : timeToLive
            return now - time < longest
        }
    }

    /// What a list is wanted for.
    enum Use: Sendable {
        case showing
        /// Whose something is, which does not change with every list.
        case finding
    }

    var entries: [Key: Entry] = [:]
    /// Counts the changes by server, so that a list which was on its way meanwhile is not kept.
    var changes: [String: Int] = [:]
}

/// What servers have beside tools.
enum ContentKind: CaseIterable, Sendable {
    case resources, templates, prompts

    var method: String {
        switch self {
        case .resources: "resources/list"
        case .templates: "resources/templates/list"
        case .prompts: "prompts/list"
        }
    }

    /// The member of the result.
    var key: String {
        switch self {
        case .resources: "resources"
        case .templates: "resourceTemplates"
        case .prompts: "prompts"
        }
    }

    /// The member of an item that it is called by.
    var name: String {
        switch self {
        case .resources: "uri"
        case .templates: "uriTemplate"
        case .prompts: "name"
        }
    }

    var capability: String { self == .prompts ? "prompts" : "resources" }
}

/// Resources and prompts of the servers under names of ours. One server that hangs or fails leaves the others' alone.
extension ExternalServers {
    private static let listTimeout = Duration.seconds(5)
    private static let readTimeout = Duration.seconds(60)
    /// How long the list of a server that neither announces changes nor says how long is taken for good, or one that could
    /// not be had.
    static let usualTimeToLive = Duration.seconds(30)

    /// MCP resource objects.
    package func resources() async -> [JSONObject] {
        let own: JSONObject = [
            "uri": .string(Self.authorizationStatusURI), "name": "auth-status",
            "description": "Which MCP servers are connected, and which want a login", "mimeType": "application/json",
        ]
        return [own] + (await merged(.resources))
    }

    /// MCP resource template objects.
    package func resourceTemplates() async -> [JSONObject] { await merged(.templates) }

    /// MCP prompt objects.
    package func prompts() async -> [JSONObject] { await merged(.prompts) }

    /// Which servers want somebody to log in; see docs/mcp-servers.md.
    package static let authorizationStatusURI = "auth://status"

    package var authorizationStatus: JSONObject {
        let servers = all.filter { $0.definition.isRemote }.map { server -> JSONValue in
            let status =
                switch server.state {
                case .running: "connected"
                case .authorizationRequired: "auth_required"
                case .failed, .unreachable: "error"
                case .idle, .starting, .stopping, .stopped: "disconnected"
                }
            var entry: JSONObject = ["name": .string(server.definition.name), "status": .string(status)]
            if let error = server.error { entry["error"] = .string(error) }
            addLogin(of: server, to: &entry)
            return .object(entry)
        }
        return ["servers": .array(servers)]
    }

    /// The result of `resources/read` as the server gave it; nil when no server has the URI.
    ///
    /// - Parameter options: made for the server by its name.
    package func read(
        _ uri: String,
        _ options: (String) -> MCPCallOptions = { _ in MCPCallOptions() }
    ) async throws(JSONRPCError) -> JSONObject? {
        guard uri != Self.authorizationStatusURI else {
            let text = JSONValue.object(authorizationStatus).text()
            let content: JSONValue = ["uri": .string(uri), "mimeType": "application/json", "text": .string(text)]
            return ["contents": [content]]
        }
        guard let (server, own) = await owner(ofResource: uri) else { return nil }
        do throws(JSONRPCError) {
            return try await ask(server, "resources/read", ["uri": .string(own)], options)
        } catch {
            // The eras have different codes for what is not there; the URI is ours.
            let isMissing =
                error.code == JSONRPCError.Codes.resourceNotFound
                || (error.code == JSONRPCError.Codes.invalidParams && error.data?["uri"] != nil)
            guard isMissing else { throw error }
            throw JSONRPCError(
                code: JSONRPCError.Codes.resourceNotFound,
                message: error.message,
                data: ["uri": .string(uri)]
            )
        }
    }

    /// The result of `prompts/get` as the server gave it; nil when no server has a prompt of that name.
    package func prompt(
        _ name: String,
        _ arguments: JSONObject,
        _ options: (String) -> MCPCallOptions = { _ in MCPCallOptions() }
    ) async throws(JSONRPCError) -> JSONObject? {
        guard let (server, own) = await owner(.prompts, name) else { return nil }
        return try await ask(server, "prompts/get", ["name": .string(own), "arguments": .object(arguments)], options)
    }

    /// What a server offers for an argument of one of its prompts, or a variable of one of its templates; nil when it is
    /// nobody's. Servers that complete nothing offer nothing.
    package func complete(_ completion: MCPCompletion) async throws(JSONRPCError) -> MCPCompletionValues? {
        let found: (server: ExternalServer, reference: JSONObject)?
        switch completion.reference {
        case .prompt(let name):
            found = await owner(.prompts, name).map { ($0, ["type": "ref/prompt", "name": .string($1)]) }
        case .resource(let uri):
            var owner = await owner(.templates, uri)
            if owner == nil { owner = await self.owner(ofResource: uri) }
            found = owner.map { ($0, ["type": "ref/resource", "uri": .string($1)]) }
        }
        guard let (server, reference) = found else { return nil }
        guard server.client?.server.capabilities["completions"] != nil else { return MCPCompletionValues([]) }
        var params: JSONObject = [
            "ref": .object(reference),
            "argument": ["name": .string(completion.argument), "value": .string(completion.value)],
        ]
        if !completion.known.isEmpty {
            let known = completion.known.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
            params["context"] = ["arguments": .object(JSONObject(known))]
        }
        let result = try await ask(server, "completion/complete", params) { _ in MCPCallOptions() }
        guard let values = MCPCompletionValues(result: result) else {
            throw .internalError("\(server.definition.name) gave no completion")
        }
        return values
    }

    private func ask(
        _ server: ExternalServer,
        _ method: String,
        _ params: JSONObject,
        _ options: (String) -> MCPCallOptions
    ) async throws(JSONRPCError) -> JSONObject {
        let name = server.definition.name
        guard let client = server.client else { throw .internalError("\(name) is \(server.absence)") }
        var options = options(name)
        // Somebody who is asked may take longer.
        options.timeout = options.input == nil ? Self.readTimeout : settings.callTimeout
        options.idleTimeout = Self.readTimeout
        do throws(MCPClientError) {
            return try await client.request(method, params: params, options: options)
        } catch {
            throw error.remoteError?.passedOn ?? .internalError("\(name): \(error.message)")
        }
    }

    // MARK: Names

    func exposedURI(_ uri: String, _ definition: MCPServerDefinition) -> String {
        uri.contains("://") ? uri : uriPrefix(definition) + uri
    }

    func ownURI(_ uri: String, _ definition: MCPServerDefinition) -> String {
        let prefix = uriPrefix(definition)
        return uri.hasPrefix(prefix) ? String(uri.dropFirst(prefix.count)) : uri
    }

    private func uriPrefix(_ definition: MCPServerDefinition) -> String {
        "\(settings.musterPrefix)_\(definition.toolPrefix ?? definition.name)_"
    }

    private func exposed(_ name: String, _ kind: ContentKind, _ definition: MCPServerDefinition) -> String {
        guard kind == .prompts else { return exposedURI(name, definition) }
        let prefix = definition.toolPrefix ?? definition.name
        return ExposedTools.name(name, prefix: prefix, musterPrefix: settings.musterPrefix)
    }

    // MARK: Lists

    /// Ordered by server.
    func runningServers(_ capability: String) -> [ExternalServer] {
        all.filter { $0.state == .running && $0.client?.server.capabilities[capability] != nil }
    }

    /// Of servers that have the same the first by name has it.
    private func merged(_ kind: ContentKind) async -> [JSONObject] {
        let servers = runningServers(kind.capability)
        var lists: [Int: [JSONObject]] = [:]
        await withTaskGroup(of: (Int, [JSONObject]).self) { group in
            for (index, server) in servers.enumerated() {
                group.addTask { (index, await self.list(server.definition.name, kind, for: .showing)?.items ?? []) }
            }
            for await (index, items) in group { lists[index] = items }
        }
        var seen: Set<String> = []
        var all: [JSONObject] = []
        for (index, server) in servers.enumerated() {
            for var item in lists[index] ?? [] {
                guard let own = item[kind.name]?.stringValue else { continue }
                let name = exposed(own, kind, server.definition)
                guard seen.insert(name).inserted else { continue }
                if name != own { item[kind.name] = .string(name) }
                all.append(item)
            }
        }
        return all
    }

    /// A server's own list; an old one, or none, when it cannot be had in time.
    func list(_ name: String, _ kind: ContentKind, for use: ContentLists.Use = .finding) async -> ContentLists.Entry? {
        guard let server = server(name), let client = server.client else { return nil }
        let key = ContentLists.Key(server: name, kind: kind)
        let generation = server.life.generation
        let (found, change) = contents.withLock { ($0.entries[key], $0.changes[name, default: 0]) }
        let known = found?.generation == generation ? found : nil
        let announces = client.server.capabilities[kind.capability]?["listChanged"]?.boolValue == true
        // A server may have refused to tell although it says that it could.
        let hears = announces && client.hearsOfChanges
        if let known, known.isFresh(for: use, hearsOfChanges: hears, at: .now) { return known }
        let usual = Self.usualTimeToLive
        var entry = ContentLists.Entry(items: [], names: [], generation: generation, time: .now, timeToLive: usual)
        do throws(MCPClientError) {
            let given = try await client.pages(kind.method, key: kind.key, timeout: Self.listTimeout)
            entry.items = given.items
            if client.server.version.era == .modern { entry.timeToLive = given.timeToLive }
        } catch {
            // Not every server with resources has templates.
            if error.remoteError?.code != JSONRPCError.Codes.methodNotFound {
                logger.warning(
                    "a list could not be had",
                    metadata: ["server": "\(name)", "list": "\(kind.method)", "error": "\(error.message)"]
                )
                entry.items = known?.items ?? []
                entry.isGood = false
            }
        }
        entry.names = Set(entry.items.compactMap { $0[kind.name]?.stringValue })
        contents.withLock { contents in
            if contents.changes[name, default: 0] == change { contents.entries[key] = entry }
        }
        return entry
    }

    /// The first server that has something of this exposed name, and what it calls it.
    private func owner(_ kind: ContentKind, _ name: String) async -> (ExternalServer, String)? {
        for server in runningServers(kind.capability) {
            guard let names = await list(server.definition.name, kind)?.names else { continue }
            let own = names.first { exposed($0, kind, server.definition) == name }
            if let own { return (server, own) }
        }
        return nil
    }

    /// The server that lists the resource; failing that, one with a template that the URI can have come from, or the one
    /// whose tool gave it.
    private func owner(ofResource uri: String) async -> (ExternalServer, String)? {
        let servers = runningServers("resources")
        for server in servers {
            let own = ownURI(uri, server.definition)
            guard exposedURI(own, server.definition) == uri else { continue }
            if await list(server.definition.name, .resources)?.names.contains(own) == true { return (server, own) }
        }
        for server in servers {
            let own = ownURI(uri, server.definition)
            guard exposedURI(own, server.definition) == uri else { continue }
            let templates = await list(server.definition.name, .templates)?.names ?? []
            if templates.contains(where: { URITemplate.matches($0, own) }) { return (server, own) }
        }
        let linking = state.withLock { $0.links[uri] }
        return servers.first { $0.definition.name == linking }.map { ($0, uri) }
    }
}

extension JSONRPCError {
    /// What a server answered, as our own client may see it: a request of ours that was at fault is none of its own.
    fileprivate var passedOn: JSONRPCError {
        switch code {
        case Codes.methodNotFound, Codes.headerMismatch, Codes.missingClientCapability,
            Codes.unsupportedProtocolVersion, Codes.invalidRequest, Codes.parseError:
            .internalError(message)
        default: self
        }
    }
}
