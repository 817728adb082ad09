import NIOCore
import NIOPosix
import Synchronization
import WireChecks

/// A raw connection: what is sent and what comes back are bytes.
final class RawConnection: Sendable {
    private let channel: any Channel
    private let received: Collector

    private final class Collector: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        struct State {
            var text = ""
            /// What the test has sent.
            var sent = ""
            var isClosed = false
            var waiter: (needle: String?, continuation: CheckedContinuation<Void, Never>)?
        }
        let state = Mutex(State())

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let text = String(buffer: unwrapInboundIn(data))
            update { $0.text += text }
        }

        /// The server sends no more.
        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case ChannelEvent.inputClosed? = event as? ChannelEvent { update { $0.isClosed = true } }
        }

        func channelInactive(context: ChannelHandlerContext) { update { $0.isClosed = true } }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func update(_ change: @Sendable (inout State) -> Void) {
            let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
                change(&state)
                guard let waiter = state.waiter, Self.isDone(state, waiter.needle) else { return nil }
                state.waiter = nil
                return waiter.continuation
            }
            waiter?.resume()
        }

        static func isDone(_ state: State, _ needle: String?) -> Bool {
            state.isClosed || needle.map { state.text.contains($0) } ?? false
        }
    }

    init(port: Int) async throws {
        let collector = Collector()
        received = collector
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .channelInitializer { $0.pipeline.addHandler(collector) }
            .connect(host: "127.0.0.1", port: port).get()
        WireTap.current?.watch { collector.state.withLock { ($0.sent, $0.text) } }
    }

    func send(_ text: String) async throws {
        received.state.withLock { $0.sent += text }
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    /// Everything received, once it has `needle` in it (nil: once the server has closed).
    func text(until needle: String?) async -> String {
        await withCheckedContinuation { continuation in
            let isDone = received.state.withLock { state in
                if Collector.isDone(state, needle) { return true }
                state.waiter = (needle, continuation)
                return false
            }
            if isDone { continuation.resume() }
        }
        return received.state.withLock { $0.text }
    }

    /// Everything received so far.
    var seen: String { received.state.withLock { $0.text } }

    /// Sends no more, but still reads.
    func endOutput() async throws { try await channel.close(mode: .output) }

    func close() async { try? await channel.close() }
}
