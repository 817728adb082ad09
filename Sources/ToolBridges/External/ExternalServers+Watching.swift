import JSON
import MCPProtocol
import MCPTransports
import Synchronization
import WorkflowModel

/// Changes of what servers have beside tools, and who wants to hear of them.
extension ExternalServers {
    package enum ContentChange: Sendable, Hashable {
        case resources, prompts
        case updated(uri: String)
    }

    /// Somebody starts, or nobody waits any more, to hear of updates of a resource.
    package func watch(_ uri: String, _ isWatched: Bool) {
        state.withLock { state in
            if isWatched { state.watched.insert(uri) } else { state.watched.remove(uri) }
        }
        for server in runningServers("resources") { watchAgain(server.definition.name, server.life.generation) }
    }

    /// Tells a server which of its resources are watched.
    func watchAgain(_ name: String, _ generation: Int) {
        perform(.watching, for: name, generation) { servers, client in
            guard client.server.capabilities["resources"]?["subscribe"]?.boolValue == true,
                let server = servers.server(name)
            else { return }
            let (watched, links) = servers.state.withLock { ($0.watched, $0.links) }
            guard !watched.isEmpty else { return await client.watch([]) }
            let resources = await servers.list(name, .resources)?.names ?? []
            let templates = await servers.list(name, .templates)?.names ?? []
            var own: Set<String> = []
            for uri in watched {
                if links[uri] == name { own.insert(uri) }
                let plain = servers.ownURI(uri, server.definition)
                guard servers.exposedURI(plain, server.definition) == uri else { continue }
                let isIts = resources.contains(plain) || templates.contains { URITemplate.matches($0, plain) }
                if isIts { own.insert(plain) }
            }
            await client.watch(own)
        }
    }

    /// A server says that one of its lists is another one.
    func contentsChanged(_ name: String, _ generation: Int, _ change: ContentChange) {
        forgetContents(of: name)
        tell(change)
        // What is watched may have come only now.
        if change == .resources, state.withLock({ !$0.watched.isEmpty }) { watchAgain(name, generation) }
    }

    /// What a server had is there now, or not any more.
    func contentsCameOrWent(_ name: String, _ client: MCPClient) {
        forgetContents(of: name)
        if client.server.capabilities["resources"] != nil { tell(.resources) }
        if client.server.capabilities["prompts"] != nil { tell(.prompts) }
    }

    private func forgetContents(of name: String) {
        contents.withLock { contents in
            contents.changes[name, default: 0] += 1
            for kind in ContentKind.allCases { contents.entries[ContentLists.Key(server: name, kind: kind)] = nil }
        }
    }

    // MARK: Once at a time

    /// Does something for a server that runs; requests that come meanwhile do it once more, however many they are.
    func perform(
        _ chore: ExternalServer.Chore,
        for name: String,
        _ generation: Int,
        work: @escaping @Sendable (ExternalServers, MCPClient) async -> Void
    ) {
        let begins = state.withLock { state in
            guard let server = state.servers[name], server.life.generation == generation, server.client != nil else {
                return false
            }
            let isUnderWay = server.chores[chore] != nil
            state.servers[name]?.chores[chore] = isUnderWay
            return !isUnderWay
        }
        guard begins else { return }
        keep(name) { [weak self] in
            var goesOn = true
            while goesOn, let self, let server = self.server(name), let client = server.client,
                server.life.generation == generation
            {
                await work(self, client)
                goesOn = self.endsOrRepeats(chore, name, generation)
            }
        }
    }

    /// Whether there is one more round to do.
    private func endsOrRepeats(_ chore: ExternalServer.Chore, _ name: String, _ generation: Int) -> Bool {
        let isCancelled = Task.isCancelled
        return state.withLock { state in
            guard let server = state.servers[name], server.life.generation == generation else { return false }
            let isWanted = server.chores[chore] == true && !isCancelled
            state.servers[name]?.chores[chore] = isWanted ? false : nil
            return isWanted
        }
    }
}
