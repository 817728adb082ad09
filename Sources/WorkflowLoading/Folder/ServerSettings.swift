/// Which tools clients see in `tools/list`: those themselves, the few with which the others are found and called, or both.
/// What is not listed can be called all the same.
package enum ToolExposure: String, Sendable, CaseIterable { case all, meta, native }

/// What `config.yaml` says, with defaults filled in. See docs/serving.md.
package struct ServerSettings: Sendable, Hashable {
    package enum Transport: String, Sendable, CaseIterable {
        case streamableHTTP = "streamable-http"
        case sse, stdio
    }

    package enum Durability: String, Sendable, CaseIterable {
        /// Every commit is on the disk before anything that depends on it is visible.
        case strict
        /// A power failure may lose the last moments.
        case relaxed
    }

    /// The page for administrators.
    package struct Admin: Sendable, Hashable {
        package var isEnabled = false
        package var port = 9999
        package var bindAddress = "127.0.0.1"

        package init() {}
    }

    package var port = 8090
    package var host = "localhost"
    package var toolExposure = ToolExposure.all
    package var transport = Transport.streamableHTTP
    /// First segment of the names of external tools.
    package var musterPrefix = "x"
    package var namespace = "default"
    package var durability = Durability.strict
    package var admin = Admin()

    package init() {}
}
