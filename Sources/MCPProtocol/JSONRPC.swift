package import JSON

/// The id of a request; keeps its JSON type, so that `1` and `"1"` stay different.
package enum JSONRPCID: Hashable, Sendable {
    case integer(Int64)
    case string(String)
    /// A number that is no `Int64`, as it was written.
    case number(String)

    package init?(_ value: JSONValue) {
        switch value {
        case .integer(let number): self = .integer(number)
        case .string(let text): self = .string(text)
        case .double, .bigNumber: self = .number(value.text())
        default: return nil
        }
    }

    package var json: JSONValue {
        switch self {
        case .integer(let number): .integer(number)
        case .string(let text): .string(text)
        case .number(let text): JSONValue(number: text) ?? .string(text)
        }
    }
}

/// An error object of JSON-RPC; what a peer answered, or what a handler throws to answer with.
package struct JSONRPCError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Codes {
        package static let parseError = -32700
        package static let invalidRequest = -32600
        package static let methodNotFound = -32601
        package static let invalidParams = -32602
        package static let internalError = -32603
        package static let headerMismatch = -32020
        package static let missingClientCapability = -32021
        package static let unsupportedProtocolVersion = -32022
        /// Sessions up to 2025-11-25 only.
        package static let resourceNotFound = -32002
    }

    package var code: Int
    package var message: String
    package var data: JSONValue?

    package init(code: Int, message: String, data: JSONValue? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    /// Reads the `error` member of an answer; tolerates a missing code or message.
    package init(_ value: JSONValue) {
        code = value["code"]?.integerValue.flatMap { Int(exactly: $0) } ?? Codes.internalError
        message = value["message"]?.stringValue ?? "error without a message"
        data = value["data"]
    }

    package var description: String { message }

    package static func parseError(_ text: String) -> JSONRPCError {
        JSONRPCError(code: Codes.parseError, message: "Parse error: \(text)")
    }

    package static func invalidRequest(_ text: String) -> JSONRPCError {
        JSONRPCError(code: Codes.invalidRequest, message: "Invalid request: \(text)")
    }

    package static func methodNotFound(_ method: String) -> JSONRPCError {
        JSONRPCError(code: Codes.methodNotFound, message: "Method not found: \(method)")
    }

    package static func invalidParams(_ text: String) -> JSONRPCError {
        JSONRPCError(code: Codes.invalidParams, message: text)
    }

    /// A fault of our own. Says where to look for it, and nothing about it: texts of errors may have paths and secrets.
    package static func unexpected(_ reference: String) -> JSONRPCError {
        internalError("Internal error; the server's log has the reason under \(reference)")
    }

    package static func unknownTool(_ name: String) -> JSONRPCError {
        JSONRPCError(code: Codes.invalidParams, message: "Unknown tool: \(name)")
    }

    package static func internalError(_ text: String) -> JSONRPCError {
        JSONRPCError(code: Codes.internalError, message: text)
    }

    package var json: JSONValue {
        var object: JSONObject = ["code": .integer(Int64(code)), "message": .string(message)]
        if let data { object["data"] = data }
        return .object(object)
    }
}

package struct JSONRPCRequest: Hashable, Sendable {
    package var id: JSONRPCID
    package var method: String
    /// Empty when the message has none.
    package var params: JSONObject

    package init(id: JSONRPCID, method: String, params: JSONObject = [:]) {
        self.id = id
        self.method = method
        self.params = params
    }
}

package struct JSONRPCNotification: Hashable, Sendable {
    package var method: String
    package var params: JSONObject

    package init(method: String, params: JSONObject = [:]) {
        self.method = method
        self.params = params
    }
}

package struct JSONRPCResponse: Hashable, Sendable {
    /// Nil when the peer could not read the id of what it answers.
    package var id: JSONRPCID?
    package var result: Result<JSONObject, JSONRPCError>

    package init(id: JSONRPCID?, result: Result<JSONObject, JSONRPCError>) {
        self.id = id
        self.result = result
    }
}

/// One message of either direction.
package enum JSONRPCMessage: Hashable, Sendable {
    case request(JSONRPCRequest)
    case notification(JSONRPCNotification)
    case response(JSONRPCResponse)

    /// Why bytes are no message, with the id to answer to when it could be read.
    package struct DecodingError: Error, Hashable, Sendable {
        package var error: JSONRPCError
        package var id: JSONRPCID?
    }

    package init(decoding bytes: [UInt8]) throws(DecodingError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw DecodingError(error: .parseError(error.description), id: nil)
        }
        self = try JSONRPCMessage(value)
    }

    package init(_ value: JSONValue) throws(DecodingError) {
        guard case .object(let object) = value else {
            throw DecodingError(error: .invalidRequest("a message is one JSON object"), id: nil)
        }
        let idMember = object["id"]
        let id = idMember.flatMap { JSONRPCID($0) }
        func invalid(_ text: String) -> DecodingError { DecodingError(error: .invalidRequest(text), id: id) }
        guard object["jsonrpc"]?.stringValue == "2.0" else { throw invalid("jsonrpc must be \"2.0\"") }
        guard let methodMember = object["method"] else {
            self = .response(try Self.response(object, id: id, invalid: invalid))
            return
        }
        guard case .string(let method) = methodMember else { throw invalid("method must be a string") }
        let params: JSONObject
        switch object["params"] {
        case nil, .null: params = [:]
        case .object(let members): params = members
        default: throw DecodingError(error: .invalidParams("params must be an object"), id: id)
        }
        guard let idMember else {
            self = .notification(JSONRPCNotification(method: method, params: params))
            return
        }
        guard let id else { throw invalid("id must be a string or a number, not \(idMember.typeName)") }
        self = .request(JSONRPCRequest(id: id, method: method, params: params))
    }

    private static func response(
        _ object: JSONObject,
        id: JSONRPCID?,
        invalid: (String) -> DecodingError
    ) throws(DecodingError) -> JSONRPCResponse {
        if let error = object["error"], !error.isNull {
            return JSONRPCResponse(id: id, result: .failure(JSONRPCError(error)))
        }
        guard let result = object["result"] else { throw invalid("neither method nor result nor error") }
        guard id != nil else { throw invalid("a result without an id") }
        guard case .object(let members) = result else { throw invalid("result must be an object") }
        return JSONRPCResponse(id: id, result: .success(members))
    }
}

/// Writes messages straight to bytes, without building a value around the payload.
package enum JSONRPCEncoder {
    package static func request(id: JSONRPCID, method: String, params: JSONObject) -> [UInt8] {
        var bytes = Array("{\"jsonrpc\":\"2.0\",\"id\":".utf8)
        id.json.write(to: &bytes)
        appendMethod(method, params, to: &bytes)
        return bytes
    }

    package static func notification(method: String, params: JSONObject = [:]) -> [UInt8] {
        var bytes = Array("{\"jsonrpc\":\"2.0\"".utf8)
        appendMethod(method, params, to: &bytes)
        return bytes
    }

    package static func result(id: JSONRPCID, _ result: JSONObject) -> [UInt8] {
        var bytes = resultStart(id: id)
        JSONValue.object(result).write(to: &bytes)
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    package static func error(id: JSONRPCID?, _ error: JSONRPCError) -> [UInt8] {
        var bytes = Array("{\"jsonrpc\":\"2.0\"".utf8)
        if let id {
            bytes += ",\"id\":".utf8
            id.json.write(to: &bytes)
        }
        bytes += ",\"error\":".utf8
        error.json.write(to: &bytes)
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// `{"jsonrpc":"2.0","id":…,"result":`; the caller appends the result and a brace.
    static func resultStart(id: JSONRPCID) -> [UInt8] {
        var bytes = Array("{\"jsonrpc\":\"2.0\",\"id\":".utf8)
        id.json.write(to: &bytes)
        bytes += ",\"result\":".utf8
        return bytes
    }

    private static func appendMethod(_ method: String, _ params: JSONObject, to bytes: inout [UInt8]) {
        bytes += ",\"method\":".utf8
        JSONValue.string(method).write(to: &bytes)
        if !params.isEmpty {
            bytes += ",\"params\":".utf8
            JSONValue.object(params).write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }
}
