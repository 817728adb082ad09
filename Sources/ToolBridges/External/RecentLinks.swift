import JSON

/// Which server gave a link to a resource last: what a tool's result leads to need not be in any list.
struct RecentLinks: Sendable {
    /// Links that are remembered; the oldest are forgotten.
    static let limit = 4096
    /// Bytes of a URI that is worth remembering.
    private static let sizeLimit = 4096

    private var owners: [String: String] = [:]
    private var order: [String] = []

    subscript(uri: String) -> String? { owners[uri] }

    /// Takes the links of a result's content in.
    mutating func note(_ content: [JSONValue], from server: String) {
        for block in content where block["type"]?.stringValue == "resource_link" {
            guard let uri = block["uri"]?.stringValue, uri.utf8.count <= Self.sizeLimit else { continue }
            if owners.updateValue(server, forKey: uri) == nil { order.append(uri) }
        }
        guard order.count > Self.limit else { return }
        // Half at a time, so that this does not happen with every link.
        let kept = Self.limit / 2
        for uri in order.prefix(order.count - kept) { owners[uri] = nil }
        order.removeFirst(order.count - kept)
    }
}
