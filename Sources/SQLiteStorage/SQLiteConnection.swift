import CSQLite
import Storage

/// One connection to a database file. Not thread-safe: whoever owns it uses it from one queue.
final class SQLiteConnection {
    enum Mode { case readWrite, readOnly }

    private let handle: OpaquePointer
    private let path: String
    private var statements: [String: SQLiteStatement] = [:]

    init(path: String, mode: Mode) throws(StoreError) {
        var handle: OpaquePointer?
        let flags = mode == .readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        let status = sqlite3_open_v2(path, &handle, flags | SQLITE_OPEN_NOMUTEX, nil)
        guard status == SQLITE_OK, let handle else {
            let error = Self.error(status, handle, path)
            sqlite3_close_v2(handle)
            throw error
        }
        self.handle = handle
        self.path = path
        sqlite3_busy_timeout(handle, 10_000)
        sqlite3_extended_result_codes(handle, 1)
    }

    deinit {
        statements.removeAll()
        sqlite3_close_v2(handle)
    }

    /// Runs statements that give no rows.
    func execute(_ sql: String) throws(StoreError) {
        try check(sqlite3_exec(handle, sql, nil, nil, nil))
    }

    /// The prepared statement for `sql`; prepared once per connection, reset for each use.
    func statement(_ sql: String) throws(StoreError) -> SQLiteStatement {
        if let statement = statements[sql] {
            statement.reset()
            return statement
        }
        var pointer: OpaquePointer?
        try check(sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &pointer, nil))
        guard let pointer else { throw StoreError(.unavailable, "empty SQL statement") }
        let statement = SQLiteStatement(pointer: pointer, connection: self)
        statements[sql] = statement
        return statement
    }

    var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

    var changedRows: Int { Int(sqlite3_changes(handle)) }

    func check(_ status: Int32) throws(StoreError) {
        switch status {
        case SQLITE_OK, SQLITE_ROW, SQLITE_DONE: return
        default: throw Self.error(status, handle, path)
        }
    }

    private static func error(_ status: Int32, _ handle: OpaquePointer?, _ path: String) -> StoreError {
        let reason =
            handle.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) }
            ?? String(cString: sqlite3_errstr(status))
        switch status & 0xFF {
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            return StoreError(
                .damaged,
                "the database \(path) is damaged (\(reason)). Move it away to start with an empty history "
                    + "(mv \(path) \(path).damaged), or try: sqlite3 \(path).damaged .recover"
            )
        case SQLITE_CONSTRAINT: return StoreError(.conflict, "\(path): \(reason)")
        case SQLITE_FULL:
            return StoreError(.unavailable, "no space left for the database \(path): free some and try again")
        case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM:
            return StoreError(
                .unavailable,
                "the database \(path) cannot be opened for writing (\(reason)): check the folder's rights and the disk"
            )
        case SQLITE_IOERR:
            return StoreError(.unavailable, "the disk of the database \(path) failed (\(reason))")
        default: return StoreError(.unavailable, "database \(path): \(reason)")
        }
    }
}

/// A prepared statement with positional parameters, the first being 1.
final class SQLiteStatement {
    private let pointer: OpaquePointer
    private unowned let connection: SQLiteConnection

    init(pointer: OpaquePointer, connection: SQLiteConnection) {
        self.pointer = pointer
        self.connection = connection
    }

    deinit { sqlite3_finalize(pointer) }

    func reset() {
        sqlite3_reset(pointer)
        sqlite3_clear_bindings(pointer)
    }

    @discardableResult
    func bind(_ index: Int32, _ value: Int64?) throws(StoreError) -> SQLiteStatement {
        try connection.check(
            value.map { sqlite3_bind_int64(pointer, index, $0) } ?? sqlite3_bind_null(pointer, index)
        )
        return self
    }

    @discardableResult
    func bind(_ index: Int32, _ value: String?) throws(StoreError) -> SQLiteStatement {
        guard var value else {
            try connection.check(sqlite3_bind_null(pointer, index))
            return self
        }
        let status = value.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                muster_bind_text(pointer, index, $0.baseAddress, Int32($0.count))
            }
        }
        try connection.check(status)
        return self
    }

    /// Bytes are bound as text: the columns hold JSON.
    @discardableResult
    func bind(_ index: Int32, json bytes: [UInt8]) throws(StoreError) -> SQLiteStatement {
        let status = bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) {
                muster_bind_text(pointer, index, $0.baseAddress, Int32($0.count))
            }
        }
        try connection.check(status)
        return self
    }

    /// Moves to the next row; false when there is none.
    func step() throws(StoreError) -> Bool {
        let status = sqlite3_step(pointer)
        if status == SQLITE_ROW { return true }
        defer { sqlite3_reset(pointer) }
        try connection.check(status)
        return false
    }

    /// Runs a statement that gives no rows.
    func run() throws(StoreError) {
        while try step() {}
    }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(pointer, column) }

    func optionalInteger(_ column: Int32) -> Int64? {
        sqlite3_column_type(pointer, column) == SQLITE_NULL ? nil : sqlite3_column_int64(pointer, column)
    }

    func text(_ column: Int32) -> String? {
        sqlite3_column_text(pointer, column).map { String(cString: $0) }
    }

    func bytes(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(pointer, column) else { return [] }
        let count = Int(sqlite3_column_bytes(pointer, column))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}
