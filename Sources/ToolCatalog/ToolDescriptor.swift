package import JSON

/// What a tool says about itself. The hints are MCP's; absent ones are nil. Source: MCP 2025-11-25, ToolAnnotations.
package struct ToolAnnotations: Sendable, Hashable {
    package var readOnly: Bool?
    package var destructive: Bool?
    package var idempotent: Bool?
    package var openWorld: Bool?

    package init(readOnly: Bool? = nil, destructive: Bool? = nil, idempotent: Bool? = nil, openWorld: Bool? = nil) {
        self.readOnly = readOnly
        self.destructive = destructive
        self.idempotent = idempotent
        self.openWorld = openWorld
    }

    package init(json: JSONValue?) {
        self.init(
            readOnly: json?["readOnlyHint"]?.boolValue,
            destructive: json?["destructiveHint"]?.boolValue,
            idempotent: json?["idempotentHint"]?.boolValue,
            openWorld: json?["openWorldHint"]?.boolValue
        )
    }

    package static let reading = ToolAnnotations(readOnly: true, openWorld: false)

    /// Whether a call whose outcome is unknown may be made again without asking anyone.
    package var isSafeToRepeat: Bool { readOnly == true || idempotent == true }

    package var json: JSONObject {
        var object = JSONObject()
        if let readOnly { object["readOnlyHint"] = .bool(readOnly) }
        if let destructive { object["destructiveHint"] = .bool(destructive) }
        if let idempotent { object["idempotentHint"] = .bool(idempotent) }
        if let openWorld { object["openWorldHint"] = .bool(openWorld) }
        return object
    }
}

/// A tool as it is offered: its exposed name, and the MCP tool object that clients see.
package struct ToolDescriptor: Sendable {
    package var name: String
    package var description: String
    package var inputSchema: JSONObject
    package var annotations: ToolAnnotations
    /// How the external server that provides the tool calls it; nil for a tool of our own.
    package var originalName: String?
    /// Whether a repeated call with the same caller joins the first one's work: our own promise, not shown to clients,
    /// who send no such key.
    package var joinsRepeatedCalls = false
    /// Whether a client may have its call as a task.
    package var runsAsTask = false
    /// Whether the external server runs it as a task only.
    package var requiresTask = false
    /// Members of the MCP tool object beside name, description, inputSchema and annotations (`title`, `outputSchema`,
    /// `_meta`, `icons` …), passed through unchanged.
    package var extras: JSONObject

    package init(
        name: String,
        description: String,
        inputSchema: JSONObject = ["type": "object"],
        annotations: ToolAnnotations = ToolAnnotations(),
        extras: JSONObject = JSONObject()
    ) {
        self.name = name
        self.description = description
        self.inputSchema = inputSchema
        self.annotations = annotations
        self.extras = extras
    }

    /// Takes over an MCP tool object of an external server under another name; nil when it has no name.
    package init?(exposedAs name: String, external: JSONObject) {
        guard let originalName = external["name"]?.stringValue else { return nil }
        self.name = name
        self.originalName = originalName
        description = external["description"]?.stringValue ?? ""
        inputSchema = external["inputSchema"]?.objectValue ?? ["type": "object"]
        annotations = ToolAnnotations(json: external["annotations"])
        requiresTask = external["execution"]?["taskSupport"] == "required"
        extras = JSONObject()
        // How a server wants to be called is between it and us.
        let own = ["name", "description", "inputSchema", "execution"]
        for (key, value) in external where !own.contains(key) { extras[key] = value }
    }

    /// Whether a call whose outcome is unknown may be made again by an execution without asking anyone.
    package var isSafeToRepeat: Bool { annotations.isSafeToRepeat || joinsRepeatedCalls }

    /// Whether this is the other one or a copy of it: what was made of the one is good for both. Looks at no contents,
    /// so that equal tools which were made twice are not the same.
    package func isSame(as other: ToolDescriptor) -> Bool {
        name == other.name && description == other.description && annotations == other.annotations
            && Self.isShared(inputSchema, other.inputSchema) && Self.isShared(extras, other.extras)
    }

    private static func isShared(_ left: JSONObject, _ right: JSONObject) -> Bool {
        // Copies have their members in one place. Both are alive here, so that none took the other's place.
        left.withMembers { left in
            right.withMembers { left.baseAddress == $0.baseAddress && left.count == $0.count }
        }
    }

    /// The MCP tool object.
    package var json: JSONObject {
        var object: JSONObject = ["name": .string(name)]
        if !description.isEmpty { object["description"] = .string(description) }
        object["inputSchema"] = .object(inputSchema)
        let hints = annotations.json
        if !hints.isEmpty { object["annotations"] = .object(hints) }
        for (key, value) in extras { object[key] = value }
        return object
    }
}
