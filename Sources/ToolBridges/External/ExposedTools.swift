package import JSON
package import ToolCatalog
package import WorkflowModel

/// Under which names the tools of the running servers are offered, and where each leads. A value of its inputs.
package struct ExposedTools: Sendable {
    /// A server that can be called now, with its raw tool objects.
    package struct Source: Sendable {
        package var definition: MCPServerDefinition
        package var tools: [ToolDescriptor]

        package init(definition: MCPServerDefinition, tools: [ToolDescriptor]) {
            self.definition = definition
            self.tools = tools
        }
    }

    package enum Route: Sendable, Hashable {
        /// A server and its own name of the tool.
        case server(String, tool: String)
        /// The argument names one of these servers.
        case family(argument: String, servers: [String], tool: String)
    }

    /// Ordered by the name of the server that offers them.
    package private(set) var tools: [ToolDescriptor] = []
    package private(set) var routes: [String: Route] = [:]
    /// Of servers whose tools another one offers under the same name: the names.
    package private(set) var conflicts: [String: [String]] = [:]

    private let musterPrefix: String

    /// - Parameter sources: in any order.
    package init(_ sources: [Source], musterPrefix: String) {
        self.musterPrefix = musterPrefix
        let sorted = sources.sorted { $0.definition.name < $1.definition.name }
        let families = Self.families(sorted)
        var shared: [String: Set<String>] = [:]
        for (family, members) in families.sorted(by: { $0.key < $1.key }) { add(family, members, &shared) }
        for source in sorted {
            let name = source.definition.name
            for tool in source.tools {
                let own = tool.originalName ?? tool.name
                guard shared[name]?.contains(own) != true else { continue }
                add(tool, route: .server(name, tool: own), owner: name)
            }
        }
    }

    /// The exposed name of a tool: `<musterPrefix>_<prefix>_<tool>`, without the prefix where the tool's own name begins
    /// with it. See docs/mcp-servers.md.
    package static func name(_ tool: String, prefix: String, musterPrefix: String) -> String {
        tool.hasPrefix(prefix + "_") ? "\(musterPrefix)_\(tool)" : "\(musterPrefix)_\(prefix)_\(tool)"
    }

    private mutating func add(_ tool: ToolDescriptor, route: Route, owner: String) {
        guard routes[tool.name] == nil else {
            conflicts[owner, default: []].append(tool.name)
            return
        }
        routes[tool.name] = route
        tools.append(tool)
    }

    // MARK: Families

    /// The members of each family that agree on the argument which chooses among them.
    private static func families(_ sources: [Source]) -> [String: [Source]] {
        var families: [String: [Source]] = [:]
        for source in sources {
            if let family = source.definition.family { families[family.name, default: []].append(source) }
        }
        return families.filter { _, members in
            Set(members.compactMap { $0.definition.family?.instanceArgument }).count == 1
        }
    }

    /// Offers the tools that a family can share, and notes them by server; the others fall back to their servers' names.
    private mutating func add(_ family: String, _ members: [Source], _ shared: inout [String: Set<String>]) {
        guard let argument = members.first?.definition.family?.instanceArgument else { return }
        var providers: [String: [(server: String, tool: ToolDescriptor)]] = [:]
        var order: [String] = []
        for member in members {
            for tool in member.tools {
                let own = tool.originalName ?? tool.name
                if providers[own] == nil { order.append(own) }
                providers[own, default: []].append((member.definition.name, tool))
            }
        }
        for own in order {
            guard let all = providers[own], let first = all.first,
                all.allSatisfy({ $0.tool.description == first.tool.description }),
                all.allSatisfy({ $0.tool.inputSchema["properties"]?[argument] == nil })
            else { continue }
            let servers = all.map(\.server)
            var tool = first.tool
            tool.name = Self.name(own, prefix: family, musterPrefix: musterPrefix)
            let names = servers.joined(separator: ", ")
            tool.description += " (available on servers: \(names))"
            tool.inputSchema = Self.schema(tool.inputSchema, argument: argument, servers: servers)
            for server in servers { shared[server, default: []].insert(own) }
            add(tool, route: .family(argument: argument, servers: servers, tool: own), owner: servers[0])
        }
    }

    private static func schema(_ schema: JSONObject, argument: String, servers: [String]) -> JSONObject {
        var schema = schema
        var properties = schema["properties"]?.objectValue ?? [:]
        properties[argument] = [
            "type": "string", "enum": .array(servers.map { .string($0) }),
            "description": .string(
                "Target instance to execute this tool on. Available: \(servers.joined(separator: ", "))"
            ),
        ]
        schema["properties"] = .object(properties)
        schema["required"] = .array((schema["required"]?.arrayValue ?? []) + [.string(argument)])
        return schema
    }

    /// Where a call of a family's tool goes, and the arguments without the one that chose.
    package enum Choice: Sendable {
        case server(String, arguments: JSONObject)
        case refused(String)
    }

    package static func choose(
        _ name: String,
        argument: String,
        servers: [String],
        arguments: JSONObject
    ) -> Choice {
        let names = servers.joined(separator: ", ")
        guard let value = arguments[argument], !value.isNull, value.stringValue != "" else {
            return .refused(
                "tool \(name) is provided by a family on servers \(names); the \"\(argument)\" parameter is required"
            )
        }
        guard let server = value.stringValue else {
            return .refused("the \"\(argument)\" parameter of tool \(name) must be a string, not \(value.typeName)")
        }
        guard servers.contains(server) else {
            return .refused("tool \(name) is not available on server \"\(server)\" (available: \(names))")
        }
        var rest = arguments
        rest[argument] = nil
        return .server(server, arguments: rest)
    }
}
