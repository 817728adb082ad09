import CHTTPClient
import Glibc
package import MCPProtocol
import NIOCore
import Synchronization

/// A request of ours to a web server.
package struct HTTPClientRequest: Sendable {
    package var method: String
    package var address: WebAddress
    package var fields: [HTTPField]
    package var body: [UInt8]?
    package var connectTimeout = Duration.seconds(10)
    /// For everything from the start to the last byte; nil for none.
    package var timeout: Duration?
    /// Whether addresses that are not public ones are refused, after the name has been resolved.
    package var refusesSpecialAddresses = false

    package init(_ method: String, _ address: WebAddress, fields: [HTTPField] = [], body: [UInt8]? = nil) {
        self.method = method
        self.address = address
        self.fields = fields
        self.body = body
    }
}

/// Status and headers of an answer.
package struct HTTPHead: Hashable, Sendable {
    package var status: Int
    package var fields: [HTTPField]

    /// The first value; names are compared without regard to case.
    package subscript(name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    package func all(_ name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }
}

/// Why a transfer came to no end of its own.
package struct HTTPFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: Sendable {
        case cancelled, unknownHost, noConnection, timedOut, certificate, tls, broken, unwanted, forbiddenAddress, other
    }

    package var code: Code
    package var message: String

    package var description: String { message }
}

/// One request on its way. Many run at once, on one thread of their own.
package final class HTTPTransfer: Sendable {
    /// Called on the thread of all transfers, in order: must not block.
    package struct Events: Sendable {
        package var onHead: @Sendable (HTTPHead) -> Void
        /// False ends the transfer.
        package var onBody: @Sendable (UnsafeRawBufferPointer) -> Bool
        /// The last one; nil when the answer is complete.
        package var onEnd: @Sendable (HTTPFailure?) -> Void

        package init(
            onHead: @escaping @Sendable (HTTPHead) -> Void,
            onBody: @escaping @Sendable (UnsafeRawBufferPointer) -> Bool,
            onEnd: @escaping @Sendable (HTTPFailure?) -> Void
        ) {
            self.onHead = onHead
            self.onBody = onBody
            self.onEnd = onEnd
        }
    }

    /// Collects the lines of a head.
    private final class Receiver: Sendable {
        let events: Events
        let head = Mutex(HTTPHead(status: 0, fields: []))

        init(_ events: Events) { self.events = events }

        func line(_ bytes: UnsafeBufferPointer<UInt8>) {
            let text = String(decoding: bytes, as: UTF8.self)
            let complete: HTTPHead? = head.withLock { head in
                if text.isEmpty { return head.status >= 200 ? head : nil }
                if text.hasPrefix("HTTP/") {
                    let words = text.split(separator: " ", maxSplits: 2)
                    head = HTTPHead(status: words.count > 1 ? Int(words[1]) ?? 0 : 0, fields: [])
                } else if let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) {
                    let value = text[text.utf8.index(after: colon)...]
                    head.fields.append(HTTPField(String(text[..<colon]), Self.trimmed(value)))
                }
                return nil
            }
            if let complete { events.onHead(complete) }
        }

        private static func trimmed(_ text: Substring) -> String {
            let start = text.drop { $0 == " " || $0 == "\t" }
            let rest = start.reversed().drop { $0 == " " || $0 == "\t" }
            return String(rest.reversed())
        }
    }

    /// 0 when it could not be set up.
    private let id: UInt64

    package init(_ request: HTTPClientRequest, _ events: Events) {
        id = Self.start(request, Receiver(events))
        if id == 0 { events.onEnd(HTTPFailure(code: .other, message: "the request could not be set up")) }
    }

    /// Ends it soon; `onEnd` tells when.
    package func cancel() { http_transfer_cancel(id) }

    /// What the library calls; its context is a retained receiver, released at the end.
    private static func callbacks(_ receiver: Receiver) -> http_events_t {
        var events = http_events_t()
        events.context = Unmanaged.passRetained(receiver).toOpaque()
        events.on_head_line = { context, line, length in
            guard let context, let line else { return }
            let bytes = UnsafeRawPointer(line).assumingMemoryBound(to: UInt8.self)
            Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue()
                .line(UnsafeBufferPointer(start: bytes, count: length))
        }
        events.on_body = { context, bytes, length in
            guard let context else { return 1 }
            let receiver = Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue()
            return receiver.events.onBody(UnsafeRawBufferPointer(start: bytes, count: length)) ? 0 : 1
        }
        events.on_end = { context, code, message in
            guard let context else { return }
            let receiver = Unmanaged<Receiver>.fromOpaque(context).takeRetainedValue()
            let text = message.map { String(cString: $0) } ?? ""
            receiver.events.onEnd(HTTPTransfer.code(Int(code)).map { HTTPFailure(code: $0, message: text) })
        }
        return events
    }

    private static func start(_ request: HTTPClientRequest, _ receiver: Receiver) -> UInt64 {
        let events = callbacks(receiver)
        let id = start(request, events)
        if id == 0, let context = events.context { Unmanaged<Receiver>.fromOpaque(context).release() }
        return id
    }

    private static func start(_ request: HTTPClientRequest, _ events: http_events_t) -> UInt64 {
        let lines = request.fields.map { field in
            // A line end in a header would begin another one.
            let value = String(
                decoding: field.value.utf8.filter { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 },
                as: UTF8.self
            )
            return value.isEmpty ? "\(field.name);" : "\(field.name): \(value)"
        }
        var pointers = lines.map { UnsafePointer<CChar>?(strdup($0)) }
        defer { for pointer in pointers { free(UnsafeMutablePointer(mutating: pointer)) } }
        pointers.append(nil)
        let certificates = getenv("SSL_CERT_FILE")
        return request.address.text.withCString { url in
            request.method.withCString { method in
                (request.body ?? []).withUnsafeBufferPointer { body in
                    pointers.withUnsafeBufferPointer { headers in
                        var plain = http_request_t()
                        plain.method = method
                        plain.url = url
                        plain.headers = headers.baseAddress
                        plain.body = body.baseAddress
                        plain.body_length = body.count
                        plain.has_body = request.body == nil ? 0 : 1
                        plain.connect_timeout_milliseconds = request.connectTimeout.wholeMilliseconds
                        plain.timeout_milliseconds = request.timeout?.wholeMilliseconds ?? 0
                        plain.refuses_special_addresses = request.refusesSpecialAddresses ? 1 : 0
                        plain.certificate_file = certificates.map { UnsafePointer($0) }
                        return http_transfer_start(&plain, events)
                    }
                }
            }
        }
    }

    /// Nil for a complete answer.
    private static func code(_ number: Int) -> HTTPFailure.Code? {
        switch number {
        case HTTP_END_COMPLETE: nil
        case HTTP_END_CANCELLED: .cancelled
        case HTTP_END_UNKNOWN_HOST: .unknownHost
        case HTTP_END_NO_CONNECTION: .noConnection
        case HTTP_END_TIMED_OUT: .timedOut
        case HTTP_END_CERTIFICATE: .certificate
        case HTTP_END_TLS: .tls
        case HTTP_END_BROKEN: .broken
        case HTTP_END_UNWANTED: .unwanted
        case HTTP_END_FORBIDDEN_ADDRESS: .forbiddenAddress
        default: .other
        }
    }
}

extension Duration {
    /// At least one.
    var wholeMilliseconds: Int { max(1, Int(timeAmount.nanoseconds / 1_000_000)) }
}
