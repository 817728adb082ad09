import Synchronization
package import WorkflowLoading
package import WorkflowModel

/// Which servers there should be after definitions were read again: those of the definitions, and where a file cannot be
/// read any more the ones that it had before.
package final class ServerReload: Sendable {
    /// The file of each server whose definition was valid once, by name.
    private let files: Mutex<[String: String]>

    package init(_ snapshot: ConfigurationSnapshot) { files = Mutex(Self.files(snapshot)) }

    /// - Parameter current: the definitions that are in force.
    package func wanted(
        _ snapshot: ConfigurationSnapshot,
        _ current: [MCPServerDefinition]
    ) -> [MCPServerDefinition] {
        let valid = snapshot.mcpServers
        let broken = snapshot.definitions(of: .mcpServer).filter { !$0.isValid }
        let known = files.withLock { files in
            files.merge(Self.files(snapshot)) { _, new in new }
            return files
        }
        let names = Set(valid.map(\.name))
        let kept = current.filter { server in
            guard !names.contains(server.name) else { return false }
            return broken.contains { $0.name == server.name || $0.path == known[server.name] }
        }
        return valid + kept
    }

    private static func files(_ snapshot: ConfigurationSnapshot) -> [String: String] {
        let valid = snapshot.definitions(of: .mcpServer).filter(\.isValid)
        return Dictionary(valid.map { ($0.name, $0.path) }, uniquingKeysWith: { first, _ in first })
    }
}
