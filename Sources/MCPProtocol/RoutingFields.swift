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
