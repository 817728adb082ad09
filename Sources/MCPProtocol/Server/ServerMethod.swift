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

    /// Nil for what every server has.
    var feature: MCPServerFeatures? {
        switch self {
        case .initialize, .ping, .discover, .listen: nil
        case .listTools, .callTool: .tools
        case .listResources, .listResourceTemplates, .readResource, .subscribe, .unsubscribe: .resources
        case .listPrompts, .getPrompt: .prompts
        case .complete: .completions
        case .setLogLevel: .logging
        case .getTask, .updateTask, .cancelTask: .tasks
        }
    }

    /// Nil for both.
    private var era: MCPEra? {
        switch self {
        case .initialize, .ping, .subscribe, .unsubscribe, .setLogLevel: .legacy
        case .discover, .listen, .getTask, .updateTask, .cancelTask: .modern
        default: nil
        }
    }

    func isServed(in era: MCPEra, _ features: MCPServerFeatures) -> Bool {
        (self.era == nil || self.era == era) && (feature.map(features.contains) ?? true)
    }
}
