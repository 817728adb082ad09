/// The methods of requests that a server knows, with the eras and families they belong to.
enum ServerMethod: String, CaseIterable {
    case initialize, ping
    case discover = "server/discover"
    case listTools = "tools/list"
    case callTool = "tools/call"
    case listResources = "resources/list"
    case listResourceTemplates = "resources/templates/list"
    case readResource = "resources/read"
    case subscribe = "resources/subscribe"
    case unsubscribe = "resources/unsubscribe"
    case listPrompts = "prompts/list"
    case getPrompt = "prompts/get"
    case complete = "completion/complete"
    case setLogLevel = "logging/setLevel"
    case listen = "subscriptions/listen"
    case getTask = "tasks/get"
    case updateTask = "tasks/update"
    case cancelTask = "tasks/cancel"
    case taskResult = "tasks/result"
    case listTasks = "tasks/list"

    /// Whether a server with these features answers the method in a session of this version (legacy) or by itself (modern).
    ///
    /// One switch, without optional values in between: those were compiled wrongly with optimisation (Swift 6.2.3), so
    /// that now and then a call was refused.
    func isServed(in version: MCPVersion, _ features: MCPServerFeatures) -> Bool {
        let era = version.era
        return switch self {
        case .initialize, .ping: era == .legacy
        case .discover, .listen: era == .modern
        case .listTools, .callTool: features.contains(.tools)
        case .listResources, .listResourceTemplates, .readResource: features.contains(.resources)
        case .subscribe, .unsubscribe: era == .legacy && features.contains(.resources)
        case .listPrompts, .getPrompt: features.contains(.prompts)
        case .complete: features.contains(.completions)
        case .setLogLevel: era == .legacy && features.contains(.logging)
        case .getTask, .cancelTask: features.hasTasks(in: version)
        case .updateTask: era == .modern && features.contains(.tasks)
        case .taskResult, .listTasks: era == .legacy && features.hasTasks(in: version)
        }
    }

    var isOfTasks: Bool {
        switch self {
        case .getTask, .updateTask, .cancelTask, .taskResult, .listTasks: true
        default: false
        }
    }
}
