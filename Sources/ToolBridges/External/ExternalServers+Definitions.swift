import MCPTransports
import Synchronization
package import WorkflowModel

/// Servers that come, change and go while muster runs.
extension ExternalServers {
    /// How long a change waits for the server that it starts.
    private static let startPatience = Duration.seconds(5)
    private static let remembered = 1000

    /// Puts a definition into force: a new server, or another one under the same name. A server that runs is connected
    /// anew only when something changed that matters to it.
    package func put(_ definition: MCPServerDefinition) async {
        let old = server(definition.name)?.definition
        let mustStop = old.map { !$0.runsLike(definition) } ?? false
        let wasRunning = server(definition.name).map { $0.state != .idle && $0.state != .stopped } ?? false
        if mustStop {
            // Not running is fine here.
            _ = try? await stop(definition.name)
        }
        let made = Self.server(definition, settings, now)
        let starts = state.withLock { state in
            var fresh = made
            if let known = state.servers[definition.name] {
                if mustStop {
                    fresh.life = known.life
                } else {
                    fresh = known
                    fresh.definition = definition
                }
            }
            state.removed[definition.name] = nil
            state.servers[definition.name] = fresh
            let comesUp = definition.startsAutomatically && (old == nil || old?.startsAutomatically == false)
            return fresh.state != .running && fresh.state != .starting && (comesUp || (mustStop && wasRunning))
        }
        if starts { await startSoon(definition.name, patience: Self.startPatience) }
    }

    /// Stops a server and forgets it.
    package func remove(_ name: String) async {
        _ = try? await stop(name)
        let tasks = state.withLock { state in
            if let server = state.servers.removeValue(forKey: name), state.removed.count < Self.remembered {
                state.removed[name] = server.definition.toolPrefix ?? name
            }
            return state.tasks.removeValue(forKey: name)?.values.map(\.self) ?? []
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    /// Tasks that belong to no server are kept under a name that none can have.
    static let ownTasks = "/reconcile"

    /// Makes the servers those of the definitions, without waiting for it.
    ///
    /// - Parameter definitions: asked for when their turn has come; a request that waits gives way to a newer one.
    package func reconcileSoon(_ definitions: @escaping @Sendable () -> [MCPServerDefinition]) {
        let begins = state.withLock { state in
            state.nextDefinitions = definitions
            defer { state.isReconciling = true }
            return !state.isReconciling && !state.isShuttingDown
        }
        guard begins else { return }
        keep(Self.ownTasks) { [weak self] in
            while let self, let definitions = self.takeDefinitions() { await self.reconcile(definitions()) }
        }
    }

    private func takeDefinitions() -> (@Sendable () -> [MCPServerDefinition])? {
        state.withLock { state in
            let next = state.isShuttingDown ? nil : state.nextDefinitions
            state.nextDefinitions = nil
            if next == nil { state.isReconciling = false }
            return next
        }
    }

    /// Makes the servers those of the definitions.
    package func reconcile(_ definitions: [MCPServerDefinition]) async {
        let wanted = Set(definitions.map(\.name))
        for server in all where !wanted.contains(server.definition.name) { await remove(server.definition.name) }
        await withTaskGroup(of: Void.self) { group in
            for definition in definitions where server(definition.name)?.definition != definition {
                group.addTask { await self.put(definition) }
            }
        }
    }
}

extension MCPServerDefinition {
    /// Whether the two differ in nothing that a running server would notice.
    fileprivate func runsLike(_ other: MCPServerDefinition) -> Bool {
        var same = other
        same.description = description
        same.startsAutomatically = startsAutomatically
        same.source = source
        return self == same
    }
}
