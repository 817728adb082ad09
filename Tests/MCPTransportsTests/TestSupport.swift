import Glibc
import JSON
import Logging
import MCPProtocol
import MCPTransports
import Synchronization
import Testing

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// Where things of the tests are.
enum Places {
    static func fixture(_ name: String, file: String = #filePath) -> String {
        let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return "\(folder)/Fixtures/\(name)"
    }

    /// Where the project's scripts keep what they fetch.
    static var cache: String {
        if let cache = getenv("MUSTER_CACHE") { return String(cString: cache) }
        return (getenv("HOME").map { String(cString: $0) } ?? "") + "/.cache/muster"
    }

    /// The executable that is built next to the test runner.
    static var fixtureServer: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            + "/mcp-fixture-server"
    }
}

/// Collects what callbacks say and lets a test wait for it.
final class Probe<Value: Sendable>: Sendable {
    private struct State {
        var values: [Value] = []
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var values: [Value] { state.withLock { $0.values } }

    func add(_ value: Value) {
        let waiters = state.withLock { state in
            state.values.append(value)
            let count = state.values.count
            defer { state.waiters.removeAll { $0.count <= count } }
            return state.waiters.filter { $0.count <= count }
        }
        for waiter in waiters { waiter.continuation.resume() }
    }

    /// The first `count` values, when there are as many.
    func first(_ count: Int) async -> [Value] {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.values.count < count { state.waiters.append((count, continuation)) }
                return state.values.count >= count
            }
            if isThere { continuation.resume() }
        }
        return values
    }
}

/// What a program printed, and how it ended.
struct ProgramOutput: Sendable {
    var lines: [String]
    var errors: [String]
    var exit: ProcessExit
}

func run(_ command: String, _ arguments: [String]) async throws -> ProgramOutput {
    let lines = Probe<String>()
    let errors = Probe<String>()
    let exits = Probe<ProcessExit>()
    let child = try await ChildProcess.start(
        ChildLaunch(command: command, arguments: arguments),
        group: loops,
        events: ChildProcess.Events(
            onLine: { lines.add(String(decoding: $0, as: UTF8.self)) },
            onErrorLine: { errors.add(String(decoding: $0, as: UTF8.self)) },
            onOutputEnd: { _ in },
            onExit: { exits.add($0) }
        )
    )
    let exit = await exits.first(1)[0]
    await child.terminate()
    return ProgramOutput(lines: lines.values, errors: errors.values, exit: exit)
}

let hasOfficialSDK: Bool = access("/usr/lib/python3/dist-packages/mcp/__init__.py", R_OK) == 0

/// Whether no process has this id any more.
func isGone(_ id: Int32) -> Bool { kill(id, 0) != 0 && errno == ESRCH }
