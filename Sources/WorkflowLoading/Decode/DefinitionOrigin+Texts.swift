import Diagnostics
import WorkflowModel

extension DefinitionOrigin {
    /// The file and the places of all templates of a workflow; nil for one that was made of JSON.
    init?(_ draft: WorkflowDraft) {
        guard let file = draft.spec.range?.file else { return nil }
        var texts: [Text] = []
        func add(_ steps: [StepDraft], block: String) {
            for step in steps {
                let key = block + (step.id?.text ?? "")
                texts += step.templateTexts.map { Text($0, owner: key) }
                add(step.children, block: key + "/")
            }
        }
        add(draft.steps ?? [], block: "")
        add(draft.onFailure, block: WorkflowDefinition.handlerPrefix)
        var outputs: [TemplateText] = []
        WorkflowDraft.collect(draft.output, step: nil, path: "output", &outputs)
        texts += outputs.map { Text($0, owner: "") }
        self.init(file: file, texts: texts)
    }

    /// The same of any other definition.
    init?(_ spec: YAMLNode) {
        guard let file = spec.range?.file else { return nil }
        var texts: [TemplateText] = []
        WorkflowDraft.collect(spec, step: nil, path: "", &texts)
        self.init(file: file, texts: texts.map { Text($0, owner: "") })
    }
}

extension DefinitionOrigin.Text {
    fileprivate init(_ text: TemplateText, owner: String) {
        let node = text.node
        self.init(owner: owner, path: text.path, text: text.text) { node.range(ofText: $0.lowerBound, $0.upperBound) }
    }
}
