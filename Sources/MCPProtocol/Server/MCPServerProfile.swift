package import JSON

/// What a server says about itself and offers; the same for all its clients.
package struct MCPServerProfile: Sendable {
    package var info: MCPImplementation
    package var instructions: String?
    package var features: MCPServerFeatures
    /// Seals what clients carry between the rounds of one call.
    package var seal: RequestStateSeal

    package init(
        name: String = "muster-aggregator",
        version: String,
        title: String? = nil,
        instructions: String? = nil,
        features: MCPServerFeatures = .lists,
        seal: RequestStateSeal = RequestStateSeal()
    ) {
        info = MCPImplementation(name: name, version: version, title: title)
        self.instructions = instructions
        self.features = features
        self.seal = seal
    }

    /// The `capabilities` that a client of this version is told: exactly what is served to it.
    package func capabilities(for version: MCPVersion) -> JSONObject { features.capabilities(for: version) }
}

/// Families of methods that a server offers. Methods of the others are unknown to it.
package struct MCPServerFeatures: OptionSet, Sendable, Hashable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    package static let tools = MCPServerFeatures(rawValue: 1)
    package static let resources = MCPServerFeatures(rawValue: 2)
    package static let prompts = MCPServerFeatures(rawValue: 4)
    package static let logging = MCPServerFeatures(rawValue: 8)
    package static let completions = MCPServerFeatures(rawValue: 16)
    /// The extension of 2026-07-28; sessions do not have it.
    package static let tasks = MCPServerFeatures(rawValue: 32)
    /// The experimental tasks of 2025-11-25; sessions of other versions do not have them.
    package static let sessionTasks = MCPServerFeatures(rawValue: 64)

    /// What any handler can serve, with empty lists if need be.
    package static let lists: MCPServerFeatures = [.tools, .resources, .prompts, .logging]
    package static let all: MCPServerFeatures = [.lists, .completions, .tasks, .sessionTasks]

    func hasTasks(in version: MCPVersion) -> Bool {
        version.era == .modern ? contains(.tasks) : version == .sessionTasks && contains(.sessionTasks)
    }

    func capabilities(for version: MCPVersion) -> JSONObject {
        var capabilities = JSONObject()
        if contains(.tools) { capabilities["tools"] = ["listChanged": true] }
        if contains(.resources) { capabilities["resources"] = ["subscribe": true, "listChanged": true] }
        if contains(.prompts) { capabilities["prompts"] = ["listChanged": true] }
        if contains(.logging) { capabilities["logging"] = [:] }
        if contains(.completions), version != .oldest { capabilities["completions"] = [:] }
        if hasTasks(in: version) {
            if version.era == .modern {
                capabilities["extensions"] = [MCPExtensions.tasks: [:]].jsonObject
            } else {
                capabilities["tasks"] = ["list": [:], "cancel": [:], "requests": ["tools": ["call": [:]]]]
            }
        }
        return capabilities
    }
}

/// Names of the protocol's extensions, as keys of `capabilities.extensions`.
package enum MCPExtensions {
    package static let tasks = "io.modelcontextprotocol/tasks"
}

extension [String: JSONValue] {
    /// For keys that are constants: literals of `JSONValue` take literal keys only.
    var jsonObject: JSONValue { .object(JSONObject(map { ($0.key, $0.value) })) }
}
