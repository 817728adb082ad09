import NIOCore
import NIOPosix
import Synchronization

/// The connections of one port-forward, counted and closed together.
final class RelayedConnections: Sendable {
    private struct State {
        var open: [ObjectIdentifier: any Channel] = [:]
        var count = 0
        var bytes = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Connections up to now, and bytes in both directions.
    var counts: (connections: Int, bytes: Int) { state.withLock { ($0.count, $0.bytes) } }

    /// Joins an accepted connection to a new one to `port`; fails, which closes the accepted one, when nothing answers.
    func relay(_ near: any Channel, toPort port: Int) -> EventLoopFuture<Void> {
        guard add(near) else { return near.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel) }
        // On the same event loop, so that both ends may talk to each other directly.
        return ClientBootstrap(group: near.eventLoop)
            .channelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .connectTimeout(.seconds(5))
            .connect(host: "127.0.0.1", port: port)
            .flatMapThrowing { [self] far in
                let (nearEnd, farEnd) = RelayHandler.makePair { [self] count in state.withLock { $0.bytes += count } }
                try near.pipeline.syncOperations.addHandler(nearEnd)
                try far.pipeline.syncOperations.addHandler(farEnd)
            }
    }

    /// Cuts every connection and accepts none from here on. The far ends close as their near ends do.
    func closeAll() async {
        let channels = state.withLock { state in
            state.isClosed = true
            return Array(state.open.values)
        }
        for channel in channels {
            // Fails only when it is closed already.
            try? await channel.close()
        }
    }

    private func add(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let isWanted = state.withLock { state in
            guard !state.isClosed else { return false }
            state.count += 1
            state.open[id] = channel
            return true
        }
        if isWanted { channel.closeFuture.whenComplete { [self] _ in state.withLock { $0.open[id] = nil } } }
        return isWanted
    }
}
