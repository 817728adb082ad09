/// URLs and their parts.
enum URLFunctions {
    static let table: [Function] = [
        Function(
            "urlParse",
            [.text],
            "Parts of a URL: scheme, host, hostname, path, query, opaque, fragment, userinfo."
        ) {
            call throws(TemplateError) in
            let url = try parse(call.text(0))
            return .map([
                "scheme": .string(url.scheme), "host": .string(url.host), "hostname": .string(url.hostname),
                "path": .string(url.path), "query": .string(url.query), "opaque": .string(url.opaque),
                "fragment": .string(url.fragment), "userinfo": .string(url.userText),
            ])
        },
        Function("urlJoin", [.object], "URL from such parts.") { call throws(TemplateError) in
            var url = URLText()
            url.scheme = try part("scheme", call)
            url.host = try part("host", call)
            url.path = try part("path", call)
            url.query = try part("query", call)
            url.opaque = try part("opaque", call)
            url.fragment = try part("fragment", call)
            let user = try part("userinfo", call)
            if !user.isEmpty { url.user = try parse("proto://\(user)@host").user }
            return .string(url.description)
        },
    ]

    private static func parse(_ text: String) throws(TemplateError) -> URLText {
        do throws(URLText.Problem) { return try URLText(parsing: text) } catch {
            throw .function("unable to parse url: \(error.message)")
        }
    }

    private static func part(_ key: String, _ call: Call) throws(TemplateError) -> String {
        switch call.object(0)[key] {
        case nil: return ""
        case .string(let text): return text
        case let other?: throw .wrongKind("urlJoin: \(key) must be a string, not \(other.typeName)")
        }
    }
}
