/// How a revision of the protocol works: with a handshake and sessions, or with self-describing requests.
package enum MCPEra: Sendable { case legacy, modern }

/// A revision of the protocol, named by its date.
package struct MCPVersion: Hashable, Sendable, CustomStringConvertible {
    package var text: String

    package init(_ text: String) { self.text = text }

    package var description: String { text }
    package var era: MCPEra { self == .modern ? .modern : .legacy }

    package static let modern = MCPVersion("2026-07-28")
    /// Newest first.
    package static let legacy = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"].map(MCPVersion.init)
    package static let newestLegacy = legacy[0]
    /// The only one whose sessions have tasks; the era after it has them as an extension.
    package static let sessionTasks = MCPVersion("2025-11-25")
    package static let oldest = MCPVersion("2024-11-05")
    /// The only one with batches.
    package static let batching = MCPVersion("2025-03-26")
    /// Assumed for legacy requests that do not say.
    package static let unstated = MCPVersion("2025-03-26")
    /// What we serve, newest first.
    package static let all = [modern] + legacy

    package var isLegacy: Bool { Self.legacy.contains(self) }

    /// Versions are dates, so that their texts order them.
    package func isAtLeast(_ other: MCPVersion) -> Bool { text >= other.text }
}
