import Engine
package import ToolCatalog
import WorkflowLoading
package import WorkflowModel

/// Which tools a workflow lacks. See docs/workflows.md.
package struct WorkflowAvailability: Sendable {
    private let registry: DefinitionRegistry
    private let catalog: ToolCatalog

    package init(registry: DefinitionRegistry, catalog: ToolCatalog) {
        self.registry = registry
        self.catalog = catalog
    }

    /// What every answer depends on; the same as long as neither definitions nor tools change.
    package struct Generation: Sendable, Hashable {
        var definitions: Int
        var tools: Int
    }

    package var generation: Generation {
        Generation(definitions: registry.generation, tools: catalog.generation)
    }

    /// Names of the tools that cannot be called now, those of nested workflows included, in order of first use.
    package func missingTools(of workflow: WorkflowDefinition) -> [String] {
        var missing: [String] = []
        var visited: Set<String> = [workflow.name]
        collect(workflow, &visited, &missing)
        return missing
    }

    private func collect(_ workflow: WorkflowDefinition, _ visited: inout Set<String>, _ missing: inout [String]) {
        let tools = workflow.requiredTools
        for tool in catalog.missing(among: tools) where !missing.contains(tool) { missing.append(tool) }
        for tool in tools where tool.hasPrefix(WorkflowDefinition.toolPrefix) {
            let name = String(tool.dropFirst(WorkflowDefinition.toolPrefix.count))
            guard visited.insert(name).inserted else { continue }
            if let nested = registry.workflow(name)?.workflow {
                collect(nested, &visited, &missing)
            } else if !missing.contains(tool) {
                missing.append(tool)
            }
        }
    }
}
