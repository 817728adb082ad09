import JSON
import MCPProtocol
import MCPTransports

/// Offers a list of tools to an MCP client. Every failure of a tool is an error result with a sentence in it.
struct ToolHandler: MCPServerHandler {
    private let tools: [ExampleTool]

    init(_ tools: [ExampleTool]) { self.tools = tools }

    func listTools(_ request: MCPRequestContext) async throws(JSONRPCError) -> MCPToolList {
        .objects(tools.map(\.listing))
    }

    func callTool(
        name: String,
        arguments: JSONObject,
        request: MCPRequestContext
    ) async throws(JSONRPCError) -> JSONObject {
        guard let tool = tools.first(where: { $0.name == name }) else { throw .unknownTool(name) }
        do {
            return Self.result(try await tool.body(ToolArguments(arguments)).text(), isError: false)
        } catch {
            return Self.result("\(name): \(error)", isError: true)
        }
    }

    private static func result(_ text: String, isError: Bool) -> JSONObject {
        var result: JSONObject = ["content": [["type": "text", "text": .string(text)]]]
        if isError { result["isError"] = true }
        return result
    }
}
