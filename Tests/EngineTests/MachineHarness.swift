import Diagnostics
import Engine
import JSON
import Storage
import Testing
import WorkflowLoading
import WorkflowModel

/// Runs a machine without a driver: calls are answered at once by a script, time is a counter.
struct MachineHarness {
    typealias Script = (ToolCallRequest) -> StepOutcome

    var machine: ExecutionMachine
    var journal: [JournalEntry]
    var calls: [ToolCallRequest] = []
    /// Calls that were begun and not yet answered, in order.
    var pending: [ToolCallRequest] = []
    var end: ExecutionEnd?
    private var time: Int64 = 1_000_000
    private var seed: UInt64 = 0

    init(_ yaml: String, isSafe: Bool = true, seed: UInt64 = 0) throws {
        self.seed = seed
        machine = ExecutionMachine(id: ExecutionID("e"), plan: try Self.plan(yaml), isSafeToRepeat: { _ in isSafe })
        journal = []
    }

    /// Goes on from a journal, as after a crash.
    init(_ plan: Plan, resuming journal: [JournalEntry]) {
        machine = ExecutionMachine(id: ExecutionID("e"), plan: plan, journal: journal)
        self.journal = journal
        time = (journal.last?.at.microseconds ?? 0) + 1_000_000
    }

    static func plan(_ yaml: String) throws -> Plan {
        let file = SourceFile(name: "w.yaml", text: yaml)
        let (definitions, diagnostics) = DefinitionDecoder.decode(file: file, kind: .workflow, defaultName: "w")
        let workflow = try #require(definitions.first?.workflow, "\(diagnostics.rendered())")
        return try Plan(compiling: workflow)
    }

    mutating func send(_ event: ExecutionEvent) {
        time += 1000
        let occurrence = Occurrence(event, at: Timestamp(microseconds: time), entropy: seed &* 7919 &+ UInt64(time))
        let decision = machine.handle(occurrence)
        journal += decision.entries
        for action in decision.actions {
            switch action {
            case .call(let request):
                calls.append(request)
                pending.append(request)
            case .finish(let end):
                #expect(self.end == nil, "an execution ends once")
                self.end = end
            case .cancelCalls, .refuse: break
            }
        }
    }

    mutating func start(_ input: JSONObject = [:], isDebug: Bool = false) {
        let plan = machine.plan
        send(
            .start(
                ExecutionStart(
                    workflow: plan.definition.name,
                    definitionHash: plan.hash,
                    input: input,
                    isDebug: isDebug,
                    chain: []
                )
            )
        )
    }

    /// Answers the pending call at `index`.
    mutating func answer(_ index: Int = 0, _ outcome: StepOutcome) {
        let request = pending.remove(at: index)
        send(.callEnded(key: request.key, phase: request.phase, attempt: request.attempt, outcome: outcome))
    }

    mutating func answerAll(_ script: Script) {
        while let request = pending.first { answer(0, script(request)) }
    }

    /// The response document of an execution that ran from start to end.
    static func run(
        _ yaml: String,
        _ input: JSONObject = [:],
        isDebug: Bool = false,
        _ script: Script = { .succeeded(result: .object($0.arguments)) }
    ) throws -> (end: ExecutionEnd, harness: MachineHarness) {
        var harness = try MachineHarness(yaml)
        harness.start(input, isDebug: isDebug)
        harness.answerAll(script)
        return (try #require(harness.end), harness)
    }
}
