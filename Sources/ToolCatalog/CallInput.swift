package import JSON

/// Somebody on the caller's side who can be asked while a call runs, because the tool's server wants to know something.
package struct CallInput: Sendable {
    /// A question in the words of MCP: `elicitation/create`, `sampling/createMessage` or `roots/list`, with its params.
    package struct Question: Sendable, Hashable {
        package var method: String
        package var params: JSONObject
        /// Who asks: the name of the external server.
        package var server: String

        package init(method: String, params: JSONObject, server: String) {
            self.method = method
            self.params = params
            self.server = server
        }
    }

    /// MCP's ClientCapabilities: what can be asked. Questions beyond them are never put.
    package var capabilities: JSONObject
    /// Gives the results in the words of MCP, in the order of the questions; throws why there are none. Declining is a
    /// result.
    package var answer: @Sendable ([Question]) async throws(ToolCallError) -> [JSONObject]

    package init(
        capabilities: JSONObject,
        answer: @escaping @Sendable ([Question]) async throws(ToolCallError) -> [JSONObject]
    ) {
        self.capabilities = capabilities
        self.answer = answer
    }
}
