/// Slash-separated paths.
enum PathFunctions {
    static let table: [Function] = {
        let slash = [
            Function("base", [.text], "Last element of a slash path.") { call throws(TemplateError) in
                .string(base(call.text(0)))
            },
            Function("dir", [.text], "All but the last element of a slash path.") { call throws(TemplateError) in
                let text = call.text(0)
                let end = text.utf8.lastIndex(of: UInt8(ascii: "/"))
                return .string(clean(end.map { String(text[...$0]) } ?? ""))
            },
            Function("clean", [.text], "Shortest equivalent slash path.") { call throws(TemplateError) in
                .string(clean(call.text(0)))
            },
            Function("ext", [.text], "Extension with its dot.") { call throws(TemplateError) in
                .string(extensionPart(call.text(0)))
            },
            Function("isAbs", [.text], "Whether the path starts at the root.") { call throws(TemplateError) in
                .bool(call.text(0).utf8.first == UInt8(ascii: "/"))
            },
        ]
        // The server's separators are slashes, so both families are the same.
        return slash + slash.map { $0.renamed("os" + $0.name.prefix(1).uppercased() + $0.name.dropFirst()) }
    }()

    private static func base(_ text: String) -> String {
        if text.isEmpty { return "." }
        let parts = text.utf8.split(separator: UInt8(ascii: "/"))
        return parts.last.map { String(decoding: $0, as: UTF8.self) } ?? "/"
    }

    static func clean(_ text: String) -> String {
        let isRooted = text.utf8.first == UInt8(ascii: "/")
        var parts: [String] = []
        for slice in text.utf8.split(separator: UInt8(ascii: "/")) {
            let part = String(decoding: slice, as: UTF8.self)
            if part == "." { continue }
            if part != ".." {
                parts.append(part)
            } else if let last = parts.last, last != ".." {
                parts.removeLast()
            } else if !isRooted {
                parts.append("..")
            }
        }
        let joined = parts.joined(separator: "/")
        return isRooted ? "/" + joined : joined.isEmpty ? "." : joined
    }

    private static func extensionPart(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard let mark = bytes.lastIndex(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }),
            bytes[mark] == UInt8(ascii: ".")
        else { return "" }
        return String(decoding: bytes[mark...], as: UTF8.self)
    }
}
