/// Reads what an MCP server answers over HTTP, piece by piece: one JSON message, or a stream of events with messages.
///
/// Knows no connection; whoever feeds it decides what its end means.
package struct HTTPReplyReader: Sendable {
    package enum Ending: Hashable, Sendable {
        /// A 2xx status with all its messages delivered; for event streams with what is needed to go on elsewhere.
        case complete(isStream: Bool)
        case redirect(to: String)
        /// Any other status, with the start of its body.
        case refused(status: Int, body: [UInt8])
    }

    /// Why the rest of the answer is of no use.
    package struct Invalid: Error, Hashable, Sendable {
        package var message: String
    }

    private enum Body: Sendable {
        case json
        case events
        case none
        case refusal
    }

    /// Bytes of a body that only explains a status.
    package static let explanationLimit = 64 << 10

    package let status: Int
    package private(set) var parser: ServerSentEventParser
    private let location: String?
    private let body: Body
    private let limit: Int
    private var collected: [UInt8] = []

    /// - Parameter limit: bytes of one message.
    package init(status: Int, fields: [HTTPField], limit: Int) throws(Invalid) {
        func field(_ name: String) -> String? { fields.first { $0.name.lowercased() == name }?.value }
        self.status = status
        self.limit = limit
        parser = ServerSentEventParser(limit: limit)
        location = [301, 302, 303, 307, 308].contains(status) ? field("location") : nil
        let encoding = field("content-encoding")?.lowercased() ?? "identity"
        guard encoding == "identity" || encoding.isEmpty else {
            throw Invalid(message: "the answer is compressed (\(encoding)), which was not asked for")
        }
        guard (200..<300).contains(status) else {
            body = .refusal
            return
        }
        let type = field("content-type")?.lowercased().prefix { $0 != ";" && $0 != " " } ?? ""
        switch type {
        case "application/json": body = .json
        case "text/event-stream": body = .events
        case _ where status == 202 || status == 204 || field("content-length") == "0": body = .none
        default:
            let said = type.isEmpty ? "no content type" : "the content type \(type)"
            throw Invalid(message: "the answer has \(said) instead of application/json or text/event-stream")
        }
    }

    package var isStream: Bool { body == .events }

    package mutating func append(
        _ bytes: UnsafeRawBufferPointer,
        _ deliver: ([UInt8]) -> Void
    ) throws(Invalid) {
        switch body {
        case .json:
            guard collected.count + bytes.count <= limit else { throw tooLarge }
            collected.append(contentsOf: bytes)
        case .events:
            do throws(ServerSentEventParser.TooLarge) {
                try parser.append(bytes) { event in if event.type == "message" { deliver(event.data) } }
            } catch {
                throw tooLarge
            }
        case .none: break
        case .refusal: collected.append(contentsOf: bytes.prefix(Self.explanationLimit - collected.count))
        }
    }

    package mutating func finish(_ deliver: ([UInt8]) -> Void) -> Ending {
        switch body {
        case .json:
            if !collected.isEmpty { deliver(collected) }
            collected = []
            return .complete(isStream: false)
        case .events: return .complete(isStream: true)
        case .none: return .complete(isStream: false)
        case .refusal:
            if let location { return .redirect(to: location) }
            return .refused(status: status, body: collected)
        }
    }

    private var tooLarge: Invalid { Invalid(message: "a message is larger than \(limit >> 20) MiB") }
}
