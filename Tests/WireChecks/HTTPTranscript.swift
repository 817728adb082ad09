/// The bytes of one HTTP/1.1 connection, read as exchanges.
package struct HTTPTranscript {
    package struct Exchange: Sendable {
        package var head: String
        package var body: String
        package var answers: [String]
    }

    /// What was asked and answered, in order. Answers that have not arrived whole are left out.
    package static func exchanges(sent: String, received: String) -> [Exchange] {
        var rest = Array(sent.utf8)[...]
        var answers = Array(received.utf8)[...]
        var exchanges: [Exchange] = []
        while let (head, body) = message(&rest) {
            var exchange = Exchange(head: head, body: text(body), answers: [])
            var answered = message(&answers)
            // 100 Continue and the like.
            while let (head, _) = answered, head.hasPrefix("HTTP/1.1 1") { answered = message(&answers) }
            if let (head, body) = answered { exchange.answers = messages(head, body) }
            exchanges.append(exchange)
        }
        return exchanges
    }

    /// The next message's head in lower case, and its body; what has arrived of it if the end is missing.
    private static func message(_ bytes: inout ArraySlice<UInt8>) -> (String, ArraySlice<UInt8>)? {
        guard let end = index(of: Array("\r\n\r\n".utf8), in: bytes) else { return nil }
        let head = String(decoding: bytes[..<end], as: UTF8.self)
        bytes = bytes[(end + 4)...]
        let lowered = head.lowercased()
        if lowered.contains("transfer-encoding: chunked") { return (head, chunks(&bytes)) }
        if let length = field("content-length", in: lowered).flatMap({ Int($0) }) {
            defer { bytes = bytes.dropFirst(length) }
            return (head, bytes.prefix(length))
        }
        guard lowered.hasPrefix("http/"), field("content-type", in: lowered) != nil else { return (head, []) }
        // Until the connection ends.
        defer { bytes = [] }
        return (head, bytes)
    }

    private static func chunks(_ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var body: [UInt8] = []
        while let end = index(of: [13, 10], in: bytes), let size = Int(text(bytes[..<end]), radix: 16) {
            bytes = bytes[(end + 2)...]
            body += bytes.prefix(size)
            bytes = bytes.dropFirst(size + 2)
            if size == 0 { break }
        }
        return body[...]
    }

    /// The MCP messages of an answer: its body, or the data of its events.
    private static func messages(_ head: String, _ body: ArraySlice<UInt8>) -> [String] {
        let lowered = head.lowercased()
        let type = field("content-type", in: lowered) ?? ""
        if type.hasPrefix("text/event-stream") { return events(text(body)) }
        guard type.hasPrefix("application/json"), !body.isEmpty else { return [] }
        if let length = field("content-length", in: lowered).flatMap({ Int($0) }), body.count < length { return [] }
        return [text(body)]
    }

    /// The data of whole events that are messages.
    package static func events(_ text: String) -> [String] {
        var messages: [String] = []
        var data: [Substring] = []
        var kind: Substring = "message"
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty {
                if kind == "message", !data.isEmpty, data != [""] { messages.append(data.joined(separator: "\n")) }
                data = []
                kind = "message"
            } else if line.hasPrefix("data: ") {
                data.append(line.dropFirst(6))
            } else if line.hasPrefix("event: ") {
                kind = line.dropFirst(7)
            }
        }
        return messages
    }

    private static func field(_ name: String, in head: String) -> Substring? {
        for line in head.split(separator: "\r\n") where line.hasPrefix(name + ":") {
            return line.dropFirst(name.utf8.count + 1).drop { $0 == " " }
        }
        return nil
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func index(of needle: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= needle.count else { return nil }
        return (bytes.startIndex...(bytes.endIndex - needle.count)).first { bytes[$0...].starts(with: needle) }
    }
}
