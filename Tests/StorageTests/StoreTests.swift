import Foundation
import JSON
import SQLiteStorage
import Storage
import TestSupport
import Testing
import WorkflowModel

@Suite("Execution stores")
struct StoreTests {
    @Test func theMemoryStoreKeepsTheContract() async throws {
        let contract = ExecutionStoreContract(
            makeStore: { MemoryExecutionStore() },
            reopen: { store in
                (store as? MemoryExecutionStore)?.abandonAll()
                return store
            }
        )
        try await contract.check()
    }

    @Test func theSQLiteStoreKeepsTheContract() async throws {
        let folders = FolderBox()
        let contract = ExecutionStoreContract(
            makeStore: {
                let folder = try TemporaryFolder()
                folders.current = folder
                return try SQLiteExecutionStore(folder: folder.path)
            },
            reopen: { _ in
                // The kernel frees the locks of a dead process; taking its lock files away looks the same.
                let nodes = try #require(folders.current).path + "/nodes"
                for name in try FileManager.default.contentsOfDirectory(atPath: nodes) {
                    try FileManager.default.removeItem(atPath: "\(nodes)/\(name)")
                }
                return try SQLiteExecutionStore(folder: try #require(folders.current).path)
            }
        )
        try await contract.check()
    }

    @Test func executionsOfALivingProcessAreNotTakenOver() async throws {
        let folder = try TemporaryFolder()
        let first = try SQLiteExecutionStore(folder: folder.path)
        try await first.waitUntilDurable(first.append(.starting(ExecutionID("a"), at: 1)))
        let second = try SQLiteExecutionStore(folder: folder.path)
        #expect(try await second.claimOrphans().isEmpty)
        withExtendedLifetime(first) {}
    }

    @Test func whatAProcessGaveUpIsTakenOverAndNoLockFileStays() async throws {
        let folder = try TemporaryFolder()
        let first = try SQLiteExecutionStore(folder: folder.path)
        try await first.waitUntilDurable(first.append(.starting(ExecutionID("a"), at: 1)))
        first.giveUp()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/nodes").isEmpty)
        let second = try SQLiteExecutionStore(folder: folder.path)
        #expect(try await second.claimOrphans() == [ExecutionID("a")])
        withExtendedLifetime(first) {}
    }

    @Test func aProcessThatLostItsExecutionMayNotWriteToIt() async throws {
        let folder = try TemporaryFolder()
        let first = try SQLiteExecutionStore(folder: folder.path)
        try await first.waitUntilDurable(first.append(.starting(ExecutionID("a"), at: 1)))
        let other = try SQLiteExecutionStore(folder: folder.path)
        await #expect(throws: StoreError.self) {
            try await other.waitUntilDurable(other.append(.step(ExecutionID("a"), sequence: 1, number: 1)))
        }
    }

    @Test func historySurvivesReopening() async throws {
        let folder = try TemporaryFolder()
        do {
            let store = try SQLiteExecutionStore(folder: folder.path)
            _ = store.append(.starting(ExecutionID("a"), at: 1))
            try await store.waitUntilDurable(store.append(.ending(ExecutionID("a"), sequence: 1, .completed)))
        }
        let store = try SQLiteExecutionStore(folder: folder.path)
        #expect(try await store.summary(of: ExecutionID("a"))?.status == .completed)
        #expect(try await store.journal(of: ExecutionID("a")).count == 2)
    }

    @Test func theDatabaseIsForItsOwnerOnlyAndIgnoredByGit() throws {
        let folder = try TemporaryFolder()
        _ = try SQLiteExecutionStore(folder: folder.path + "/state")
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/state/muster.db")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try String(contentsOfFile: folder.path + "/state/.gitignore", encoding: .utf8) == "*\n")
    }

    @Test func aCorruptDatabaseIsNamedWithTheWayOut() throws {
        let folder = try TemporaryFolder()
        try folder.write(String(repeating: "this is no database. ", count: 500), to: "muster.db")
        let error = #expect(throws: StoreError.self) { try SQLiteExecutionStore(folder: folder.path) }
        #expect(error?.code == .damaged)
        #expect(error?.message.contains("muster.db is damaged") == true)
        #expect(error?.message.contains("Move it away") == true)
    }

    @Test func aFolderThatCannotBeWrittenIsNamedWithTheWayOut() throws {
        let folder = try TemporaryFolder()
        try folder.write("a file where a folder should be", to: "state")
        let error = #expect(throws: StoreError.self) { try SQLiteExecutionStore(folder: folder.path + "/state/x") }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("cannot be written") == true)
    }

    @Test func aLaterLayoutIsRefused() throws {
        let folder = try TemporaryFolder()
        do { _ = try SQLiteExecutionStore(folder: folder.path) }
        let set = Process()
        set.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        set.arguments = [
            "python3", "-c",
            "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('PRAGMA user_version=99'); c.commit()",
            folder.path + "/muster.db",
        ]
        try set.run()
        set.waitUntilExit()
        let error = #expect(throws: StoreError.self) { try SQLiteExecutionStore(folder: folder.path) }
        #expect(error?.message.contains("layout 99") == true)
    }

    @Test func everyFactIsTheSameAfterWritingAndReading() throws {
        let step = StepIdentity(key: "a[0]/b", id: "b", tool: "t", allowsFailure: true)
        let facts: [JournalFact] = [
            .executionStarted(
                ExecutionStart(workflow: "w", definitionHash: "h", input: ["a": 1], isDebug: true, chain: ["x"])
            ),
            .itemsEvaluated(key: "a", items: [1, "b", .null]),
            .attemptStarted(AttemptStart(step: step, phase: .action, attempt: 2, tool: "t", arguments: ["x": 1.5])),
            .attemptStarted(
                AttemptStart(step: step, phase: .condition(path: "0.1"), attempt: 1, tool: "c", arguments: [:])
            ),
            .handleGiven(key: "k", phase: .condition(path: "1"), attempt: 3, handle: ["server": "s", "task": "t"]),
            .attemptEnded(key: "k", phase: .condition(path: ""), attempt: 1, outcome: .succeeded(result: nil)),
            .attemptEnded(key: "k", phase: .action, attempt: 1, outcome: .succeeded(result: ["n": 1])),
            .attemptEnded(key: "k", phase: .action, attempt: 1, outcome: .failed(message: "m", answered: true)),
            .attemptEnded(key: "k", phase: .action, attempt: 1, outcome: .failed(message: "m", answered: false)),
            .attemptEnded(key: "k", phase: .action, attempt: 1, outcome: .cancelled),
            .conditionDecided(step, ConditionRecord(holds: false, result: ["ok": false], source: "template")),
            .stepFailed(step, message: "broken"),
            .decisionNeeded(key: "k"),
            .cancelRequested(reason: "enough"),
            .executionEnded(ExecutionEnd(status: .failed, error: "e", response: ["a": [1]])),
        ]
        for fact in facts {
            let text = fact.json.text()
            let read = try JournalFact(json: try #require(try JSONValue(parsing: text).objectValue))
            #expect(read == fact)
        }
    }

    @Test func anEntryOfALaterVersionFailsLoudly() {
        #expect(throws: StoreError.self) { try JournalFact(json: ["k": "teleported"]) }
        #expect(throws: StoreError.self) { try JournalFact(json: ["k": "executionStarted", "v": 2]) }
    }
}

/// Lets the two closures of the contract share the folder.
private final class FolderBox {
    var current: TemporaryFolder?
}
