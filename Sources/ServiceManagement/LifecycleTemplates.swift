import Expressions
import GoTemplate
import JSON
import ToolCatalog
import WorkflowModel

/// Rendering of lifecycle arguments and outputs, and extraction of what a lifecycle tool gave. See
/// docs/service-classes.md.
struct LifecycleTemplates {
    let instance: ServiceInstance

    private static let environment = TemplateEnvironment(fallbackKeys: ["args"])

    /// Root: extracted outputs, then arguments, then the reserved names; the later win.
    private var context: TemplateContext {
        var root = instance.serviceData
        for (key, value) in instance.arguments { root[key] = value }
        for (phase, outputs) in instance.extracted { root[phase] = outputs }
        root["args"] = .object(instance.arguments)
        root["name"] = .string(instance.name)
        root["service_id"] = .string(instance.name)
        root["serviceClassName"] = .string(instance.definition.name)
        root["service"] = [
            "id": .string(instance.name), "name": .string(instance.name), "metadata": .object(instance.serviceData),
        ]
        return TemplateContext(root: root, environment: Self.environment)
    }

    func arguments(of call: LifecycleCall) throws(ServiceError) -> JSONObject {
        do throws(CompileError) {
            let value = try CompiledValue(.object(call.arguments)).render(context, .booleansFromText)
            return value.objectValue ?? JSONObject()
        } catch {
            throw fault(error)
        }
    }

    /// Whether the health tool's answer is what was expected.
    func isHealthy(_ call: LifecycleCall, succeeded: Bool, result: JSONValue?) throws(ServiceError) -> Bool {
        do throws(CompileError) {
            return try ExpectationCheck(call.expectations).passes(succeeded: succeeded, result: result, context)
        } catch {
            throw fault(error)
        }
    }

    /// The class's outputs. Those that cannot be rendered are left out and reported.
    func outputs(report: (String) -> Void) -> JSONObject {
        var rendered = JSONObject()
        for (name, written) in instance.definition.outputs {
            do throws(CompileError) {
                rendered[name] = try CompiledValue(written).render(context, .textStaysText)
            } catch {
                report("output '\(name)' of service '\(instance.name)' was left out: \(fault(error).message)")
            }
        }
        return rendered
    }

    /// The outputs of one lifecycle call; paths that lead nowhere are left out.
    func extract(_ call: LifecycleCall, from result: JSONValue?) throws(ServiceError) -> JSONObject {
        var extracted = JSONObject()
        guard let result else { return extracted }
        for (name, path) in call.outputs {
            if Template.isTemplate(path) {
                var context = context
                context.root["result"] = result
                do throws(CompileError) {
                    extracted[name] = try CompiledValue(.string(path)).render(context, .textStaysText)
                } catch {
                    throw fault(error)
                }
            } else {
                extracted[name] = Self.value(at: path, in: result)
            }
        }
        return extracted
    }

    /// A leading `result.` is dropped if the reply has no member of that name.
    private static func value(at path: String, in result: JSONValue) -> JSONValue? {
        if let value = ValuePath(path).value(in: result) { return value }
        let prefix = "result."
        guard path.hasPrefix(prefix), result["result"] == nil else { return nil }
        return ValuePath(String(path.dropFirst(prefix.count))).value(in: result)
    }

    private func fault(_ error: CompileError) -> ServiceError {
        let error = error.placed(in: instance.definition.origin, owner: "")
        if let key = error.error.missingKey {
            let places = [error.path.isEmpty ? nil : "in '\(error.path)'", error.error.place.map { "at \($0)" }]
            let shown = places.compactMap(\.self).joined(separator: ", ")
            return ServiceError(
                .invalidArguments,
                "missing template variables: \(key)" + (shown.isEmpty ? "" : " (\(shown))")
            )
        }
        return ServiceError(.invalidArguments, "template \(error)")
    }
}
