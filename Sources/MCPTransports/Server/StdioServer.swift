import Glibc
import JSON
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
        var session: ServerSession
        var tasks: [JSONRPCID: Task<Void, Never>] = [:]
        var listens: [JSONRPCID: ServerListen] = [:]
        var canWrite = true
    }

    /// How long calls may go on after the input has ended; less than the two seconds after which clients send SIGTERM.
    package static let grace = Duration.milliseconds(1500)
    package static let lineLimit = 64 << 20
    private static let readSize = 64 << 10

    private let handler: any MCPServerHandler
    private let logger: Logger
    private let input: CInt
    private let output: CInt
    private let beforeCancelling: @Sendable () async -> Void
    private let state: Mutex<State>
    private let writer = NIOThreadPool(numberOfThreads: 1)

    package init(
        profile: MCPServerProfile,
        handler: any MCPServerHandler,
        logger: Logger,
        input: CInt = STDIN_FILENO,
        output: CInt = STDOUT_FILENO,
        beforeCancelling: @escaping @Sendable () async -> Void = {}
    ) {
        self.beforeCancelling = beforeCancelling
        self.handler = handler
        self.logger = logger
        self.input = input
        self.output = output
        state = Mutex(State(session: ServerSession(profile)))
    }

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
        writer.start()
        var wake: [CInt] = [-1, -1]
        guard pipe(&wake) == 0 else {
            throw IOError(errnoCode: errno, reason: "pipe for the end of a stdio server")
        }
        let (wakeInput, wakeOutput) = (wake[0], wake[1])
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                BlockingThread.run { [self] in
                    readLines(until: wakeInput)
                    continuation.resume()
                }
            }
        } onCancel: {
            var byte: UInt8 = 0
            _ = Glibc.write(wakeOutput, &byte, 1)
        }
        let tasks = state.withLock { Array($0.tasks.values) }
        let timer = Task { [self] in
            // Cancelled when all calls have ended by themselves.
            do { try await Task.sleep(for: Self.grace) } catch { return }
            await beforeCancelling()
            cancelAll()
        }
        for task in tasks { await task.value }
        timer.cancel()
        // Shutting down drops what is queued, so that has to be written before.
        await withCheckedContinuation { continuation in
            writer.submit { _ in continuation.resume() }
        }
        // Fails only when it has been shut down before.
        try? await writer.shutdownGracefully()
        close(wakeInput)
        close(wakeOutput)
    }

    /// Tells the client that a list has changed; before the handshake nobody listens.
    package func notify(_ change: MCPListChange) {
        let messages = state.withLock { state in
            var messages = state.listens.values.compactMap { $0.notification(change) }
            if state.session.version != nil { messages.append(JSONRPCEncoder.notification(method: change.method)) }
            return messages
        }
        for message in messages { send(message) }
    }

    private func cancelAll() {
        let tasks = state.withLock { state in
            for id in state.tasks.keys { _ = state.session.finish(id) }
            return Array(state.tasks.values)
        }
        for task in tasks { task.cancel() }
    }

    // MARK: - In

    private func readLines(until wake: CInt) {
        var splitter = LineSplitter(limit: Self.lineLimit, overflow: .stop)
        var buffer = ByteBufferAllocator().buffer(capacity: Self.readSize)
        while true {
            var descriptors = [
                pollfd(fd: input, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
            ]
            if poll(&descriptors, 2, -1) < 0, errno != EINTR { return }
            if descriptors[1].revents != 0 { return }
            guard descriptors[0].revents != 0 else { continue }
            buffer.clear()
            let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.readSize) { bytes in
                max(0, read(input, bytes.baseAddress, bytes.count))
            }
            guard count > 0 else { break }
            splitter.append(buffer) { receive($0) }
            if splitter.hasOverflowed {
                logger.error("a line is longer than the limit", metadata: ["limit": "\(Self.lineLimit)"])
                return
            }
        }
        splitter.finish { receive($0) }
    }

    private func receive(_ line: [UInt8]) {
        let message: JSONRPCMessage
        do throws(JSONRPCMessage.DecodingError) {
            message = try JSONRPCMessage(decoding: line)
        } catch {
            send(JSONRPCEncoder.error(id: error.id, error.error))
            return
        }
        switch state.withLock({ $0.session.handle(message) }) {
        case .send(let answer): send(answer.bytes)
        case .perform(let call): perform(call)
        case .listen(let listen):
            state.withLock { $0.listens[listen.id] = listen }
            send(listen.acknowledgement)
        case .cancel(let id):
            let task = state.withLock { state in
                state.listens[id] = nil
                return state.tasks.removeValue(forKey: id)
            }
            task?.cancel()
        case .accepted: break
        }
    }

    private func perform(_ call: ServerCall) {
        // The lock keeps the task from finishing before it is noted.
        state.withLock { state in
            state.tasks[call.id] = Task { [self] in
                let context = MCPRequestContext(call, transport: .stdio, sessionID: nil) { [self] bytes in
                    if self.state.withLock({ $0.session.isRunning(call.id) }) { send(bytes) }
                }
                let answer = await call.perform(handler, context)
                let isWanted = self.state.withLock { state in
                    state.tasks[call.id] = nil
                    return state.session.finish(call.id)
                }
                if isWanted { send(answer.bytes) }
            }
        }
    }

    // MARK: - Out

    private func send(_ message: [UInt8]) {
        writer.submit { [self] workState in
            guard workState == .active, state.withLock({ $0.canWrite }) else { return }
            if !writeAll(message + [UInt8(ascii: "\n")]) {
                // The client has gone; its input ends, too.
                state.withLock { $0.canWrite = false }
            }
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
