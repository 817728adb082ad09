import Diagnostics
import JSON
import WorkflowModel

extension WorkflowDefinition {
    /// The definition that a draft without errors describes; nil when something is missing after all.
    init?(_ draft: WorkflowDraft) {
        guard let drafts = draft.steps, let steps = StepDefinition.list(drafts), !steps.isEmpty else { return nil }
        guard let onFailure = StepDefinition.list(draft.onFailure), let source = draft.spec.json.objectValue else {
            return nil
        }
        self.init(
            name: draft.name.text,
            description: draft.description,
            labels: draft.labels,
            arguments: draft.arguments.map(ArgumentDefinition.init),
            steps: steps,
            onFailure: onFailure,
            output: draft.output?.json,
            source: source,
            origin: DefinitionOrigin(draft)
        )
    }
}

extension ArgumentDefinition {
    /// An argument without a type accepts anything, which is what an unknown word means.
    init(_ draft: ArgumentDraft) {
        self.init(
            name: draft.name,
            type: draft.type?.text ?? "",
            isRequired: draft.isRequired,
            defaultValue: draft.defaultValue,
            description: draft.description
        )
    }
}

extension StepDefinition {
    /// Nil when one of them is incomplete.
    static func list(_ drafts: [StepDraft]) -> [StepDefinition]? {
        var steps: [StepDefinition] = []
        for draft in drafts {
            guard let step = StepDefinition(draft) else { return nil }
            steps.append(step)
        }
        return steps
    }

    init?(_ draft: StepDraft) {
        guard let id = draft.id, let action = StepAction(draft) else { return nil }
        var condition: ConditionDefinition?
        if let conditionDraft = draft.condition {
            guard let made = ConditionDefinition(conditionDraft) else { return nil }
            condition = made
        }
        self.init(
            id: id.text,
            description: draft.description,
            action: action,
            condition: condition,
            allowsFailure: draft.allowsFailure,
            showsResult: draft.showsResult,
            onInterrupt: draft.onInterrupt,
            range: draft.range
        )
    }
}

extension StepAction {
    init?(_ draft: StepDraft) {
        if let forEach = draft.forEach {
            guard let items = forEach.items?.json, let steps = StepDefinition.list(forEach.steps) else { return nil }
            self = .forEach(ForEachDefinition(items: items, variable: forEach.variable, steps: steps))
        } else if let parallel = draft.parallel {
            guard let steps = StepDefinition.list(parallel) else { return nil }
            self = .parallel(steps)
        } else {
            guard let tool = draft.tool else { return nil }
            self = .tool(name: tool.text, arguments: draft.arguments?.json.objectValue ?? JSONObject())
        }
    }
}

extension ConditionDefinition {
    init?(_ draft: ConditionDraft) {
        let expectations = Expectations(
            expect: draft.expect.map(Expectation.init),
            expectNot: draft.expectNot.map(Expectation.init)
        )
        if let template = draft.template?.scalar {
            self = .template(template.text)
        } else if let tool = draft.tool {
            let arguments = draft.arguments?.json.objectValue ?? JSONObject()
            self = .tool(name: tool.text, arguments: arguments, expectations: expectations)
        } else if let fromStep = draft.fromStep {
            self = .fromStep(id: fromStep.text, expectations: expectations)
        } else if let jsonPath = draft.jsonPath?.json.objectValue {
            self = .jsonPath(jsonPath)
        } else if let group = draft.groups.first {
            self.init(group.kind, group.conditions)
        } else {
            return nil
        }
    }

    private init?(_ kind: ConditionDraft.Group, _ drafts: [ConditionDraft]) {
        let conditions = drafts.compactMap(ConditionDefinition.init)
        guard conditions.count == drafts.count, let first = conditions.first else { return nil }
        switch kind {
        case .all: self = .all(conditions)
        case .any: self = .any(conditions)
        case .not: self = .not(conditions.count == 1 ? first : .any(conditions))
        }
    }
}

extension Expectation {
    init(_ draft: ExpectationDraft) {
        self.init(success: draft.success, jsonPath: draft.jsonPath?.json.objectValue ?? JSONObject())
    }
}
