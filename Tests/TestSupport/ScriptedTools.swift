package import JSON
import Synchronization
package import ToolCatalog

/// Tools whose answers are closures, and which remember how they were called.
package final class ScriptedTools: ToolProvider {
    package struct Call: Sendable, Hashable {
        package var tool: String
        package var arguments: JSONObject
    }

    private let scripts: [String: @Sendable (JSONObject) async throws -> ToolResult]
    private let annotations: [String: ToolAnnotations]
    private let recorded = Mutex<[Call]>([])

    package init(
        _ scripts: [String: @Sendable (JSONObject) async throws -> ToolResult],
        annotations: [String: ToolAnnotations] = [:]
    ) {
        self.scripts = scripts
        self.annotations = annotations
    }

    package var calls: [Call] { recorded.withLock { $0 } }

    package func count(of tool: String) -> Int { calls.count { $0.tool == tool } }

    package var tools: [ToolDescriptor] {
        scripts.keys.map { name in
            ToolDescriptor(name: name, description: "scripted", annotations: annotations[name] ?? ToolAnnotations())
        }
    }

    package func call(
        _ name: String,
        _ arguments: JSONObject,
        _ context: CallContext
    ) async throws(ToolCallError) -> ToolResult {
        recorded.withLock { $0.append(Call(tool: name, arguments: arguments)) }
        guard let script = scripts[name] else { throw ToolCallError(.notFound, "tool not found: \(name)") }
        do {
            return try await script(arguments)
        } catch let error as ToolCallError {
            throw error
        } catch is CancellationError {
            throw ToolCallError(.cancelled, "cancelled")
        } catch {
            return .failure("\(error)")
        }
    }
}
