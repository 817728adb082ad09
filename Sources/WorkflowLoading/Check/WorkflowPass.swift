import Diagnostics

/// One rule about a single workflow. Findings of severity error keep the definition from being made.
protocol WorkflowPass: SendableMetatype {
    static func check(_ draft: WorkflowDraft, _ context: DecodeContext)
}

/// The rules in the order in which their findings are listed when they stand at the same place.
enum WorkflowPasses {
    static let all: [any WorkflowPass.Type] = [
        ReservedNames.self, EmptyWorkflows.self, ArgumentTypes.self, StepIDs.self, DuplicateStepIDs.self,
        SubStepIDCollisions.self, StepActions.self, ConditionKinds.self, StepReferences.self,
    ]

    static func check(_ draft: WorkflowDraft, _ context: DecodeContext) {
        for pass in all { pass.check(draft, context) }
    }
}
