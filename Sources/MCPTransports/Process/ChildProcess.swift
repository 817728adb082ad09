import CChildProcess
import Glibc
package import NIOCore
import NIOPosix
import Synchronization

/// A process that speaks in lines on its standard streams, in a process group of its own.
///
/// A thread starts it and waits for it, so that it gets SIGTERM when we die, however that happens. Whatever it leaves
/// in its process group is ended with it.
package final class ChildProcess: Sendable {
    /// Called on event loop threads: must not block.
    package struct Events: Sendable {
        package var onLine: @Sendable ([UInt8]) -> Void
        package var onErrorLine: @Sendable ([UInt8]) -> Void
        /// Its standard output has ended; true when because of a line beyond the limit.
        package var onOutputEnd: @Sendable (Bool) -> Void
        /// It has ended and everything it wrote has been delivered. Called once.
        package var onExit: @Sendable (ProcessExit) -> Void

        package init(
            onLine: @escaping @Sendable ([UInt8]) -> Void,
            onErrorLine: @escaping @Sendable ([UInt8]) -> Void,
            onOutputEnd: @escaping @Sendable (Bool) -> Void,
            onExit: @escaping @Sendable (ProcessExit) -> Void
        ) {
            self.onLine = onLine
            self.onErrorLine = onErrorLine
            self.onOutputEnd = onOutputEnd
            self.onExit = onExit
        }
    }

    package static let lineLimit = 64 << 20
    package static let errorLineLimit = 4 << 10
    /// How long output is awaited after the exit, when a grandchild still holds the pipes.
    private static let drainTime = TimeAmount.milliseconds(500)
    /// Between two looks at whether what is in the pipes has been read meanwhile.
    private static let drainStep = TimeAmount.milliseconds(20)
    /// Looks before the streams are closed although a grandchild still writes: 10 seconds.
    private static let drainLooks = 500

    private struct State {
        var exit: ProcessExit?
        var openStreams = 2
        var isReported = false
        /// From here on its id may belong to another process.
        var isReaped = false
        /// Nothing of its group is left either.
        var isGone = false
        var isTerminating = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    package let processID: Int32
    private let loop: any EventLoop
    /// Given up after the exit, which breaks the cycle with whoever listens.
    private let events: Mutex<Events?>
    private let state = Mutex(State())
    private let channels = Mutex<(main: (any Channel)?, error: (any Channel)?)>((nil, nil))
    private let input: ChildInput
    /// The ends that are read; ours as long as their channels are active.
    private let descriptors: (main: CInt, error: CInt)

    private init(_ pipes: child_process_t, loop: any EventLoop, events: Events) {
        processID = pipes.pid
        descriptors = (pipes.standard_output, pipes.standard_error)
        input = ChildInput(duplicating: pipes.standard_input)
        self.loop = loop
        self.events = Mutex(events)
    }

    package static func start(
        _ launch: ChildLaunch,
        group: any EventLoopGroup,
        events: Events
    ) async throws(ChildLaunchError) -> ChildProcess {
        signal(SIGPIPE, SIG_IGN)
        let environment = launch.completeEnvironment
        let path = try launch.executablePath(environment: environment)
        let loop = group.next()
        let spawned = await withCheckedContinuation { continuation in
            BlockingThread.run {
                Self.live(launch, path: path, environment: environment, loop: loop, events: events) { result in
                    continuation.resume(returning: result)
                }
            }
        }
        let (child, pipes) = try spawned.get()
        await child.connect(pipes, events)
        return child
    }

    /// Writes a line; the line end is added. Bytes for a process that has gone are dropped.
    package func write(_ line: [UInt8]) { input.write(line) }

    package var exit: ProcessExit? { state.withLock { $0.exit } }

    /// Closes its input; when that does not end it within `patience`, SIGTERM, and after as long again SIGKILL go to
    /// its process group. Returns when it has been reaped.
    package func terminate(patience: Duration = .seconds(2)) async {
        endSoon(patience: patience)
        await withCheckedContinuation { continuation in
            let isGone = state.withLock { state in
                if !state.isGone { state.waiters.append(continuation) }
                return state.isGone
            }
            if isGone { continuation.resume() }
        }
    }

    /// Begins the same without waiting for it.
    package func endSoon(patience: Duration = .seconds(2)) {
        let isFirst = state.withLock { state in
            defer { state.isTerminating = true }
            return !state.isTerminating
        }
        guard isFirst else { return }
        let wait = patience.timeAmount
        input.close()
        channels.withLock { $0.main }?.close(mode: .output, promise: nil)
        loop.scheduleTask(in: wait) { [self] in
            signalGroup(SIGTERM)
            loop.scheduleTask(in: wait) { [self] in signalGroup(SIGKILL) }
        }
    }

    private func signalGroup(_ number: CInt) {
        state.withLock { state in
            if !state.isReaped { kill(-processID, number) }
        }
    }
}

// MARK: - The thread of a child

extension ChildProcess {
    private typealias Spawned = Result<(ChildProcess, child_process_t), ChildLaunchError>

    /// The life of a child from its thread's view: start, wait, clean up.
    private static func live(
        _ launch: ChildLaunch,
        path: String,
        environment: [String: String],
        loop: any EventLoop,
        events: Events,
        report: (Spawned) -> Void
    ) {
        var pipes = child_process_t()
        var stage = CHILD_STAGE_NONE
        let error = withCStrings([launch.command] + launch.arguments) { arguments in
            withCStrings(environment.map { "\($0)=\($1)" }) { variables in
                child_process_start(path, arguments, variables, launch.workingDirectory, &pipes, &stage)
            }
        }
        guard error == 0 else {
            report(.failure(launchError(error, stage, launch)))
            return
        }
        let child = ChildProcess(pipes, loop: loop, events: events)
        report(.success((child, pipes)))
        child.waitForExit()
    }

    private static func launchError(_ error: CInt, _ stage: child_stage_t, _ launch: ChildLaunch) -> ChildLaunchError {
        let reason = String(cString: strerror(error))
        switch stage {
        case CHILD_STAGE_DIRECTORY:
            let message = "cannot enter the working directory \(launch.workingDirectory ?? ""): \(reason)"
            return ChildLaunchError(code: .badWorkingDirectory, message: message)
        case CHILD_STAGE_EXECUTE where error == EACCES || error == EPERM:
            return ChildLaunchError(code: .permissionDenied, message: "Permission denied: \(launch.command)")
        case CHILD_STAGE_EXECUTE where error == ENOENT:
            // The file exists, so what is missing is the interpreter that it names.
            let message = "Command not found: the interpreter of \(launch.command) does not exist"
            return ChildLaunchError(code: .commandNotFound, message: message)
        default:
            return ChildLaunchError(code: .cannotStart, message: "cannot start \(launch.command): \(reason)")
        }
    }

    private func waitForExit() {
        var ending = child_exit_t()
        // Cannot fail for a child of ours that nobody else collects.
        let error = child_process_wait(processID, &ending)
        let exit: ProcessExit =
            error != 0
            ? .exited(code: -1) : ending.signalled != 0 ? .signalled(ending.value) : .exited(code: ending.value)
        // The zombie keeps the group's id from being given to others.
        signalGroup(SIGTERM)
        state.withLock { $0.exit = exit }
        loop.execute { [self] in
            reportIfDone()
            loop.scheduleTask(in: Self.drainTime) { [self] in closeStreams() }
        }
        state.withLock { state in
            child_process_reap(processID)
            state.isReaped = true
        }
        endLeftovers()
        let waiters = state.withLock { state in
            state.isGone = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Ends members of the group that outlive SIGTERM. As long as there is one, the id of the group is not reused.
    private func endLeftovers() {
        let attempts = 50
        for _ in 0..<attempts {
            guard kill(-processID, 0) == 0 else { return }
            usleep(10_000)
        }
        kill(-processID, SIGKILL)
    }

    // MARK: - Streams

    private func connect(_ pipes: child_process_t, _ events: Events) async {
        let main = try? await NIOPipeBootstrap(group: loop)
            .channelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        LineHandler(
                            splitter: LineSplitter(limit: Self.lineLimit, overflow: .stop),
                            onLine: events.onLine,
                            onEnd: { [self] isOverflow in
                                input.close()
                                events.onOutputEnd(isOverflow)
                                streamEnded()
                            }
                        )
                    )
                }
            }
            .takingOwnershipOfDescriptors(input: pipes.standard_output, output: pipes.standard_input)
            .get()
        let error = try? await NIOPipeBootstrap(group: loop)
            .channelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        LineHandler(
                            splitter: LineSplitter(limit: Self.errorLineLimit, overflow: .cut),
                            onLine: events.onErrorLine,
                            onEnd: { [self] _ in streamEnded() }
                        )
                    )
                }
            }
            .takingOwnershipOfDescriptor(input: pipes.standard_error)
            .get()
        // Registering fresh pipes fails only when the loop is shutting down; then the child ends with its input.
        if let main { input.open(main) } else { input.close() }
        if main == nil { streamEnded() }
        if error == nil { streamEnded() }
        channels.withLock { $0 = (main, error) }
        // It may have ended before there was anything to close.
        if exit != nil { loop.scheduleTask(in: Self.drainTime) { [self] in closeStreams() } }
    }

    private func streamEnded() {
        state.withLock { $0.openStreams -= 1 }
        reportIfDone()
    }

    /// Gives the streams up that somebody else still holds. Runs on the loop, after the exit.
    ///
    /// What the child wrote is in the pipes by then, but on a busy machine the loop may not have come to read it.
    private func closeStreams(looks: Int = 0) {
        let (main, error) = channels.withLock { $0 }
        let isUnread = hasUnread(main, descriptors.main) || hasUnread(error, descriptors.error)
        if isUnread, looks < Self.drainLooks {
            loop.scheduleTask(in: Self.drainStep) { [self] in closeStreams(looks: looks + 1) }
            return
        }
        main?.close(promise: nil)
        error?.close(promise: nil)
    }

    /// Whether there are bytes, or an end, that the channel has not been told of.
    private func hasUnread(_ channel: (any Channel)?, _ descriptor: CInt) -> Bool {
        guard channel?.isActive == true else { return false }
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) > 0
    }

    private func reportIfDone() {
        let exit: ProcessExit? = state.withLock { state in
            guard let exit = state.exit, state.openStreams == 0, !state.isReported else { return nil }
            state.isReported = true
            return exit
        }
        guard let exit else { return }
        let events = events.withLock { events in
            defer { events = nil }
            return events
        }
        events?.onExit(exit)
    }
}

/// The texts as a null-terminated array of C strings.
private func withCStrings<Result>(
    _ texts: [String],
    _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("the array has at least its end") }
        return body(base)
    }
}
