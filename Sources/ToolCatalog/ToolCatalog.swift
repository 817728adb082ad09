package import JSON
import Synchronization

/// All tools of all providers under unique names, and the one place through which every call goes, whoever makes it.
///
/// Where two providers offer the same name the one registered first wins.
package final class ToolCatalog: Sendable {
    private struct Entry: Sendable {
        var descriptor: ToolDescriptor
        var provider: any ToolProvider
    }

    private struct Snapshot: Sendable {
        var entries: [String: Entry] = [:]
        /// Ordered by name.
        var tools: [ToolDescriptor] = []
        /// The MCP `tools` array, encoded.
        var encodedTools: [UInt8] = []
    }

    private struct State: Sendable {
        var providers: [any ToolProvider] = []
        /// Nil when a provider changed since it was made.
        var snapshot: Snapshot?
        var generation = 0
        var listeners: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())
    private let policy: CallPolicy

    package init(policy: CallPolicy = CallPolicy()) { self.policy = policy }

    package func register(_ provider: any ToolProvider) {
        state.withLock {
            $0.providers.append(provider)
            $0.snapshot = nil
            $0.generation += 1
        }
    }

    /// To be called by a provider after its tools changed.
    package func toolsChanged() {
        let listeners = state.withLock {
            $0.snapshot = nil
            $0.generation += 1
            return $0.listeners
        }
        for listener in listeners { listener() }
    }

    /// Calls `listener` after every change of the tools.
    package func onChange(_ listener: @escaping @Sendable () -> Void) {
        state.withLock { $0.listeners.append(listener) }
    }

    /// Grows with every change of the tools: what was derived from them is good for as long as it stays the same.
    package var generation: Int { state.withLock { $0.generation } }

    /// All tools, ordered by name.
    package var tools: [ToolDescriptor] { snapshot().tools }

    /// The MCP `tools` array as JSON bytes; made once per change.
    package var encodedTools: [UInt8] { snapshot().encodedTools }

    package func descriptor(of name: String) -> ToolDescriptor? { snapshot().entries[name]?.descriptor }

    /// The names among `names` that cannot be called now, in their order, without repeats.
    package func missing(among names: some Sequence<String>) -> [String] {
        let entries = snapshot().entries
        var seen: Set<String> = []
        return names.filter { entries[$0] == nil && seen.insert($0).inserted }
    }

    /// Calls a tool under the policy of the catalogue.
    ///
    /// - Throws: `ToolCallError`; a failure that the tool itself reports is a result with `isError`.
    package func call(
        _ name: String,
        _ arguments: JSONObject = JSONObject(),
        _ context: CallContext = CallContext()
    ) async throws(ToolCallError) -> ToolResult {
        guard let entry = snapshot().entries[name] else { throw missingToolError(name) }
        if let refusal = policy.refusal(of: entry.descriptor) { return .failure(refusal) }
        return try await entry.provider.call(name, arguments, context)
    }

    private func missingToolError(_ name: String) -> ToolCallError {
        let providers = state.withLock { $0.providers }
        let reason = providers.lazy.compactMap { $0.reasonForMissing(name) }.first
        return ToolCallError(.notFound, "tool not found: \(name)" + (reason.map { " (\($0))" } ?? ""))
    }

    private func snapshot() -> Snapshot {
        state.withLock { state in
            if let snapshot = state.snapshot { return snapshot }
            var snapshot = Snapshot()
            for provider in state.providers {
                for tool in provider.tools where snapshot.entries[tool.name] == nil {
                    snapshot.entries[tool.name] = Entry(descriptor: tool, provider: provider)
                }
            }
            snapshot.tools = snapshot.entries.values.map(\.descriptor).sorted { $0.name < $1.name }
            snapshot.encodedTools = JSONValue.array(snapshot.tools.map { .object($0.json) }).bytes()
            state.snapshot = snapshot
            return snapshot
        }
    }
}
