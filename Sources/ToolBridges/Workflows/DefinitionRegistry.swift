import Synchronization
package import WorkflowLoading

/// The definitions that are in force, read from the configuration folder.
package final class DefinitionRegistry: Sendable {
    private struct State: Sendable {
        var snapshot: ConfigurationSnapshot
        var byName: [DefinitionKind: [String: LoadedDefinition]] = [:]
        var generation = 0

        init(_ snapshot: ConfigurationSnapshot, generation: Int) {
            self.snapshot = snapshot
            self.generation = generation
            for loaded in snapshot.definitions { byName[loaded.kind, default: [:]][loaded.name] = loaded }
        }
    }

    package let folder: ConfigurationFolder
    /// Held while the folder is read: whoever reads later also finds later what is in force.
    private let reading = Mutex(())
    private let state: Mutex<State>

    package init(folder: ConfigurationFolder) {
        self.folder = folder
        state = Mutex(State(folder.load(), generation: 0))
    }

    package var current: ConfigurationSnapshot { state.withLock { $0.snapshot } }

    /// Counts the readings; what was made of an earlier one may be out of date.
    package var generation: Int { state.withLock { $0.generation } }

    /// Reads the folder again. Blocks on the disk.
    package func reload() {
        reading.withLock { _ in
            let fresh = folder.load()
            state.withLock { $0 = State(fresh, generation: $0.generation + 1) }
        }
    }

    package func workflow(_ name: String) -> LoadedDefinition? { definition(.workflow, name) }

    package func mcpServer(_ name: String) -> LoadedDefinition? { definition(.mcpServer, name) }

    package func serviceClass(_ name: String) -> LoadedDefinition? { definition(.serviceClass, name) }

    private func definition(_ kind: DefinitionKind, _ name: String) -> LoadedDefinition? {
        state.withLock { $0.byName[kind]?[name] }
    }
}
