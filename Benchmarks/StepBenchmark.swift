import Engine
import Glibc
import JSON
import SQLiteStorage
import Storage
import Synchronization
import ToolCatalog
import WorkflowModel

/// Durable steps per second: workflows of 20 steps whose tool does nothing, so that what is left is the engine, the
/// journal and the disk. Floors of the disk are measured between the repetitions.
struct StepBenchmark {
    static let stepsPerExecution = 20
    /// Executions of one client, one after the other.
    static let sequentialExecutions = 100

    var folder: String
    var executions: Int
    var repetitions: Int

    func run() async throws {
        let store = try SQLiteExecutionStore(folder: folder + "/state")
        let catalog = ToolCatalog()
        catalog.register(NoOperationTools())
        let engine = ExecutionEngine(
            store: store,
            catalog: catalog,
            clock: Self.clock(),
            stepTimeout: .seconds(60),
            decode: { _, _ in throw BenchmarkError("nothing is resumed here") }
        )
        let floor = try DiskFloor(path: folder + "/floor.db")
        let acting = try Plan(compiling: Self.workflow("acting", tool: "act"))
        let reading = try Plan(compiling: Self.workflow("reading", tool: "look"))
        let sample = try await engine.execute(ExecutionRequest(plan: acting, arguments: ["text": "hello"]))
        let rows = try await store.journal(of: sample.id)
        let rowBytes = rows.map { JSONValue.object($0.fact.json).bytes().count }.reduce(0, +) / rows.count
        let rowsPerStep = Double(rows.count) / Double(Self.stepsPerExecution)
        for _ in 0..<repetitions {
            let batched = try floor.rowsPerSecond(batch: 500, rowBytes: rowBytes, duration: 0.5) / rowsPerStep
            let serial = try floor.rowsPerSecond(batch: 1, rowBytes: rowBytes, duration: 0.5)
            Report.line([
                "batched_steps_per_second": .double(batched), "serial_commits_per_second": .double(serial),
                "acting_many": .double(try await rate(engine, acting, clients: 64, each: executions / 64 + 1)),
                "acting_one": .double(try await rate(engine, acting, clients: 1, each: Self.sequentialExecutions)),
                "reading_many": .double(try await rate(engine, reading, clients: 64, each: executions / 64 + 1)),
                "reading_one": .double(try await rate(engine, reading, clients: 1, each: Self.sequentialExecutions)),
                "rows_per_step": .double(rowsPerStep), "row_bytes": .integer(Int64(rowBytes)),
            ])
        }
    }

    /// Steps per second when `clients` at the same time execute `plan` `each` times.
    private func rate(_ engine: ExecutionEngine, _ plan: Plan, clients: Int, each: Int) async throws -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<clients {
                group.addTask {
                    for _ in 0..<each {
                        let result = try await engine.execute(
                            ExecutionRequest(plan: plan, arguments: ["text": "hello"])
                        )
                        guard result.status == .completed else {
                            throw BenchmarkError(result.error ?? "an execution did not complete")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        return Double(clients * each * Self.stepsPerExecution) / (clock.now - start).inSeconds
    }

    /// A chain in which each step's argument is a template.
    private static func workflow(_ name: String, tool: String) -> WorkflowDefinition {
        let steps = (1...stepsPerExecution).map { number in
            StepDefinition(id: "step\(number)", action: .tool(name: tool, arguments: ["text": "{{ .input.text }}"]))
        }
        let spec: JSONObject = ["steps": .array(steps.map { ["id": .string($0.id), "tool": .string(tool)] })]
        return WorkflowDefinition(
            name: name,
            arguments: [ArgumentDefinition(name: "text", type: "string")],
            steps: steps,
            source: spec
        )
    }

    private static func clock() -> EngineClock {
        let count = Mutex(UInt64.random(in: 0..<(1 << 60)))
        return EngineClock(
            now: {
                var time = timespec()
                clock_gettime(CLOCK_REALTIME, &time)
                return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
            },
            entropy: { 1 },
            makeExecutionID: {
                let number = count.withLock {
                    $0 += 1
                    return $0
                }
                return ExecutionID("bench-\(number)")
            }
        )
    }
}

/// Two tools that return a small text at once: one that may have changed something, one that only reads.
private struct NoOperationTools: ToolProvider {
    let tools = [
        ToolDescriptor(name: "act", description: "Returns its text."),
        ToolDescriptor(name: "look", description: "Returns its text.", annotations: .reading),
    ]

    func call(
        _ name: String,
        _ arguments: JSONObject,
        _ context: CallContext
    ) async throws(ToolCallError) -> ToolResult {
        .text(arguments["text"]?.stringValue ?? "")
    }
}
