import Diagnostics
import Engine
import JSON
import Storage
import Synchronization
import TestSupport
import Testing
import ToolCatalog
import WorkflowLoading
import WorkflowModel

@Suite("Execution engine", .timeLimit(.minutes(1)))
struct EngineTests {
    private let store = MemoryExecutionStore()
    private let catalog = ToolCatalog()

    private func makeEngine(_ tools: ScriptedTools, store: (any ExecutionStore)? = nil) -> ExecutionEngine {
        catalog.register(tools)
        let counter = Mutex<Int64>(0)
        let next: @Sendable () -> Int64 = {
            counter.withLock { number in
                number += 1
                return number
            }
        }
        return ExecutionEngine(
            store: store ?? self.store,
            catalog: catalog,
            clock: EngineClock(
                now: { Timestamp(microseconds: next()) },
                entropy: { 7 },
                makeExecutionID: { ExecutionID("execution-\(next())") }
            ),
            stepTimeout: .seconds(30),
            decode: { name, spec in
                try #require(DefinitionDecoder.decodePinnedWorkflow(name: name, spec).workflow)
            }
        )
    }

    private static let twoSteps = "name: w\nsteps: [{id: a, tool: first}, {id: b, tool: second}]\n"

    @Test func anExecutionIsRecordedAsItRan() async throws {
        let engine = makeEngine(ScriptedTools(["first": { _ in .json(["n": 1]) }, "second": { _ in .text("hi") }]))
        let plan = try MachineHarness.plan(Self.twoSteps)
        let result = try await engine.execute(ExecutionRequest(plan: plan, arguments: ["x": 1]))
        #expect(result.status == .completed)
        let record = ExecutionRecord(id: result.id, journal: try await store.journal(of: result.id))
            .json(.whole, now: Timestamp(microseconds: 1_000_000))
        #expect(record["status"] == "completed")
        #expect(record["input"] == ["x": 1])
        #expect(record["steps"]?.arrayValue?.map { $0["result"] } == [["n": 1], "hi"])
        #expect(record["result"]?["execution_id"] == .string(result.id.text))
    }

    @Test func anErrorResultAndAMissingToolAreFailures() async throws {
        let engine = makeEngine(ScriptedTools(["first": { _ in .failure("disk full") }]))
        let plan = try MachineHarness.plan(
            "name: w\nsteps: [{id: a, tool: first, allowFailure: true}, {id: b, tool: nothing}]\n"
        )
        let result = try await engine.execute(ExecutionRequest(plan: plan, arguments: [:]))
        #expect(result.status == .failed)
        #expect(result.error == "step b failed: tool not found: nothing")
        #expect(result.document["steps"]?[0]?["error"] == "disk full")
    }

    @Test func theSameKeyGivesTheSameExecution() async throws {
        let tools = ScriptedTools(["first": { _ in .text("1") }, "second": { _ in .text("2") }])
        let engine = makeEngine(tools)
        let request = ExecutionRequest(
            plan: try MachineHarness.plan(Self.twoSteps),
            arguments: [:],
            idempotencyKey: "once"
        )
        let first = try await engine.execute(request)
        let second = try await engine.execute(request)
        #expect(first.id == second.id)
        #expect(tools.count(of: "first") == 1)
    }

    @Test func cancellingTheCallerCancelsTheExecution() async throws {
        let (reached, reach) = AsyncStream<Void>.makeStream()
        let tools = ScriptedTools([
            "first": { _ in
                reach.yield()
                try await Task.sleep(for: .seconds(60))
                return .text("too late")
            }, "second": { _ in .text("never") },
        ])
        let engine = makeEngine(tools)
        let plan = try MachineHarness.plan(Self.twoSteps)
        let task = Task { try await engine.execute(ExecutionRequest(plan: plan, arguments: [:])) }
        for await _ in reached { break }
        task.cancel()
        let result = try await task.value
        #expect(result.status == .cancelled)
        #expect(tools.count(of: "second") == 0)
        #expect(try await store.summary(of: result.id)?.status == .cancelled)
    }

    @Test func anExecutionLeftBehindGoesOnWhereItWas() async throws {
        let (reached, reach) = AsyncStream<Void>.makeStream()
        let isFirstLife = Mutex(true)
        let tools = ScriptedTools(
            [
                "first": { _ in .text("1") },
                "second": { _ in
                    guard isFirstLife.withLock({ $0 }) else { return .text("2") }
                    reach.yield()
                    try await Task.sleep(for: .seconds(60))
                    return .text("never")
                },
            ],
            annotations: ["second": ToolAnnotations(idempotent: true)]
        )
        let engine = makeEngine(tools)
        let plan = try MachineHarness.plan(Self.twoSteps)
        let task = Task { try await engine.execute(ExecutionRequest(plan: plan, arguments: [:])) }
        for await _ in reached { break }
        await engine.shutDown()
        await #expect(throws: StoreError.self) { try await task.value }
        isFirstLife.withLock { $0 = false }
        store.abandonAll()
        let next = makeEngine(tools)
        let resumed = try await next.resumeOrphans { id, reason in Issue.record("\(id): \(reason)") }
        let id = try #require(resumed.first)
        await next.waitUntilSettled(id)
        #expect(try await store.summary(of: id)?.status == .completed)
        #expect(tools.count(of: "first") == 1)
        #expect(tools.count(of: "second") == 2)
    }

    @Test func anExecutionIsParkedOnlyOnceTheJournalSaysSo() async throws {
        let slow = SlowStore(store)
        let plan = try MachineHarness.plan(Self.twoSteps)
        let (reached, reach) = AsyncStream<Void>.makeStream()
        let tools = ScriptedTools([
            "first": { _ in
                reach.yield()
                try await Task.sleep(for: .seconds(60))
                return .text("never")
            }, "second": { _ in .text("2") },
        ])
        let engine = makeEngine(tools, store: slow)
        let task = Task { try await engine.execute(ExecutionRequest(plan: plan, arguments: [:])) }
        for await _ in reached { break }
        await engine.shutDown()
        await #expect(throws: StoreError.self) { try await task.value }
        store.abandonAll()
        let next = makeEngine(tools, store: slow)
        let id = try #require(try await next.resumeOrphans { Issue.record("\($0): \($1)") }.first)
        await next.waitUntilSettled(id)
        #expect(slow.isAllDurable)
        #expect(next.decide(id, step: "a", .succeeded(result: nil)))
        await next.waitUntilSettled(id)
        #expect(try await store.summary(of: id)?.status == .completed)
    }

    @Test func newsComeInOrderAndOnlyOfWhatIsRecorded() async throws {
        let engine = makeEngine(ScriptedTools(["first": { _ in .text("1") }, "second": { _ in .text("2") }]))
        let words = Mutex<[String]>([])
        engine.observe { update in
            let word =
                switch update.news {
                case .started: "started"
                case .stepStarted(let step): "begin \(step.id)"
                case .stepEnded(let step): "end \(step.identity.id)"
                case .decisionNeeded: "?"
                case .ended: "ended"
                }
            words.withLock { $0.append(word) }
        }
        let plan = try MachineHarness.plan(Self.twoSteps)
        _ = try await engine.execute(ExecutionRequest(plan: plan, arguments: [:]))
        #expect(words.withLock { $0 } == ["started", "begin a", "end a", "begin b", "end b", "ended"])
    }
}

/// A store whose disk takes its time.
private final class SlowStore: ExecutionStore {
    private let base: MemoryExecutionStore
    private let tickets = Mutex<(appended: CommitTicket?, durable: CommitTicket?)>((nil, nil))

    init(_ base: MemoryExecutionStore) { self.base = base }

    var isAllDurable: Bool { tickets.withLock { $0.appended == $0.durable } }

    func append(_ batch: JournalBatch) -> CommitTicket {
        let ticket = base.append(batch)
        tickets.withLock { $0.appended = ticket }
        return ticket
    }

    func waitUntilDurable(_ ticket: CommitTicket) async throws(StoreError) {
        for _ in 0..<1000 { await Task.yield() }
        try await base.waitUntilDurable(ticket)
        tickets.withLock { $0.durable = max($0.durable ?? ticket, ticket) }
    }

    func journal(of id: ExecutionID) async throws(StoreError) -> [JournalEntry] { try await base.journal(of: id) }

    func summary(of id: ExecutionID) async throws(StoreError) -> ExecutionSummary? { try await base.summary(of: id) }

    func execution(withKey key: String) async throws(StoreError) -> ExecutionID? {
        try await base.execution(withKey: key)
    }

    func executions(matching query: ExecutionQuery) async throws(StoreError) -> ExecutionPage {
        try await base.executions(matching: query)
    }

    func definition(withHash hash: String) async throws(StoreError) -> JSONObject? {
        try await base.definition(withHash: hash)
    }

    func claimOrphans() async throws(StoreError) -> [ExecutionID] { try await base.claimOrphans() }
}
