package import JSON
package import MCPProtocol
import MCPTransports
import Synchronization
import WorkflowModel

/// Whose list, and which: `resources/list`, `resources/templates/list` or `prompts/list`.
struct ContentKey: Hashable, Sendable {
    var server: String
    var method: String
}

/// A list as it was, and for which connection.
struct ContentEntry: Sendable {
    var items: [JSONObject]
    var generation: Int
    var time: ContinuousClock.Instant
}

/// Resources and prompts of the servers under names of ours. One server that hangs or fails leaves the others' alone.
extension ExternalServers {
    private static let listTimeout = Duration.seconds(5)
    private static let readTimeout = Duration.seconds(60)
    /// How long the list of a server that does not announce changes is taken for good.
    private static let usualTimeToLive = Duration.seconds(30)

    /// MCP resource objects.
    package func resources() async -> [JSONObject] {
        let own: JSONObject = [
            "uri": .string(Self.authorizationStatusURI), "name": "auth-status",
            "description": "Which MCP servers are connected, and which want a login", "mimeType": "application/json",
        ]
        return [own]
            + (await merged("resources/list", key: "resources", capability: "resources") { [self] item, definition in
                item["uri"]?.stringValue.map { ("uri", exposedURI($0, definition)) }
            })
    }

    /// MCP resource template objects.
    package func resourceTemplates() async -> [JSONObject] {
        await merged("resources/templates/list", key: "resourceTemplates", capability: "resources") {
            [self] item, definition in
            item["uriTemplate"]?.stringValue.map { ("uriTemplate", exposedURI($0, definition)) }
        }
    }

    /// MCP prompt objects.
    package func prompts() async -> [JSONObject] {
        await merged("prompts/list", key: "prompts", capability: "prompts") { [self] item, definition in
            item["name"]?.stringValue.map { ("name", exposedName($0, definition)) }
        }
    }

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

    /// The result of `resources/read`; nil when no server has the URI.
    package func read(_ uri: String) async throws(JSONRPCError) -> JSONObject? {
        guard uri != Self.authorizationStatusURI else {
            let text = JSONValue.object(authorizationStatus).text()
            let content: JSONValue = ["uri": .string(uri), "mimeType": "application/json", "text": .string(text)]
            return ["contents": [content]]
        }
        guard let (client, own) = await owner(ofResource: uri) else { return nil }
        return try await ask(client, "resources/read", ["uri": .string(own)])
    }

    /// The result of `prompts/get`; nil when no server has a prompt of that name.
    package func prompt(_ name: String, _ arguments: JSONObject) async throws(JSONRPCError) -> JSONObject? {
        for server in runningServers("prompts") {
            let items = await list(server.definition.name, "prompts/list", key: "prompts")
            let own = items.compactMap { $0["name"]?.stringValue }.first {
                exposedName($0, server.definition) == name
            }
            guard let own, let client = server.client else { continue }
            return try await ask(client, "prompts/get", ["name": .string(own), "arguments": .object(arguments)])
        }
        return nil
    }

    // MARK: Watching

    /// Somebody starts, or nobody waits any more, to hear of updates of a resource.
    package func watch(_ uri: String, _ isWatched: Bool) {
        state.withLock { state in
            if isWatched { state.watched.insert(uri) } else { state.watched.remove(uri) }
        }
        for server in runningServers("resources") {
            let name = server.definition.name
            keep(name) { [weak self] in await self?.watchResources(of: name) }
        }
    }

    /// Tells a server which of its resources are watched.
    func watchResources(of name: String) async {
        guard let server = server(name), let client = server.client,
            client.server.capabilities["resources"]?["subscribe"]?.boolValue == true
        else { return }
        let watched = state.withLock { $0.watched }
        let resources = await list(name, "resources/list", key: "resources").compactMap { $0["uri"]?.stringValue }
        let templates = await list(name, "resources/templates/list", key: "resourceTemplates")
            .compactMap { $0["uriTemplate"]?.stringValue }
        var own: Set<String> = []
        for uri in watched {
            let plain = ownURI(uri, server.definition)
            let isIts = resources.contains(plain) || templates.contains { URITemplate.matches($0, plain) }
            if isIts { own.insert(plain) }
        }
        await client.watch(own)
    }

    func contentsChanged(_ name: String, _ change: ContentChange) {
        contents.withLock { contents in
            for key in contents.keys where key.server == name { contents[key] = nil }
        }
        tell(change)
    }

    // MARK: Names

    func exposedURI(_ uri: String, _ definition: MCPServerDefinition) -> String {
        uri.contains("://") ? uri : "\(settings.musterPrefix)_\(definition.toolPrefix ?? definition.name)_\(uri)"
    }

    private func ownURI(_ uri: String, _ definition: MCPServerDefinition) -> String {
        let prefix = "\(settings.musterPrefix)_\(definition.toolPrefix ?? definition.name)_"
        return uri.hasPrefix(prefix) ? String(uri.dropFirst(prefix.count)) : uri
    }

    private func exposedName(_ prompt: String, _ definition: MCPServerDefinition) -> String {
        let prefix = definition.toolPrefix ?? definition.name
        return ExposedTools.name(prompt, prefix: prefix, musterPrefix: settings.musterPrefix)
    }

    // MARK: Lists

    /// Ordered by server.
    private func runningServers(_ capability: String) -> [ExternalServer] {
        all.filter { $0.state == .running && $0.client?.server.capabilities[capability] != nil }
    }

    private func merged(
        _ method: String,
        key: String,
        capability: String,
        rename: @escaping @Sendable (JSONObject, MCPServerDefinition) -> (key: String, value: String)?
    ) async -> [JSONObject] {
        let servers = runningServers(capability)
        var lists: [Int: [JSONObject]] = [:]
        await withTaskGroup(of: (Int, [JSONObject]).self) { group in
            for (index, server) in servers.enumerated() {
                group.addTask { (index, await self.list(server.definition.name, method, key: key)) }
            }
            for await (index, items) in group { lists[index] = items }
        }
        var seen: Set<String> = []
        var all: [JSONObject] = []
        for (index, server) in servers.enumerated() {
            for var item in lists[index] ?? [] {
                guard let (key, value) = rename(item, server.definition), seen.insert(value).inserted else { continue }
                item[key] = .string(value)
                all.append(item)
            }
        }
        return all
    }

    /// A server's own list; an old one, or none, when it cannot be had in time.
    private func list(_ name: String, _ method: String, key: String) async -> [JSONObject] {
        guard let server = server(name), let client = server.client else { return [] }
        let entryKey = ContentKey(server: name, method: method)
        let known = contents.withLock { $0[entryKey] }
        let announces =
            client.server.capabilities[key == "prompts" ? key : "resources"]?["listChanged"]?.boolValue == true
        if let known, known.generation == server.life.generation,
            announces || ContinuousClock.now - known.time < Self.usualTimeToLive
        {
            return known.items
        }
        var items: [JSONObject]
        do throws(MCPClientError) {
            items = try await client.list(method, key: key, timeout: Self.listTimeout)
        } catch {
            // Not every server with resources has templates.
            items = error.code == .remote ? [] : known?.items ?? []
        }
        let entry = ContentEntry(items: items, generation: server.life.generation, time: .now)
        contents.withLock { $0[entryKey] = entry }
        return items
    }

    private func owner(ofResource uri: String) async -> (MCPClient, String)? {
        let servers = runningServers("resources")
        for server in servers {
            let own = ownURI(uri, server.definition)
            let items = await list(server.definition.name, "resources/list", key: "resources")
            if items.contains(where: { $0["uri"]?.stringValue == own }), let client = server.client {
                return (client, own)
            }
        }
        for server in servers {
            let own = ownURI(uri, server.definition)
            let items = await list(server.definition.name, "resources/templates/list", key: "resourceTemplates")
            let isIts = items.contains { item in
                item["uriTemplate"]?.stringValue.map { URITemplate.matches($0, own) } ?? false
            }
            if isIts, let client = server.client { return (client, own) }
        }
        return nil
    }

    private func ask(
        _ client: MCPClient,
        _ method: String,
        _ params: JSONObject
    ) async throws(JSONRPCError) -> JSONObject {
        do throws(MCPClientError) {
            return try await client.request(method, params: params, options: MCPCallOptions(timeout: Self.readTimeout))
        } catch {
            throw error.remoteError ?? .internalError(error.message)
        }
    }
}

/// Whether a URI can have come from a template. Source: RFC 6570, expressions taken as "anything".
enum URITemplate {
    static func matches(_ template: String, _ uri: String) -> Bool {
        var pieces: [[UInt8]] = [[]]
        var isInside = false
        for byte in template.utf8 {
            switch byte {
            case UInt8(ascii: "{"):
                isInside = true
                pieces.append([])
            case UInt8(ascii: "}"): isInside = false
            default: if !isInside { pieces[pieces.count - 1].append(byte) }
            }
        }
        let text = Array(uri.utf8)
        guard pieces.count > 1 else { return pieces[0] == text }
        guard text.starts(with: pieces[0]) else { return false }
        var rest = text[pieces[0].count...]
        for piece in pieces[1..<(pieces.count - 1)] {
            guard let found = find(piece, in: rest) else { return false }
            rest = rest[(found + piece.count)...]
        }
        let last = pieces[pieces.count - 1]
        return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
    }

    private static func find(_ piece: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
        guard !piece.isEmpty else { return text.startIndex }
        guard text.count >= piece.count else { return nil }
        for start in text.startIndex...(text.endIndex - piece.count)
        where text[start..<(start + piece.count)].elementsEqual(piece) { return start }
        return nil
    }
}
