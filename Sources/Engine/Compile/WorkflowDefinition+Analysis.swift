import Checksums
import GoTemplate
import JSON
package import WorkflowModel

extension WorkflowDefinition {
    /// Names of all tools that it calls, conditions and handlers included, in order of first use. Names that are
    /// templates are left out: they are known only when they are rendered.
    package var requiredTools: [String] {
        var names: [String] = []
        func add(_ name: String) {
            if !Template.isTemplate(name), !names.contains(name) { names.append(name) }
        }
        func visit(_ condition: ConditionDefinition) {
            switch condition {
            case .tool(let name, _, _): add(name)
            case .all(let parts), .any(let parts): for part in parts { visit(part) }
            case .not(let part): visit(part)
            case .template, .fromStep, .jsonPath: return
            }
        }
        func visit(_ steps: [StepDefinition]) {
            for step in steps {
                if let condition = step.condition { visit(condition) }
                switch step.action {
                case .tool(let name, _): add(name)
                case .forEach(let loop): visit(loop.steps)
                case .parallel(let children): visit(children)
                }
            }
        }
        visit(steps)
        visit(onFailure)
        return names
    }

    /// Hash of name and content, whatever the order of keys in the file.
    package var contentHash: String {
        let content: JSONValue = ["name": .string(name), "spec": .object(source)]
        return Hexadecimal.text(SHA2.sha256(content.bytes(.canonical)))
    }
}

extension WorkflowDefinition {
    /// Whether a step calls a tool whose name is a template.
    package var hasToolsNamedByTemplates: Bool {
        func isNamed(_ steps: [StepDefinition]) -> Bool {
            steps.contains { step in
                switch step.action {
                case .tool(let name, _): Template.isTemplate(name)
                case .forEach(let loop): isNamed(loop.steps)
                case .parallel(let children): isNamed(children)
                }
            }
        }
        return isNamed(steps) || isNamed(onFailure)
    }
}
