/// The latest events of a session's streams, so that a client whose connection broke can go on where it was.
/// Source: MCP 2025-11-25, `basic/transports`, resumability.
package struct ReplayLog: Sendable {
    package struct Event: Sendable, Hashable {
        package var id: String
        /// Nil for an event that only has an id.
        package var message: [UInt8]?
    }

    /// Numbers streams within a session.
    package typealias Stream = Int

    private struct Kept: Sendable {
        var stream: Stream
        var sequence: Int
        var message: [UInt8]
    }

    private let eventLimit: Int
    private let byteLimit: Int
    private var events: [Kept] = []
    package private(set) var byteCount = 0
    private var nextSequence = 1
    private var nextStream = 1
    /// Of each stream that may still be resumed: the sequence number of the last event that was thrown away.
    private var streams: [Stream: Int] = [:]
    private var ended: Set<Stream> = []

    package init(eventLimit: Int = 64, byteLimit: Int = 256 << 10) {
        self.eventLimit = eventLimit
        self.byteLimit = byteLimit
    }

    /// Opens a stream and gives its first event, which has no message.
    package mutating func open() -> (stream: Stream, event: Event) {
        let stream = nextStream
        nextStream += 1
        streams[stream] = nextSequence
        defer { nextSequence += 1 }
        return (stream, Event(id: Self.id(stream, nextSequence), message: nil))
    }

    /// Keeps a message, at the cost of the oldest ones; one that is larger than the limit is given an id only.
    package mutating func append(_ message: [UInt8], to stream: Stream, isLast: Bool = false) -> Event {
        let sequence = nextSequence
        nextSequence += 1
        if isLast { ended.insert(stream) }
        events.append(Kept(stream: stream, sequence: sequence, message: message))
        byteCount += message.count
        while events.count > eventLimit || byteCount > byteLimit { dropFirst() }
        forgetEnded()
        return Event(id: Self.id(stream, sequence), message: message)
    }

    /// Throws all messages away, for want of room elsewhere.
    package mutating func clear() {
        while !events.isEmpty { dropFirst() }
        forgetEnded()
    }

    private mutating func dropFirst() {
        let dropped = events.removeFirst()
        byteCount -= dropped.message.count
        if streams[dropped.stream] != nil { streams[dropped.stream] = dropped.sequence }
    }

    /// A stream that has ended is known for as long as one of its events is.
    private mutating func forgetEnded() {
        for stream in ended where !events.contains(where: { $0.stream == stream }) {
            ended.remove(stream)
            streams[stream] = nil
        }
    }

    /// Later messages of the stream that an event belongs to, and whether the stream has ended with them. Nil when the
    /// stream is unknown, or something in between is lost.
    package func events(after id: String) -> (stream: Stream, events: [Event], isEnded: Bool)? {
        let parts = id.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 2, let stream = Int(Substring(parts[0])), let sequence = Int(Substring(parts[1])),
            let lost = streams[stream], sequence >= lost, sequence < nextSequence
        else { return nil }
        let later = events.filter { $0.stream == stream && $0.sequence > sequence }
        return (
            stream, later.map { Event(id: Self.id(stream, $0.sequence), message: $0.message) }, ended.contains(stream)
        )
    }

    private static func id(_ stream: Stream, _ sequence: Int) -> String { "\(stream)-\(sequence)" }
}
