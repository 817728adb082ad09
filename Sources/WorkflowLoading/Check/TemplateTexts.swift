import Diagnostics

/// A text with a template in it and the step that it belongs to.
struct TemplateText {
    var text: String
    /// Where the text stands; the range is nil for a map's key that has none.
    var node: YAMLNode
    /// Nil for the output template.
    var step: StepDraft?
    /// Dotted, below the step's arguments or the definition.
    var path: String
}

extension WorkflowDraft {
    /// Every text that contains `{{` and `}}`, in the order of the file.
    var templateTexts: [TemplateText] {
        var texts: [TemplateText] = []
        for step in allSteps { texts += step.templateTexts }
        Self.collect(output, step: nil, path: "output", &texts)
        return texts
    }

    /// Walks a value's strings at any depth; keys are not rendered.
    static func collect(
        _ node: YAMLNode?,
        step: StepDraft?,
        path: String,
        _ texts: inout [TemplateText]
    ) {
        guard let node else { return }
        switch node.content {
        case .scalar(let scalar):
            guard scalar.text.contains("{{"), scalar.text.contains("}}") else { return }
            texts.append(TemplateText(text: scalar.text, node: node, step: step, path: path))
        case .sequence(let elements):
            for (index, element) in elements.enumerated() {
                collect(element, step: step, path: "\(path)[\(index)]", &texts)
            }
        case .mapping(let entries):
            for entry in entries {
                collect(entry.value, step: step, path: path.isEmpty ? entry.key : "\(path).\(entry.key)", &texts)
            }
        }
    }
}

extension StepDraft {
    var templateTexts: [TemplateText] {
        var texts: [TemplateText] = []
        func collect(_ node: YAMLNode?) { WorkflowDraft.collect(node, step: self, path: "", &texts) }
        func collect(_ text: Located?) {
            collect(text.map { YAMLNode(.scalar(YAMLScalar($0.text, style: .doubleQuoted)), range: $0.range) })
        }
        collect(tool)
        for condition in condition?.flattened ?? [] {
            collect(condition.template)
            collect(condition.tool)
            collect(condition.arguments)
            for paths in [condition.expect?.jsonPath, condition.expectNot?.jsonPath, condition.jsonPath] {
                // The keys of jsonPath are templates too, unlike all other keys.
                for entry in paths?.entries ?? [] { collect(Located(text: entry.key, range: entry.keyRange)) }
                collect(paths)
            }
        }
        collect(forEach?.items)
        collect(arguments)
        return texts
    }
}
