import Diagnostics
import JSON
import WorkflowModel

/// Reads the `spec` of a service class. See docs/service-classes.md.
struct ServiceClassReader {
    private static let fields = FieldNames(known: ["description", "version", "args", "serviceConfig"])
    private static let configFields = FieldNames(
        known: [
            "serviceType", "defaultName", "dependencies", "lifecycleTools", "healthCheck", "timeout", "outputs",
        ]
    )
    private static let toolFields = FieldNames(known: ["start", "stop", "restart", "status", "healthCheck"])
    private static let callFields = FieldNames(known: ["tool", "args", "outputs", "expect", "expectNot"])
    private static let healthFields = FieldNames(
        known: ["enabled", "interval", "failureThreshold", "successThreshold"]
    )
    private static let timeoutFields = FieldNames(known: ["create", "delete", "healthCheck"])

    let context: DecodeContext

    func read(_ spec: YAMLNode, path: String, name: String) -> ServiceClassDefinition? {
        guard let map = FieldMap(spec, path, Self.fields, context) else { return nil }
        let description = map.string("description", context) ?? ""
        context.checkLength(description, 1000, "description", at: map["description"]?.range)
        let arguments = WorkflowDraftReader.arguments(map["args"], map.path(of: "args"), context)
        ArgumentTypes.check(arguments, context)
        guard let configNode = map["serviceConfig"] else {
            let message = "serviceConfig.lifecycleTools.start.tool is required"
            context.error("WF0301", message, at: map.keyRange("serviceConfig") ?? spec.range?.beginning)
            return nil
        }
        guard let config = FieldMap(configNode, map.path(of: "serviceConfig"), Self.configFields, context) else {
            return nil
        }
        guard let calls = lifecycleCalls(config), let start = calls["start"], let stop = calls["stop"] else {
            return nil
        }
        var definition = ServiceClassDefinition(name: name, start: start, stop: stop)
        definition.description = description
        definition.version = map.text("version", context)
        definition.arguments = arguments.map(ArgumentDefinition.init)
        definition.source = spec.json.objectValue ?? JSONObject()
        definition.origin = DefinitionOrigin(spec)
        definition.restart = calls["restart"]
        definition.status = calls["status"]
        definition.healthCheck = calls["healthCheck"]
        fill(&definition, from: config)
        return definition
    }

    private func fill(_ definition: inout ServiceClassDefinition, from config: FieldMap) {
        definition.serviceType = config.string("serviceType", context) ?? definition.serviceType
        definition.defaultName = config.string("defaultName", context)
        definition.dependencies = context.texts(config["dependencies"], config.path(of: "dependencies"))
        definition.outputs = config.object("outputs", context) ?? JSONObject()
        definition.healthPolicy = healthPolicy(config)
        guard let node = config["timeout"],
            let timeout = FieldMap(node, config.path(of: "timeout"), Self.timeoutFields, context)
        else { return }
        definition.createTimeout = timeout.duration("create", context) ?? definition.createTimeout
        definition.deleteTimeout = timeout.duration("delete", context) ?? definition.deleteTimeout
        definition.healthCheckTimeout = timeout.duration("healthCheck", context) ?? definition.healthCheckTimeout
    }

    private func healthPolicy(_ config: FieldMap) -> HealthPolicy {
        let standard = HealthPolicy()
        guard let node = config["healthCheck"],
            let map = FieldMap(node, config.path(of: "healthCheck"), Self.healthFields, context)
        else { return standard }
        return HealthPolicy(
            isEnabled: map.bool("enabled", context) ?? standard.isEnabled,
            interval: map.duration("interval", context) ?? standard.interval,
            failureThreshold: map.integer("failureThreshold", context) ?? standard.failureThreshold,
            successThreshold: map.integer("successThreshold", context) ?? standard.successThreshold
        )
    }

    /// The calls by name; nil (with findings) when start or stop is missing.
    private func lifecycleCalls(_ config: FieldMap) -> [String: LifecycleCall]? {
        let path = config.path(of: "lifecycleTools")
        let node = config["lifecycleTools"] ?? YAMLNode(.mapping([]), range: config.node.range?.beginning)
        guard let map = FieldMap(node, path, Self.toolFields, context) else { return nil }
        var calls: [String: LifecycleCall] = [:]
        for name in Self.toolFields.known {
            let isRequired = name == "start" || name == "stop"
            guard let node = map[name] else {
                if isRequired { missingTool(name, at: map.keyRange(name) ?? map.node.range?.beginning) }
                continue
            }
            guard let fields = FieldMap(node, map.path(of: name), Self.callFields, context) else { continue }
            calls[name] = call(fields, name)
        }
        return calls["start"] == nil || calls["stop"] == nil ? nil : calls
    }

    private func call(_ map: FieldMap, _ name: String) -> LifecycleCall? {
        guard let tool = map.string("tool", context), !tool.isEmpty else {
            missingTool(name, at: map["tool"]?.range ?? map.node.range?.beginning)
            return nil
        }
        var call = LifecycleCall(tool: tool, arguments: map.object("args", context) ?? JSONObject())
        let outputs = map.object("outputs", context) ?? JSONObject()
        for (key, value) in outputs { call.outputs.append((name: key, path: value.stringValue ?? value.text())) }
        func expectation(_ field: String) -> Expectation? {
            map[field].flatMap { ConditionDraftReader.expectation($0, map.path(of: field), context) }
                .map(Expectation.init)
        }
        call.expectations = Expectations(expect: expectation("expect"), expectNot: expectation("expectNot"))
        return call
    }

    private func missingTool(_ name: String, at range: SourceRange?) {
        context.error("WF0301", "serviceConfig.lifecycleTools.\(name).tool is required", at: range)
    }
}
