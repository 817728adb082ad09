import Diagnostics

/// Templates that do not parse (`WF0215`), or that name steps (`WF0213`, `WF0207`), arguments or loop variables
/// (`WF0214`) that do not exist.
enum UnknownTemplateReferences: SnapshotPass {
    static func check(_ scope: CheckScope, _ diagnostics: inout DiagnosticBag) {
        guard let references = scope.templateReferences else { return }
        for workflow in scope.workflows {
            let checker = WorkflowReferences(workflow)
            for text in workflow.templateTexts {
                switch references(text.text) {
                case .success(let found):
                    for reference in found { checker.check(reference, in: text, &diagnostics) }
                case .failure(let problem):
                    let range = problem.offset.map { text.node.range(ofText: $0, min($0 + 1, text.text.utf8.count)) }
                    let place = text.step.map { "\($0.label): " } ?? "output: "
                    diagnostics.error("WF0215", "\(place)\(problem.message)", at: range ?? text.node.range)
                }
            }
        }
    }
}

/// Resolves the references of one workflow's templates as the engine does. See docs/templates.md.
private struct WorkflowReferences {
    /// Roots whose members are not known here.
    private static let openRoots: Set<String> = ["execution", "step", "error", "result"]

    private let scopes: StepScopes
    private let arguments: [String]

    init(_ workflow: WorkflowDraft) {
        scopes = StepScopes(workflow)
        arguments = workflow.arguments.map(\.name)
    }

    func check(_ reference: TemplateReference, in text: TemplateText, _ diagnostics: inout DiagnosticBag) {
        guard let root = reference.path.first, !Self.openRoots.contains(root) else { return }
        let member = reference.path.dropFirst().first
        var finding: Diagnostic?
        switch root {
        case "input", "args": finding = member.flatMap(argumentFinding)
        case "results", "context", "stepResults": finding = member.flatMap { stepFinding($0, text.step) }
        case "vars": finding = member.flatMap { variableFinding($0, text.step) }
        default: finding = bareFinding(root, text.step)
        }
        guard var finding else { return }
        finding.range = text.node.range(ofText: reference.start, reference.end)
        finding.message = (text.step.map { "\($0.label): " } ?? "output: ") + finding.message
        diagnostics.append(finding)
    }

    /// A workflow that declares no arguments accepts any.
    private func argumentFinding(_ name: String) -> Diagnostic? {
        guard !arguments.isEmpty, !arguments.contains(name) else { return nil }
        let hint = NearestWord.hint(name, in: arguments)
        return Diagnostic(.warning, "WF0214", "argument '\(name)' is not declared", hint: hint)
    }

    private func stepFinding(_ id: String, _ step: StepDraft?) -> Diagnostic? {
        switch scopes.visibility(of: id, from: step) {
        case .visible: return nil
        case .notYet: return Diagnostic(.error, "WF0207", "step '\(id)' has not run by then")
        case .unknown:
            let hint = NearestWord.hint(id, in: scopes.allIDs)
            return Diagnostic(.error, "WF0213", "there is no step '\(id)'", hint: hint)
        }
    }

    private func variableFinding(_ name: String, _ step: StepDraft?) -> Diagnostic? {
        let variables = step.map { scopes.loopVariables(of: $0) } ?? []
        guard !variables.contains(name) else { return nil }
        let hint = NearestWord.hint(name, in: variables)
        return Diagnostic(.warning, "WF0214", "there is no loop variable '\(name)' here", hint: hint)
    }

    /// A bare name is a loop variable, else a step's result, else an argument.
    private func bareFinding(_ name: String, _ step: StepDraft?) -> Diagnostic? {
        let variables = step.map { scopes.loopVariables(of: $0) } ?? []
        if variables.contains(name) || arguments.contains(name) { return nil }
        switch scopes.visibility(of: name, from: step) {
        case .visible: return nil
        case .notYet: return Diagnostic(.error, "WF0207", "step '\(name)' has not run by then")
        case .unknown: break
        }
        let hint = NearestWord.hint(name, in: variables + scopes.allIDs + arguments)
        if arguments.isEmpty, hint == nil { return nil }
        let message = "'\(name)' is no loop variable, no step and no declared argument"
        return Diagnostic(.warning, "WF0214", message, hint: hint)
    }
}
