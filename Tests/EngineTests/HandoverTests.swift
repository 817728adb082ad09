import Engine
import JSON
import Storage
import Synchronization
import TestSupport
import Testing
import ToolCatalog
import WorkflowLoading
import WorkflowModel

@Suite("Calls that outlive the process", .timeLimit(.minutes(1)))
struct HandoverTests {
    private static let handle: JSONObject = ["task": "t-1"]

    // MARK: - Machine

    /// The journal of an execution that died while the call of its step `a` went on elsewhere.
    private func crashed(_ step: String = "{id: a, tool: t}", isSafe: Bool = false) throws -> MachineHarness {
        var live = try MachineHarness("name: w\nsteps: [\(step), {id: b, tool: t}]\n", isSafe: isSafe)
        live.start()
        live.send(.handleGiven(key: "a", phase: .action, attempt: 1, handle: Self.handle))
        return live
    }

    @Test(
        "a call with a handle is taken up again, whatever may be done with calls that are not",
        arguments: ["{id: a, tool: t}", "{id: a, tool: t, onInterrupt: retry}", "{id: a, tool: t, onInterrupt: fail}"]
    )
    func takenUp(step: String) throws {
        let live = try crashed(step)
        var resumed = MachineHarness(live.machine.plan, resuming: live.journal)
        resumed.send(.recover)
        #expect(resumed.calls.map(\.handle) == [Self.handle])
        #expect(resumed.calls.map(\.attempt) == [1])
        #expect(resumed.journal.count == live.journal.count, "it is the same attempt")
        // As often as the process dies.
        var again = MachineHarness(live.machine.plan, resuming: resumed.journal)
        again.send(.recover)
        again.answerAll { _ in .succeeded(result: ["n": 1]) }
        #expect(again.end?.status == .completed)
        #expect(again.calls.map(\.key) == ["a", "b"] && again.calls[1].handle == nil)
    }

    @Test("a call whose handle leads nowhere is one of which nobody knows what became of it")
    func lost() throws {
        for (step, isSafe, calls, status) in [
            ("{id: a, tool: t}", false, 1, nil), ("{id: a, tool: t}", true, 2, .completed),
            ("{id: a, tool: t, onInterrupt: retry}", false, 2, .completed),
            ("{id: a, tool: t, onInterrupt: fail}", true, 1, .failed),
        ] as [(String, Bool, Int, ExecutionStatus?)] {
            let live = try crashed(step, isSafe: isSafe)
            var resumed = MachineHarness(live.machine.plan, resuming: live.journal)
            resumed.send(.recover)
            resumed.pending = []
            resumed.send(.handleLost(key: "a", phase: .action, attempt: 1))
            resumed.answerAll { _ in .succeeded(result: nil) }
            #expect(resumed.end?.status == status, "\(step)")
            #expect(resumed.calls.count { $0.key == "a" } == calls, "\(step)")
            #expect(resumed.machine.isParked == (status == nil))
            // The second attempt is a call of its own.
            if calls == 2 { #expect(resumed.calls[1].handle == nil && resumed.calls[1].attempt == 2) }
        }
    }

    @Test("what waits for a decision is not taken up at the next start")
    func decided() throws {
        let live = try crashed()
        var resumed = MachineHarness(live.machine.plan, resuming: live.journal)
        resumed.send(.recover)
        resumed.send(.handleLost(key: "a", phase: .action, attempt: 1))
        var again = MachineHarness(live.machine.plan, resuming: resumed.journal)
        again.send(.recover)
        #expect(again.calls.isEmpty && again.machine.isParked)
        again.send(.decide(key: "a", .retry))
        again.answerAll { _ in .succeeded(result: nil) }
        #expect(again.end?.status == .completed)
        #expect(again.calls.first?.handle == nil && again.calls.first?.attempt == 2)
    }

    @Test("handles of calls that are not in flight are nobody's")
    func strays() throws {
        var live = try crashed()
        let count = live.journal.count
        live.send(.handleGiven(key: "a", phase: .action, attempt: 2, handle: ["task": "other"]))
        live.send(.handleGiven(key: "b", phase: .action, attempt: 1, handle: ["task": "other"]))
        live.send(.handleLost(key: "a", phase: .condition(path: ""), attempt: 1))
        #expect(live.journal.count == count)
        #expect(live.machine.state["a"]?.inFlight?.handle == Self.handle)
    }

    @Test("a cancelled execution takes nothing up, and ends when what it took up is lost")
    func cancelled() throws {
        var live = try crashed()
        var resumed = MachineHarness(live.machine.plan, resuming: live.journal)
        resumed.send(.recover)
        resumed.send(.cancel(reason: "enough"))
        #expect(resumed.end == nil)
        resumed.send(.handleLost(key: "a", phase: .action, attempt: 1))
        #expect(resumed.end?.status == .cancelled)
        live.send(.cancel(reason: "enough"))
        var late = MachineHarness(live.machine.plan, resuming: live.journal)
        late.send(.recover)
        #expect(late.calls.isEmpty && late.end?.status == .cancelled)
    }

    // MARK: - Engine

    /// A tool whose work goes on elsewhere: its calls give out a handle and then wait until they are cancelled; one that is
    /// taken up again ends at once.
    private final class RemoteTools: ToolProvider {
        let reached: AsyncStream<Void>
        private let reach: AsyncStream<Void>.Continuation
        private let isLost: Bool
        private let seen = Mutex<[String]>([])

        init(isLost: Bool = false) {
            (reached, reach) = AsyncStream<Void>.makeStream()
            self.isLost = isLost
        }

        var log: [String] { seen.withLock { $0 } }
        var tools: [ToolDescriptor] { [ToolDescriptor(name: "far", description: "works elsewhere")] }

        func call(
            _ name: String,
            _ arguments: JSONObject,
            _ context: CallContext
        ) async throws(ToolCallError) -> ToolResult {
            if let handle = context.handover?.handle {
                seen.withLock { $0.append("taken up \(handle["id"]?.stringValue ?? "")") }
                if isLost { throw ToolCallError(.lost, "nobody knows it") }
                return .text("done")
            }
            seen.withLock { $0.append("called") }
            context.handover?.give(["id": "1"])
            reach.yield()
            do { try await Task.sleep(for: .seconds(60)) } catch {}
            let word = context.handover?.isLeft() == true ? "left" : "cancelled"
            seen.withLock { $0.append(word) }
            throw ToolCallError(.cancelled, "cancelled")
        }
    }

    private func engine(_ store: MemoryExecutionStore, _ tools: RemoteTools, prefix: String = "e") -> ExecutionEngine {
        let catalog = ToolCatalog()
        catalog.register(tools)
        let counter = Mutex<Int64>(0)
        return ExecutionEngine(
            store: store,
            catalog: catalog,
            clock: EngineClock(
                now: {
                    counter.withLock { number in
                        number += 1
                        return Timestamp(microseconds: number)
                    }
                },
                entropy: { 7 },
                makeExecutionID: { ExecutionID(prefix) }
            ),
            stepTimeout: .seconds(30),
            decode: { name, spec in
                try #require(DefinitionDecoder.decodePinnedWorkflow(name: name, spec).workflow)
            }
        )
    }

    /// Begins an execution and leaves it when the journal has its call's handle.
    private func leave(_ store: MemoryExecutionStore, _ tools: RemoteTools) async throws -> ExecutionID {
        let engine = engine(store, tools)
        let plan = try MachineHarness.plan("name: w\nsteps: [{id: a, tool: far}]\n")
        let task = Task { try await engine.execute(ExecutionRequest(plan: plan, arguments: [:])) }
        for await _ in tools.reached { break }
        let id = ExecutionID("e")
        // The handle was given before the tool said that it was reached.
        while try await store.journal(of: id).count < 3 {
            try Task.checkCancellation()
            await Task.yield()
        }
        await engine.shutDown()
        await #expect(throws: StoreError.self) { try await task.value }
        store.abandonAll()
        return id
    }

    @Test("an execution that is left goes on with its call where that goes on, and nobody stops it")
    func leftAndTakenUp() async throws {
        let store = MemoryExecutionStore()
        let tools = RemoteTools()
        let id = try await leave(store, tools)
        let next = engine(store, tools)
        _ = try await next.resumeOrphans { id, reason in Issue.record("\(id): \(reason)") }
        await next.waitUntilSettled(id)
        #expect(tools.log == ["called", "left", "taken up 1"])
        #expect(try await store.summary(of: id)?.status == .completed)
    }

    @Test("a call that is not found again waits for a decision")
    func leftAndLost() async throws {
        let store = MemoryExecutionStore()
        let tools = RemoteTools(isLost: true)
        let id = try await leave(store, tools)
        let next = engine(store, tools)
        _ = try await next.resumeOrphans { id, reason in Issue.record("\(id): \(reason)") }
        await next.waitUntilSettled(id)
        while try await store.summary(of: id)?.phase != .uncertain {
            try Task.checkCancellation()
            await Task.yield()
        }
        #expect(tools.log == ["called", "left", "taken up 1"])
        await next.shutDown()
    }

    @Test("a call of an execution that is cancelled is not left")
    func cancelledCall() async throws {
        let store = MemoryExecutionStore()
        let tools = RemoteTools()
        let engine = engine(store, tools)
        let plan = try MachineHarness.plan("name: w\nsteps: [{id: a, tool: far}]\n")
        let task = Task { try await engine.execute(ExecutionRequest(plan: plan, arguments: [:])) }
        for await _ in tools.reached { break }
        task.cancel()
        #expect(try await task.value.status == .cancelled)
        #expect(tools.log == ["called", "cancelled"])
    }
}
