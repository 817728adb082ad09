package import JSON

/// The arguments of a tool that clients repeat in headers, so that proxies can route by them.
/// Source: MCP 2026-07-28, `server/tools` and `basic/transports/streamable-http`, `x-mcp-header`.
package struct ParameterHeaders: Sendable {
    package static let keyword = "x-mcp-header"
    private static let depthLimit = 32

    /// The rest of the header's name in small letters, and where the argument is.
    private var paths: [(header: String, path: [String])] = []

    /// - Parameter schema: the tool's input schema. Annotations that break a rule count for nothing: clients do not call
    ///   such a tool over HTTP.
    package init(_ schema: JSONObject) {
        collect(schema, path: [])
        var names: Set<String> = []
        for entry in paths where !names.insert(entry.header).inserted {
            paths.removeAll { $0.header == entry.header }
        }
    }

    package var isEmpty: Bool { paths.isEmpty }

    private mutating func collect(_ schema: JSONObject, path: [String]) {
        guard path.count < Self.depthLimit, case .object(let properties)? = schema["properties"] else { return }
        for (name, value) in properties {
            guard case .object(let property) = value else { continue }
            if let header = property[Self.keyword]?.stringValue, Self.isToken(header),
                ["string", "integer", "boolean"].contains(property["type"]?.stringValue)
            {
                paths.append((header.lowercased(), path + [name]))
            }
            collect(property, path: path + [name])
        }
    }

    /// Holds the headers against the arguments: each argument that is there has its header with its value, and no other
    /// annotated argument has one.
    package func check(_ headers: [String: [String]], against arguments: JSONObject) throws(JSONRPCError) {
        for (header, path) in paths {
            let given = headers[header] ?? []
            let argument = Self.value(at: path, in: arguments)
            guard given.count <= 1 else { throw .headerMismatch("Mcp-Param-\(header) is repeated") }
            switch (given.first, argument) {
            case (nil, nil): continue
            case (nil, _?): throw .headerMismatch("Mcp-Param-\(header) is missing")
            case (_?, nil): throw .headerMismatch("Mcp-Param-\(header) is given, but its argument is not")
            case (let text?, let argument?):
                guard let decoded = HeaderValue.decoded(text), Self.agrees(decoded, argument) else {
                    throw .headerMismatch("Mcp-Param-\(header) is not the argument's value")
                }
            }
        }
    }

    private static func value(at path: [String], in arguments: JSONObject) -> JSONValue? {
        var value = JSONValue.object(arguments)
        for name in path {
            guard let next = value[name], !next.isNull else { return nil }
            value = next
        }
        return value
    }

    private static func agrees(_ text: String, _ argument: JSONValue) -> Bool {
        switch argument {
        case .string(let value): text == value
        case .bool(let value): text == (value ? "true" : "false")
        case .integer(let value): Int64(text) == value || Double(text) == Double(value)
        case .double(let value): Double(text) == value
        // No header can carry it, and no schema that may be annotated allows it: the tool will say so.
        case .null, .bigNumber, .array, .object: true
        }
    }

    /// Source: RFC 9110, section 5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
