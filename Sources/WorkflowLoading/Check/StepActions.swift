import Diagnostics
import JSON

/// A step does exactly one thing (`WF0216`), and a group has what it needs (`WF0217`).
enum StepActions: WorkflowPass {
    static func check(_ draft: WorkflowDraft, _ context: DecodeContext) {
        for step in draft.allSteps where step.isReadable && !step.hasUnreadableAction { check(step, context) }
    }

    private static func check(_ step: StepDraft, _ context: DecodeContext) {
        let hasTool = step.tool.map { !$0.text.isEmpty } ?? false
        let hasGroup = step.forEach != nil || step.parallel != nil
        if hasTool, hasGroup {
            context.error(
                "WF0216",
                "\(step.label): tool is mutually exclusive with forEach/parallel",
                at: step.tool?.range
            )
        } else if step.forEach != nil, step.parallel != nil {
            let message = "\(step.label): forEach and parallel are mutually exclusive"
            context.error("WF0216", message, at: step.forEach?.range)
        } else if !hasTool, !hasGroup {
            let reason = step.isSubStep ? "tool is required" : "one of tool, forEach, or parallel is required"
            let range = step.tool?.range ?? step.id?.range ?? step.range?.beginning
            context.error("WF0216", "\(step.label): \(reason)", at: range)
        }
        if let forEach = step.forEach { check(forEach, of: step, context) }
        if let parallel = step.parallel, parallel.isEmpty {
            context.error(
                "WF0217",
                "\(step.label): parallel must contain at least one sub-step",
                at: step.range?.beginning
            )
        }
    }

    private static func check(_ forEach: ForEachDraft, of step: StepDraft, _ context: DecodeContext) {
        let isLiteralList = forEach.items?.elements != nil
        let text = forEach.items?.json.stringValue ?? ""
        if !isLiteralList, text.isEmpty {
            let message = "\(step.label): forEach: items is required and must be a template string"
            context.error("WF0217", message, at: forEach.items?.range ?? forEach.range?.beginning)
        }
        if forEach.steps.isEmpty {
            let message = "\(step.label): forEach: must contain at least one sub-step"
            context.error("WF0217", message, at: forEach.range?.beginning)
        }
    }
}
