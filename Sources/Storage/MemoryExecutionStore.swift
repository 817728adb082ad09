package import JSON
import Synchronization
package import WorkflowModel

/// A store that forgets everything with the process.
package final class MemoryExecutionStore: ExecutionStore {
    private struct Execution: Sendable {
        var summary: ExecutionSummary
        var entries: [JournalEntry]
        var isOwned: Bool
        /// Order of creation; decides between equal start times.
        var number: Int
    }

    private struct State: Sendable {
        var executions: [ExecutionID: Execution] = [:]
        var definitions: [String: JSONObject] = [:]
        var keys: [String: ExecutionID] = [:]
        var ticket: UInt64 = 0
        var failures: [UInt64: StoreError] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    package func append(_ batch: JournalBatch) -> CommitTicket {
        state.withLock { state in
            state.ticket += 1
            do throws(StoreError) { try Self.write(batch, to: &state) } catch { state.failures[state.ticket] = error }
            return CommitTicket(number: state.ticket)
        }
    }

    package func waitUntilDurable(_ ticket: CommitTicket) async throws(StoreError) {
        if let failure = state.withLock({ $0.failures[ticket.number] }) { throw failure }
    }

    package func journal(of id: ExecutionID) async throws(StoreError) -> [JournalEntry] {
        state.withLock { $0.executions[id]?.entries ?? [] }
    }

    package func summary(of id: ExecutionID) async throws(StoreError) -> ExecutionSummary? {
        state.withLock { $0.executions[id]?.summary }
    }

    package func execution(withKey key: String) async throws(StoreError) -> ExecutionID? {
        state.withLock { $0.keys[key] }
    }

    package func executions(matching query: ExecutionQuery) async throws(StoreError) -> ExecutionPage {
        let matches = state.withLock { state in
            state.executions.values
                .filter { query.workflow == nil || $0.summary.workflow == query.workflow }
                .filter { query.status == nil || $0.summary.status == query.status }
                .sorted { ($0.summary.startedAt, $0.number) > ($1.summary.startedAt, $1.number) }
        }
        var rest = matches[...]
        if let after = query.after {
            let mark = state.withLock { state in state.executions[after].map { ($0.summary.startedAt, $0.number) } }
            rest = mark.map { mark in rest.drop { ($0.summary.startedAt, $0.number) >= mark } } ?? []
        }
        return ExecutionPage(
            executions: rest.dropFirst(query.offset).prefix(query.limit).map(\.summary),
            total: matches.count
        )
    }

    package func definition(withHash hash: String) async throws(StoreError) -> JSONObject? {
        state.withLock { $0.definitions[hash] }
    }

    package func claimOrphans() async throws(StoreError) -> [ExecutionID] {
        state.withLock { state in
            let orphans = state.executions.values
                .filter { $0.summary.status == .inProgress && !$0.isOwned }
                .sorted { $0.number < $1.number }
                .map(\.summary.id)
            for id in orphans { state.executions[id]?.isOwned = true }
            return orphans
        }
    }

    /// Forgets who owns what, as if every process had died.
    package func abandonAll() {
        state.withLock { state in
            for id in Array(state.executions.keys) { state.executions[id]?.isOwned = false }
        }
    }

    private static func write(_ batch: JournalBatch, to state: inout State) throws(StoreError) {
        if let creation = batch.creation {
            guard case .executionStarted(let start)? = batch.entries.first?.fact, let first = batch.entries.first else {
                throw StoreError(.conflict, "a new execution has to begin with its start")
            }
            guard state.executions[batch.execution] == nil else {
                throw StoreError(.conflict, "execution \(batch.execution) exists already")
            }
            if let key = creation.idempotencyKey {
                guard state.keys[key] == nil else { throw StoreError(.conflict, "the key \(key) is taken") }
                state.keys[key] = batch.execution
            }
            if state.definitions[start.definitionHash] == nil {
                state.definitions[start.definitionHash] = creation.definition
            }
            let summary = ExecutionSummary(
                id: batch.execution,
                workflow: start.workflow,
                status: .inProgress,
                phase: .running,
                startedAt: first.at,
                endedAt: nil,
                stepCount: 0,
                error: nil,
                parent: creation.parent
            )
            state.executions[batch.execution] = Execution(
                summary: summary,
                entries: [],
                isOwned: true,
                number: state.executions.count
            )
        }
        guard var execution = state.executions.removeValue(forKey: batch.execution) else {
            throw StoreError(.conflict, "execution \(batch.execution) does not exist")
        }
        defer { state.executions[batch.execution] = execution }
        guard execution.entries.count == batch.firstSequence else {
            throw StoreError(.conflict, "entry \(batch.firstSequence) of execution \(batch.execution) is out of order")
        }
        execution.entries += batch.entries
        execution.summary.stepCount = batch.stepCount
        execution.summary.phase = batch.phase
        if case .executionEnded(let end)? = batch.entries.last?.fact {
            execution.summary.status = end.status
            execution.summary.error = end.error
            execution.summary.endedAt = batch.entries.last?.at
            execution.summary.phase = nil
        }
    }
}
