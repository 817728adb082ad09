package import JSON

/// A complete answer.
package struct ServerAnswer: Hashable, Sendable {
    package var bytes: [UInt8]
    /// The HTTP status that goes with it.
    package var status: Int
    /// The task that this tells a session of, which hears of it from now on.
    package var begunTask: String?

    package init(bytes: [UInt8], status: Int = 200, begunTask: String? = nil) {
        self.bytes = bytes
        self.status = status
        self.begunTask = begunTask
    }

    package init(error: JSONRPCError, id: JSONRPCID?, era: MCPEra) {
        let told = error.told(to: era)
        bytes = JSONRPCEncoder.error(id: id, told)
        status = era == .modern ? Self.modernStatus(told.code) : 200
    }

    private static func modernStatus(_ code: Int) -> Int {
        switch code {
        case JSONRPCError.Codes.methodNotFound: 404
        // Clients of the official TypeScript SDK read no error in an answer with 500; other servers give 200 as well.
        case JSONRPCError.Codes.internalError: 200
        case -32768 ... -32000: 400
        default: 200
        }
    }
}

extension JSONRPCError {
    /// The error with a code that the era knows. The protocol keeps -32099 to -32020 for itself and gives three of
    /// them a meaning, in the modern era only; -32002 and -32042 belong to the legacy one; those up to -32000 mean nothing.
    func told(to era: MCPEra) -> JSONRPCError {
        let isKnown: Bool =
            switch code {
            case Codes.headerMismatch, Codes.missingClientCapability, Codes.unsupportedProtocolVersion: era == .modern
            case Codes.resourceNotFound, -32042: era == .legacy
            case -32099 ... -32000: false
            default: true
            }
        guard !isKnown else { return self }
        var told = self
        told.code = code == Codes.resourceNotFound ? Codes.invalidParams : Codes.internalError
        return told
    }

    /// A capability that the client did not declare in this request. `required` is an object of client capabilities.
    package static func missingCapability(_ required: JSONObject, for what: String) -> JSONRPCError {
        JSONRPCError(
            code: Codes.missingClientCapability,
            message: "\(what) needs a capability that the client did not declare",
            data: ["requiredCapabilities": .object(required)]
        )
    }

    package static func resourceNotFound(_ uri: String) -> JSONRPCError {
        JSONRPCError(
            code: Codes.resourceNotFound,
            message: "Resource not found: \(uri)",
            data: ["uri": .string(uri)]
        )
    }
}
