import Checksums
import GoTemplate
package import JSON
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

    /// What is kept to execute the same definition again after a crash: `name`, `spec`, and `file` with `name` and `text`
    /// for a definition that was read from one.
    package var pinned: JSONObject {
        var pinned: JSONObject = ["name": .string(name), "spec": .object(source)]
        if let origin { pinned["file"] = ["name": .string(origin.fileName), "text": .string(origin.fileText)] }
        return pinned
    }

    /// Hash of everything that is pinned, so that an execution that is resumed names the same places in messages; the
    /// order of keys in `spec` does not count.
    package var contentHash: String {
        Hexadecimal.text(SHA2.sha256(JSONValue.object(pinned).bytes(.canonical)))
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
