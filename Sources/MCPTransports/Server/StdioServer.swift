import Glibc
package import Logging
package import MCPProtocol
import NIOCore
import NIOPosix
import Synchronization

/// Serves one client on two descriptors, one message per line. Requests run concurrently.
///
/// Reading and writing block threads of their own, so that any kind of descriptor will do and none has to be made
/// non-blocking behind the back of those who share it.
package final class StdioServer: Sendable {
    private struct State {
        var canWrite = true
        /// Bytes that wait to be written.
        var pending = 0
        var isReadingPaused = false
    }

    /// How long calls may go on after the input has ended; less than the two seconds after which clients send SIGTERM.
    package static let grace = Duration.milliseconds(1500)
    package static let lineLimit = 64 << 20
    /// Bytes of output that the client has not read. From the first number on notifications are dropped, from the second
    /// on nothing more is read from it.
    package static let droppingLimit = 4 << 20
    package static let pausingLimit = 64 << 20
    private static let readSize = 64 << 10

    private let profile: MCPServerProfile
    private let handler: any MCPOperationHandler
    private let logger: Logger
    private let input: CInt
    private let output: CInt
    private let beforeCancelling: @Sendable () async -> Void
    private let state = Mutex(State())
    private let writer = NIOThreadPool(numberOfThreads: 1)
    /// A pipe that wakes the reader.
    private let wake: (input: CInt, output: CInt)
    private let peer = Mutex<DuplexPeer?>(nil)
    private let news = Mutex<NewsCollector?>(nil)

    package init(
        profile: MCPServerProfile,
        handler: any MCPOperationHandler,
        logger: Logger,
        input: CInt = STDIN_FILENO,
        output: CInt = STDOUT_FILENO,
        beforeCancelling: @escaping @Sendable () async -> Void = {}
    ) {
        self.profile = profile
        self.beforeCancelling = beforeCancelling
        self.handler = handler
        self.logger = logger
        self.input = input
        self.output = output
        // Without one the reader cannot be woken, and `run` says so.
        var ends: [CInt] = [-1, -1]
        wake = pipe(&ends) == 0 ? (ends[0], ends[1]) : (-1, -1)
        for end in ends where end >= 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    deinit { for end in [wake.input, wake.output] where end >= 0 { close(end) } }

    /// Keeps standard output for the protocol: the result writes to it, everything else that is printed goes to
    /// standard error.
    package static func takeStandardOutput() -> CInt {
        let output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
        guard output >= 0 else { return STDOUT_FILENO }
        dup2(STDERR_FILENO, STDOUT_FILENO)
        return output
    }

    /// Serves until the input ends or the task is cancelled; calls that still run are awaited for 1.5 seconds and then
    /// cancelled, without an answer, after `beforeCancelling`. Call it once.
    package func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        guard wake.input >= 0 else { throw IOError(errnoCode: EMFILE, reason: "pipe for a stdio server") }
        writer.start()
        let handler = handler
        let peer = DuplexPeer(profile, handler: handler, transport: .stdio, watch: { handler.watch($0, $1) }) {
            [weak self] in
            self?.send($0, $1)
        }
        self.peer.withLock { $0 = peer }
        news.withLock { $0 = NewsCollector { [weak peer] in peer?.notify($0) } }
        let isStopped = Mutex(false)
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                BlockingThread.run { [self] in
                    readLines(into: peer) { isStopped.withLock { $0 } }
                    continuation.resume()
                }
            }
        } onCancel: {
            isStopped.withLock { $0 = true }
            wakeReader()
        }
        peer.endListening()
        let tasks = peer.session.tasks
        let timer = Task { [self] in
            // Cancelled when all calls have ended by themselves.
            do { try await Task.sleep(for: Self.grace) } catch { return }
            await beforeCancelling()
            peer.session.cancelAll()
        }
        for task in tasks { await task.value }
        timer.cancel()
        // Shutting down drops what is queued, so that has to be written before.
        await withCheckedContinuation { continuation in
            writer.submit { _ in continuation.resume() }
        }
        // Fails only when it has been shut down before.
        try? await writer.shutdownGracefully()
    }

    /// Tells the client, if it wants to hear of it; before the handshake nobody listens.
    package func notify(_ item: ServerNews) { news.withLock { $0 }?.add(item) }

    package func notify(_ change: MCPListChange) { notify(.listChanged(change)) }

    // MARK: - In

    private func readLines(into peer: DuplexPeer, isStopped: () -> Bool) {
        var splitter = LineSplitter(limit: Self.lineLimit, overflow: .stop)
        var buffer = ByteBufferAllocator().buffer(capacity: Self.readSize)
        while !isStopped() {
            let isPaused = state.withLock { state in
                state.isReadingPaused = state.pending > Self.pausingLimit && state.canWrite
                return state.isReadingPaused
            }
            var descriptors = [
                pollfd(fd: wake.input, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isPaused ? -1 : input, events: Int16(POLLIN), revents: 0),
            ]
            if poll(&descriptors, 2, -1) < 0, errno != EINTR { return }
            if descriptors[0].revents != 0 {
                var bytes = [UInt8](repeating: 0, count: 64)
                _ = read(wake.input, &bytes, bytes.count)
            }
            guard descriptors[1].revents != 0 else { continue }
            buffer.clear()
            let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.readSize) { bytes in
                max(0, read(input, bytes.baseAddress, bytes.count))
            }
            guard count > 0 else { break }
            splitter.append(buffer) { peer.receive($0) }
            if splitter.hasOverflowed {
                logger.error("a line is longer than the limit", metadata: ["limit": "\(Self.lineLimit)"])
                return
            }
        }
        splitter.finish { peer.receive($0) }
    }

    private func wakeReader() {
        var byte: UInt8 = 0
        _ = Glibc.write(wake.output, &byte, 1)
    }

    // MARK: - Out

    private func send(_ message: [UInt8], _ mayBeDropped: Bool) {
        let isTaken = state.withLock { state in
            guard state.canWrite, !mayBeDropped || state.pending < Self.droppingLimit else { return false }
            state.pending += message.count
            return true
        }
        guard isTaken else { return }
        writer.submit { [self] workState in
            let canWrite = state.withLock { $0.canWrite }
            // When a write fails the client has gone; its input ends, too.
            let isWritten = workState == .active && canWrite && writeAll(message + [UInt8(ascii: "\n")])
            let wakes = state.withLock { state in
                state.pending -= message.count
                if !isWritten { state.canWrite = false }
                return state.isReadingPaused && (state.pending <= Self.pausingLimit / 2 || !state.canWrite)
            }
            if wakes { wakeReader() }
        }
    }

    private func writeAll(_ bytes: [UInt8]) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(output, buffer.baseAddress.map { $0 + offset }, bytes.count - offset)
            }
            if count > 0 {
                offset += count
            } else if errno == EAGAIN {
                var descriptor = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
                poll(&descriptor, 1, -1)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}
