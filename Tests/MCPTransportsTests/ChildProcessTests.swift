import Glibc
import MCPTransports
import NIOCore
import Testing

@Suite("Child processes", .timeLimit(.minutes(4)))
struct ChildProcessTests {
    @Test func outputBeforeTheExitIsDeliveredBeforeIt() async throws {
        let output = try await run("sh", ["-c", "echo one; echo; printf 'two\\r\\nthree'; echo four >&2; exit 5"])
        #expect(output.lines == ["one", "two", "three"])
        #expect(output.errors == ["four"])
        #expect(output.exit == .exited(code: 5))
    }

    @Test func manyShortProcessesAllReportTheirExit() async throws {
        try await withThrowingTaskGroup(of: ProcessExit.self) { group in
            for number in 0..<40 { group.addTask { try await run("sh", ["-c", "exit \(number)"]).exit } }
            var codes: Set<ProcessExit> = []
            for try await exit in group { codes.insert(exit) }
            #expect(codes.count == 40)
        }
    }

    @Test func exitIsReportedAlthoughAGrandchildHoldsThePipes() async throws {
        let output = try await run("sh", ["-c", "trap '' TERM; sleep 600 & echo $!"])
        #expect(output.exit == .exited(code: 0))
        let grandchild = try #require(output.lines.first)
        // Returns when the process is gone.
        #expect(try await run("tail", ["--pid=\(grandchild)", "-f", "/dev/null"]).exit == .exited(code: 0))
    }

    @Test func childrenDieWithUsEvenWhenWeAreKilled() async throws {
        let lines = Probe<String>()
        let exits = Probe<ProcessExit>()
        let parent = try await ChildProcess.start(
            ChildLaunch(command: Places.fixtureServer, arguments: ["parent"]),
            group: loops,
            events: ChildProcess.Events(
                onLine: { lines.add(String(decoding: $0, as: UTF8.self)) },
                onErrorLine: { _ in },
                onOutputEnd: { _ in },
                onExit: { exits.add($0) }
            )
        )
        let child = await lines.first(1)[0]
        kill(parent.processID, SIGKILL)
        #expect(await exits.first(1) == [.signalled(9)])
        #expect(try await run("tail", ["--pid=\(child)", "-f", "/dev/null"]).exit == .exited(code: 0))
    }

    /// Lines that do not fit into the pipe wait in another place than those that do.
    @Test func linesOfAnySizeArriveWholeAndEachWritersInOrder() async throws {
        let lines = Probe<String>()
        let child = try await ChildProcess.start(
            ChildLaunch(command: "cat", arguments: []),
            group: loops,
            events: ChildProcess.Events(
                onLine: { lines.add(String(decoding: $0, as: UTF8.self)) },
                onErrorLine: { _ in },
                onOutputEnd: { _ in },
                onExit: { _ in }
            )
        )
        let sizes = [1, 100, 70_000, 3, 300_000, 5_000, 1_000_000, 0]
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    for (number, size) in (sizes + sizes).enumerated() {
                        let head = "\(writer) \(number) \(size) "
                        child.write(Array(head.utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: size))
                    }
                }
            }
        }
        let all = await lines.first(4 * 16).map { $0.split(separator: " ", omittingEmptySubsequences: false) }
        for writer in 0..<4 {
            let own = all.filter { $0.first == "\(writer)" }
            #expect(own.map { Int($0[1]) } == Array(0..<16))
            #expect(own.allSatisfy { $0.count == 4 && $0[3].utf8.count == Int($0[2]) })
        }
        await child.terminate()
    }

    @Test func linesAreCutOrEndTheStreamAtTheLimit() {
        func split(_ overflow: LineSplitter.Overflow, _ parts: [String]) -> (lines: [String], hasOverflowed: Bool) {
            var splitter = LineSplitter(limit: 5, overflow: overflow)
            var lines: [String] = []
            for part in parts {
                splitter.append(ByteBuffer(string: part)) { lines.append(String(decoding: $0, as: UTF8.self)) }
            }
            splitter.finish { lines.append(String(decoding: $0, as: UTF8.self)) }
            return (lines, splitter.hasOverflowed)
        }
        #expect(split(.stop, ["ab", "cde\nf", "g\r\n\n", "h"]) == (["abcde", "fg", "h"], false))
        #expect(split(.stop, ["a\nabcdef\nb\n"]) == (["a"], true))
        #expect(split(.cut, ["a\nabc", "def", "gh\nb\n"]) == (["a", "abcde", "b"], false))
    }
}
