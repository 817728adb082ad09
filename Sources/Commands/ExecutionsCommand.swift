import ArgumentParser
import Daemon
import Engine
import JSON
import Storage
import ToolCatalog
import WorkflowModel

struct ExecutionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "executions",
        abstract: "Look into the history of executions.",
        subcommands: [ExecutionsList.self, ExecutionsGet.self, ExecutionsResume.self]
    )
}

struct ExecutionsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List executions, newest first.")

    @OptionGroup var common: CommonOptions

    @Option(help: "Only executions of this workflow.")
    var workflow: String?

    @Option(help: "Only executions with this status: inprogress, completed, failed or cancelled.")
    var status: String?

    @Option(help: "Length of the page.")
    var limit = 50

    @Option(help: "Executions to leave out at the start.")
    var offset = 0

    @Option(name: [.short, .long], help: "table, json or yaml.")
    var output = OutputFormat.table

    func run() async throws {
        var arguments: JSONObject = ["limit": .integer(Int64(limit)), "offset": .integer(Int64(offset))]
        arguments["workflow_name"] = workflow.map { .string($0) }
        arguments["status"] = status.map { .string($0) }
        let tool = "core_workflow_execution_list"
        try await ToolReply.call(tool, arguments, common, output, startsServers: false)
    }
}

struct ExecutionsGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "get", abstract: "Show the record of an execution.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "Id of the execution.")
    var id: String

    @Option(help: "Show this step only.")
    var step: String?

    @Option(name: [.short, .long], help: "table, json or yaml.")
    var output = OutputFormat.table

    func run() async throws {
        var arguments: JSONObject = ["execution_id": .string(id)]
        arguments["step_id"] = step.map { .string($0) }
        let tool = "core_workflow_execution_get"
        try await ToolReply.call(tool, arguments, common, output, startsServers: false)
    }
}

struct ExecutionsResume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with executions that a killed process left behind.",
        discussion: """
            Without an id: all of them. A step that was in flight and may not be repeated without asking waits for
            --decision: retry (call it again), succeeded (it happened; --result gives what it returned) or fail.
            """
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: "Id of the execution that waits for a decision.")
    var id: String?

    @Option(help: "retry, succeeded or fail.")
    var decision: String?

    @Option(help: "Key of the step, where more than one waits.")
    var step: String?

    @Option(help: "For succeeded: the step's result, as JSON or text.")
    var result: String?

    @Option(help: "For fail: the step's error.")
    var message: String?

    func validate() throws {
        guard let decision else { return }
        guard id != nil else { throw ValidationError("--decision needs the id of the execution that waits for it") }
        guard ["retry", "succeeded", "fail"].contains(decision) else {
            throw ValidationError("--decision has to be retry, succeeded or fail")
        }
    }

    func run() async throws {
        let muster = try common.makeMuster()
        let view = RunView(isLive: Output.isTerminal(2))
        let decided = decision == nil ? nil : id
        muster.engine.observe { update in
            // What is being decided need not be asked for.
            if case .decisionNeeded = update.news, update.execution.text == decided { return }
            view.show(update)
        }
        let failure = await resume(muster)
        view.finish()
        await muster.shutDown()
        if let failure { throw failure }
    }

    private func resume(_ muster: Muster) async -> CommandFailure? {
        do {
            let resumed = try await muster.start()
            for id in resumed { await muster.engine.waitUntilSettled(id) }
            if let id {
                if let decision {
                    try await decide(muster, id, decision)
                    // Workflows around it go on, too.
                    for id in resumed { await muster.engine.waitUntilSettled(id) }
                }
            } else if resumed.isEmpty {
                Output.talk("nothing to resume")
            }
            let affected = id.map { [ExecutionID($0)] } ?? resumed
            return try await report(muster, affected)
        } catch let failure as CommandFailure {
            return failure
        } catch {
            return .failed("\(error)")
        }
    }

    private func decide(_ muster: Muster, _ id: String, _ decision: String) async throws {
        var arguments: JSONObject = ["execution_id": .string(id), "decision": .string(decision)]
        arguments["step"] = step.map { .string($0) }
        arguments["result"] = result.map { .string($0) }
        arguments["message"] = message.map { .string($0) }
        let reply = try await muster.catalog.call("core_workflow_execution_resume", arguments)
        if reply.isError { throw CommandFailure.failed(reply.errorText) }
        await muster.engine.waitUntilSettled(ExecutionID(id))
    }

    private func report(_ muster: Muster, _ ids: [ExecutionID]) async throws -> CommandFailure? {
        var failure: CommandFailure?
        for id in ids {
            guard let summary = try await muster.store.summary(of: id) else {
                return .failed("execution \(id) not found")
            }
            let word = summary.phase == .uncertain ? "waits for a decision" : summary.status.rawValue
            Output.data("\(id)  \(summary.workflow)  \(word)")
            if let error = summary.error { Output.talk("error: \(Output.printable(error))") }
            if summary.status != .completed { failure = .silent }
        }
        return failure
    }
}
