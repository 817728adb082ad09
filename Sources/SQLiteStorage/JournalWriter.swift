import JSON
import Storage
import WorkflowModel

/// Writes batches of journal entries. Used from the commit queue's thread only.
final class JournalWriter: @unchecked Sendable {
    // @unchecked: the initialiser aside, every member is touched by `write` only, which the commit queue calls from one
    // serial queue. The connection is given to this writer alone.
    private struct Position {
        /// The execution's row.
        var number: Int64
        /// Sequence of the next entry. Every batch has to continue here: a journal never has a gap, also when an earlier
        /// batch could not be written.
        var next: Int
    }

    private let connection: SQLiteConnection
    private let owner: String
    /// The executions that are open here.
    private var positions: [ExecutionID: Position] = [:]
    private var buffer: [UInt8] = []
    /// Hashes of definitions that are in the database, so that they are not written out again for each execution.
    private var keptDefinitions: Set<String> = []

    private static let keptDefinitionLimit = 10_000

    init(connection: SQLiteConnection, owner: String) {
        self.connection = connection
        self.owner = owner
    }

    /// Writes all in one transaction. If that fails, each alone, so that one bad batch takes no other with it; the
    /// failed ones are returned by position.
    func write(_ batches: [JournalBatch]) -> [Int: StoreError] {
        do throws(StoreError) {
            try transaction(batches[...])
            return [:]
        } catch {
            if batches.count == 1 { return [0: error] }
            // A disk or database that is not to be had fails each alone as well, after as long a wait.
            if error.code == .unavailable {
                return Dictionary(uniqueKeysWithValues: batches.indices.map { ($0, error) })
            }
        }
        var failures: [Int: StoreError] = [:]
        for index in batches.indices {
            do throws(StoreError) { try transaction(batches[index...index]) } catch { failures[index] = error }
        }
        return failures
    }

    private func transaction(_ batches: ArraySlice<JournalBatch>) throws(StoreError) {
        try connection.statement("BEGIN IMMEDIATE").run()
        do throws(StoreError) {
            for batch in batches { try insert(batch) }
            try connection.statement("COMMIT").run()
        } catch {
            try? connection.execute("ROLLBACK")  // the first error is the one to report
            // Positions taken in this transaction are void.
            positions.removeAll(keepingCapacity: true)
            keptDefinitions.removeAll()
            throw error
        }
    }

    private func insert(_ batch: JournalBatch) throws(StoreError) {
        if let creation = batch.creation { try create(batch, creation) }
        let position = try position(of: batch.execution)
        let number = position.number
        guard position.next == batch.firstSequence else {
            throw StoreError(
                .conflict,
                "entry \(batch.firstSequence) of execution \(batch.execution) is out of order, \(position.next) is next"
            )
        }
        for (offset, entry) in batch.entries.enumerated() {
            buffer.removeAll(keepingCapacity: true)
            JSONValue.object(entry.fact.json).write(to: &buffer)
            let statement = try connection.statement(
                "INSERT INTO journal (execution, sequence, at, fact) VALUES (?1, ?2, ?3, ?4)"
            )
            try statement.bind(1, number).bind(2, Int64(batch.firstSequence + offset))
                .bind(3, entry.at.microseconds).bind(4, json: buffer).run()
        }
        positions[batch.execution]?.next += batch.entries.count
        try updateSummary(batch, number)
    }

    private func create(_ batch: JournalBatch, _ creation: JournalBatch.Creation) throws(StoreError) {
        guard let first = batch.entries.first, case .executionStarted(let start) = first.fact else {
            throw StoreError(.conflict, "a new execution has to begin with its start")
        }
        if !keptDefinitions.contains(start.definitionHash) {
            try connection.statement("INSERT OR IGNORE INTO definitions (hash, body) VALUES (?1, ?2)")
                .bind(1, start.definitionHash).bind(2, json: JSONValue.object(creation.definition).bytes()).run()
            if keptDefinitions.count >= Self.keptDefinitionLimit { keptDefinitions.removeAll() }
            keptDefinitions.insert(start.definitionHash)
        }
        let statement = try connection.statement(
            """
            INSERT INTO executions (id, workflow, status, phase, started_at, definition, parent, idempotency_key, owner)
            VALUES (?1, ?2, 'inprogress', 'running', ?3, ?4, ?5, ?6, ?7)
            """
        )
        try statement.bind(1, batch.execution.text).bind(2, start.workflow).bind(3, first.at.microseconds)
            .bind(4, start.definitionHash).bind(5, creation.parent?.text).bind(6, creation.idempotencyKey)
            .bind(7, owner).run()
        positions[batch.execution] = Position(number: connection.lastInsertedRow, next: 0)
    }

    private func position(of execution: ExecutionID) throws(StoreError) -> Position {
        if let position = positions[execution] { return position }
        // The owner is part of the question: a process that lost its execution to another may not write to it.
        let statement = try connection.statement(
            """
            SELECT number, (SELECT count(*) FROM journal WHERE execution = number)
            FROM executions WHERE id = ?1 AND owner = ?2
            """
        )
        try statement.bind(1, execution.text).bind(2, owner)
        defer { statement.reset() }
        guard try statement.step() else {
            throw StoreError(.conflict, "execution \(execution) does not exist or belongs to another process")
        }
        let position = Position(number: statement.integer(0), next: Int(statement.integer(1)))
        positions[execution] = position
        return position
    }

    private func updateSummary(_ batch: JournalBatch, _ number: Int64) throws(StoreError) {
        guard let last = batch.entries.last, case .executionEnded(let end) = last.fact else {
            try connection.statement("UPDATE executions SET step_count = ?2, phase = ?3 WHERE number = ?1")
                .bind(1, number).bind(2, Int64(batch.stepCount)).bind(3, batch.phase?.rawValue).run()
            return
        }
        let statement = try connection.statement(
            """
            UPDATE executions SET step_count = ?2, phase = NULL, status = ?3, ended_at = ?4, error = ?5 WHERE number = ?1
            """
        )
        try statement.bind(1, number).bind(2, Int64(batch.stepCount)).bind(3, end.status.rawValue)
            .bind(4, last.at.microseconds).bind(5, end.error).run()
        positions[batch.execution] = nil
    }
}
