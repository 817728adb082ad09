import JSON
package import Storage
import Testing
package import WorkflowModel

/// What every store promises. `reopen` gives a store on the same data whose former owner is dead.
package struct ExecutionStoreContract {
    private let makeStore: () throws -> any ExecutionStore
    private let reopen: (any ExecutionStore) throws -> any ExecutionStore

    package init(
        makeStore: @escaping () throws -> any ExecutionStore,
        reopen: @escaping (any ExecutionStore) throws -> any ExecutionStore
    ) {
        self.makeStore = makeStore
        self.reopen = reopen
    }

    package func check() async throws {
        try await keepsJournalsInOrder()
        try await keepsDefinitionsByHash()
        try await listsNewestFirstWithFiltersAndTotals()
        try await refusesEntriesOutOfOrder()
        try await neverLeavesAGap()
        try await refusesATakenKey()
        try await oneBadBatchTakesNoOtherWithIt()
        try await givesOrphansToOneCallerOnly()
    }

    private func keepsJournalsInOrder() async throws {
        let store = try makeStore()
        let id = ExecutionID("a")
        _ = store.append(.starting(id, at: 1))
        let steps = (0..<50).map { number in
            store.append(.step(id, sequence: 1 + 2 * number, number: number))
        }
        let last = try #require(steps.last)
        try await store.waitUntilDurable(last)
        let journal = try await store.journal(of: id)
        #expect(journal.count == 101)
        #expect(journal.first?.fact == JournalBatch.starting(id, at: 1).entries.first?.fact)
        #expect(try await store.journal(of: ExecutionID("unknown")).isEmpty)
    }

    private func keepsDefinitionsByHash() async throws {
        let store = try makeStore()
        try await store.waitUntilDurable(store.append(.starting(ExecutionID("a"), at: 1)))
        #expect(try await store.definition(withHash: "hash-w") == ["name": "w"])
        #expect(try await store.definition(withHash: "other") == nil)
    }

    private func listsNewestFirstWithFiltersAndTotals() async throws {
        let store = try makeStore()
        for number in 0..<20 {
            let id = ExecutionID("e\(number)")
            let workflow = number % 2 == 0 ? "even" : "odd"
            _ = store.append(.starting(id, workflow: workflow, at: Int64(number)))
            if number >= 5 { _ = store.append(.ending(id, sequence: 1, number % 3 == 0 ? .failed : .completed)) }
        }
        try await store.waitUntilDurable(store.append(.starting(ExecutionID("last"), at: 100)))
        let all = try await store.executions(matching: ExecutionQuery(limit: 3, offset: 1))
        #expect(all.executions.map(\.id.text) == ["e19", "e18", "e17"])
        #expect(all.total == 21)
        let failed = try await store.executions(matching: ExecutionQuery(workflow: "odd", status: .failed))
        #expect(failed.executions.map(\.id.text) == ["e15", "e9"])
        #expect(failed.total == 2)
        #expect(failed.executions.first?.error == "it failed")
        let none = try await store.executions(matching: ExecutionQuery(workflow: "unknown"))
        #expect(none.executions.isEmpty && none.total == 0)
        let after = ExecutionQuery(limit: 3, after: ExecutionID("e10"))
        #expect(try await store.executions(matching: after).executions.map(\.id.text) == ["e9", "e8", "e7"])
        #expect(try await store.executions(matching: after).total == 21)
        let some = ExecutionQuery(workflow: "odd", status: .failed, after: ExecutionID("e12"))
        #expect(try await store.executions(matching: some).executions.map(\.id.text) == ["e9"])
        let unknown = ExecutionQuery(after: ExecutionID("nobody"))
        #expect(try await store.executions(matching: unknown).executions.isEmpty)
        let beyond = try await store.executions(matching: ExecutionQuery(offset: 1000))
        #expect(beyond.executions.isEmpty && beyond.total == 21)
    }

    private func refusesEntriesOutOfOrder() async throws {
        let store = try makeStore()
        let id = ExecutionID("a")
        _ = store.append(.starting(id, at: 1))
        try await store.waitUntilDurable(store.append(.step(id, sequence: 1, number: 1)))
        let error = await #expect(throws: StoreError.self) {
            try await store.waitUntilDurable(store.append(.step(id, sequence: 1, number: 2)))
        }
        #expect(error?.code == .conflict)
        #expect(try await store.journal(of: id).count == 3)
    }

    /// Whoever goes on after a batch that was not written gets no further.
    private func neverLeavesAGap() async throws {
        let store = try makeStore()
        let id = ExecutionID("a")
        _ = store.append(.starting(id, at: 1))
        let missing = store.append(.step(id, sequence: 7, number: 1))
        let after = store.append(.step(id, sequence: 9, number: 2))
        await #expect(throws: StoreError.self) { try await store.waitUntilDurable(missing) }
        await #expect(throws: StoreError.self) { try await store.waitUntilDurable(after) }
        #expect(try await store.journal(of: id).count == 1)
    }

    private func refusesATakenKey() async throws {
        let store = try makeStore()
        var first = JournalBatch.starting(ExecutionID("a"), at: 1)
        first.creation?.idempotencyKey = "key"
        var second = JournalBatch.starting(ExecutionID("b"), at: 2)
        second.creation?.idempotencyKey = "key"
        try await store.waitUntilDurable(store.append(first))
        await #expect(throws: StoreError.self) { try await store.waitUntilDurable(store.append(second)) }
        #expect(try await store.execution(withKey: "key") == ExecutionID("a"))
        #expect(try await store.summary(of: ExecutionID("b")) == nil)
    }

    private func oneBadBatchTakesNoOtherWithIt() async throws {
        let store = try makeStore()
        let good1 = store.append(.starting(ExecutionID("a"), at: 1))
        let bad = store.append(.step(ExecutionID("missing"), sequence: 5, number: 1))
        let good2 = store.append(.starting(ExecutionID("b"), at: 2))
        try await store.waitUntilDurable(good1)
        await #expect(throws: StoreError.self) { try await store.waitUntilDurable(bad) }
        try await store.waitUntilDurable(good2)
        #expect(try await store.executions(matching: ExecutionQuery()).total == 2)
        #expect(try await store.definition(withHash: "hash-w") == ["name": "w"])
    }

    private func givesOrphansToOneCallerOnly() async throws {
        let store = try makeStore()
        _ = store.append(.starting(ExecutionID("open"), at: 1))
        _ = store.append(.starting(ExecutionID("done"), at: 2))
        try await store.waitUntilDurable(store.append(.ending(ExecutionID("done"), sequence: 1, .completed)))
        #expect(try await store.claimOrphans().isEmpty)
        let next = try reopen(store)
        #expect(try await next.claimOrphans() == [ExecutionID("open")])
        #expect(try await next.claimOrphans().isEmpty)
        try await next.waitUntilDurable(next.append(.step(ExecutionID("open"), sequence: 1, number: 1)))
        #expect(try await next.journal(of: ExecutionID("open")).count == 3)
    }
}

extension JournalBatch {
    package static func starting(_ id: ExecutionID, workflow: String = "w", at time: Int64) -> JournalBatch {
        let start = ExecutionStart(
            workflow: workflow,
            definitionHash: "hash-\(workflow)",
            input: ["n": 1],
            isDebug: false,
            chain: []
        )
        return JournalBatch(
            execution: id,
            firstSequence: 0,
            entries: [JournalEntry(at: Timestamp(microseconds: time), fact: .executionStarted(start))],
            creation: Creation(definition: ["name": .string(workflow)]),
            stepCount: 0
        )
    }

    package static func step(_ id: ExecutionID, sequence: Int, number: Int) -> JournalBatch {
        let step = StepIdentity(key: "s\(number)", id: "s\(number)", tool: "t", allowsFailure: false)
        let attempt = AttemptStart(step: step, phase: .action, attempt: 1, tool: "t", arguments: ["n": 1])
        let end = JournalFact.attemptEnded(
            key: step.key,
            phase: .action,
            attempt: 1,
            outcome: .succeeded(result: ["big": .bigNumber("123456789012345678901234567890")])
        )
        let time = Timestamp(microseconds: 10)
        return JournalBatch(
            execution: id,
            firstSequence: sequence,
            entries: [JournalEntry(at: time, fact: .attemptStarted(attempt)), JournalEntry(at: time, fact: end)],
            stepCount: number + 1
        )
    }

    package static func ending(_ id: ExecutionID, sequence: Int, _ status: ExecutionStatus) -> JournalBatch {
        let end = ExecutionEnd(status: status, error: status == .failed ? "it failed" : nil, response: ["ok": true])
        let entry = JournalEntry(at: Timestamp(microseconds: 20), fact: .executionEnded(end))
        return JournalBatch(execution: id, firstSequence: sequence, entries: [entry], stepCount: 0)
    }
}
