import Glibc
package import NIOCore

/// Cuts a stream of bytes into lines; every byte is looked at once.
package struct LineSplitter: Sendable {
    /// What happens to a line longer than the limit.
    package enum Overflow: Sendable {
        /// Its start is delivered, the rest dropped.
        case cut
        /// Splitting ends; `hasOverflowed` becomes true.
        case stop
    }

    /// Bytes of a line, without its end.
    package let limit: Int
    private let overflow: Overflow
    private var pending: [UInt8] = []
    private var isSkipping = false
    package private(set) var hasOverflowed = false

    package init(limit: Int, overflow: Overflow) {
        self.limit = limit
        self.overflow = overflow
    }

    /// Delivers the lines that are complete, without line ends; empty ones are left out.
    package mutating func append(_ buffer: ByteBuffer, _ deliver: ([UInt8]) -> Void) {
        buffer.withUnsafeReadableBytes { bytes in
            var start = 0
            while start < bytes.count, !hasOverflowed {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
                guard let base = rest.baseAddress else { return }
                guard let found = memchr(base, 0x0A, rest.count) else {
                    add(rest)
                    return
                }
                let length = UnsafeRawPointer(found) - base
                add(UnsafeRawBufferPointer(rebasing: rest[..<length]))
                if !hasOverflowed { end(deliver) }
                start += length + 1
            }
        }
    }

    /// Delivers what is left when the stream ends without a line end.
    package mutating func finish(_ deliver: ([UInt8]) -> Void) {
        if !hasOverflowed { end(deliver) }
    }

    private mutating func add(_ bytes: UnsafeRawBufferPointer) {
        guard !isSkipping else { return }
        if pending.count + bytes.count <= limit {
            pending.append(contentsOf: bytes)
            return
        }
        switch overflow {
        case .cut:
            pending.append(contentsOf: bytes.prefix(limit - pending.count))
            isSkipping = true
        case .stop:
            pending = []
            hasOverflowed = true
        }
    }

    private mutating func end(_ deliver: ([UInt8]) -> Void) {
        isSkipping = false
        if pending.last == 0x0D { pending.removeLast() }
        guard !pending.isEmpty else { return }
        var line: [UInt8] = []
        swap(&line, &pending)
        deliver(line)
    }
}

/// Feeds a channel's bytes to a splitter and tells when they end.
final class LineHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var splitter: LineSplitter
    private let onLine: @Sendable ([UInt8]) -> Void
    /// The argument tells whether the end is an overlong line.
    private let onEnd: @Sendable (Bool) -> Void

    init(
        splitter: LineSplitter,
        onLine: @escaping @Sendable ([UInt8]) -> Void,
        onEnd: @escaping @Sendable (Bool) -> Void
    ) {
        self.splitter = splitter
        self.onLine = onLine
        self.onEnd = onEnd
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        splitter.append(unwrapInboundIn(data), onLine)
        if splitter.hasOverflowed { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        splitter.finish(onLine)
        onEnd(splitter.hasOverflowed)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A broken pipe: what is left to read comes first, then the channel ends by itself.
        if !(error is ChannelError) { context.close(promise: nil) }
    }
}
