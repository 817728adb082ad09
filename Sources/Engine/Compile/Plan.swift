package import Expressions
package import GoTemplate
import JSON
package import Storage
package import WorkflowModel

/// The compiled form of a definition: templates, paths and expectations parsed once. Immutable, shared by all executions
/// of that definition.
package final class Plan: Sendable {
    package let definition: WorkflowDefinition
    /// Hash of what is pinned.
    package let hash: String
    /// What executions keep of the definition: see `WorkflowDefinition.pinned`.
    let pinned: JSONObject
    package let steps: [PlanStep]
    package let onFailure: [PlanStep]
    package let output: CompiledValue?
    /// `input.<path>` of every reference in the steps, in order of first use.
    package let templateVariables: [String]
    /// Every step and sub-step by its key without iteration numbers.
    private let stepsByKey: [String: PlanStep]

    init(
        definition: WorkflowDefinition,
        hash: String,
        steps: [PlanStep],
        onFailure: [PlanStep],
        output: CompiledValue?,
        templateVariables: [String]
    ) {
        self.definition = definition
        self.hash = hash
        pinned = definition.pinned
        self.steps = steps
        self.onFailure = onFailure
        self.output = output
        self.templateVariables = templateVariables
        var index: [String: PlanStep] = [:]
        for step in steps { step.collect(into: &index, block: "") }
        for step in onFailure { step.collect(into: &index, block: Self.handlerBlock) }
        stepsByKey = index
    }

    /// Prefix of the keys of onFailure handlers.
    package static let handlerBlock = WorkflowDefinition.handlerPrefix

    /// The step that a key belongs to, whichever iteration it names.
    package func step(forKey key: StepKey) -> PlanStep? {
        stepsByKey[key] ?? stepsByKey[Self.withoutIterations(key)]
    }

    /// The error with the place in the definition's file, where that is known.
    func placed(_ error: CompileError, step key: StepKey = "") -> CompileError {
        error.placed(in: definition.origin, owner: Self.withoutIterations(key))
    }

    private static func withoutIterations(_ key: StepKey) -> StepKey {
        guard key.utf8.contains(UInt8(ascii: "[")) else { return key }
        var plain = ""
        var isInNumber = false
        for character in key {
            if character == "[" { isInNumber = true }
            if !isInNumber { plain.append(character) }
            if character == "]" { isInNumber = false }
        }
        return plain
    }
}

/// One compiled step.
package final class PlanStep: Sendable {
    package let definition: StepDefinition
    package let action: PlanAction
    package let condition: PlanCondition?

    init(definition: StepDefinition, action: PlanAction, condition: PlanCondition?) {
        self.definition = definition
        self.action = action
        self.condition = condition
    }

    package var id: String { definition.id }

    fileprivate func collect(into index: inout [String: PlanStep], block: String) {
        let key = block + id
        index[key] = self
        switch action {
        case .tool: return
        case .forEach(_, _, let steps), .parallel(let steps):
            for step in steps { step.collect(into: &index, block: key + "/") }
        }
    }
}

package enum PlanAction: Sendable {
    /// The name may be a template.
    case tool(name: CompiledValue, arguments: CompiledValue)
    case forEach(items: CompiledValue, variable: String, steps: [PlanStep])
    case parallel([PlanStep])
}

package indirect enum PlanCondition: Sendable {
    case template(Template)
    case tool(name: CompiledValue, arguments: CompiledValue, check: ExpectationCheck)
    case fromStep(id: String, check: ExpectationCheck)
    case jsonPath(PathMatches)
    case all([PlanCondition])
    case any([PlanCondition])
    case not(PlanCondition)
}
