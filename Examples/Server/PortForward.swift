import Glibc
import JSON
import NIOCore
import NIOPosix

/// One listening port whose connections are relayed to another port of this machine.
struct PortForward: Sendable {
    let cluster: ClusterName
    let localPort: Int
    let targetPort: Int
    private let listener: any Channel
    private let connections: RelayedConnections

    /// Listens from here on.
    ///
    /// - Parameter localPort: 0 for any free port.
    init(cluster: ClusterName, localPort: Int, targetPort: Int) async throws {
        let connections = RelayedConnections()
        do {
            listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                // Lets a port be taken again at once although old connections linger; a listening port stays taken.
                .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
                .childChannelInitializer { near in connections.relay(near, toPort: targetPort) }
                .bind(host: "127.0.0.1", port: localPort).get()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw ToolFailure("local port \(localPort) is already in use")
        } catch let error as IOError where error.errnoCode == EACCES {
            throw ToolFailure("local port \(localPort) may not be used: permission denied")
        }
        self.cluster = cluster
        self.localPort = listener.localAddress?.port ?? localPort
        self.targetPort = targetPort
        self.connections = connections
    }

    /// Frees the port and cuts the connections; returns when that is done.
    func close() async {
        // Fails only when it is closed already.
        try? await listener.close()
        await connections.closeAll()
    }

    func description(_ session: String) -> JSONObject {
        let (count, bytes) = connections.counts
        return [
            "sessionId": .string(session), "cluster": .string("\(cluster)"), "state": "active",
            "localPort": .integer(Int64(localPort)), "targetPort": .integer(Int64(targetPort)),
            "connections": .integer(Int64(count)), "bytesForwarded": .integer(Int64(bytes)),
        ]
    }
}
