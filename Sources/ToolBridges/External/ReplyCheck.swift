import JSON
import SchemaValidation
import Synchronization
import ToolCatalog
import WorkflowModel

/// Holds results of external tools against the output schemas that their servers declare.
///
/// Clients that find structured content at odds with its schema refuse the whole reply, mostly in words about the
/// protocol. Source: MCP 2026-07-28, tools, "Output Schema".
final class ReplyCheck: Sendable {
    /// Compiled schemas that are kept; beyond it all are forgotten.
    static let keptSchemas = 4096

    private struct Known: Sendable {
        /// Where the tool stood in its server's list.
        var position: Int
        var json: JSONValue?
        /// nil without a schema, and with one that cannot be used: that is for the client to judge.
        var schema: Schema?
    }

    private struct Key: Hashable, Sendable {
        var server: String
        var tool: String
    }

    private let known = Mutex<[Key: Known]>([:])

    /// What is wrong with a result; nil if nothing is. Errors and replies without structured content are not judged.
    func complaint(about result: JSONObject, of tool: String, on server: ExternalServer) -> String? {
        if let content = result["content"], content.arrayValue == nil { return "its content is no list of blocks" }
        guard let structured = result["structuredContent"], result["isError"] != true,
            let schema = schema(of: tool, server)
        else { return nil }
        let verdict = schema.validate(structured, options: ValidationOptions(maximumErrors: 3))
        guard !verdict.isValid else { return nil }
        let reasons = verdict.errors.prefix(3).map(\.message).joined(separator: "; ")
        return "its structured content does not fit the output schema of the tool: \(reasons)"
    }

    private func schema(of tool: String, _ server: ExternalServer) -> Schema? {
        let key = Key(server: server.definition.name, tool: tool)
        let tools = server.tools
        func isAt(_ position: Int) -> Bool { tools[position].originalName == tool }
        if let known = known.withLock({ $0[key] }), known.position < tools.count, isAt(known.position),
            tools[known.position].extras["outputSchema"] == known.json
        {
            return known.schema
        }
        guard let position = tools.indices.first(where: isAt) else { return nil }
        let json = tools[position].extras["outputSchema"]
        let fresh = Known(position: position, json: json, schema: json.flatMap { try? Schema($0) })
        known.withLock { known in
            if known.count >= Self.keptSchemas { known = [:] }
            known[key] = fresh
        }
        return fresh.schema
    }
}
