import Synchronization
package import WorkflowLoading

/// The definitions that are in force, read from the configuration folder.
package final class DefinitionRegistry: Sendable {
    private let folder: ConfigurationFolder
    private let snapshot: Mutex<ConfigurationSnapshot>

    package init(folder: ConfigurationFolder) {
        self.folder = folder
        snapshot = Mutex(folder.load())
    }

    package var current: ConfigurationSnapshot { snapshot.withLock { $0 } }

    /// Reads the folder again. Blocks on the disk.
    package func reload() {
        let fresh = folder.load()
        snapshot.withLock { $0 = fresh }
    }

    package func workflow(_ name: String) -> LoadedDefinition? { current.definition(.workflow, named: name) }

    package func serviceClass(_ name: String) -> LoadedDefinition? { current.definition(.serviceClass, named: name) }

    package func server(_ name: String) -> LoadedDefinition? { current.definition(.mcpServer, named: name) }
}
