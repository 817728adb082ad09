import Synchronization
package import WorkflowLoading

/// The definitions that are in force, read from the configuration folder.
package final class DefinitionRegistry: Sendable {
    private let folder: ConfigurationFolder
    private struct State: Sendable {
        var snapshot: ConfigurationSnapshot
        var generation = 0
    }

    private let state: Mutex<State>

    package init(folder: ConfigurationFolder) {
        self.folder = folder
        state = Mutex(State(snapshot: folder.load()))
    }

    package var current: ConfigurationSnapshot { state.withLock { $0.snapshot } }

    /// Grows with every reload.
    package var generation: Int { state.withLock { $0.generation } }

    /// Reads the folder again. Blocks on the disk.
    package func reload() {
        let fresh = folder.load()
        state.withLock {
            $0.snapshot = fresh
            $0.generation += 1
        }
    }

    package func workflow(_ name: String) -> LoadedDefinition? { current.definition(.workflow, named: name) }

    package func serviceClass(_ name: String) -> LoadedDefinition? { current.definition(.serviceClass, named: name) }

    package func server(_ name: String) -> LoadedDefinition? { current.definition(.mcpServer, named: name) }
}
