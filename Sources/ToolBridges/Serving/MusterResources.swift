import Engine
package import JSON
import Logging
package import MCPProtocol
package import MCPTransports
package import Storage
package import ToolCatalog
import WorkflowLoading
import WorkflowModel

/// Workflows and executions as resources. See docs/serving.md.
package struct MusterResources: ResourceProvider {
    /// The latest executions that are listed; others are found by their ids.
    private static let listedExecutions = 100
    /// Entries of a journal that are shown, and their bytes.
    private static let eventLimit = 10_000
    private static let eventBytes = 4 << 20
    /// An execution that has ended does not change any more; a day.
    private static let endedTimeToLive: Int64 = 86_400_000

    private let registry: DefinitionRegistry
    private let store: any ExecutionStore
    private let catalog: ToolCatalog

    package init(registry: DefinitionRegistry, store: any ExecutionStore, catalog: ToolCatalog) {
        self.registry = registry
        self.store = store
        self.catalog = catalog
    }

    package func resources() async -> [JSONObject] {
        var resources = registry.current.definitions(of: .workflow).map { loaded in
            var resource: JSONObject = [
                "uri": .string(MusterURI.workflow(loaded.name).text), "name": .string(loaded.name),
                "title": .string("Workflow \(loaded.name)"), "mimeType": "application/json",
            ]
            if let description = loaded.workflow?.description, !description.isEmpty {
                resource["description"] = .string(description)
            }
            return resource
        }
        // A history that cannot be read is told by the tools that read it; the list is worth having without it.
        guard let page = try? await store.executions(matching: ExecutionQuery(limit: Self.listedExecutions)) else {
            return resources
        }
        for summary in page.executions {
            let changed = (summary.endedAt ?? summary.startedAt).rfc3339
            resources.append([
                "uri": .string(MusterURI.execution(summary.id).text), "name": .string(summary.id.text),
                "title": .string("Execution of \(summary.workflow), \(summary.status.rawValue)"),
                "mimeType": "application/json", "annotations": ["lastModified": .string(changed)],
            ])
        }
        return resources
    }

    package func resourceTemplates() async -> [JSONObject] {
        func template(_ uri: String, _ name: String, _ description: String) -> JSONObject {
            [
                "uriTemplate": .string(uri), "name": .string(name), "description": .string(description),
                "mimeType": "application/json",
            ]
        }
        return [
            template(MusterURI.workflowTemplate, "workflow", "A workflow: its arguments, its steps, its file"),
            template(MusterURI.executionTemplate, "execution", "The record of an execution"),
            template(MusterURI.eventsTemplate, "execution events", "What happened in an execution, in its order"),
        ]
    }

    package func read(_ uri: String, _ request: MCPRequestContext) async throws(JSONRPCError) -> MCPOutcome? {
        switch MusterURI(uri) {
        case nil: return nil
        case .workflow(let name):
            return contents(uri, try await text(of: "core_workflow_get", ["name": .string(name)], uri), .none)
        case .execution(let id):
            let text = try await text(of: "core_workflow_execution_get", ["execution_id": .string(id.text)], uri)
            return contents(uri, text, try await caching(id, uri))
        case .events(let id): return contents(uri, try await events(id, uri), try await caching(id, uri))
        }
    }

    private func contents(_ uri: String, _ text: String, _ caching: MCPCaching) -> MCPOutcome {
        let contents: JSONValue = [["uri": .string(uri), "mimeType": "application/json", "text": .string(text)]]
        return .complete(["contents": contents], caching)
    }

    /// The same document as the tool gives.
    private func text(of tool: String, _ arguments: JSONObject, _ uri: String) async throws(JSONRPCError) -> String {
        let result: ToolResult
        do throws(ToolCallError) {
            result = try await catalog.call(tool, arguments)
        } catch {
            throw .internalError(error.message)
        }
        guard !result.isError, let text = result.texts.first else { throw .resourceNotFound(uri) }
        return text
    }

    private func caching(_ id: ExecutionID, _ uri: String) async throws(JSONRPCError) -> MCPCaching {
        do throws(StoreError) {
            guard let summary = try await store.summary(of: id) else { throw StoreError(.unavailable, "") }
            return summary.status == .inProgress ? .none : MCPCaching(timeToLive: Self.endedTimeToLive, isPublic: false)
        } catch {
            throw .resourceNotFound(uri)
        }
    }

    private func events(_ id: ExecutionID, _ uri: String) async throws(JSONRPCError) -> String {
        let journal: [JournalEntry]
        do throws(StoreError) {
            journal = try await store.journal(of: id)
        } catch {
            throw .internalError(error.message)
        }
        guard !journal.isEmpty else { throw .resourceNotFound(uri) }
        var bytes = 0
        // The latest are worth most.
        let shown = journal.suffix(Self.eventLimit).reversed().prefix { entry in
            bytes += Self.json(entry).bytes().count
            return bytes <= Self.eventBytes
        }
        let document: JSONValue = [
            "execution_id": .string(id.text), "total": .integer(Int64(journal.count)),
            "truncated": .bool(shown.count < journal.count),
            "events": .array(shown.reversed().map(Self.json)),
        ]
        return document.text()
    }

    private static func json(_ entry: JournalEntry) -> JSONValue {
        var object: JSONObject = ["at": .string(entry.at.rfc3339)]
        for (key, value) in entry.fact.json { object[key] = value }
        return .object(object)
    }

    package func complete(template: String, _ completion: MCPCompletion) async -> MCPCompletionValues? {
        await values(template, completion).map { MCPCompletionValues($0) }
    }

    private func values(_ template: String, _ completion: MCPCompletion) async -> [String]? {
        switch (template, completion.argument) {
        case (MusterURI.workflowTemplate, "name"): return workflowNames(from: completion.value)
        case (MusterURI.executionTemplate, "id"), (MusterURI.eventsTemplate, "id"):
            return await executionIDs(from: completion.value)
        case (MusterURI.workflowTemplate, _), (MusterURI.executionTemplate, _), (MusterURI.eventsTemplate, _): return []
        default: return MusterURI(template) == nil ? nil : []
        }
    }

    func workflowNames(from start: String) -> [String] {
        registry.current.definitions(of: .workflow).map(\.name).filter { $0.hasPrefix(start) }.sorted()
    }

    /// Of the latest executions, the latest first.
    func executionIDs(from start: String) async -> [String] {
        // Nothing to offer is no failure of a completion.
        guard let page = try? await store.executions(matching: ExecutionQuery(limit: 1000)) else { return [] }
        return page.executions.map(\.id.text).filter { $0.hasPrefix(start) }
    }
}
