import Diagnostics
import JSON

/// A condition has exactly one source (`WF0218`). One without expectation is legal and means success.
enum ConditionKinds: WorkflowPass {
    static func check(_ draft: WorkflowDraft, _ context: DecodeContext) {
        for step in draft.allSteps {
            for condition in step.condition?.flattened ?? [] { check(condition, step.label, context) }
        }
    }

    private static func check(_ condition: ConditionDraft, _ label: String, _ context: DecodeContext) {
        func fail(_ message: String) { context.error("WF0218", "\(label): \(message)", at: condition.range) }
        let hasTool = condition.tool != nil
        let hasFromStep = condition.fromStep != nil
        if condition.template != nil, hasTool || hasFromStep {
            return fail("condition.template is mutually exclusive with tool/fromStep")
        }
        if hasTool, hasFromStep { return fail("condition: tool and fromStep are mutually exclusive") }
        let own = (condition.template != nil ? 1 : 0) + (hasTool ? 1 : 0) + (hasFromStep ? 1 : 0)
        let sources = own + (condition.jsonPath != nil ? 1 : 0) + condition.groups.count
        let alternatives = "condition requires exactly one of template, tool, or fromStep"
        guard sources == 1 else {
            return fail(sources == 0 ? alternatives : "\(alternatives) (or jsonPath, and, or, not), not several")
        }
        for group in condition.groups where group.conditions.isEmpty {
            fail("condition: a list of conditions must not be empty")
        }
        if let template = condition.template, template.scalar == nil {
            fail("condition.template must be a text")
        }
        if condition.tool?.text.isEmpty == true || condition.fromStep?.text.isEmpty == true { fail(alternatives) }
    }
}
