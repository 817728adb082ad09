package import JSON

/// What one body or line holds.
package enum ServerInput: Sendable {
    case message(JSONRPCMessage)
    /// Messages that came as an array, or why one of them is none.
    case batch([Result<JSONRPCMessage, JSONRPCMessage.DecodingError>])

    /// Most messages in one array.
    package static let batchLimit = 1000

    /// - Parameter limits: of the text.
    package init(
        decoding bytes: [UInt8],
        allowsBatches: Bool,
        limits: JSONLimits = JSONLimits()
    ) throws(JSONRPCMessage.DecodingError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes, limits: limits)
        } catch {
            throw JSONRPCMessage.DecodingError(error: .parseError(error.description), id: nil)
        }
        guard case .array(let elements) = value else {
            self = .message(try JSONRPCMessage(value))
            return
        }
        func refusal(_ text: String) -> JSONRPCMessage.DecodingError {
            JSONRPCMessage.DecodingError(error: .invalidRequest(text), id: nil)
        }
        guard allowsBatches else { throw refusal("arrays of messages are only known to sessions of 2025-03-26") }
        guard !elements.isEmpty else { throw refusal("an array without messages") }
        guard elements.count <= Self.batchLimit else {
            throw refusal("more than \(Self.batchLimit) messages in one array")
        }
        self = .batch(
            elements.map { element in
                do throws(JSONRPCMessage.DecodingError) {
                    let message = try JSONRPCMessage(element)
                    if case .request(let request) = message, request.method == "initialize" {
                        let error = JSONRPCError.invalidRequest("initialize must not be part of an array")
                        return .failure(JSONRPCMessage.DecodingError(error: error, id: request.id))
                    }
                    return .success(message)
                } catch {
                    return .failure(error)
                }
            }
        )
    }
}
