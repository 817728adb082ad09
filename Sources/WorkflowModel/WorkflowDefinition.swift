package import Diagnostics
package import JSON

/// What a workflow file says, valid in shape. See docs/workflows.md.
package struct WorkflowDefinition: Sendable {
    package var name: String
    package var description: String
    package var labels: [String: String]
    /// In the order of the file; names are unique.
    package var arguments: [ArgumentDefinition]
    /// Never empty; ids are unique.
    package var steps: [StepDefinition]
    package var onFailure: [StepDefinition]
    /// The output template as written: any JSON value whose strings may be templates.
    package var output: JSONValue?
    /// The whole `spec` as JSON, in the file's own spelling. It is what is pinned by content hash and decoded again when
    /// an execution is resumed.
    package var source: JSONObject
    /// The file it was read from, which is pinned beside `source`: messages name places in it. Nil for a definition that
    /// was made of JSON.
    package var origin: DefinitionOrigin?

    package init(
        name: String,
        description: String = "",
        labels: [String: String] = [:],
        arguments: [ArgumentDefinition] = [],
        steps: [StepDefinition],
        onFailure: [StepDefinition] = [],
        output: JSONValue? = nil,
        source: JSONObject = JSONObject(),
        origin: DefinitionOrigin? = nil
    ) {
        self.name = name
        self.description = description
        self.labels = labels
        self.arguments = arguments
        self.steps = steps
        self.onFailure = onFailure
        self.output = output
        self.source = source
        self.origin = origin
    }

    /// The name under which the workflow is called as a tool.
    package var toolName: String { Self.toolPrefix + name }

    package static let toolPrefix = "workflow_"
    /// Begins the keys of handlers. No id contains a colon.
    package static let handlerPrefix = "onFailure:"
}

/// One declared argument of a workflow or a service class.
package struct ArgumentDefinition: Sendable, Hashable {
    package var name: String
    /// `string`, `integer`, `number`, `boolean`, `object` or `array`; other words accept anything.
    package var type: String
    package var isRequired: Bool
    package var defaultValue: JSONValue?
    package var description: String

    package init(
        name: String,
        type: String,
        isRequired: Bool = false,
        defaultValue: JSONValue? = nil,
        description: String = ""
    ) {
        self.name = name
        self.type = type
        self.isRequired = isRequired
        self.defaultValue = defaultValue
        self.description = description
    }
}

/// One step: an action and what surrounds it.
package struct StepDefinition: Sendable {
    package var id: String
    package var description: String
    package var action: StepAction
    package var condition: ConditionDefinition?
    /// Whether a failure lets the workflow go on.
    package var allowsFailure: Bool
    /// `output`, else `store`: whether the result appears in the response; nil when neither was written.
    package var showsResult: Bool?
    /// What to do when the process died while the step was in flight; nil leaves it to the tool's annotations.
    package var onInterrupt: InterruptPolicy?
    package var range: SourceRange?

    package init(
        id: String,
        description: String = "",
        action: StepAction,
        condition: ConditionDefinition? = nil,
        allowsFailure: Bool = false,
        showsResult: Bool? = nil,
        onInterrupt: InterruptPolicy? = nil,
        range: SourceRange? = nil
    ) {
        self.id = id
        self.description = description
        self.action = action
        self.condition = condition
        self.allowsFailure = allowsFailure
        self.showsResult = showsResult
        self.onInterrupt = onInterrupt
        self.range = range
    }
}

package enum StepAction: Sendable {
    /// `tool` may itself be a template.
    case tool(name: String, arguments: JSONObject)
    case forEach(ForEachDefinition)
    /// Children start together; never empty, ids are unique.
    case parallel([StepDefinition])
}

package struct ForEachDefinition: Sendable {
    /// A template string, or a literal list.
    package var items: JSONValue
    /// The loop variable, `item` when not written.
    package var variable: String
    package var steps: [StepDefinition]

    package init(items: JSONValue, variable: String, steps: [StepDefinition]) {
        self.items = items
        self.variable = variable
        self.steps = steps
    }
}

package enum InterruptPolicy: String, Sendable, CaseIterable {
    case retry, fail, ask
}

/// What decides whether a step runs. See docs/workflows.md.
package indirect enum ConditionDefinition: Sendable {
    case template(String)
    case tool(name: String, arguments: JSONObject, expectations: Expectations)
    case fromStep(id: String, expectations: Expectations)
    /// Paths that start with `results.<step>`.
    case jsonPath(JSONObject)
    case all([ConditionDefinition])
    case any([ConditionDefinition])
    case not(ConditionDefinition)
}

/// `expect` and `expectNot`; with neither, success is expected.
package struct Expectations: Sendable, Hashable {
    package var expect: Expectation?
    package var expectNot: Expectation?

    package init(expect: Expectation? = nil, expectNot: Expectation? = nil) {
        self.expect = expect
        self.expectNot = expectNot
    }
}

package struct Expectation: Sendable, Hashable {
    package var success: Bool?
    /// Path → expected value; empty when none was written.
    package var jsonPath: JSONObject

    package init(success: Bool? = nil, jsonPath: JSONObject = JSONObject()) {
        self.success = success
        self.jsonPath = jsonPath
    }
}
