import Diagnostics
import JSON
import WorkflowModel

/// A workflow as far as it could be read, with places; what passes check before a definition is made of it.
struct WorkflowDraft: Sendable {
    var name: Located
    var description = ""
    var labels: [String: String] = [:]
    var arguments: [ArgumentDraft] = []
    /// Nil when the field is absent.
    var steps: [StepDraft]?
    var onFailure: [StepDraft] = []
    var output: YAMLNode?
    /// The `spec` map.
    var spec: YAMLNode
    var stepsRange: SourceRange?
}

struct ArgumentDraft: Sendable {
    var name: String
    var nameRange: SourceRange?
    var type: Located?
    var isRequired = false
    var defaultValue: JSONValue?
    var description = ""
}

struct StepDraft: Sendable {
    /// Where the step stands in words, e.g. `step 0` or `step a parallel: sub-step 1`; without its id.
    var place: String
    var isSubStep: Bool
    var range: SourceRange?
    var id: Located?
    var description = ""
    var tool: Located?
    var arguments: YAMLNode?
    var condition: ConditionDraft?
    var forEach: ForEachDraft?
    var parallel: [StepDraft]?
    var allowsFailure = false
    var showsResult: Bool?
    var onInterrupt: InterruptPolicy?

    /// False when the step is no map; nothing is said about what it lacks then.
    var isReadable = true
    /// Whether what the step does is written but could not be read.
    var hasUnreadableAction = false

    /// The place with the id, when there is one: `step 0 (login)`.
    var label: String { id.map { "\(place) (\($0.text))" } ?? place }

    /// The steps inside a group; empty for a tool step.
    var children: [StepDraft] { (forEach?.steps ?? []) + (parallel ?? []) }
}

struct ForEachDraft: Sendable {
    var range: SourceRange?
    var items: YAMLNode?
    var variable: String
    var steps: [StepDraft]
}

struct ConditionDraft: Sendable {
    enum Group: Sendable { case all, any, not }

    var range: SourceRange?
    var template: YAMLNode?
    var tool: Located?
    var arguments: YAMLNode?
    var fromStep: Located?
    var expect: ExpectationDraft?
    var expectNot: ExpectationDraft?
    var jsonPath: YAMLNode?
    var groups: [(kind: Group, conditions: [ConditionDraft])] = []

    /// The condition and all conditions inside it, outermost first.
    var flattened: [ConditionDraft] { [self] + groups.flatMap { $0.conditions.flatMap(\.flattened) } }
}

struct ExpectationDraft: Sendable {
    var range: SourceRange?
    var success: Bool?
    var jsonPath: YAMLNode?
}

extension WorkflowDraft {
    /// Every step at any depth in the order of the file, the handlers last.
    var allSteps: [StepDraft] {
        ((steps ?? []) + onFailure).flatMap { [$0] + $0.children }
    }
}
