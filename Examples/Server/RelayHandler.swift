import NIOCore

/// One end of a relayed connection: hands what it reads to its partner, no faster than the partner can write.
///
/// Both ends are on the same event loop. An end of input is passed on once everything before it has been written; a
/// connection that breaks ends the other.
final class RelayHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let count: (Int) -> Void
    private var partner: RelayHandler?
    private var context: ChannelHandlerContext?
    private var owesRead = false
    private var hasInputEnded = false
    private var hasOutputEnded = false

    private init(_ count: @escaping (Int) -> Void) { self.count = count }

    /// - Parameter count: told the number of bytes of each piece, in either direction.
    static func makePair(count: @escaping (Int) -> Void) -> (RelayHandler, RelayHandler) {
        let (near, far) = (RelayHandler(count), RelayHandler(count))
        near.partner = far
        far.partner = near
        return (near, far)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        partner = nil
    }

    // MARK: - What this end sees

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        count(bytes.readableBytes)
        partner?.write(bytes)
    }

    func channelReadComplete(context: ChannelHandlerContext) { partner?.context?.flush() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .inputClosed? = event as? ChannelEvent else { return context.fireUserInboundEventTriggered(event) }
        endInput()
    }

    func channelInactive(context: ChannelHandlerContext) {
        hasOutputEnded = true
        endInput()
        // Nobody takes its bytes any more.
        partner?.endInput()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func endInput() {
        guard !hasInputEnded else { return }
        hasInputEnded = true
        partner?.endOutput()
        closeIfDone()
    }

    // MARK: - What the partner asks for

    private func write(_ bytes: ByteBuffer) { context?.write(wrapOutboundOut(bytes), promise: nil) }

    private func endOutput() {
        guard !hasOutputEnded else { return }
        hasOutputEnded = true
        afterWriting { end, context in context.close(mode: end.hasInputEnded ? .all : .output, promise: nil) }
    }

    private func closeIfDone() {
        if hasOutputEnded { afterWriting { _, context in context.close(promise: nil) } }
    }

    /// Acts when everything has been written: an empty piece is written behind all others.
    private func afterWriting(_ act: @escaping @Sendable (RelayHandler, ChannelHandlerContext) -> Void) {
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { _ in
            let end = bound.value
            if let context = end.context { act(end, context) }
        }
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(capacity: 0)), promise: written)
    }

    // MARK: - No faster than the partner writes

    func read(context: ChannelHandlerContext) {
        if partner?.context?.channel.isWritable == false { owesRead = true } else { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, let partner, partner.owesRead {
            partner.owesRead = false
            partner.context?.read()
        }
        context.fireChannelWritabilityChanged()
    }
}
