import JSON
import Storage
import WorkflowModel

/// What is read from the database.
enum Queries {
    static func journal(of id: ExecutionID, _ connection: SQLiteConnection) throws(StoreError) -> [JournalEntry] {
        let statement = try connection.statement(
            """
            SELECT at, fact FROM journal WHERE execution = (SELECT number FROM executions WHERE id = ?1)
            ORDER BY sequence
            """
        )
        try statement.bind(1, id.text)
        defer { statement.reset() }
        var entries: [JournalEntry] = []
        while try statement.step() {
            let fact = try JournalFact(json: object(statement.bytes(1), "journal of \(id)"))
            entries.append(JournalEntry(at: Timestamp(microseconds: statement.integer(0)), fact: fact))
        }
        return entries
    }

    static func summary(of id: ExecutionID, _ connection: SQLiteConnection) throws(StoreError) -> ExecutionSummary? {
        let statement = try connection.statement("SELECT \(summaryColumns) FROM executions WHERE id = ?1")
        try statement.bind(1, id.text)
        defer { statement.reset() }
        return try statement.step() ? try readSummary(statement) : nil
    }

    static func execution(withKey key: String, _ connection: SQLiteConnection) throws(StoreError) -> ExecutionID? {
        let statement = try connection.statement("SELECT id FROM executions WHERE idempotency_key = ?1")
        try statement.bind(1, key)
        defer { statement.reset() }
        return try statement.step() ? statement.text(0).map { ExecutionID($0) } : nil
    }

    /// A page is read from an index in its order; the total comes from counters, so neither grows with the history.
    static func executions(
        matching query: ExecutionQuery,
        _ connection: SQLiteConnection
    ) throws(StoreError) -> ExecutionPage {
        var conditions: [String] = []
        if query.workflow != nil { conditions.append("workflow = ?1") }
        if query.status != nil { conditions.append("status = ?2") }
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")

        let counting = try connection.statement("SELECT coalesce(sum(count), 0) FROM execution_counts \(filter)")
        try bindFilter(query, counting)
        let total = try counting.step() ? Int(counting.integer(0)) : 0
        counting.reset()

        if query.after != nil {
            conditions.append("(started_at, number) < (SELECT started_at, number FROM executions WHERE id = ?5)")
        }
        let part = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        let listing = try connection.statement(
            """
            SELECT \(summaryColumns) FROM executions \(part)
            ORDER BY started_at DESC, number DESC LIMIT ?3 OFFSET ?4
            """
        )
        try bindFilter(query, listing)
        try listing.bind(3, Int64(query.limit)).bind(4, Int64(query.offset))
        if let after = query.after { try listing.bind(5, after.text) }
        defer { listing.reset() }
        var summaries: [ExecutionSummary] = []
        while try listing.step() { summaries.append(try readSummary(listing)) }
        return ExecutionPage(executions: summaries, total: total)
    }

    static func definition(withHash hash: String, _ connection: SQLiteConnection) throws(StoreError) -> JSONObject? {
        let statement = try connection.statement("SELECT body FROM definitions WHERE hash = ?1")
        try statement.bind(1, hash)
        defer { statement.reset() }
        return try statement.step() ? try object(statement.bytes(0), "definition \(hash)") : nil
    }

    static func ownersOfOpenExecutions(_ connection: SQLiteConnection) throws(StoreError) -> [String] {
        let statement = try connection.statement(
            "SELECT DISTINCT owner FROM executions WHERE status = 'inprogress' ORDER BY owner"
        )
        defer { statement.reset() }
        var owners: [String] = []
        while try statement.step() {
            if let owner = statement.text(0) { owners.append(owner) }
        }
        return owners
    }

    /// Moves the open executions of a dead owner to `node`; empty if another process was faster.
    static func claim(
        from owner: String,
        for node: String,
        _ connection: SQLiteConnection
    ) throws(StoreError) -> [ExecutionID] {
        let statement = try connection.statement(
            """
            UPDATE executions SET owner = ?2 WHERE status = 'inprogress' AND owner = ?1 RETURNING id, number
            """
        )
        try statement.bind(1, owner).bind(2, node)
        defer { statement.reset() }
        var claimed: [(id: ExecutionID, number: Int64)] = []
        while try statement.step() {
            if let id = statement.text(0) { claimed.append((ExecutionID(id), statement.integer(1))) }
        }
        return claimed.sorted { $0.number < $1.number }.map(\.id)
    }

    private static let summaryColumns =
        "id, workflow, status, phase, started_at, ended_at, step_count, error, parent"

    private static func bindFilter(_ query: ExecutionQuery, _ statement: SQLiteStatement) throws(StoreError) {
        if let workflow = query.workflow { try statement.bind(1, workflow) }
        if let status = query.status { try statement.bind(2, status.rawValue) }
    }

    private static func readSummary(_ row: SQLiteStatement) throws(StoreError) -> ExecutionSummary {
        guard let id = row.text(0), let workflow = row.text(1),
            let status = row.text(2).flatMap({ ExecutionStatus(rawValue: $0) })
        else { throw StoreError(.damaged, "an execution's row lacks its id, workflow or status") }
        return ExecutionSummary(
            id: ExecutionID(id),
            workflow: workflow,
            status: status,
            phase: row.text(3).flatMap { ExecutionPhase(rawValue: $0) },
            startedAt: Timestamp(microseconds: row.integer(4)),
            endedAt: row.optionalInteger(5).map { Timestamp(microseconds: $0) },
            stepCount: Int(row.integer(6)),
            error: row.text(7),
            parent: row.text(8).map { ExecutionID($0) }
        )
    }

    private static func object(_ bytes: [UInt8], _ place: String) throws(StoreError) -> JSONObject {
        do throws(JSONError) {
            if let object = try JSONValue(parsing: bytes).objectValue { return object }
        } catch {
            throw StoreError(.damaged, "\(place): \(error)")
        }
        throw StoreError(.damaged, "\(place): not an object")
    }
}
