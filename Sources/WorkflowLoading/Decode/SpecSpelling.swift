package import JSON

/// Respells the fields of a `spec`.
///
/// What belongs to the user (arguments of tools, outputs, expected values) is left as it is.
package enum SpecSpelling {
    /// Every field in camelCase, as files are written.
    package static func camelCase(_ kind: DefinitionKind, _ spec: JSONObject) -> JSONObject {
        respell(spec, in: root(of: kind)) { FieldMap.camelCase($0) }
    }

    /// The four step fields in snake_case that the core tools have always returned (`allow_failure`, `from_step`,
    /// `expect_not`, `json_path`), the rest in camelCase. See docs/tools.md.
    package static func toolReply(_ spec: JSONObject) -> JSONObject {
        respell(spec, in: .workflow) { key in
            let name = FieldMap.camelCase(key)
            return legacyNames[name] ?? name
        }
    }

    private static let legacyNames = [
        "allowFailure": "allow_failure", "fromStep": "from_step", "expectNot": "expect_not", "jsonPath": "json_path",
    ]

    /// A map whose keys are fields of the language.
    private enum Place {
        case workflow, step, forEach, condition, expectation
        case serviceClass, serviceConfig, lifecycleTools, lifecycleCall, leaf
        case server
    }

    private static func root(of kind: DefinitionKind) -> Place {
        switch kind {
        case .workflow: .workflow
        case .serviceClass: .serviceClass
        case .mcpServer: .server
        }
    }

    /// What stands under a field; nil for values that are the user's.
    private static func place(under field: String, in place: Place) -> Place? {
        switch (place, field) {
        case (.workflow, "steps"), (.workflow, "onFailure"), (.forEach, "steps"), (.forEach, "step"): .step
        case (.step, "parallel"): .step
        case (.step, "forEach"): .forEach
        case (.step, "condition"), (.condition, "and"), (.condition, "or"), (.condition, "not"): .condition
        case (.condition, "expect"), (.condition, "expectNot"): .expectation
        case (.lifecycleCall, "expect"), (.lifecycleCall, "expectNot"): .expectation
        case (.serviceClass, "serviceConfig"): .serviceConfig
        case (.serviceConfig, "lifecycleTools"): .lifecycleTools
        case (.serviceConfig, "healthCheck"), (.serviceConfig, "timeout"), (.server, "family"): .leaf
        case (.lifecycleTools, _): .lifecycleCall
        default: nil
        }
    }

    private static func respell(_ object: JSONObject, in place: Place, _ name: (String) -> String) -> JSONObject {
        var result = JSONObject(minimumCapacity: object.count)
        for (key, value) in object {
            let field = FieldMap.camelCase(key)
            result[name(key)] = self.place(under: field, in: place).map { respell(value, in: $0, name) } ?? value
        }
        return result
    }

    private static func respell(_ value: JSONValue, in place: Place, _ name: (String) -> String) -> JSONValue {
        switch value {
        case .object(let object): .object(respell(object, in: place, name))
        case .array(let elements): .array(elements.map { respell($0, in: place, name) })
        default: value
        }
    }
}
