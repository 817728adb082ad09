/// URLs and their parts.
enum URLFunctions {
    static let table: [Function] = [
        Function(
            "urlParse",
            [.text],
            "Parts of a URL: scheme, host, hostname, path, query, opaque, fragment, userinfo."
        ) {
            call throws(TemplateError) in
            let url = try parse(call.bytes(0))
            return .object([
                "scheme": .string(url.scheme), "host": .text(url.host), "hostname": .text(url.hostname),
                "path": .text(url.path), "query": .text(url.query), "opaque": .text(url.opaque),
                "fragment": .text(url.fragment), "userinfo": .string(url.userText),
            ])
        },
        Function("urlJoin", [.object], "URL from such parts.") { call throws(TemplateError) in
            var url = URLText()
            url.scheme = TextBytes.shown(try part("scheme", call))
            url.host = try part("host", call)
            url.path = try part("path", call)
            url.query = try part("query", call)
            url.opaque = try part("opaque", call)
            url.fragment = try part("fragment", call)
            let user = try part("userinfo", call)
            if !user.isEmpty { url.user = try parse("proto://".utf8 + user + "@host".utf8).user }
            return .text(url.description)
        },
    ]

    private static func parse(_ text: [UInt8]) throws(TemplateError) -> URLText {
        do throws(URLText.Problem) { return try URLText(parsing: text) } catch {
            throw .function("unable to parse url: \(error.message)")
        }
    }

    private static func part(_ key: String, _ call: Call) throws(TemplateError) -> [UInt8] {
        switch call.object(0)[key] {
        case nil: return []
        case .string(let text): return Array(text.utf8)
        case .bytes(let bytes): return bytes
        case let other?: throw .wrongKind("urlJoin: \(key) must be a string, not \(other.typeName)")
        }
    }
}
