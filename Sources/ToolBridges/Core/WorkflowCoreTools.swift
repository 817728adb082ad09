import Engine
import JSON
import Synchronization
import ToolCatalog
import WorkflowLoading
import WorkflowModel

/// `core_workflow_list`, `_get` and `_available`. See docs/tools.md.
package enum WorkflowCoreTools {
    package static func make(registry: DefinitionRegistry, availability: WorkflowAvailability) -> [CoreTool] {
        let named = CoreTool.Parameter("name", "string", "Name of the workflow", isRequired: true)
        let list = WorkflowListReply()
        return [
            CoreTool(
                "core_workflow_list",
                "List all workflows",
                [
                    CoreTool.Parameter(
                        "include_system",
                        "boolean",
                        "Include system-defined workflows",
                        defaultValue: true
                    )
                ],
                output: CoreOutput.workflowList,
                annotations: .reading
            ) { arguments, _ in
                _ = try arguments.flag("include_system", default: true)
                return list.reply(for: availability.generation) {
                    let lines = registry.current.definitions(of: .workflow).map { loaded in
                        JSONValue.object(line(loaded, availability))
                    }
                    return .json(["workflows": .array(lines)])
                }
            },
            CoreTool(
                "core_workflow_get",
                "Get a workflow's definition",
                [named],
                output: CoreOutput.workflow,
                annotations: .reading
            ) { arguments, _ in
                let name = try arguments.requiredText("name")
                guard let loaded = registry.workflow(name) else {
                    throw CoreToolFailure("Failed to get workflow: workflow \(name) not found")
                }
                return .json(.object(details(loaded, availability)))
            },
            CoreTool(
                "core_workflow_available",
                "Check whether every tool that a workflow needs is there",
                [named],
                output: CoreOutput.workflowAvailability,
                annotations: .reading
            ) { arguments, _ in
                let name = try arguments.requiredText("name")
                guard let loaded = registry.workflow(name) else {
                    throw CoreToolFailure("Failed to check workflow: workflow \(name) not found")
                }
                let missing = loaded.workflow.map { availability.missingTools(of: $0) } ?? []
                return .json([
                    "name": .string(name), "available": .bool(loaded.isValid && missing.isEmpty),
                    "missingTools": .array(missing.map { .string($0) }),
                ])
            },
        ]
    }

    private static func line(_ loaded: LoadedDefinition, _ availability: WorkflowAvailability) -> JSONObject {
        let isAvailable = loaded.workflow.map { availability.missingTools(of: $0).isEmpty } ?? false
        var line: JSONObject = ["name": .string(loaded.name), "available": .bool(isAvailable)]
        if let description = loaded.spec["description"]?.stringValue, !description.isEmpty {
            line["description"] = .string(description)
        }
        if !loaded.isValid { line["valid"] = false }
        return line
    }

    private static func details(_ loaded: LoadedDefinition, _ availability: WorkflowAvailability) -> JSONObject {
        let isAvailable = loaded.workflow.map { availability.missingTools(of: $0).isEmpty } ?? false
        var workflow: JSONObject = [
            "name": .string(loaded.name), "description": loaded.spec["description"] ?? "",
        ]
        let labels = JSONObject(loaded.labels.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
        if !labels.isEmpty { workflow["labels"] = .object(labels) }
        let spec = SpecSpelling.toolReply(SpecSpelling.camelCase(.workflow, loaded.spec))
        workflow["args"] = spec["args"] ?? [:]
        workflow["steps"] = spec["steps"] ?? []
        workflow["onFailure"] = spec["onFailure"]
        workflow["output"] = spec["output"]
        workflow["available"] = .bool(isAvailable)
        if !loaded.isValid {
            workflow["valid"] = false
            workflow["validationErrors"] = .array(loaded.errors.map { .string($0) })
        }
        let file = DefinitionWriter.text(.workflow, name: loaded.name, labels: loaded.labels, spec: loaded.spec)
        return ["workflow": .object(workflow), "yaml": .string(file)]
    }
}

/// The list of workflows as it was last given.
private final class WorkflowListReply: Sendable {
    private let last = Mutex<(generation: WorkflowAvailability.Generation, reply: ToolResult)?>(nil)

    /// `make`'s reply, made anew only when the generation has changed. It is read before `make` looks: a change in between
    /// makes the reply newer than its generation, never older.
    func reply(for generation: WorkflowAvailability.Generation, _ make: () -> ToolResult) -> ToolResult {
        if let known = last.withLock({ $0 }), known.generation == generation { return known.reply }
        let reply = make()
        last.withLock { $0 = (generation, reply) }
        return reply
    }
}
