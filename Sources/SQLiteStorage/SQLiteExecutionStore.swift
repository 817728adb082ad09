import Dispatch
import Foundation
package import JSON
package import Storage
package import WorkflowModel

/// How much a commit promises.
package enum Durability: String, Sendable {
    /// Every commit is synced: it survives a power failure.
    case strict
    /// Commits survive a crash of the process, the last ones may be lost with the machine.
    case relaxed
}

/// Executions in one SQLite file, shared by any number of processes on the machine.
///
/// One connection writes, on the commit queue; another reads. Source of the layout: `Schema`.
package final class SQLiteExecutionStore: ExecutionStore {
    private let lock: NodeLock
    private let nodesFolder: String
    private let commits: CommitQueue
    private let reader: Reader

    /// Opens or creates the database `muster.db` in `folder`, which is made if needed, readable for the owner only and
    /// ignored by git.
    ///
    /// - Throws: `StoreError` that says what is wrong with the folder or file, and what to do.
    package init(folder: String, durability: Durability = .strict) throws(StoreError) {
        let nodesFolder = folder + "/nodes"
        try Self.makeFolder(folder, nodesFolder)
        let path = folder + "/muster.db"
        let connection = try SQLiteConnection(path: path, mode: .readWrite)
        chmod(path, 0o600)
        try connection.execute(
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = \(durability == .strict ? "FULL" : "NORMAL");
            PRAGMA foreign_keys = ON;
            PRAGMA cache_size = -16000;
            """
        )
        try Schema.migrate(connection)
        lock = try NodeLock(folder: nodesFolder, node: UUID().uuidString.lowercased())
        self.nodesFolder = nodesFolder
        let writer = JournalWriter(connection: connection, owner: lock.node)
        commits = CommitQueue { writer.write($0) }
        reader = Reader(connection: try SQLiteConnection(path: path, mode: .readWrite))
    }

    /// Gives up what is still in progress: any process may take it over. Nothing may be appended afterwards.
    package func giveUp() { lock.withdraw() }

    package func append(_ batch: JournalBatch) -> CommitTicket { commits.append(batch) }

    package func waitUntilDurable(_ ticket: CommitTicket) async throws(StoreError) {
        try await commits.wait(for: ticket)
    }

    package func journal(of id: ExecutionID) async throws(StoreError) -> [JournalEntry] {
        try await reader.run { connection throws(StoreError) in try Queries.journal(of: id, connection) }
    }

    package func summary(of id: ExecutionID) async throws(StoreError) -> ExecutionSummary? {
        try await reader.run { connection throws(StoreError) in try Queries.summary(of: id, connection) }
    }

    package func execution(withKey key: String) async throws(StoreError) -> ExecutionID? {
        try await reader.run { connection throws(StoreError) in try Queries.execution(withKey: key, connection) }
    }

    package func executions(matching query: ExecutionQuery) async throws(StoreError) -> ExecutionPage {
        try await reader.run { connection throws(StoreError) in try Queries.executions(matching: query, connection) }
    }

    package func definition(withHash hash: String) async throws(StoreError) -> JSONObject? {
        try await reader.run { connection throws(StoreError) in try Queries.definition(withHash: hash, connection) }
    }

    package func claimOrphans() async throws(StoreError) -> [ExecutionID] {
        let folder = nodesFolder
        let node = lock.node
        return try await reader.run { connection throws(StoreError) in
            var claimed: [ExecutionID] = []
            for owner in try Queries.ownersOfOpenExecutions(connection) where owner != node {
                guard NodeLock.isDead(owner, folder: folder) else { continue }
                claimed += try Queries.claim(from: owner, for: node, connection)
            }
            return claimed
        }
    }

    private static func makeFolder(_ folder: String, _ nodesFolder: String) throws(StoreError) {
        do {
            try FileManager.default.createDirectory(
                atPath: nodesFolder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            let ignore = folder + "/.gitignore"
            if !FileManager.default.fileExists(atPath: ignore) {
                try "*\n".write(toFile: ignore, atomically: true, encoding: .utf8)
            }
        } catch {
            throw StoreError(
                .unavailable,
                "the state folder \(folder) cannot be written (\(Self.reason(error))): check its rights and the disk, "
                    + "or choose another folder with --config-path"
            )
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileWriteNoPermission: "permission denied"
        case .fileWriteVolumeReadOnly: "the file system is read-only"
        case .fileWriteOutOfSpace: "no space left"
        case .fileWriteFileExists: "a file of that name is in the way"
        default: error.localizedDescription
        }
    }
}

/// A connection for queries, used from its own queue so that the disk never blocks a thread of the pool.
private final class Reader: Sendable {
    private let queue = DispatchQueue(label: "muster.store.reader", qos: .userInitiated)
    /// Touched on `queue` only.
    private nonisolated(unsafe) let connection: SQLiteConnection

    init(connection: SQLiteConnection) { self.connection = connection }

    func run<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            queue.async {
                do throws(StoreError) {
                    continuation.resume(returning: .success(try body(self.connection)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}
