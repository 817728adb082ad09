import Logging
import MCPProtocol
import NIOCore
import Synchronization

/// A server that runs as our child and speaks in lines on its standard streams.
final class StdioTransport: ClientTransport {
    private let launch: ChildLaunch
    private let loop: any EventLoop
    private let events: TransportEvents
    private let process = Mutex<ChildProcess?>(nil)

    init(_ launch: ChildLaunch, loop: any EventLoop, events: TransportEvents) {
        self.launch = launch
        self.loop = loop
        self.events = events
    }

    var processID: Int32 { process.withLock { $0 }?.processID ?? 0 }
    var abandoningCancels: Bool { false }

    func start() async throws(MCPClientError) {
        let events = events
        let command = launch.command
        do throws(ChildLaunchError) {
            let child = try await ChildProcess.start(
                launch,
                group: loop,
                events: ChildProcess.Events(
                    onLine: { line in _ = events.onMessage(line, nil) },
                    onErrorLine: { line in events.onErrorLine(String(decoding: line, as: UTF8.self)) },
                    onOutputEnd: { [self] isOverflow in outputEnded(isOverflow: isOverflow) },
                    onExit: { exit in
                        events.onEnd(MCPClientError(.exited, "\(command) exited (\(exit))", exit: exit), exit)
                    }
                )
            )
            process.withLock { $0 = child }
        } catch {
            throw MCPClientError(error)
        }
    }

    func prepare(after refusal: MCPClientError?) async throws(MCPClientError) {
        if let refusal { throw refusal }
    }

    func send(_ message: ClientMessage) { process.withLock { $0 }?.write(message.bytes) }

    func abandon(_ id: Int64) {}
    func agreed(_ facts: MCPServerFacts) {}
    func reset() {}

    func close() async { await process.withLock { $0 }?.terminate() }

    /// Ends a process whose handshake failed without much patience.
    func close(patience: Duration) async { await process.withLock { $0 }?.terminate(patience: patience) }

    private func outputEnded(isOverflow: Bool) {
        if isOverflow {
            events.onEnd(
                MCPClientError(.invalidResponse, "a line of \(launch.command) is longer than 64 MiB"),
                nil
            )
        }
        // A server that can no longer answer is of no use, even if its process goes on.
        loop.scheduleTask(in: isOverflow ? .zero : .seconds(2)) { [self] in
            process.withLock { $0 }?.endSoon()
        }
    }
}
