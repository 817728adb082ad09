/// A header of an HTTP message.
package struct HTTPField: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// What a client sends to a server: the bytes, and what a transport has to know of them.
package struct ClientMessage: Hashable, Sendable {
    /// One JSON-RPC message, without a line end.
    package var bytes: [UInt8]
    /// Of a request; nil for notifications and answers.
    package var id: Int64?
    /// Nil before a version is agreed.
    package var version: MCPVersion?
    /// The routing headers that HTTP needs in the modern era; empty in the other.
    package var routing: [HTTPField]

    package init(bytes: [UInt8], id: Int64? = nil, version: MCPVersion? = nil, routing: [HTTPField] = []) {
        self.bytes = bytes
        self.id = id
        self.version = version
        self.routing = routing
    }
}
