/// Which `Host` and `Origin` headers are served, so that a web page cannot reach us through the user's browser.
struct HostPolicy: Sendable {
    private static let loopbackNames: Set = ["localhost", "127.0.0.1", "[::1]", "::1"]

    private let isLoopback: Bool
    private let hosts: Set<String>
    private let origins: Set<String>

    init(_ configuration: HTTPServer.Configuration) {
        let host = configuration.host.lowercased()
        isLoopback = Self.loopbackNames.contains(host) || host.hasPrefix("127.")
        hosts = Self.loopbackNames.union(configuration.allowedHosts.map { $0.lowercased() }).union([host])
        origins = Set(configuration.allowedOrigins.map { $0.lowercased() })
    }

    func allows(host: String?, origin: String?) -> Bool {
        let name = host.map { Self.name($0.lowercased()) }
        if isLoopback, let name, !hosts.contains(name) { return false }
        guard let origin = origin?.lowercased() else { return true }
        if origins.contains(origin) { return true }
        guard let separator = origin.firstRange(of: "://") else { return false }
        let originName = Self.name(String(origin[separator.upperBound...]))
        return hosts.contains(originName) || (!isLoopback && originName == name)
    }

    /// Without the port.
    private static func name(_ authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return String(authority[...end]) }
        guard let colon = authority.lastIndex(of: ":") else { return authority }
        return String(authority[..<colon])
    }
}
