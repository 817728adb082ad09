package import JSON

/// The name a program gives itself.
package struct MCPImplementation: Hashable, Sendable {
    package var name: String
    package var version: String
    package var title: String?

    package init(name: String, version: String, title: String? = nil) {
        self.name = name
        self.version = version
        self.title = title
    }

    package init?(_ value: JSONValue?) {
        guard let name = value?["name"]?.stringValue else { return nil }
        self.init(name: name, version: value?["version"]?.stringValue ?? "", title: value?["title"]?.stringValue)
    }

    package var json: JSONValue {
        var object: JSONObject = ["name": .string(name), "version": .string(version)]
        if let title { object["title"] = .string(title) }
        return .object(object)
    }
}

/// How far a call has come.
package struct MCPProgress: Hashable, Sendable {
    package var progress: Double
    package var total: Double?
    package var message: String?

    package init(progress: Double, total: Double? = nil, message: String? = nil) {
        self.progress = progress
        self.total = total
        self.message = message
    }

    /// Reads the params of `notifications/progress`.
    package init?(_ params: JSONObject) {
        guard let progress = params["progress"]?.doubleValue else { return nil }
        self.init(progress: progress, total: params["total"]?.doubleValue, message: params["message"]?.stringValue)
    }

    package func params(token: JSONValue) -> JSONObject {
        var params: JSONObject = ["progressToken": token, "progress": Self.number(progress)]
        if let total { params["total"] = Self.number(total) }
        if let message { params["message"] = .string(message) }
        return params
    }

    /// Whole numbers without a fraction, as other implementations write them.
    private static func number(_ value: Double) -> JSONValue {
        Int64(exactly: value).map { .integer($0) } ?? .double(value)
    }
}

/// A list whose change is told to clients.
package enum MCPListChange: String, Sendable, CaseIterable {
    case tools, resources, prompts

    package var method: String { "notifications/\(rawValue)/list_changed" }
    /// Its key in the filter of `subscriptions/listen`.
    package var filterKey: String { "\(rawValue)ListChanged" }
}

/// The answer to `tools/list`.
package enum MCPToolList: Sendable {
    /// Raw tool objects, in stable order.
    case objects([JSONObject])
    /// UTF-8 of a JSON array of tool objects; written as it is, so that a host may cache it.
    case encoded([UInt8])

    func write(to bytes: inout [UInt8]) {
        switch self {
        case .encoded(let array): bytes += array
        case .objects(let tools):
            bytes.append(UInt8(ascii: "["))
            for (index, tool) in tools.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                JSONValue.object(tool).write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        }
    }
}

/// What a server said about itself in the handshake.
package struct MCPServerFacts: Hashable, Sendable {
    package var info: MCPImplementation?
    package var version: MCPVersion
    package var capabilities: JSONObject
    package var instructions: String?

    package init(
        info: MCPImplementation?,
        version: MCPVersion,
        capabilities: JSONObject,
        instructions: String? = nil
    ) {
        self.info = info
        self.version = version
        self.capabilities = capabilities
        self.instructions = instructions
    }
}
