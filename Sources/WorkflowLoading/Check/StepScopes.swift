/// Which results a step can see.
///
/// Results become visible in the order of the file, so one number per id and one per step decide.
struct StepScopes {
    enum Visibility {
        case visible
        /// The step exists, but it runs later, beside, or is the step itself.
        case notYet
        case unknown
    }

    /// Where a step stands: how many top-level steps have run before it, and the loop around it.
    private struct Frame {
        var time: Int
        var loop: Int?
    }

    /// Every id, in the order of the file.
    let allIDs: [String]
    /// The time from which on the result of an id is there.
    private var availableFrom: [String: Int] = [:]
    /// By where the step stands; ids may be missing or repeated.
    private var frames: [String: Frame] = [:]
    private var loops: [Int: (variable: String, ids: Set<String>)] = [:]
    private var loopIDs: Set<String> = []

    init(_ draft: WorkflowDraft) {
        allIDs = draft.allSteps.compactMap { $0.id?.text }
        var time = 0
        for step in (draft.steps ?? []) + draft.onFailure {
            frames[step.place] = Frame(time: time)
            if let forEach = step.forEach {
                let ids = Set(forEach.steps.compactMap { $0.id?.text })
                loops[time] = (forEach.variable, ids)
                loopIDs.formUnion(ids)
            }
            for child in step.children { frames[child.place] = Frame(time: time, loop: step.forEach.map { _ in time }) }
            time += 1
            for id in (step.children + [step]).compactMap({ $0.id?.text }) where availableFrom[id] == nil {
                availableFrom[id] = time
            }
        }
    }

    /// Names of the loop around `step`; empty outside loops.
    func loopVariables(of step: StepDraft) -> [String] {
        guard let loop = frames[step.place]?.loop, let variable = loops[loop]?.variable else { return [] }
        return [variable, variable + "_index"]
    }

    /// - Parameter step: nil for the output template, which sees everything.
    func visibility(of id: String, from step: StepDraft?) -> Visibility {
        var base = id
        if availableFrom[id] == nil, let loop = SubStepIDCollisions.iterationBase(id), loopIDs.contains(loop) {
            base = loop
        }
        guard let time = availableFrom[base] else { return .unknown }
        guard let step, let frame = frames[step.place] else { return .visible }
        // An iteration may look at what the one before left behind, so the whole body is visible in it.
        if let loop = frame.loop, loops[loop]?.ids.contains(base) == true { return .visible }
        return time <= frame.time ? .visible : .notYet
    }
}
