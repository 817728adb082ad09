import Checksums
import JSON

/// The routing headers of a modern HTTP request, surrounding space removed.
package struct MCPRoutingHeaders: Hashable, Sendable {
    package var protocolVersion: String?
    package var method: String?
    package var name: String?
    /// `Mcp-Param-…`: the values by the rest of the name in small letters.
    package var parameters: [String: [String]]
    /// Whether one of the first three was given more than once.
    package var isAmbiguous: Bool

    package init(
        protocolVersion: String?,
        method: String?,
        name: String?,
        parameters: [String: [String]] = [:],
        isAmbiguous: Bool = false
    ) {
        self.protocolVersion = protocolVersion
        self.method = method
        self.name = name
        self.parameters = parameters
        self.isAmbiguous = isAmbiguous
    }

    func check(against request: JSONRPCRequest, version: String) throws(JSONRPCError) {
        guard !isAmbiguous else { throw .headerMismatch("a routing header is repeated") }
        guard protocolVersion == version else {
            throw .headerMismatch("MCP-Protocol-Version is not the version of the body (\(version))")
        }
        guard method == request.method else {
            throw .headerMismatch("Mcp-Method is not the method of the body (\(request.method))")
        }
        let key: String
        var isRequired = true
        switch request.method {
        case "tools/call", "prompts/get": key = "name"
        case "resources/read": key = "uri"
        case "tasks/get", "tasks/update", "tasks/cancel":
            key = "taskId"
            // The one client in the field that has tasks leaves it out.
            isRequired = false
        default: return
        }
        guard let value = request.params[key]?.stringValue, isRequired || name != nil else { return }
        guard let name, HeaderValue.decoded(name) == value else {
            throw .headerMismatch("Mcp-Name is not params.\(key) of the body")
        }
    }
}

extension JSONRPCError {
    static func headerMismatch(_ text: String) -> JSONRPCError {
        JSONRPCError(code: Codes.headerMismatch, message: "Header mismatch: \(text)")
    }
}

/// Header values of the form `=?base64?…?=`, which carry what a plain header cannot.
enum HeaderValue {
    /// The value itself, or what the sentinel form holds; nil when its base64 is broken.
    static func decoded(_ value: String) -> String? {
        guard value.hasPrefix("=?base64?"), value.hasSuffix("?="), value.utf8.count >= 11 else { return value }
        guard let bytes = Base64Text.bytes(value.utf8.dropFirst(9).dropLast(2)) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
