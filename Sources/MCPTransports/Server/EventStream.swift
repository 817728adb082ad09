import NIOCore

/// A stream of events to a client, open until one of both ends it. May be used from any thread.
struct EventStream: Sendable, Equatable {
    let number: UInt64
    let connection: NIOLoopBound<HTTPConnection>
    let loop: any EventLoop

    static func == (left: EventStream, right: EventStream) -> Bool { left.number == right.number }

    /// - Parameter mayBeDropped: whether the message is lost when the client does not read; then it has unread ones
    ///   anyway.
    func send(_ message: [UInt8], id: String? = nil, mayBeDropped: Bool = true) {
        loop.execute { connection.value.send(message, id: id, mayBeDropped: mayBeDropped, on: number) }
    }

    /// Sends a last message, if any, and ends the answer.
    func end(_ message: [UInt8]? = nil, id: String? = nil) {
        loop.execute { connection.value.end(message, id: id, on: number) }
    }

    /// Ends the answer for now; the client comes back after so many milliseconds.
    func pause(retry: Int) { loop.execute { connection.value.pause(retry: retry, on: number) } }
}

/// One event as it goes over the wire. Source: HTML Living Standard, server-sent events.
enum EventText {
    /// One line of data: JSON has no raw line breaks.
    static func message(_ message: [UInt8], id: String?) -> [UInt8] {
        var event: [UInt8] = []
        event.reserveCapacity(message.count + 48)
        if let id { event += "id: \(id)\n".utf8 }
        event += "event: message\ndata: ".utf8
        event += message
        event += "\n\n".utf8
        return event
    }

    /// An id without a message, from which a client may go on.
    static func position(_ id: String) -> [UInt8] { Array("id: \(id)\ndata: \n\n".utf8) }

    static func retry(_ milliseconds: Int) -> [UInt8] { Array("retry: \(milliseconds)\n\n".utf8) }

    static func endpoint(_ path: String) -> [UInt8] { Array("event: endpoint\ndata: \(path)\n\n".utf8) }

    static let comment = Array(": still at work\n\n".utf8)
}
