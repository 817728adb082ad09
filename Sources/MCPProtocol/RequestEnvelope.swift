import JSON

/// Keys of `_meta` that modern requests and results use.
package enum MCPMetaKeys {
    package static let protocolVersion = "io.modelcontextprotocol/protocolVersion"
    package static let clientCapabilities = "io.modelcontextprotocol/clientCapabilities"
    package static let clientInfo = "io.modelcontextprotocol/clientInfo"
    package static let serverInfo = "io.modelcontextprotocol/serverInfo"
    package static let subscriptionID = "io.modelcontextprotocol/subscriptionId"
    package static let progressToken = "progressToken"
}

/// The routing headers of a modern HTTP request, surrounding space removed.
package struct MCPRoutingHeaders: Hashable, Sendable {
    package var protocolVersion: String?
    package var method: String?
    package var name: String?
    /// Whether one of them was given more than once.
    package var isAmbiguous: Bool

    package init(protocolVersion: String?, method: String?, name: String?, isAmbiguous: Bool = false) {
        self.protocolVersion = protocolVersion
        self.method = method
        self.name = name
        self.isAmbiguous = isAmbiguous
    }
}

/// What a modern request says about itself.
struct RequestEnvelope {
    var version: MCPVersion
    var clientCapabilities: JSONObject
    var clientInfo: MCPImplementation?

    /// Whether `params` carry an envelope, be it incomplete. A `_meta` without our keys is none.
    static func isPresent(in params: JSONObject) -> Bool {
        guard case .object(let meta)? = params["_meta"] else { return false }
        return meta.hasKey(MCPMetaKeys.protocolVersion) || meta.hasKey(MCPMetaKeys.clientCapabilities)
            || meta.hasKey(MCPMetaKeys.clientInfo)
    }

    /// The first checks of a request, in the order of MCP's streamable HTTP transport.
    ///
    /// - Parameter headers: nil on stdio.
    init(_ request: JSONRPCRequest, headers: MCPRoutingHeaders?) throws(JSONRPCError) {
        guard case .object(let meta)? = request.params["_meta"] else {
            throw .invalidParams("params._meta with \(MCPMetaKeys.protocolVersion) is missing")
        }
        guard let versionText = meta[MCPMetaKeys.protocolVersion]?.stringValue else {
            throw .invalidParams("params._meta[\"\(MCPMetaKeys.protocolVersion)\"] is missing")
        }
        guard case .object(let capabilities)? = meta[MCPMetaKeys.clientCapabilities] else {
            throw .invalidParams("params._meta[\"\(MCPMetaKeys.clientCapabilities)\"] is missing")
        }
        if let headers { try Self.check(headers, request: request, version: versionText) }
        version = MCPVersion(versionText)
        guard version == .modern else {
            throw JSONRPCError(
                code: JSONRPCError.Codes.unsupportedProtocolVersion,
                message: "Unsupported protocol version: \(versionText)",
                data: ["supported": Self.supportedVersions, "requested": .string(versionText)]
            )
        }
        clientCapabilities = capabilities
        clientInfo = MCPImplementation(meta[MCPMetaKeys.clientInfo])
    }

    static let supportedVersions = JSONValue.array(MCPVersion.all.map { .string($0.text) })

    private static func check(
        _ headers: MCPRoutingHeaders,
        request: JSONRPCRequest,
        version: String
    ) throws(JSONRPCError) {
        func mismatch(_ text: String) -> JSONRPCError {
            JSONRPCError(code: JSONRPCError.Codes.headerMismatch, message: "Header mismatch: \(text)")
        }
        guard !headers.isAmbiguous else { throw mismatch("a routing header is repeated") }
        guard headers.protocolVersion == version else {
            throw mismatch("MCP-Protocol-Version is not the version of the body (\(version))")
        }
        guard headers.method == request.method else {
            throw mismatch("Mcp-Method is not the method of the body (\(request.method))")
        }
        let nameKey: String? =
            switch request.method {
            case "tools/call", "prompts/get": "name"
            case "resources/read": "uri"
            default: nil
            }
        guard let nameKey, let name = request.params[nameKey]?.stringValue else { return }
        guard let header = headers.name, HeaderValue.decoded(header) == name else {
            throw mismatch("Mcp-Name is not params.\(nameKey) of the body")
        }
    }
}

/// Header values of the form `=?base64?…?=`, which carry what a plain header cannot.
enum HeaderValue {
    /// The value itself, or what the sentinel form holds; nil when its base64 is broken.
    static func decoded(_ value: String) -> String? {
        guard value.hasPrefix("=?base64?"), value.hasSuffix("?="), value.utf8.count >= 11 else { return value }
        let encoded = Array(value.utf8.dropFirst(9).dropLast(2))
        guard let bytes = base64(encoded) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Strict: padding is required, foreign characters and stray trailing bits are refused.
    private static func base64(_ text: [UInt8]) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let padding = text.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        guard padding <= 2 else { return nil }
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text.dropLast(padding) {
            guard let digit = digit(byte) else { return nil }
            bits = bits << 6 | digit
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
                bits &= 1 << UInt32(count) - 1
            }
        }
        return bits == 0 ? bytes : nil
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
