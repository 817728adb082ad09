package import JSON

/// The arguments of a tool that clients repeat in headers, so that proxies can route by them. Both sides of a connection
/// use it: a client makes the headers, a server holds them against the arguments.
/// Source: MCP 2026-07-28, `server/tools` and `basic/transports/streamable-http`, `x-mcp-header`.
package struct ParameterHeaders: Hashable, Sendable {
    /// Why clients must not call a tool with such annotations over HTTP.
    package struct Invalid: Error, Hashable, Sendable { package var reason: String }

    private struct Mirrored: Hashable, Sendable {
        var path: [String]
        var header: String
    }

    package static let keyword = "x-mcp-header"
    /// Levels of schemas that are looked at.
    private static let depthLimit = 32
    /// Keywords that hold data, in which the keyword is none.
    private static let dataKeywords: Set<String> = ["const", "enum", "default", "examples"]

    private var mirrored: [Mirrored] = []

    /// Reads the annotations of an input schema.
    package init(validating schema: JSONObject) throws(Invalid) {
        var seen: Set<String> = []
        try read(.object(schema), path: [], isReachable: true, depth: 0, &seen)
    }

    /// Of a tool that a client calls: annotations that break a rule ask for nothing, as no client repeats their arguments.
    package init(_ schema: JSONObject) {
        do throws(Invalid) {
            try self.init(validating: schema)
        } catch {
            self.init()
        }
    }

    private init() {}

    package var isEmpty: Bool { mirrored.isEmpty }

    // MARK: - A client's side

    /// The headers for a call; absent and null arguments have none.
    package func fields(_ arguments: JSONObject) -> [HTTPField] {
        mirrored.compactMap { one in
            let text: String? =
                switch Self.value(at: one.path, in: arguments) {
                case .string(let text)?: text
                case .bool(let flag)?: flag ? "true" : "false"
                case let number? where number.isNumber: number.text()
                default: nil
                }
            return text.map { HTTPField("Mcp-Param-\(one.header)", RoutingFields.encoded($0)) }
        }
    }

    // MARK: - A server's side

    /// Holds the headers against the arguments: each argument that is there has its header with its value, and no other
    /// annotated argument has one.
    ///
    /// - Parameter headers: by the rest of their names in small letters.
    package func check(_ headers: [String: [String]], against arguments: JSONObject) throws(JSONRPCError) {
        for one in mirrored {
            let name = "Mcp-Param-\(one.header)"
            let given = headers[one.header.lowercased()] ?? []
            guard given.count <= 1 else { throw .headerMismatch("\(name) is repeated") }
            switch (given.first, Self.value(at: one.path, in: arguments)) {
            case (nil, nil): continue
            case (nil, _?): throw .headerMismatch("\(name) is missing")
            case (_?, nil): throw .headerMismatch("\(name) is given, but its argument is not")
            case (let text?, let argument?):
                guard let decoded = HeaderValue.decoded(text), Self.agrees(decoded, argument) else {
                    throw .headerMismatch("\(name) is not the argument's value")
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

    // MARK: - Reading

    /// The schema without any annotation, for a tool that is to be offered although they break a rule.
    package static func stripped(_ schema: JSONObject) -> JSONObject {
        guard case .object(let plain) = stripped(.object(schema), depth: 0) else { return schema }
        return plain
    }

    private static func stripped(_ schema: JSONValue, depth: Int) -> JSONValue {
        guard depth <= depthLimit else { return schema }
        switch schema {
        case .array(let members): return .array(members.map { stripped($0, depth: depth + 1) })
        case .object(let members):
            var plain = JSONObject(minimumCapacity: members.count)
            for (key, value) in members where key != keyword {
                if key == "properties", case .object(let properties) = value {
                    // A property may have the keyword's name.
                    plain[key] = .object(JSONObject(properties.map { ($0, stripped($1, depth: depth + 1)) }))
                } else {
                    plain[key] = dataKeywords.contains(key) ? value : stripped(value, depth: depth + 1)
                }
            }
            return .object(plain)
        default: return schema
        }
    }

    /// - Parameter isReachable: whether only `properties` lead here from the root.
    private mutating func read(
        _ schema: JSONValue,
        path: [String],
        isReachable: Bool,
        depth: Int,
        _ seen: inout Set<String>
    ) throws(Invalid) {
        guard depth <= Self.depthLimit else { return }
        switch schema {
        case .array(let members):
            for member in members { try read(member, path: path, isReachable: false, depth: depth + 1, &seen) }
        case .object(let members):
            if let name = members[Self.keyword] {
                try add(name, members, path: path, isReachable: isReachable && !path.isEmpty, &seen)
            }
            for (key, value) in members where key != Self.keyword {
                guard key == "properties", case .object(let properties) = value else {
                    if Self.dataKeywords.contains(key) { continue }
                    try read(value, path: path, isReachable: false, depth: depth + 1, &seen)
                    continue
                }
                for (property, inner) in properties {
                    try read(inner, path: path + [property], isReachable: isReachable, depth: depth + 1, &seen)
                }
            }
        default: break
        }
    }

    private mutating func add(
        _ name: JSONValue,
        _ schema: JSONObject,
        path: [String],
        isReachable: Bool,
        _ seen: inout Set<String>
    ) throws(Invalid) {
        let place = path.joined(separator: ".")
        func invalid(_ reason: String) -> Invalid { Invalid(reason: "\(Self.keyword) of '\(place)' \(reason)") }
        guard let header = name.stringValue, !header.isEmpty, header.utf8.allSatisfy(Self.isTokenByte) else {
            throw invalid("is no header name")
        }
        guard isReachable else { throw invalid("is not on a plain property") }
        guard let type = schema["type"]?.stringValue, ["string", "integer", "boolean"].contains(type) else {
            throw invalid("is on a property that is no string, integer or boolean")
        }
        guard seen.insert(header.lowercased()).inserted else { throw invalid("repeats the header \(header)") }
        mirrored.append(Mirrored(path: path, header: header))
    }

    /// Source: RFC 9110, section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
