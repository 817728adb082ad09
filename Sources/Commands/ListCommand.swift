import ArgumentParser
import JSON

/// The kinds of things that `list` and `get` know, singular or plural.
enum ResourceType: CaseIterable {
    case workflow, serviceClass, service, mcpServer, execution

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
        case .execution: ["workflow-execution", "workflow-executions", "execution", "executions"]
        }
    }

    var listTool: String {
        switch self {
        case .workflow: "core_workflow_list"
        case .serviceClass: "core_serviceclass_list"
        case .service: "core_service_list"
        case .mcpServer: "core_mcpserver_list"
        case .execution: "core_workflow_execution_list"
        }
    }

    var getTool: String {
        switch self {
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
        abstract: "List workflows, serviceclasses, services, mcpservers or executions."
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
        let arguments: JSONObject = type == .mcpServer && all ? ["showAll": true, "verbose": true] : [:]
        try await ToolReply.call(type.listTool, arguments, common, output, startsServers: type != .execution)
    }
}

struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Show one workflow, serviceclass, service, mcpserver or execution."
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
        let key = type == .execution ? "execution_id" : "name"
        let arguments: JSONObject = [key: .string(name)]
        // For people the definition itself is the best picture of a workflow.
        let shown = type == .workflow && output == .table ? OutputFormat.yaml : output
        try await ToolReply.call(type.getTool, arguments, common, shown, startsServers: type != .execution)
    }
}
