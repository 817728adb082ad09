import Foundation
import Synchronization

/// A program under test, in a process group of its own. What it prints is collected while it runs.
///
/// Made with `posix_spawn` and not with the product's own processes, so that a fault there cannot hide itself.
final class Program: Sendable {
    enum Status: Hashable, Sendable { case exited(Int32), killed(Int32) }

    /// What it has printed so far, and how it ended.
    struct Seen: Sendable {
        var output = ""
        var errors = ""
        var status: Status?
        /// Something that it left behind kept its output open.
        var isOutputHeld = false

        var outputLines: [String] { output.split(separator: "\n").map(String.init) }

        /// Without what is said only when servers take their time.
        var errorLines: [String] {
            errors.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("starting MCP servers: ") }
        }
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private struct Waiter: Sendable {
        var number: Int
        var isOver: @Sendable (Seen) -> Bool
        var continuation: CheckedContinuation<Bool, Never>
    }

    private struct State: Sendable {
        var seen = Seen()
        var waiters: [Waiter] = []
        var waiterCount = 0
    }

    let id: pid_t
    private let name: String
    private let state = Mutex(State())

    /// Reads nothing: its standard input is `/dev/null`.
    init(_ path: String, _ arguments: [String], environment: [String: String], directory: String) throws {
        name = ([path.split(separator: "/").last.map(String.init) ?? path] + arguments).joined(separator: " ")
        let (id, pipes) = try Self.spawning.withLock { _ in
            let pipes = (output: try Self.makePipe(), errors: try Self.makePipe())
            defer { for end in [pipes.output.write, pipes.errors.write] { close(end) } }
            return (
                try Self.spawn(path, arguments, environment, directory, pipes.output.write, pipes.errors.write), pipes
            )
        }
        self.id = id
        let readers = DispatchGroup()
        read(pipes.output.read, readers) { $0.output = $1 }
        read(pipes.errors.read, readers) { $0.errors = $1 }
        waitForEnd(readers)
    }

    var seen: Seen { state.withLock { $0.seen } }

    /// To the process alone; to everything in its group if it is to be ended in any case.
    func signal(_ number: Int32) { if seen.status == nil { kill(id, number) } }

    func abandon() { if seen.status == nil { kill(-id, SIGKILL) } }

    /// Waits for the end. One that takes longer than `limit` is killed and is a failure of the test.
    @discardableResult
    func end(within limit: Duration = .seconds(60)) async throws -> Seen {
        try await wait("its end", limit) { $0.status != nil }
        return seen
    }

    /// The first line on standard error that contains `text`.
    @discardableResult
    func errorLine(_ text: String, within limit: Duration = .seconds(60)) async throws -> String {
        try await wait("the line '\(text)'", limit) { seen in
            seen.status != nil || seen.errors.split(separator: "\n").contains { $0.contains(text) }
        }
        guard let line = seen.errors.split(separator: "\n").first(where: { $0.contains(text) }) else {
            throw Failure(description: "\(name) ended without the line '\(text)': \(seen)")
        }
        return String(line)
    }

    /// Returns when `count` lines have been printed to standard error, or all there will be.
    func errorLines(_ count: Int, within limit: Duration = .seconds(60)) async throws {
        try await wait("\(count) lines", limit) { seen in
            seen.status != nil || seen.errors.utf8.count { $0 == UInt8(ascii: "\n") } >= count
        }
    }

    private func wait(_ what: String, _ limit: Duration, until isOver: @escaping @Sendable (Seen) -> Bool) async throws
    {
        let isThere = await withCheckedContinuation { continuation in
            let number: Int? = state.withLock { state in
                if isOver(state.seen) { return nil }
                state.waiterCount += 1
                state.waiters.append(Waiter(number: state.waiterCount, isOver: isOver, continuation: continuation))
                return state.waiterCount
            }
            guard let number else { return continuation.resume(returning: true) }
            let deadline = DispatchTime.now() + .milliseconds(Int(limit.components.seconds) * 1000)
            DispatchQueue.global().asyncAfter(deadline: deadline) { self.giveUp(number) }
        }
        guard isThere else {
            abandon()
            throw Failure(description: "\(name): waited \(limit) for \(what); seen: \(seen)")
        }
    }

    private func giveUp(_ number: Int) {
        let waiter = state.withLock { state in
            let waiter = state.waiters.first { $0.number == number }
            state.waiters.removeAll { $0.number == number }
            return waiter
        }
        waiter?.continuation.resume(returning: false)
    }

    private func change(_ body: (inout Seen) -> Void) {
        let ready = state.withLock { state in
            body(&state.seen)
            let seen = state.seen
            let ready = state.waiters.filter { $0.isOver(seen) }
            state.waiters.removeAll { $0.isOver(seen) }
            return ready
        }
        for waiter in ready { waiter.continuation.resume(returning: true) }
    }

    // MARK: Threads

    private func read(
        _ descriptor: Int32,
        _ group: DispatchGroup,
        keep: @escaping @Sendable (inout Seen, String) -> Void
    ) {
        group.enter()
        Thread.detachNewThread {
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                let count = Glibc.read(descriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                bytes += buffer[..<count]
                let all = String(decoding: bytes, as: UTF8.self)
                self.change { keep(&$0, all) }
            }
            close(descriptor)
            group.leave()
        }
    }

    /// The status is known when the process has been reaped and everything it printed has been read.
    private func waitForEnd(_ readers: DispatchGroup) {
        Thread.detachNewThread {
            var status: Int32 = 0
            while waitpid(self.id, &status, 0) < 0, errno == EINTR {}
            let isHeld = readers.wait(timeout: .now() + 5) == .timedOut
            let ended: Status = status & 0x7F == 0 ? .exited((status >> 8) & 0xFF) : .killed(status & 0x7F)
            self.change { seen in
                seen.isOutputHeld = isHeld
                seen.status = ended
            }
        }
    }

    // MARK: Starting

    /// One at a time: until its pipes are marked, another program that is started would hold them open.
    private static let spawning = Mutex(())

    private static func makePipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure(description: "no pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private static func spawn(
        _ path: String,
        _ arguments: [String],
        _ environment: [String: String],
        _ directory: String,
        _ output: Int32,
        _ errors: Int32
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        posix_spawn_file_actions_addchdir_np(&actions, directory)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
        )
        let words = ([path] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var id: pid_t = 0
        let error = posix_spawnp(&id, path, &actions, &attributes, words, variables)
        guard error == 0 else {
            throw Failure(description: "cannot start \(path): \(String(cString: strerror(error)))")
        }
        return id
    }
}
