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
    private let listeners = Mutex<[@Sendable (Set<DefinitionKind>) -> Void]>([])
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

    /// Calls `listener` after every reading that found something else than the one before, with what kinds that was.
    package func onChange(_ listener: @escaping @Sendable (Set<DefinitionKind>) -> Void) {
        listeners.withLock { $0.append(listener) }
    }

    /// Reads the folder again, and gives the kinds of definitions of which something is different. Blocks on the disk.
    @discardableResult
    package func reload() -> Set<DefinitionKind> {
        let changed = reading.withLock { _ in
            let fresh = folder.load()
            return state.withLock { state in
                let old = state.snapshot
                state = State(fresh, generation: state.generation + 1)
                return Set(DefinitionKind.allCases.filter { !Self.areSame($0, old, fresh) })
            }
        }
        if !changed.isEmpty { for listener in listeners.withLock({ $0 }) { listener(changed) } }
        return changed
    }

    private static func areSame(
        _ kind: DefinitionKind,
        _ old: ConfigurationSnapshot,
        _ new: ConfigurationSnapshot
    )
        -> Bool
    {
        old.definitions(of: kind).elementsEqual(new.definitions(of: kind)) { old, new in
            old.name == new.name && old.path == new.path && old.labels == new.labels && old.errors == new.errors
                && old.spec == new.spec
        }
    }

    package func workflow(_ name: String) -> LoadedDefinition? { definition(.workflow, name) }

    package func mcpServer(_ name: String) -> LoadedDefinition? { definition(.mcpServer, name) }

    package func serviceClass(_ name: String) -> LoadedDefinition? { definition(.serviceClass, name) }

    private func definition(_ kind: DefinitionKind, _ name: String) -> LoadedDefinition? {
        state.withLock { $0.byName[kind]?[name] }
    }
}
