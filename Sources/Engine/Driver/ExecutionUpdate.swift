package import Storage
package import WorkflowModel

/// News of an execution for those who watch it. Sent only after it is durable.
package struct ExecutionUpdate: Sendable {
    package enum News: Sendable {
        /// `stepCount` is the number of steps at the top level.
        case started(stepCount: Int, isResumed: Bool)
        case stepStarted(StepIdentity)
        case stepEnded(StepState)
        case decisionNeeded(StepState)
        case ended(ExecutionEnd)
    }

    package var execution: ExecutionID
    package var workflow: String
    /// How many workflows are around this one.
    package var depth: Int
    package var at: Timestamp
    package var news: News
}

extension ExecutionUpdate {
    /// What the entries of one batch mean to a watcher.
    static func updates(for entries: [JournalEntry], of machine: ExecutionMachine) -> [ExecutionUpdate] {
        let depth = machine.state.start?.chain.count ?? 0
        func update(_ news: News, _ at: Timestamp) -> ExecutionUpdate {
            ExecutionUpdate(
                execution: machine.id,
                workflow: machine.plan.definition.name,
                depth: depth,
                at: at,
                news: news
            )
        }
        func ended(_ key: StepKey, _ at: Timestamp) -> ExecutionUpdate? {
            guard let step = machine.state[key], step.isFinished else { return nil }
            return update(.stepEnded(step), at)
        }
        // A step starts once: with the first tool of its condition, if it has one, else with its own.
        func isFirst(_ start: AttemptStart) -> Bool {
            start.attempt == 1 && machine.state[start.step.key]?.conditionOutcomes.isEmpty != false
        }
        return entries.compactMap { entry in
            switch entry.fact {
            case .executionStarted: update(.started(stepCount: machine.plan.steps.count, isResumed: false), entry.at)
            case .attemptStarted(let start) where isFirst(start): update(.stepStarted(start.step), entry.at)
            case .attemptEnded(let key, .action, _, _): ended(key, entry.at)
            case .conditionDecided(let step, let condition): condition.holds ? nil : ended(step.key, entry.at)
            case .stepFailed(let step, _): ended(step.key, entry.at)
            case .decisionNeeded(let key): machine.state[key].map { update(.decisionNeeded($0), entry.at) }
            case .executionEnded(let end): update(.ended(end), entry.at)
            case .attemptStarted, .handleGiven, .attemptEnded, .itemsEvaluated, .cancelRequested: nil
            }
        }
    }
}
