import CHTTPClient

/// An http or https URL, taken apart by the library that also connects to it, so that checks and connections agree.
package struct WebAddress: Hashable, Sendable, CustomStringConvertible {
    package var text: String
    /// Lower case.
    package var scheme: String
    /// Lower case; an IPv6 address in brackets.
    package var host: String
    package var port: Int
    /// Begins with a slash.
    package var path: String
    package var query: String?
    package var hasFragment: Bool
    /// Whether it carries a user name.
    package var hasUser: Bool

    /// Nil when the text is no http or https URL.
    package init?(_ text: String) { self.init(text, relativeTo: nil) }

    private init?(_ text: String, relativeTo base: String?) {
        // Control characters and spaces are no part of a URL.
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return nil }
        guard base != nil || text.lowercased().hasPrefix("http://") || text.lowercased().hasPrefix("https://") else {
            return nil
        }
        var parts = http_address_t()
        guard http_address_parse(base, text, &parts) != 0 else { return nil }
        defer { http_address_free(&parts) }
        func string(_ pointer: UnsafeMutablePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
        self.text = string(parts.url)
        scheme = string(parts.scheme).lowercased()
        host = string(parts.host).lowercased()
        port = Int(string(parts.port)) ?? 0
        path = string(parts.path)
        query = parts.query.map { String(cString: $0) }
        hasFragment = parts.fragment != nil
        hasUser = parts.has_user != 0
    }

    /// What a reference found at this address means; nil when it leads to no http or https URL.
    package func resolving(_ reference: String) -> WebAddress? { WebAddress(reference, relativeTo: text) }

    package func isSameOrigin(as other: WebAddress) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    /// `scheme://host[:port]`, without a port that goes without saying.
    package var origin: String {
        let isUsual = port == (scheme == "https" ? 443 : 80)
        return "\(scheme)://\(host)\(isUsual ? "" : ":\(port)")"
    }

    package var isLoopback: Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]"
            || (host.hasPrefix("127.") && http_is_special_address(host) != 0)
    }

    /// Whether the host is written as an address that is not a public one, or as a name of this machine.
    package var isSpecial: Bool {
        if isLoopback { return true }
        let isAddress = host.hasPrefix("[") || host.utf8.allSatisfy { $0 == 0x2E || ($0 >= 0x30 && $0 <= 0x39) }
        return isAddress && http_is_special_address(host) != 0
    }

    package var description: String { text }
}
