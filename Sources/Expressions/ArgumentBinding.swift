package import JSON
package import WorkflowModel

/// What is wrong with the arguments of a call, before anything runs.
package enum ArgumentFault: Error, Sendable, Hashable {
    case missing(name: String)
    case wrongType(name: String, expected: String, actual: String)
    case undeclared(name: String)
}

/// Fills in defaults and checks types. See docs/workflows.md and docs/service-classes.md.
package struct ArgumentBinding: Sendable {
    package enum Undeclared: Sendable { case allowed, refused }

    private let declared: [ArgumentDefinition]
    private let undeclared: Undeclared

    package init(_ declared: [ArgumentDefinition], undeclared: Undeclared) {
        self.declared = declared
        self.undeclared = undeclared
    }

    /// The given arguments followed by the defaults of absent ones.
    ///
    /// A required argument has to be given even where a default is declared. Without declarations everything goes.
    package func bind(_ given: JSONObject) throws(ArgumentFault) -> JSONObject {
        var bound = given
        for argument in declared {
            guard let value = given[argument.name] else {
                if argument.isRequired { throw .missing(name: argument.name) }
                if let defaultValue = argument.defaultValue { bound[argument.name] = defaultValue }
                continue
            }
            guard Self.accepts(value, type: argument.type) else {
                throw .wrongType(name: argument.name, expected: argument.type, actual: value.typeName)
            }
        }
        if undeclared == .refused, !declared.isEmpty,
            let name = given.keys.first(where: { key in !declared.contains { $0.name == key } })
        {
            throw .undeclared(name: name)
        }
        return bound
    }

    /// Unknown words accept anything; null fits no declared type.
    package static func accepts(_ value: JSONValue, type: String) -> Bool {
        switch type {
        case "string": value.stringValue != nil
        case "integer": value.integerValue != nil || value.isBigInteger
        case "number": value.isNumber
        case "boolean": value.boolValue != nil
        case "array": value.arrayValue != nil
        case "object": value.objectValue != nil
        default: true
        }
    }
}

extension JSONValue {
    fileprivate var isBigInteger: Bool {
        if case .bigNumber(let digits) = self {
            digits.text.utf8.allSatisfy { $0 == 0x2D || $0 &- 0x30 <= 9 }
        } else {
            false
        }
    }
}

extension ArgumentDefinition {
    /// The JSON Schema of the arguments: an object with one property each.
    package static func inputSchema(of arguments: [ArgumentDefinition]) -> JSONObject {
        var properties = JSONObject()
        for argument in arguments {
            var property: JSONObject = ["type": .string(argument.type)]
            if !argument.description.isEmpty { property["description"] = .string(argument.description) }
            property["default"] = argument.defaultValue
            properties[argument.name] = .object(property)
        }
        var schema: JSONObject = ["type": "object", "properties": .object(properties)]
        let required = arguments.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { schema["required"] = .array(required) }
        return schema
    }
}
