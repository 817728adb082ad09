import CSQLite

/// What the same SQLite and disk give without an engine: rows like the journal's, synced like the journal's.
final class DiskFloor {
    private let handle: OpaquePointer
    private let insert: OpaquePointer
    private let path: String
    private var next: Int64 = 0

    init(path: String) throws {
        self.path = path
        var handle: OpaquePointer?
        guard sqlite3_open(path, &handle) == SQLITE_OK, let handle else {
            throw BenchmarkError("\(path) cannot be opened")
        }
        self.handle = handle
        try Self.execute(
            handle,
            """
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000;
            CREATE TABLE IF NOT EXISTS journal (execution INTEGER NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL,
                fact TEXT NOT NULL, PRIMARY KEY (execution, sequence)) WITHOUT ROWID
            """
        )
        var statement: OpaquePointer?
        let sql = "INSERT INTO journal (execution, sequence, at, fact) VALUES (?1, ?2, ?3, ?4)"
        guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, let statement else {
            throw BenchmarkError("the insert cannot be prepared")
        }
        insert = statement
    }

    deinit {
        sqlite3_finalize(insert)
        sqlite3_close_v2(handle)
    }

    /// Rows per second in transactions of `batch` rows, for about `duration` seconds.
    func rowsPerSecond(batch: Int, rowBytes: Int, duration: Double) throws -> Double {
        let fact = [CChar](repeating: CChar(UInt8(ascii: "x")), count: rowBytes)
        var rows = 0
        let clock = ContinuousClock()
        let start = clock.now
        var took = 0.0
        while took < duration {
            try Self.execute(handle, "BEGIN IMMEDIATE")
            for _ in 0..<batch {
                next += 1
                // Many executions side by side, as in the measurement that this one is for.
                sqlite3_bind_int64(insert, 1, next % 64)
                sqlite3_bind_int64(insert, 2, next)
                sqlite3_bind_int64(insert, 3, next)
                _ = fact.withUnsafeBufferPointer { muster_bind_text(insert, 4, $0.baseAddress, Int32($0.count)) }
                guard sqlite3_step(insert) == SQLITE_DONE else { throw BenchmarkError("an insert failed") }
                sqlite3_reset(insert)
            }
            try Self.execute(handle, "COMMIT")
            rows += batch
            took = (clock.now - start).inSeconds
        }
        return Double(rows) / took
    }

    private static func execute(_ handle: OpaquePointer, _ sql: String) throws {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
            throw BenchmarkError("SQLite: \(String(cString: sqlite3_errmsg(handle)))")
        }
    }
}
