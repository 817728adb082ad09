import Glibc
import NIOCore
import Synchronization

/// Standard input of a child. What fits into the pipe is written at once by whoever has it, without a visit to the event
/// loop; the rest waits in the channel, and so does everything after it.
final class ChildInput: Sendable {
    private struct State: Sendable {
        /// An end of the pipe of our own, beside the channel's; -1 when closed.
        var descriptor: CInt
        /// Nil until there is one, and after the end.
        var channel: (any Channel)?
        /// Writes that wait in the channel.
        var queued = 0
    }

    private let state: Mutex<State>

    init(duplicating descriptor: CInt) {
        // Without one all goes through the channel.
        state = Mutex(State(descriptor: fcntl(descriptor, F_DUPFD_CLOEXEC, 0)))
    }

    /// From now on lines are written: the channel has made the pipe one that does not block.
    func open(_ channel: any Channel) { state.withLock { $0.channel = channel } }

    /// Drops lines from now on. Those that wait in the channel are its matter.
    func close() {
        state.withLock { state in
            state.channel = nil
            if state.descriptor >= 0 { Glibc.close(state.descriptor) }
            state.descriptor = -1
        }
    }

    func write(_ line: [UInt8]) {
        var line = line
        line.append(UInt8(ascii: "\n"))
        state.withLock { state in
            guard let channel = state.channel else { return }
            var written = 0
            if state.queued == 0, state.descriptor >= 0 {
                // An error shows at the channel's end too, which knows what to do.
                written = max(0, Glibc.write(state.descriptor, line, line.count))
            }
            guard written < line.count else { return }
            state.queued += 1
            // Handed over under the lock, so that lines keep their order.
            let loop = channel.eventLoop
            channel.writeAndFlush(ByteBuffer(bytes: line[written...])).whenComplete { [self] _ in
                // Which may be at once, on this thread.
                loop.execute { self.writeEnded() }
            }
        }
    }

    private func writeEnded() { state.withLock { $0.queued -= 1 } }
}
