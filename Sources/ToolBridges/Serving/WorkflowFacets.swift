import Engine
import JSON
import ToolCatalog
import WorkflowLoading
import WorkflowModel

/// What clients are told about a workflow's tool beside its name and arguments: computed from the tools it calls.
struct WorkflowFacets {
    let registry: DefinitionRegistry
    let catalog: ToolCatalog

    /// True to the last tool: reading only if all of them are, and so on. A tool that is missing, or whose name is only
    /// known when a step runs, may do anything.
    func annotations(of workflow: WorkflowDefinition) -> ToolAnnotations {
        var tools: [ToolAnnotations?] = []
        var visited: Set<String> = [workflow.name]
        collect(workflow, &visited, &tools)
        let readOnly = tools.allSatisfy { $0?.readOnly == true }
        var annotations = ToolAnnotations(
            readOnly: readOnly,
            openWorld: tools.contains { $0?.openWorld != false }
        )
        guard !readOnly else { return annotations }
        annotations.destructive = tools.contains { $0?.readOnly != true && $0?.destructive != false }
        annotations.idempotent = tools.allSatisfy { $0?.isSafeToRepeat == true }
        return annotations
    }

    private func collect(
        _ workflow: WorkflowDefinition,
        _ visited: inout Set<String>,
        _ tools: inout [ToolAnnotations?]
    ) {
        if workflow.hasToolsNamedByTemplates { tools.append(nil) }
        for name in workflow.requiredTools {
            guard name.hasPrefix(WorkflowDefinition.toolPrefix) else {
                tools.append(catalog.descriptor(of: name)?.annotations)
                continue
            }
            let nested = String(name.dropFirst(WorkflowDefinition.toolPrefix.count))
            guard visited.insert(nested).inserted else { continue }
            if let definition = registry.workflow(nested)?.workflow {
                collect(definition, &visited, &tools)
            } else {
                tools.append(nil)
            }
        }
    }

    /// Of the answer to a call that succeeds. See docs/workflows.md, "The answer".
    static func outputSchema(of workflow: WorkflowDefinition) -> JSONValue {
        let id: JSONValue = ["type": "string", "description": "Id of the execution"]
        // An output template gives the answer any members.
        guard workflow.output == nil else {
            return ["type": "object", "properties": ["execution_id": id], "required": ["execution_id"]]
        }
        return [
            "type": "object",
            "properties": [
                "execution_id": id, "workflow": ["type": "string"], "status": ["type": "string"],
                "input": ["type": "object", "description": "Arguments after defaults"],
                "steps": ["type": "array", "items": ["type": "object"]],
                "template_vars": ["type": "array", "items": ["type": "string"]],
            ], "required": ["execution_id", "workflow", "status", "input", "steps", "template_vars"],
        ]
    }
}

/// Makes titles out of names.
enum ToolTitle {
    /// `rotate-keys` gives `Rotate keys`.
    static func make(_ name: some StringProtocol) -> String {
        let words = name.split { "-_. ".contains($0) }.joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}
