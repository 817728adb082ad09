import Glibc
import JSON
import NIOCore
import NIOPosix
import Synchronization

/// One listening port whose connections are relayed to another port of this machine.
final class PortForward: Sendable {
    private struct Counters { var connections = 0, bytes = 0 }
    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    let cluster: ClusterName
    let localPort: Int
    let targetPort: Int
    private let counters = Mutex(Counters())
    private let listener: NIOAsyncChannel<Connection, Never>
    /// Set once, right after everything else.
    private let accepting = Mutex<Task<Void, Never>?>(nil)

    /// Listens from here on.
    ///
    /// - Parameter localPort: 0 for any free port.
    init(cluster: ClusterName, localPort: Int, targetPort: Int) async throws {
        self.cluster = cluster
        self.targetPort = targetPort
        do {
            listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                // Lets a port be taken again at once although old connections linger; a listening port stays taken.
                .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
                .bind(host: "127.0.0.1", port: localPort) { channel in Self.wrapped(channel) }
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw ToolFailure("local port \(localPort) is already in use")
        } catch let error as IOError where error.errnoCode == EACCES {
            throw ToolFailure("local port \(localPort) may not be used: permission denied")
        }
        self.localPort = listener.channel.localAddress?.port ?? localPort
        accepting.withLock { $0 = Task { await self.accept() } }
    }

    /// Frees the port and cuts the connections; returns when that is done.
    func close() async {
        let task = accepting.withLock { $0 }
        task?.cancel()
        await task?.value
    }

    func description(_ session: String) -> JSONObject {
        let counters = counters.withLock { $0 }
        return [
            "sessionId": .string(session), "cluster": .string("\(cluster)"), "state": "active",
            "localPort": .integer(Int64(localPort)), "targetPort": .integer(Int64(targetPort)),
            "connections": .integer(Int64(counters.connections)), "bytesForwarded": .integer(Int64(counters.bytes)),
        ]
    }

    private func accept() async {
        // Ends by cancellation only.
        try? await listener.executeThenClose { connections in
            await withDiscardingTaskGroup { group in
                do {
                    for try await connection in connections {
                        counters.withLock { $0.connections += 1 }
                        group.addTask { await self.relay(connection) }
                    }
                } catch {
                    group.cancelAll()
                }
                if Task.isCancelled { group.cancelAll() }
            }
        }
    }

    /// Carries bytes both ways until both sides have ended; a side that breaks ends the other.
    private func relay(_ near: Connection) async {
        do {
            try await near.executeThenClose { nearInput, nearOutput in
                let far = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                    .channelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
                    .connect(host: "127.0.0.1", port: targetPort) { channel in Self.wrapped(channel) }
                try await far.executeThenClose { farInput, farOutput in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { try await self.carry(nearInput, to: farOutput) }
                        group.addTask { try await self.carry(farInput, to: nearOutput) }
                        try await group.waitForAll()
                    }
                }
            }
        } catch {
            // The client sees its connection closed, as with any port-forward whose target does not answer.
        }
    }

    private func carry(
        _ input: NIOAsyncChannelInboundStream<ByteBuffer>,
        to output: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws {
        for try await bytes in input {
            counters.withLock { $0.bytes += bytes.readableBytes }
            try await output.write(bytes)
        }
        output.finish()
    }

    private static func wrapped(_ channel: any Channel) -> EventLoopFuture<Connection> {
        channel.eventLoop.makeCompletedFuture {
            try Connection(
                wrappingChannelSynchronously: channel,
                configuration: .init(isOutboundHalfClosureEnabled: true)
            )
        }
    }
}
