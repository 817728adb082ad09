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

    private struct Source: Sendable {
        var provider: any ToolProvider
        /// Ordered by name; nil when the provider has to be asked again.
        var tools: [ToolDescriptor]?
    }

    private struct Snapshot: Sendable {
        var entries: [String: Entry] = [:]
        /// Ordered by name.
        var tools: [ToolDescriptor] = []
    }

    private struct State: Sendable {
        var sources: [Source] = []
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
            $0.sources.append(Source(provider: provider))
            $0.snapshot = nil
            $0.generation += 1
        }
    }

    /// To be called after tools changed. Only the providers concerned are asked for their tools again.
    ///
    /// - Parameter kind: the type of the providers whose tools changed; nil for all.
    package func toolsChanged(of kind: (any ToolProvider.Type)? = nil) {
        let listeners = state.withLock { state in
            for index in state.sources.indices {
                if kind.map({ $0 == type(of: state.sources[index].provider) }) ?? true {
                    state.sources[index].tools = nil
                }
            }
            state.snapshot = nil
            state.generation += 1
            return state.listeners
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
        let providers = state.withLock { $0.sources.map(\.provider) }
        let reason = providers.lazy.compactMap { $0.reasonForMissing(name) }.first
        return ToolCallError(.notFound, "tool not found: \(name)" + (reason.map { " (\($0))" } ?? ""))
    }

    private func snapshot() -> Snapshot {
        state.withLock { state in
            if let snapshot = state.snapshot { return snapshot }
            var snapshot = Snapshot()
            for index in state.sources.indices {
                let provider = state.sources[index].provider
                let tools = state.sources[index].tools ?? provider.tools.sorted { $0.name < $1.name }
                state.sources[index].tools = tools
                var added: [ToolDescriptor] = []
                added.reserveCapacity(tools.count)
                for tool in tools where snapshot.entries[tool.name] == nil {
                    snapshot.entries[tool.name] = Entry(descriptor: tool, provider: provider)
                    added.append(tool)
                }
                snapshot.tools = Self.merged(snapshot.tools, added)
            }
            state.snapshot = snapshot
            return snapshot
        }
    }

    /// Two lists that are ordered by name as one.
    private static func merged(_ left: [ToolDescriptor], _ right: [ToolDescriptor]) -> [ToolDescriptor] {
        guard !left.isEmpty, !right.isEmpty else { return left.isEmpty ? right : left }
        var merged: [ToolDescriptor] = []
        merged.reserveCapacity(left.count + right.count)
        var (i, j) = (0, 0)
        while i < left.count, j < right.count {
            if left[i].name <= right[j].name {
                merged.append(left[i])
                i += 1
            } else {
                merged.append(right[j])
                j += 1
            }
        }
        return merged + left[i...] + right[j...]
    }
}
