import ArgumentParser
import Daemon
import Engine
import JSON
import Storage
import Synchronization
import ToolBridges
import ToolCatalog
import WorkflowLoading
import WorkflowModel

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Execute a workflow here and now, without a server.",
        discussion: """
            Shows the steps as they run: a live tree on a terminal, plain lines otherwise, nothing with --output json,
            which prints the response document alone. The execution is recorded in the same history that a server uses;
            one that is killed goes on at the next start. Ctrl-C cancels it, a second one ends the program at once.

            Example: muster run connect-monitoring cluster=my-k8s.my-domain.com
            """
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: "Name of the workflow.")
    var name: String

    @Argument(help: "Arguments of the workflow as key=value.")
    var arguments: [String] = []

    @Option(help: "Arguments of the workflow as a JSON object; key=value wins.")
    var json: String?

    @Option(name: [.short, .long], help: "text or json.")
    var output = RunOutput.text

    @Option(help: "Longest time of one step, e.g. 90s.")
    var stepTimeout: DurationArgument?

    @Flag(help: "Show the result of every step in the document.")
    var showResults = false

    enum RunOutput: String, ExpressibleByArgument, CaseIterable { case text, json }

    func run() async throws {
        let muster = try common.makeMuster { options in
            options.isSilent = !common.debug && output == .json
            if let stepTimeout { options.stepTimeout = stepTimeout.duration }
        }
        let view = output == .json ? nil : RunView(isLive: Output.isTerminal(2))
        let observer = muster.engine.observe { update in view?.show(update) }
        let outcome = await execute(muster, view)
        muster.engine.stopObserving(observer)
        view?.finish()
        await muster.shutDown()
        try report(try outcome.get())
    }

    private func execute(_ muster: Muster, _ view: RunView?) async -> Result<ExecutionResult, CommandFailure> {
        do {
            guard let loaded = muster.registry.workflow(name) else {
                let known = muster.registry.current.definitions(of: .workflow).map(\.name)
                let hint =
                    known.isEmpty
                    ? "there are none in \(muster.folder.path)" : "known: \(known.joined(separator: ", "))"
                throw CommandFailure.failed("workflow \(name) not found (\(hint))")
            }
            guard loaded.isValid else {
                throw CommandFailure.failed("workflow \(name) is not valid:\n" + loaded.errors.joined(separator: "\n"))
            }
            var values = try KeyValueArguments.parse(
                arguments,
                json: json,
                declared: loaded.workflow?.arguments ?? []
            )
            if showResults { values["_debug"] = true }
            view?.showServersStarting(muster.automaticServers)
            let resumed = try await muster.start()
            view?.showServersStarted()
            let stop = await StopSignal.watching()
            defer { stop.release() }
            let result = try await cancellable(muster, values, stop)
            await waitForResumed(resumed, muster, stop)
            return .success(result)
        } catch let failure as CommandFailure {
            return .failure(failure)
        } catch let refusal as WorkflowRefusal {
            return .failure(.failed(refusal.message + missingServers(muster, refusal.message)))
        } catch {
            return .failure(.failed("\(error)"))
        }
    }

    /// Executes; the first Ctrl-C cancels the execution and waits until it has ended cleanly.
    private func cancellable(
        _ muster: Muster,
        _ values: JSONObject,
        _ stop: StopSignal
    ) async throws -> ExecutionResult {
        let begun = Mutex<ExecutionID?>(nil)
        let engine = muster.engine
        let workflows = muster.workflows
        let name = name
        let execution = Task {
            try await workflows.execute(name, values, CallContext()) { id in begun.withLock { $0 = id } }
        }
        stop.onFirst {
            if let id = begun.withLock({ $0 }) { engine.cancel(id, reason: "stopped by a signal (Ctrl-C)") }
            // Before it has begun there is only the task to stop.
            execution.cancel()
        }
        return try await execution.value
    }

    /// Lets executions of a process that died come to their end as well; Ctrl-C leaves them to the next start.
    private func waitForResumed(_ resumed: [ExecutionID], _ muster: Muster, _ stop: StopSignal) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for id in resumed { await muster.engine.waitUntilSettled(id) }
                stop.release()
            }
            group.addTask { await stop.first() }
            await group.next()
            await muster.engine.shutDown()
        }
    }

    /// Tools are mostly missing because their server did not start: say which and why.
    private func missingServers(_ muster: Muster, _ refusal: String) -> String {
        muster.servers.all.map { server in
            let name = server.definition.name
            let prefix = "\(muster.settings.musterPrefix)_\(server.definition.toolPrefix ?? name)_"
            guard refusal.contains(prefix) else { return "" }
            switch server.state {
            case .failed, .unreachable, .authorizationRequired:
                return "\n  MCP server \(name) failed: \(server.error ?? "unknown reason")"
            case .idle: return "\n  MCP server \(name) is not started: add 'autoStart: true' to its definition"
            default: return ""
            }
        }.joined()
    }

    private func report(_ result: ExecutionResult) throws {
        if output == .json {
            Output.data(result.document.text(.pretty))
        } else {
            Output.data(RunSummary.text(result))
            if showResults { Output.data(result.document.text(.pretty)) }
        }
        if result.status != .completed { throw CommandFailure.silent }
    }
}

/// What is printed after the steps.
enum RunSummary {
    private static let ownKeys: Set<String> = [
        "execution_id", "workflow", "status", "input", "steps", "template_vars", "error", "output_error",
    ]

    static func text(_ result: ExecutionResult) -> String {
        var lines = ["\(result.status.rawValue)  execution \(result.id)"]
        if let error = result.error { lines.append("error: \(Output.printable(error))") }
        var shown = JSONObject()
        for (key, value) in result.document.objectValue ?? JSONObject() where !ownKeys.contains(key) {
            shown[key] = value
        }
        if !shown.isEmpty { lines.append(JSONValue.object(shown).text(.pretty)) }
        return lines.joined(separator: "\n")
    }
}
