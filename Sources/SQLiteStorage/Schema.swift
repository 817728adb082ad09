import Storage

/// The database's layout, as numbered steps that only go forward. `PRAGMA user_version` holds the number of the last one.
enum Schema {
    static let migrations = [migration1]

    static func migrate(_ connection: SQLiteConnection) throws(StoreError) {
        let version = try currentVersion(connection)
        guard version <= migrations.count else {
            throw StoreError(
                .damaged,
                "the database has layout \(version), this version knows \(migrations.count): use a later muster"
            )
        }
        for number in version..<migrations.count {
            try connection.execute("BEGIN IMMEDIATE")
            do throws(StoreError) {
                // Another process may have been faster between the look and the lock.
                if try currentVersion(connection) == number {
                    try connection.execute(migrations[number])
                    try connection.execute("PRAGMA user_version = \(number + 1)")
                }
                try connection.execute("COMMIT")
            } catch {
                try? connection.execute("ROLLBACK")  // the first error is the one to report
                throw error
            }
        }
    }

    static func currentVersion(_ connection: SQLiteConnection) throws(StoreError) -> Int {
        let statement = try connection.statement("PRAGMA user_version")
        defer { statement.reset() }
        return try statement.step() ? Int(statement.integer(0)) : 0
    }

    /// Executions are numbered; journal rows use the number, which is a tenth of the id's size.
    private static let migration1 = """
        CREATE TABLE definitions (
            hash TEXT PRIMARY KEY,
            body TEXT NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE executions (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            workflow TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('inprogress', 'completed', 'failed', 'cancelled')),
            phase TEXT CHECK (phase IN ('running', 'uncertain')),
            started_at INTEGER NOT NULL,
            ended_at INTEGER,
            step_count INTEGER NOT NULL DEFAULT 0,
            error TEXT,
            definition TEXT NOT NULL REFERENCES definitions (hash),
            parent TEXT,
            idempotency_key TEXT UNIQUE,
            owner TEXT NOT NULL,
            CHECK ((status = 'inprogress') = (ended_at IS NULL))
        );
        CREATE INDEX executions_by_start ON executions (started_at DESC, number DESC);
        CREATE INDEX executions_by_workflow ON executions (workflow, started_at DESC, number DESC);
        CREATE INDEX executions_by_status ON executions (status, started_at DESC, number DESC);
        CREATE INDEX executions_in_progress ON executions (owner) WHERE status = 'inprogress';

        CREATE TABLE journal (
            execution INTEGER NOT NULL REFERENCES executions (number),
            sequence INTEGER NOT NULL,
            at INTEGER NOT NULL,
            fact TEXT NOT NULL,
            PRIMARY KEY (execution, sequence)
        ) WITHOUT ROWID;

        CREATE TABLE execution_counts (
            workflow TEXT NOT NULL,
            status TEXT NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (workflow, status)
        ) WITHOUT ROWID;
        CREATE TRIGGER count_new AFTER INSERT ON executions BEGIN
            INSERT INTO execution_counts VALUES (new.workflow, new.status, 1)
                ON CONFLICT DO UPDATE SET count = count + 1;
        END;
        CREATE TRIGGER count_changed AFTER UPDATE OF status ON executions WHEN old.status <> new.status BEGIN
            UPDATE execution_counts SET count = count - 1 WHERE workflow = old.workflow AND status = old.status;
            INSERT INTO execution_counts VALUES (new.workflow, new.status, 1)
                ON CONFLICT DO UPDATE SET count = count + 1;
        END;

        CREATE VIEW steps AS
            SELECT e.id AS execution, j.sequence, j.at, j.fact ->> '$.key' AS step, j.fact ->> '$.k' AS fact,
                   j.fact ->> '$.call' AS tool, j.fact ->> '$.error' AS error
            FROM journal j JOIN executions e ON e.number = j.execution
            WHERE j.fact ->> '$.key' IS NOT NULL;
        """
}
