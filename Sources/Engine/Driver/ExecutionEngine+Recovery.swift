import JSON
import Storage
import Synchronization
import ToolCatalog
package import WorkflowModel

/// Going on with what a process that died has left.
extension ExecutionEngine {
    /// Takes over the executions that died with their process and goes on with each at its first step without an
    /// outcome. Returns their ids; what cannot be resumed is told to `report`.
    ///
    /// One that needs a tool which is not there is held back, with those that wait for it, until ``retryHeldBack(report:)``
    /// finds the tool: a server that is late is no failure of the execution.
    package func resumeOrphans(
        report: @Sendable (ExecutionID, String) -> Void
    ) async throws -> [ExecutionID] {
        // The latest first: a nested workflow is here when the step that called it asks for it again.
        try await resume(try await store.claimOrphans().reversed(), report)
    }

    /// Tries those again that were held back.
    package func retryHeldBack(report: @Sendable (ExecutionID, String) -> Void) async throws -> [ExecutionID] {
        let heldBack = state.withLock { state in
            defer { state.heldBack = [] }
            return state.heldBack
        }
        return try await resume(heldBack, report)
    }

    private func resume(
        _ ids: [ExecutionID],
        _ report: @Sendable (ExecutionID, String) -> Void
    ) async throws -> [ExecutionID] {
        var resumed: [ExecutionID] = []
        var waitingParents: Set<ExecutionID> = []
        for id in ids {
            do {
                let orphan = try await orphan(id)
                let missing = catalog.missing(among: orphan.machine.toolsToCome)
                if missing.isEmpty, !waitingParents.contains(id) {
                    resume(orphan)
                    resumed.append(id)
                    continue
                }
                if let parent = orphan.parent { waitingParents.insert(parent) }
                state.withLock { $0.heldBack.append(id) }
                if !missing.isEmpty {
                    report(id, "it waits for tools that are missing: \(missing.joined(separator: ", "))")
                }
            } catch {
                report(id, "it cannot be resumed: \(error)")
            }
        }
        return resumed.reversed()
    }

    private struct Orphan {
        var machine: ExecutionMachine
        var start: ExecutionStart
        var parent: ExecutionID?
    }

    private func orphan(_ id: ExecutionID) async throws -> Orphan {
        let journal = try await store.journal(of: id)
        guard let start = ExecutionState(entries: journal).start,
            let pinned = try await store.definition(withHash: start.definitionHash)
        else { throw StoreError(.damaged, "the definition of execution \(id) is lost") }
        let plan = try Plan(compiling: try decode(start.workflow, pinned))
        let machine = ExecutionMachine(id: id, plan: plan, journal: journal, isSafeToRepeat: isSafeToRepeat)
        return Orphan(machine: machine, start: start, parent: try await store.summary(of: id)?.parent)
    }

    private func resume(_ orphan: Orphan) {
        let machine = orphan.machine
        func announce(_ news: ExecutionUpdate.News) {
            let update = ExecutionUpdate(
                execution: machine.id,
                workflow: orphan.start.workflow,
                depth: orphan.start.chain.count,
                at: clock.now(),
                news: news
            )
            self.announce(update)
        }
        announce(.started(stepCount: machine.plan.steps.count, isResumed: true))
        for step in machine.state.steps where step.needsDecision { announce(.decisionNeeded(step)) }
        _ = begin(machine, parent: orphan.parent, first: .recover, creation: nil)
    }

    var isSafeToRepeat: @Sendable (String) -> Bool {
        let catalog = catalog
        return { catalog.descriptor(of: $0)?.isSafeToRepeat ?? false }
    }

    /// Ends an execution that is held back; false when it is not.
    package func cancelHeldBack(_ id: ExecutionID, reason: String) async throws -> Bool {
        let isHeldBack = state.withLock { state in
            let position = state.heldBack.firstIndex(of: id)
            if let position { state.heldBack.remove(at: position) }
            return position != nil
        }
        guard isHeldBack else { return false }
        let orphan = try await orphan(id)
        let ending = begin(orphan.machine, parent: orphan.parent, first: .cancel(reason: reason), creation: nil)
        _ = try await ending.value
        return true
    }
}
