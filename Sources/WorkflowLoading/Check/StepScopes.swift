/// Which results a step can see.
struct StepScopes {
    enum Visibility {
        case visible
        /// The step exists, but it runs later, beside, or is the step itself.
        case notYet
        case unknown
    }

    /// Identifies a step by where it stands; ids may be missing or repeated.
    typealias Key = String

    /// Every id, in the order of the file.
    let allIDs: [String]
    private let loopIDs: Set<String>
    private var visible: [Key: Set<String>] = [:]
    private var variables: [Key: [String]] = [:]

    init(_ draft: WorkflowDraft) {
        allIDs = draft.allSteps.compactMap { $0.id?.text }
        loopIDs = Set((draft.steps ?? []).flatMap { $0.forEach?.steps ?? [] }.compactMap { $0.id?.text })
        var seen: Set<String> = []
        for step in draft.steps ?? [] {
            visible[step.place] = seen
            let siblings = Set((step.forEach?.steps ?? []).compactMap { $0.id?.text })
            // An iteration may look at what the one before left behind, so the whole body is visible in it.
            for child in step.forEach?.steps ?? [] {
                visible[child.place] = seen.union(siblings)
                let variable = step.forEach?.variable ?? "item"
                variables[child.place] = [variable, variable + "_index"]
            }
            for child in step.parallel ?? [] { visible[child.place] = seen }
            seen.formUnion(step.children.compactMap { $0.id?.text })
            if let id = step.id?.text { seen.insert(id) }
        }
        for step in draft.onFailure {
            visible[step.place] = seen
            if let id = step.id?.text { seen.insert(id) }
        }
    }

    /// Names of the loop around `step`; empty outside loops.
    func loopVariables(of step: StepDraft) -> [String] { variables[step.place] ?? [] }

    /// - Parameter step: nil for the output template, which sees everything.
    func visibility(of id: String, from step: StepDraft?) -> Visibility {
        let isKnown = allIDs.contains(id)
        let base = isKnown ? id : SubStepIDCollisions.iterationBase(id).flatMap { loopIDs.contains($0) ? $0 : nil }
        guard let base else { return .unknown }
        guard let step, let ids = visible[step.place] else { return .visible }
        return ids.contains(base) ? .visible : .notYet
    }
}
