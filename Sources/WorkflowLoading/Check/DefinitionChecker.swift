package import Diagnostics

/// Checks that need more than one definition, or to know the tools or the template language.
package struct DefinitionChecker: Sendable {
    private static let passes: [any SnapshotPass.Type] = [
        UnknownTools.self, MissingWorkflows.self, WorkflowCycles.self, MissingServiceClasses.self,
        UnknownTemplateReferences.self,
    ]

    private let scope: CheckScope

    /// - Parameters:
    ///   - knownTools: the names of all visible tools; nil when they are not known, which turns the check of names off.
    ///   - templateReferences: nil turns the checks of templates off.
    package init(
        snapshot: ConfigurationSnapshot,
        knownTools: Set<String>? = nil,
        templateReferences: TemplateReferences? = nil
    ) {
        scope = CheckScope(snapshot: snapshot, knownTools: knownTools, templateReferences: templateReferences)
    }

    /// The findings in the order of file and place; those of the snapshot itself are not repeated.
    package func check() -> DiagnosticBag {
        var found = DiagnosticBag()
        for pass in Self.passes { pass.check(scope, &found) }
        var sorted = DiagnosticBag()
        for diagnostic in found.sorted { sorted.append(diagnostic) }
        return sorted
    }
}

/// One rule over a whole snapshot.
protocol SnapshotPass: SendableMetatype {
    static func check(_ scope: CheckScope, _ diagnostics: inout DiagnosticBag)
}

/// What the passes look at.
struct CheckScope: Sendable {
    let snapshot: ConfigurationSnapshot
    /// Drafts of all workflows that could be read at least in part, sorted by name.
    let workflows: [WorkflowDraft]
    let workflowNames: Set<String>
    let serviceClassNames: [String]
    let knownTools: Set<String>?
    let templateReferences: TemplateReferences?

    init(snapshot: ConfigurationSnapshot, knownTools: Set<String>?, templateReferences: TemplateReferences?) {
        self.snapshot = snapshot
        workflows = snapshot.definitions.compactMap(\.draft)
        workflowNames = Set(snapshot.definitions(of: .workflow).map(\.name))
        serviceClassNames = snapshot.definitions(of: .serviceClass).map(\.name)
        self.knownTools = knownTools
        self.templateReferences = templateReferences
    }
}

extension StepDraft {
    /// The tools that the step and its conditions name, without those whose name is a template, with their arguments.
    var literalTools: [(name: Located, arguments: YAMLNode?)] {
        var tools: [(name: Located, arguments: YAMLNode?)] = []
        if let tool { tools.append((tool, arguments)) }
        for condition in condition?.flattened ?? [] {
            if let tool = condition.tool { tools.append((tool, condition.arguments)) }
        }
        return tools.filter { !$0.name.text.isEmpty && !$0.name.text.contains("{{") }
    }
}
