import JSON
package import ToolCatalog
import WorkflowLoading
import WorkflowModel

/// `core_serviceclass_list`, `_get` and `_available`. See docs/service-classes.md.
package enum ServiceClassCoreTools {
    package static func make(registry: DefinitionRegistry, catalog: ToolCatalog) -> [CoreTool] {
        let named = CoreTool.Parameter("name", "string", "Name of the service class", isRequired: true)
        return [
            CoreTool(
                "core_serviceclass_list",
                "List all service classes",
                output: CoreOutput.serviceClassList,
                annotations: .reading
            ) { _, _ in
                let lines = registry.current.definitions(of: .serviceClass).map { loaded in
                    JSONValue.object(line(loaded, catalog))
                }
                return .json([
                    "serviceClasses": .array(lines), "total": .integer(Int64(lines.count)), "mode": "filesystem",
                ])
            },
            CoreTool(
                "core_serviceclass_get",
                "Get a service class",
                [named],
                output: CoreOutput.serviceClass,
                annotations: .reading
            ) { arguments, _ in
                let name = try arguments.requiredText("name")
                guard let loaded = registry.serviceClass(name) else {
                    throw CoreToolFailure("Failed to get ServiceClass: service class \(name) not found")
                }
                return .json(.object(details(loaded, catalog)))
            },
            CoreTool(
                "core_serviceclass_available",
                "Check whether every tool that a service class needs is there",
                [named],
                output: CoreOutput.serviceClassAvailability,
                annotations: .reading
            ) { arguments, _ in
                let name = try arguments.requiredText("name")
                let isAvailable = registry.serviceClass(name)?.serviceClass.map {
                    catalog.missing(among: $0.requiredTools).isEmpty
                }
                return .json(["available": .bool(isAvailable ?? false), "name": .string(name)])
            },
        ]
    }

    private static func line(_ loaded: LoadedDefinition, _ catalog: ToolCatalog) -> JSONObject {
        let required = loaded.serviceClass?.requiredTools ?? []
        let missing = catalog.missing(among: required)
        var line: JSONObject = [
            "name": .string(loaded.name), "description": loaded.spec["description"] ?? "",
        ]
        line["version"] = loaded.spec["version"]
        line["serviceType"] = .string(loaded.serviceClass?.serviceType ?? "generic")
        line["available"] = .bool(loaded.isValid && missing.isEmpty)
        line["requiredTools"] = .array(required.map { .string($0) })
        line["missingTools"] = .array(missing.map { .string($0) })
        if !loaded.isValid {
            line["valid"] = false
            line["validationErrors"] = .array(loaded.errors.map { .string($0) })
        }
        return line
    }

    private static func details(_ loaded: LoadedDefinition, _ catalog: ToolCatalog) -> JSONObject {
        var object = line(loaded, catalog)
        object["args"] = loaded.spec["args"] ?? [:]
        object["serviceConfig"] = loaded.spec["serviceConfig"] ?? loaded.spec["service_config"] ?? [:]
        func isThere(_ call: LifecycleCall?) -> JSONValue {
            .bool(call.map { catalog.missing(among: [$0.tool]).isEmpty } ?? false)
        }
        let definition = loaded.serviceClass
        object["createToolAvailable"] = isThere(definition?.start)
        object["deleteToolAvailable"] = isThere(definition?.stop)
        object["healthCheckToolAvailable"] = isThere(definition?.healthCheck)
        object["statusToolAvailable"] = isThere(definition?.status)
        return object
    }
}
