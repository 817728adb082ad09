import Daemon
import Engine
import JSON
import Storage
import Synchronization
import TestSupport
import Testing
import ToolBridges
import ToolCatalog
import WorkflowModel

@Suite("Nested workflows after a crash", .timeLimit(.minutes(1)))
struct NestedRecoveryTests {
    private static let files = [
        "workflows/outer.yaml": """
        steps:
          - {id: before, tool: echo}
          - {id: in, tool: workflow_inner}
          - {id: after, tool: echo, args: {got: "{{ .results.in.steps }}"}}
        """,
        "workflows/inner.yaml": "steps: [{id: one, tool: echo}, {id: slow, tool: slow}, {id: two, tool: echo}]\n",
    ]

    /// A muster that is stopped while the inner workflow's slow step is in flight, and its successor.
    private func interrupted(
        _ annotations: ToolAnnotations,
        registersTools: Bool = true
    ) async throws -> (Muster, ScriptedTools, TemporaryFolder) {
        let (reached, reach) = AsyncStream<Void>.makeStream()
        let first = try MusterBench(
            Self.files,
            tools: ScriptedTools(
                [
                    "echo": { .json(.object($0)) },
                    "slow": { _ in
                        reach.yield()
                        try await Task.sleep(for: .seconds(60))
                        return .text("never")
                    },
                ],
                annotations: ["slow": annotations]
            )
        )
        let call = Task { try await first.call("workflow_outer") }
        for await _ in reached { break }
        await first.muster.shutDown()
        _ = await call.result
        var options = MusterOptions(workingDirectory: first.folder.path, home: first.folder.path)
        options.configPath = first.folder.path
        options.isSilent = true
        let next = try Muster(options)
        let tools = ScriptedTools(["echo": { .json(.object($0)) }, "slow": { _ in .text("done") }])
        if registersTools { next.catalog.register(tools) }
        return (next, tools, first.folder)
    }

    @Test func bothGoOnAndNothingRunsTwice() async throws {
        let (muster, tools, folder) = try await interrupted(ToolAnnotations(idempotent: true))
        let resumed = try await muster.start()
        #expect(resumed.count == 2)
        for id in resumed { await muster.engine.waitUntilSettled(id) }
        let page = try await muster.store.executions(matching: ExecutionQuery())
        #expect(page.executions.map(\.status) == [.completed, .completed])
        // The steps before the crash are not called again: one step of the inner, one of the outer are left.
        #expect(tools.count(of: "echo") == 2)
        #expect(tools.count(of: "slow") == 1)
        await muster.shutDown()
        withExtendedLifetime(folder) {}
    }

    @Test func anExecutionWhoseToolsAreNotThereYetWaitsForThem() async throws {
        let (muster, tools, folder) = try await interrupted(ToolAnnotations(idempotent: true), registersTools: false)
        #expect(try await muster.start().isEmpty)
        #expect(try await muster.engine.retryHeldBack(report: { _, _ in }).isEmpty)
        muster.catalog.register(tools)
        let resumed = try await muster.engine.retryHeldBack(report: { _, _ in })
        #expect(resumed.count == 2)
        for id in resumed { await muster.engine.waitUntilSettled(id) }
        let page = try await muster.store.executions(matching: ExecutionQuery())
        #expect(page.executions.map(\.status) == [.completed, .completed])
        await muster.shutDown()
        withExtendedLifetime(folder) {}
    }

    @Test func aDecisionAboutTheInnerOneLetsBothGoOn() async throws {
        let (muster, tools, folder) = try await interrupted(ToolAnnotations())
        let resumed = try await muster.start()
        for id in resumed { await muster.engine.waitUntilSettled(id) }
        let inner = try #require(
            try await muster.store.executions(matching: ExecutionQuery(workflow: "inner")).executions.first
        )
        #expect(inner.phase == .uncertain)
        #expect(muster.engine.decide(inner.id, step: "slow", .succeeded(result: "it was")))
        for id in resumed { await muster.engine.waitUntilSettled(id) }
        let page = try await muster.store.executions(matching: ExecutionQuery())
        #expect(page.executions.map(\.status) == [.completed, .completed])
        #expect(tools.count(of: "slow") == 0)
        await muster.shutDown()
        withExtendedLifetime(folder) {}
    }
}
