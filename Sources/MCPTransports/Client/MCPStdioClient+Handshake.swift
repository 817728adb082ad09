import JSON
import Logging
import MCPProtocol
import NIOCore
import Synchronization

extension MCPStdioClient {
    /// Starts the process and waits for the end of the handshake.
    func open(until deadline: ContinuousClock.Instant) async -> Result<Void, ClientState.StartFailure> {
        let launch = ChildLaunch(
            command: definition.command,
            arguments: definition.arguments,
            environment: definition.environment,
            workingDirectory: definition.workingDirectory
        )
        let process: ChildProcess
        do throws(ChildLaunchError) {
            process = try await ChildProcess.start(launch, group: loop, events: processEvents)
        } catch {
            return .failure(.error(MCPClientError(error)))
        }
        let remaining = max(.zero, deadline - .now)
        let timer = loop.scheduleTask(in: remaining.timeAmount) { [self] in handshakeTimedOut() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (actions, ending) = state.withLock { state -> ([ClientHandshake.Action], MCPClientError?) in
                    state.process = process
                    // The process may have ended meanwhile.
                    if let ending = state.ending { return ([], ending) }
                    state.startWaiter = continuation
                    return (state.handshake.start(), nil)
                }
                if let ending {
                    continuation.resume(returning: .failure(.error(ending)))
                } else {
                    perform(actions)
                    if Task.isCancelled { startWasCancelled() }
                }
            }
        } onCancel: {
            startWasCancelled()
        }
        timer.cancel()
        if case .failure = result { await process.terminate(patience: Self.failedStartPatience) }
        return result
    }

    private var processEvents: ChildProcess.Events {
        ChildProcess.Events(
            onLine: { [self] line in received(line) },
            onErrorLine: { [self] line in receivedError(line) },
            onOutputEnd: { [self] isOverflow in outputEnded(isOverflow: isOverflow) },
            onExit: { [self] exit in processExited(exit) }
        )
    }

    func perform(_ actions: [ClientHandshake.Action]) {
        for action in actions {
            switch action {
            case .send(let bytes): state.withLock { $0.process }?.write(bytes)
            case .startProbeTimer:
                loop.scheduleTask(in: definition.probeTimeout.timeAmount) { [self] in
                    perform(state.withLock { $0.handshake.probeTimedOut() })
                }
            case .finish(let facts): finish(facts)
            case .fail(let text):
                finishStart(
                    .failure(
                        .error(
                            MCPClientError(
                                .handshakeFailed,
                                "the handshake with \(definition.command) failed: \(text)",
                                standardError: recentStandardError
                            )
                        )
                    )
                )
            case .restartLegacy: finishStart(.failure(.restartLegacy))
            }
        }
    }

    private func finish(_ facts: MCPServerFacts) {
        let listen = state.withLock { state -> [UInt8]? in
            state.facts = facts
            state.dialect.version = facts.version
            state.nextID = state.handshake.nextID
            guard facts.version.era == .modern, facts.capabilities["tools"]?["listChanged"]?.boolValue == true else {
                return nil
            }
            defer { state.nextID += 1 }
            // Its acknowledgement and its end tell nothing that we need.
            return state.dialect.request(
                id: state.nextID,
                method: "subscriptions/listen",
                params: ["notifications": ["toolsListChanged": true]]
            )
        }
        if let listen { state.withLock { $0.process }?.write(listen) }
        finishStart(.success(()))
    }

    func finishStart(_ result: Result<Void, ClientState.StartFailure>) {
        let waiter = state.withLock { state in
            defer { state.startWaiter = nil }
            return state.startWaiter
        }
        waiter?.resume(returning: result)
    }

    private func startWasCancelled() {
        let error = MCPClientError(.cancelled, "starting \(definition.command) was cancelled")
        finishStart(.failure(.error(error)))
    }

    private func handshakeTimedOut() {
        let error = state.withLock { state in
            MCPClientError(
                .handshakeTimedOut,
                "\(definition.command) did not finish the handshake within \(definition.handshakeTimeout)"
                    + state.evidence,
                standardError: state.standardError
            )
        }
        finishStart(.failure(.error(error)))
    }
}

extension Duration {
    /// Saturates at what NIO can count: 292 years.
    var timeAmount: TimeAmount {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return .nanoseconds(overflow ? .max / 4 : min(scaled, .max / 4) + attoseconds / 1_000_000_000)
    }
}
