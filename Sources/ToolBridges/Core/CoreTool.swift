package import JSON
package import ToolCatalog

/// One tool of the core: what clients see of it, and what it does.
package struct CoreTool: Sendable {
    package var descriptor: ToolDescriptor
    package var run: @Sendable (CoreArguments, CallContext) async throws -> ToolResult

    /// - Parameter output: schema of the structured content of every reply that is no error; nil for replies in words.
    package init(
        _ name: String,
        _ description: String,
        _ parameters: [Parameter] = [],
        output: JSONValue? = nil,
        annotations: ToolAnnotations,
        run: @escaping @Sendable (CoreArguments, CallContext) async throws -> ToolResult
    ) {
        descriptor = ToolDescriptor(
            name: name,
            description: description,
            inputSchema: Parameter.schema(parameters),
            annotations: annotations
        )
        descriptor.extras["outputSchema"] = output
        self.run = run
    }

    /// One argument as it stands in the tool's input schema.
    package struct Parameter: Sendable {
        var name: String
        var schema: JSONObject
        var isRequired: Bool

        package init(
            _ name: String,
            _ type: String,
            _ description: String,
            isRequired: Bool = false,
            defaultValue: JSONValue? = nil,
            values: [String] = []
        ) {
            self.name = name
            self.isRequired = isRequired
            schema = ["type": .string(type), "description": .string(description)]
            schema["default"] = defaultValue
            if !values.isEmpty { schema["enum"] = .array(values.map { .string($0) }) }
        }

        static func schema(_ parameters: [Parameter]) -> JSONObject {
            let properties = JSONObject(parameters.map { ($0.name, .object($0.schema)) })
            var schema: JSONObject = ["type": "object", "properties": .object(properties)]
            let required = parameters.filter(\.isRequired).map { JSONValue.string($0.name) }
            if !required.isEmpty { schema["required"] = .array(required) }
            return schema
        }
    }
}

/// What a core tool says when it cannot do what it was asked; becomes an error result with this text.
package struct CoreToolFailure: Error, Sendable {
    package var message: String

    package init(_ message: String) { self.message = message }
}

/// The arguments of a core tool, read with messages that name the argument.
package struct CoreArguments: Sendable {
    package let values: JSONObject

    package init(_ values: JSONObject) { self.values = values }

    /// An absent, empty or null text is missing.
    package func requiredText(_ name: String, orElse message: String? = nil) throws(CoreToolFailure) -> String {
        guard let text = try text(name), !text.isEmpty else {
            throw CoreToolFailure(message ?? "\(name) argument is required")
        }
        return text
    }

    package func text(_ name: String) throws(CoreToolFailure) -> String? {
        guard let value = values[name], !value.isNull else { return nil }
        guard let text = value.stringValue else { throw wrongType(name, "string", value) }
        return text
    }

    package func flag(_ name: String, default standard: Bool) throws(CoreToolFailure) -> Bool {
        guard let value = values[name], !value.isNull else { return standard }
        guard let flag = value.boolValue else { throw CoreToolFailure("\(name) must be a boolean value") }
        return flag
    }

    package func integer(_ name: String, default standard: Int) throws(CoreToolFailure) -> Int {
        guard let value = values[name] else { return standard }
        guard let number = value.integerValue else { throw CoreToolFailure("\(name) must be a number") }
        return Int(number)
    }

    package func object(_ name: String) throws(CoreToolFailure) -> JSONObject? {
        guard let value = values[name], !value.isNull else { return nil }
        guard let object = value.objectValue else { throw wrongType(name, "object", value) }
        return object
    }

    private func wrongType(_ name: String, _ expected: String, _ value: JSONValue) -> CoreToolFailure {
        CoreToolFailure("argument '\(name)' has wrong type: expected \(expected), got \(value.typeName)")
    }
}

/// The core's tools as a provider.
package struct CoreToolProvider: ToolProvider {
    package let tools: [ToolDescriptor]
    private let toolsByName: [String: CoreTool]

    package init(_ tools: [CoreTool]) {
        self.tools = tools.map(\.descriptor)
        toolsByName = Dictionary(tools.map { ($0.descriptor.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package func call(
        _ name: String,
        _ arguments: JSONObject,
        _ context: CallContext
    ) async throws(ToolCallError) -> ToolResult {
        guard let tool = toolsByName[name] else { throw ToolCallError(.notFound, "tool not found: \(name)") }
        do {
            return try await tool.run(CoreArguments(arguments), context)
        } catch let failure as CoreToolFailure {
            return .failure(failure.message)
        } catch is CancellationError {
            throw ToolCallError(.cancelled, "\(name) was cancelled")
        } catch {
            return .failure("\(error)")
        }
    }
}
