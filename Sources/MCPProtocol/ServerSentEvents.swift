/// One event of a `text/event-stream`.
package struct ServerSentEvent: Hashable, Sendable {
    /// `message` where the stream does not say.
    package var type: String
    /// The lines of its data, joined by line feeds.
    package var data: [UInt8]
}

/// Cuts a stream of bytes into events, whatever the pieces in which it comes. Source: the HTML standard, "Server-sent
/// events", interpreting an event stream.
package struct ServerSentEventParser: Sendable {
    /// An event, or a line, is larger than the limit.
    package struct TooLarge: Error, Hashable, Sendable {}

    /// Bytes of one event.
    package let limit: Int
    /// What a reconnecting client sends as `Last-Event-ID`; empty when the stream gave none. An id counts once the event
    /// that carries it is complete.
    package private(set) var lastEventID = ""
    /// How long the server wants a client to wait before it connects again.
    package private(set) var retryMilliseconds: Int?

    private var line: [UInt8] = []
    private var type = ""
    private var data: [UInt8] = []
    private var hasData = false
    private var pendingID = ""
    private var lastWasCarriageReturn = false
    private var isAtStart = true

    package init(limit: Int) { self.limit = limit }

    /// Takes the next bytes and delivers the events that they complete.
    package mutating func append(
        _ bytes: UnsafeRawBufferPointer,
        _ deliver: (ServerSentEvent) -> Void
    ) throws(TooLarge) {
        var start = 0
        while start < bytes.count {
            if lastWasCarriageReturn {
                lastWasCarriageReturn = false
                if bytes[start] == 0x0A {
                    start += 1
                    continue
                }
            }
            var end = start
            while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
            guard line.count + data.count + (end - start) <= limit else { throw TooLarge() }
            line.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
            guard end < bytes.count else { return }
            lastWasCarriageReturn = bytes[end] == 0x0D
            endLine(deliver)
            start = end + 1
        }
    }

    package mutating func append(_ bytes: [UInt8], _ deliver: (ServerSentEvent) -> Void) throws(TooLarge) {
        // The closure form of withUnsafeBytes cannot throw typed errors through every library version.
        var failure: TooLarge?
        bytes.withUnsafeBytes { buffer in
            do throws(TooLarge) { try append(buffer, deliver) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    private mutating func endLine(_ deliver: (ServerSentEvent) -> Void) {
        var text: [UInt8] = []
        swap(&text, &line)
        if isAtStart {
            isAtStart = false
            if text.starts(with: [0xEF, 0xBB, 0xBF]) { text.removeFirst(3) }
        }
        guard !text.isEmpty else {
            dispatch(deliver)
            return
        }
        let colon = text.firstIndex(of: UInt8(ascii: ":"))
        let name = text[..<(colon ?? text.endIndex)]
        var value = colon.map { text[($0 + 1)...] } ?? []
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        // A name that is empty makes a comment.
        switch String(decoding: name, as: UTF8.self) {
        case "data":
            if hasData { data.append(0x0A) }
            if data.isEmpty, !hasData { data = Array(value) } else { data += value }
            hasData = true
        case "event": type = String(decoding: value, as: UTF8.self)
        case "id" where !value.contains(0): pendingID = String(decoding: value, as: UTF8.self)
        case "retry":
            let isNumber = !value.isEmpty && value.count < 10 && value.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
            if isNumber { retryMilliseconds = Int(String(decoding: value, as: UTF8.self)) }
        default: break
        }
    }

    private mutating func dispatch(_ deliver: (ServerSentEvent) -> Void) {
        lastEventID = pendingID
        defer {
            type = ""
            hasData = false
        }
        guard hasData, !data.isEmpty else {
            data = []
            return
        }
        var event = ServerSentEvent(type: type.isEmpty ? "message" : type, data: [])
        swap(&event.data, &data)
        deliver(event)
    }
}
