package import JSON
package import WorkflowModel

/// A place where executions live: their journals, the definitions that they are pinned to, and what is asked of them.
///
/// Every store passes `ExecutionStoreContract`.
package protocol ExecutionStore: Sendable {
    /// Queues entries of one execution behind everything queued before, without waiting for the disk.
    ///
    /// The entries of an execution have to be appended in order, by one writer. Returns the ticket that
    /// ``waitUntilDurable(_:)`` takes.
    func append(_ batch: JournalBatch) -> CommitTicket

    /// Returns when everything up to the ticket is safe on disk.
    ///
    /// - Throws: `StoreError` when it could not be written; nothing of the batch is kept then.
    func waitUntilDurable(_ ticket: CommitTicket) async throws(StoreError)

    /// The entries of an execution in ascending order; empty for an unknown one.
    func journal(of id: ExecutionID) async throws(StoreError) -> [JournalEntry]

    /// Nil for an unknown execution.
    func summary(of id: ExecutionID) async throws(StoreError) -> ExecutionSummary?

    /// The execution that was started with this idempotency key, if any.
    func execution(withKey key: String) async throws(StoreError) -> ExecutionID?

    /// Newest first.
    func executions(matching query: ExecutionQuery) async throws(StoreError) -> ExecutionPage

    /// The definition that was saved under a content hash.
    func definition(withHash hash: String) async throws(StoreError) -> JSONObject?

    /// Takes over every execution in progress whose owner no longer lives, oldest first. An execution is given to one
    /// caller only.
    func claimOrphans() async throws(StoreError) -> [ExecutionID]
}

/// Entries that are written together or not at all.
package struct JournalBatch: Sendable {
    package var execution: ExecutionID
    /// Position of the first entry in the execution's journal; 0 starts a new execution.
    package var firstSequence: Int
    package var entries: [JournalEntry]
    /// For a new execution.
    package var creation: Creation?
    /// Number of steps begun so far.
    package var stepCount: Int
    package var phase: ExecutionPhase?

    package struct Creation: Sendable {
        /// The pinned definition, kept once per content hash.
        package var definition: JSONObject
        package var idempotencyKey: String?
        package var parent: ExecutionID?

        package init(definition: JSONObject, idempotencyKey: String? = nil, parent: ExecutionID? = nil) {
            self.definition = definition
            self.idempotencyKey = idempotencyKey
            self.parent = parent
        }
    }

    package init(
        execution: ExecutionID,
        firstSequence: Int,
        entries: [JournalEntry],
        creation: Creation? = nil,
        stepCount: Int,
        phase: ExecutionPhase? = .running
    ) {
        self.execution = execution
        self.firstSequence = firstSequence
        self.entries = entries
        self.creation = creation
        self.stepCount = stepCount
        self.phase = phase
    }
}

/// Names a point in the order of all commits of one store.
package struct CommitTicket: Sendable, Hashable, Comparable {
    package var number: UInt64

    package init(number: UInt64) { self.number = number }

    package static func < (left: CommitTicket, right: CommitTicket) -> Bool { left.number < right.number }
}

/// One line of a list of executions.
package struct ExecutionSummary: Sendable, Hashable {
    package var id: ExecutionID
    package var workflow: String
    package var status: ExecutionStatus
    package var phase: ExecutionPhase?
    package var startedAt: Timestamp
    package var endedAt: Timestamp?
    package var stepCount: Int
    package var error: String?
    package var parent: ExecutionID?

    package init(
        id: ExecutionID,
        workflow: String,
        status: ExecutionStatus,
        phase: ExecutionPhase?,
        startedAt: Timestamp,
        endedAt: Timestamp?,
        stepCount: Int,
        error: String?,
        parent: ExecutionID?
    ) {
        self.id = id
        self.workflow = workflow
        self.status = status
        self.phase = phase
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.stepCount = stepCount
        self.error = error
        self.parent = parent
    }
}

package struct ExecutionQuery: Sendable {
    package var workflow: String?
    package var status: ExecutionStatus?
    package var limit: Int
    package var offset: Int
    /// Those only that come after this one in the list; none for an unknown one. The total counts all.
    package var after: ExecutionID?

    package init(
        workflow: String? = nil,
        status: ExecutionStatus? = nil,
        limit: Int = 50,
        offset: Int = 0,
        after: ExecutionID? = nil
    ) {
        self.workflow = workflow
        self.status = status
        self.limit = limit
        self.offset = offset
        self.after = after
    }
}

package struct ExecutionPage: Sendable {
    package var executions: [ExecutionSummary]
    /// Of all matches, not of this page.
    package var total: Int

    package init(executions: [ExecutionSummary], total: Int) {
        self.executions = executions
        self.total = total
    }
}
