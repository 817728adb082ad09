import ArgumentParser
import Daemon
import JSON
import ToolBridges
import ToolCatalog
import WorkflowLoading

/// How replies of tools are printed. See docs/cli.md.
enum ToolReply {
    /// Calls a tool in a process of its own and prints what it says.
    static func call(
        _ tool: String,
        _ arguments: JSONObject,
        _ common: CommonOptions,
        _ output: OutputFormat,
        startsServers: Bool = true
    ) async throws {
        let muster = try common.makeMuster { $0.isSilent = !common.debug }
        if startsServers { await muster.servers.startAutomatic() }
        let result: Result<ToolResult, ToolCallError>
        do throws(ToolCallError) {
            result = .success(try await muster.catalog.call(tool, arguments))
        } catch {
            result = .failure(error)
        }
        if muster.servers.hasLogins, case .success(let reply) = result {
            Output.data(text(reply, output))
            return try await finishLogins(muster)
        }
        await muster.shutDown()
        switch result {
        case .failure(let error): throw CommandFailure.failed(error.message)
        case .success(let reply):
            guard reply.isError else { return Output.data(text(reply, output)) }
            // A workflow's document is data, also when it tells of a failure.
            guard let document = reply.value, document["execution_id"] != nil else {
                throw CommandFailure.failed(reply.errorText)
            }
            Output.data(text(reply, output))
            throw CommandFailure.failed(reply.errorText)
        }
    }

    /// A login needs somebody to wait for the browser.
    private static func finishLogins(_ muster: Muster) async throws {
        Output.talk("waiting for the login; Ctrl-C gives it up")
        await muster.servers.waitForLogins()
        let failure = muster.servers.all.compactMap(\.loginFailure).first
        await muster.shutDown()
        if let failure { throw CommandFailure.failed("the login failed: \(failure)") }
        Output.talk("logged in")
    }

    /// Prints what the catalogue itself says, once the servers are up.
    static func print(
        _ common: CommonOptions,
        _ output: OutputFormat,
        _ document: (ToolCatalog) throws(CommandFailure) -> JSONValue
    ) async throws {
        let muster = try common.makeMuster { $0.isSilent = !common.debug }
        await muster.servers.startAutomatic()
        let result: Result<JSONValue, CommandFailure>
        do throws(CommandFailure) { result = .success(try document(muster.catalog)) } catch { result = .failure(error) }
        await muster.shutDown()
        Output.data(text(.json(try result.get()), output))
    }

    static func text(_ reply: ToolResult, _ output: OutputFormat) -> String {
        let plain = reply.texts.joined(separator: "\n")
        guard let value = try? JSONValue(parsing: plain) else { return plain }
        switch output {
        case .json: return value.text(.pretty)
        case .yaml: return value["yaml"]?.stringValue ?? value.yamlText()
        case .table: return table(value) ?? value.yamlText()
        }
    }

    private static func table(_ value: JSONValue) -> String? {
        for list in lists {
            guard let rows = value[list.key]?.arrayValue else { continue }
            if rows.isEmpty { return "No items found" }
            let cells = rows.map { row in list.columns.map { cell(row[$0]) + qualifier($0, of: row) } }
            let header = list.columns.map { $0.uppercased() }
            return Output.table(header, cells)
        }
        return nil
    }

    /// What refines a status: an execution in progress may wait for somebody's decision.
    private static func qualifier(_ column: String, of row: JSONValue) -> String {
        guard column == "status", let phase = row["phase"]?.stringValue, phase != "running" else { return "" }
        return " (\(phase))"
    }

    private static let lists: [(key: String, columns: [String])] = [
        ("services", ["name", "health", "state", "service_type"]),
        ("serviceClasses", ["name", "available", "serviceType", "description"]),
        ("mcpServers", ["name", "state", "type"]),
        ("workflows", ["name", "available", "description"]),
        ("tools", ["name", "description"]),
        ("executions", ["execution_id", "workflow_name", "status", "started_at", "duration_ms", "step_count"]),
    ]

    private static func cell(_ value: JSONValue?) -> String {
        switch value {
        case nil, .null: ""
        case .bool(let flag): flag ? "Available" : "Unavailable"
        case .string(let text): text.split(separator: "\n").first.map(String.init) ?? ""
        case .some(let other): other.text()
        }
    }
}

struct CallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Call any tool: core, workflow, or of an MCP server.",
        discussion: "Example: muster call core_service_create --json '{\"serviceClassName\":\"pg\",\"name\":\"a\"}'"
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: "Name of the tool.")
    var tool: String

    @Argument(help: "Arguments as key=value.")
    var arguments: [String] = []

    @Option(help: "Arguments as a JSON object; key=value wins.")
    var json: String?

    @Option(name: [.short, .long], help: "table, json or yaml.")
    var output = OutputFormat.json

    func run() async throws {
        let values = try KeyValueArguments.parse(arguments, json: json, declared: [])
        try await ToolReply.call(tool, values, common, output)
    }
}
