import ArgumentParser
import JSON
import ToolCatalog

/// The kinds of things that `list` and `get` know, singular or plural.
enum ResourceType: CaseIterable {
    case workflow, serviceClass, service, mcpServer, execution, tool

    init(word: String) throws(CommandFailure) {
        guard let type = Self.allCases.first(where: { $0.words.contains(word.lowercased()) }) else {
            let known = Self.allCases.map { $0.words[0] }.joined(separator: ", ")
            throw .failed("unknown resource type '\(word)'. Available types: \(known)")
        }
        self = type
    }

    private var words: [String] {
        switch self {
        case .workflow: ["workflow", "workflows"]
        case .serviceClass: ["serviceclass", "serviceclasses"]
        case .service: ["service", "services"]
        case .mcpServer: ["mcpserver", "mcpservers"]
        case .execution: ["execution", "executions", "workflow-execution", "workflow-executions"]
        case .tool: ["tool", "tools"]
        }
    }

    /// Nil for what is no reply of a core tool.
    var listTool: String? {
        switch self {
        case .tool: nil
        case .workflow: "core_workflow_list"
        case .serviceClass: "core_serviceclass_list"
        case .service: "core_service_list"
        case .mcpServer: "core_mcpserver_list"
        case .execution: "core_workflow_execution_list"
        }
    }

    var getTool: String? {
        switch self {
        case .tool: nil
        case .workflow: "core_workflow_get"
        case .serviceClass: "core_serviceclass_get"
        case .service: "core_service_status"
        case .mcpServer: "core_mcpserver_get"
        case .execution: "core_workflow_execution_get"
        }
    }
}

struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List workflows, serviceclasses, services, mcpservers, tools or executions."
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: "What to list.")
    var type: String

    @Flag(help: "Show failed MCP servers too.")
    var all = false

    @Option(name: [.short, .long], help: "table, json or yaml.")
    var output = OutputFormat.table

    func run() async throws {
        let type = try ResourceType(word: type)
        guard let tool = type.listTool else {
            return try await ToolReply.print(common, output) { catalog in
                let tools = catalog.tools.map { tool in
                    JSONValue.object(["name": .string(tool.name), "description": .string(tool.description)])
                }
                return ["tools": .array(tools)]
            }
        }
        let arguments: JSONObject = type == .mcpServer && all ? ["showAll": true, "verbose": true] : [:]
        try await ToolReply.call(tool, arguments, common, output, startsServers: type != .execution)
    }
}

struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Show one workflow, serviceclass, service, mcpserver, tool or execution."
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: "What it is.")
    var type: String

    @Argument(help: "Its name or id.")
    var name: String

    @Option(name: [.short, .long], help: "table, json or yaml.")
    var output = OutputFormat.table

    func run() async throws {
        let type = try ResourceType(word: type)
        guard let tool = type.getTool else {
            return try await ToolReply.print(common, output) { catalog throws(CommandFailure) in
                guard let tool = catalog.descriptor(of: name) else { throw .failed("tool not found: \(name)") }
                return .object(tool.json)
            }
        }
        let key = type == .execution ? "execution_id" : "name"
        let arguments: JSONObject = [key: .string(name)]
        // For people the definition itself is the best picture of a workflow.
        let shown = type == .workflow && output == .table ? OutputFormat.yaml : output
        try await ToolReply.call(tool, arguments, common, shown, startsServers: type != .execution)
    }
}
