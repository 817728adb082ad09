import Checksums
package import JSON

/// The headers by which a modern HTTP request can be routed without reading its body. Source: MCP 2026-07-28, streamable
/// HTTP, "Request Metadata" and "Custom Headers".
package enum RoutingFields {
    package static func of(method: String, params: JSONObject) -> [HTTPField] {
        var fields = [HTTPField("Mcp-Method", method)]
        let key: String? =
            switch method {
            case "tools/call", "prompts/get": "name"
            case "resources/read": "uri"
            case "tasks/get", "tasks/update", "tasks/cancel": "taskId"
            default: nil
            }
        if let key, let name = params[key]?.stringValue { fields.append(HTTPField("Mcp-Name", encoded(name))) }
        return fields
    }

    private static let sentinelStart = "=?base64?"
    private static let sentinelEnd = "?="

    /// The text as a header's value: as it is where that is safe, else in the form `=?base64?…?=`.
    package static func encoded(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let isPlain = bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        let hasOuterSpace = bytes.first == 0x20 || bytes.last == 0x20
        let looksEncoded = text.hasPrefix(sentinelStart) && text.hasSuffix(sentinelEnd)
        if isPlain, !hasOuterSpace, !looksEncoded { return text }
        return sentinelStart + Base64Text.encoded(bytes) + sentinelEnd
    }
}

/// The arguments of a tool that its input schema wants repeated as headers (`x-mcp-header`).
package struct ParameterFields: Hashable, Sendable {
    /// Why a tool with such annotations must not be offered.
    package struct Invalid: Error, Hashable, Sendable { package var reason: String }

    private struct Mirrored: Hashable, Sendable {
        var path: [String]
        var header: String
    }

    private static let annotation = "x-mcp-header"
    /// Levels of nested properties that are looked at.
    private static let depthLimit = 32
    private var mirrored: [Mirrored] = []

    /// Reads the annotations of an input schema.
    package init(schema: JSONObject) throws(Invalid) {
        var seen: Set<String> = []
        try read(.object(schema), path: [], isReachable: true, depth: 0, &seen)
    }

    package var isEmpty: Bool { mirrored.isEmpty }

    /// The headers for a call; absent and null arguments have none.
    package func fields(_ arguments: JSONObject) -> [HTTPField] {
        mirrored.compactMap { one in
            var value: JSONValue? = .object(arguments)
            for key in one.path { value = value?[key] }
            let text: String? =
                switch value {
                case .string(let text)?: text
                case .bool(let flag)?: flag ? "true" : "false"
                case let number? where number.isNumber: number.text()
                default: nil
                }
            return text.map { HTTPField("Mcp-Param-\(one.header)", RoutingFields.encoded($0)) }
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
            if let name = members[Self.annotation] {
                try add(name, members, path: path, isReachable: isReachable && !path.isEmpty, &seen)
            }
            for (key, value) in members where key != Self.annotation {
                guard key == "properties", case .object(let properties) = value else {
                    // Names of properties are no keywords, and examples and constants hold data.
                    if ["const", "enum", "default", "examples"].contains(key) { continue }
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
        func invalid(_ reason: String) -> Invalid { Invalid(reason: "\(Self.annotation) of '\(place)' \(reason)") }
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
