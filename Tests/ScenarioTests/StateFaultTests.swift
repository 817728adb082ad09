import Foundation
import JSON
import Testing

@Suite("Faults of the history's disk", .timeLimit(.minutes(3)))
struct StateFaultTests {
    private func makeScene() throws -> Scene {
        let scene = try Scene()
        try scene.addLedger()
        try scene.addWorkflow("good", "steps: [{ id: a, tool: x_ledger_mark, args: { name: a } }]")
        try scene.addWorkflow("large", "steps: [{ id: a, tool: x_ledger_large, args: { name: a, value: 2000000 } }]")
        return scene
    }

    @Test func stateFolderThatCannotBeMadeIsNamed() async throws {
        let scene = try makeScene()
        try scene.write("not a folder", to: ".muster/state")
        let seen = try await scene.muster("run", "good")
        #expect(seen.status == .exited(1))
        #expect(seen.errors.contains("the state folder \(scene.path)/.muster/state cannot be written"), "\(seen)")
        #expect(scene.ledger == [], "nothing is done that cannot be recorded")
        try FileManager.default.removeItem(atPath: scene.file(".muster/state"))
        #expect(try await scene.muster("run", "good").status == .exited(0))
    }

    @Test func folderOfTheKernelIsNamedToo() async throws {
        let scene = try makeScene()
        let seen = try await scene.muster("executions", "list", "--config-path", "/proc")
        #expect(seen.status == .exited(1))
        #expect(seen.errors.contains("the state folder /proc/state cannot be written"), "\(seen)")
    }

    @Test func damagedDatabaseIsNamedWithTheWayOut() async throws {
        let scene = try makeScene()
        #expect(try await scene.muster("run", "good").status == .exited(0))
        let database = scene.file(".muster/state/muster.db")
        for file in ["\(database)-wal", "\(database)-shm"] { try? FileManager.default.removeItem(atPath: file) }
        let garbage = String(repeating: "this is no database ", count: 1000)
        try garbage.write(toFile: database, atomically: false, encoding: .utf8)
        for arguments in [["run", "good"], ["executions", "list"], ["serve", "--port", "0"]] {
            let seen = try await scene.start(arguments).end()
            #expect(seen.status == .exited(1))
            #expect(seen.errors.contains("the database \(database) is damaged"), "\(seen)")
            #expect(seen.errors.contains("mv \(database) \(database).damaged"))
        }
        #expect(scene.ledger == ["mark a"])
        // The way out works.
        #expect(try await scene.run("mv", [database, database + ".damaged"]).status == .exited(0))
        #expect(try await scene.muster("run", "good").status == .exited(0))
        #expect(try await scene.executions().count == 1)
    }

    /// Runs muster where no file can grow beyond `blocks` of 1 KiB; its servers write to files of their own.
    private func runLimited(_ scene: Scene, blocks: Int, _ arguments: [String]) async throws -> Program.Seen {
        let script = #"ulimit -f "$1"; shift; exec "$@""#
        return try await scene.run("bash", ["-c", script, "bash", "\(blocks)", Places.program("muster")] + arguments)
    }

    @Test func fullDiskEndsTheRunWithASentenceAndLosesNothing() async throws {
        let scene = try makeScene()
        #expect(try await scene.muster("run", "good").status == .exited(0))
        let seen = try await runLimited(scene, blocks: 1024, ["run", "large"])
        #expect(seen.status == .exited(1), "\(seen)")
        #expect(seen.errors.contains("\(scene.path)/.muster/state/muster.db"), "\(seen)")
        #expect(seen.errors.contains(/no space left|disk of the database/), "\(seen)")
        #expect(scene.leftovers == [])
        // What was recorded can be read, also while the disk is full.
        let listed = try await runLimited(
            scene,
            blocks: 1024,
            ["executions", "list", "--workflow", "good", "-o", "json"]
        )
        #expect(listed.status == .exited(0), "\(listed)")
        #expect(try JSONValue(parsing: listed.output)["executions"]?[0]?["status"] == "completed")
        // With space again the unfinished one is finished: its tool only reads.
        let resumed = try await scene.muster("executions", "resume")
        #expect(resumed.status == .exited(0), "\(resumed)")
        #expect(try await scene.onlyRecord("large")["status"] == "completed")
        #expect(scene.ledger == ["mark a", "large a", "large a"])
    }

    @Test func historyThatCannotBeginLetsNothingBeCalled() async throws {
        let scene = try makeScene()
        let seen = try await runLimited(scene, blocks: 0, ["run", "good"])
        #expect(seen.status == .exited(1), "\(seen)")
        #expect(seen.errors.contains("muster.db") || seen.errors.contains("state folder"), "\(seen)")
        #expect(scene.ledger == [])
        #expect(try await scene.muster("run", "good").status == .exited(0))
    }
}
