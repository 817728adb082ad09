import Diagnostics
import JSON

/// Reads the `spec` of a workflow into a draft.
struct WorkflowDraftReader {
    private static let fields = FieldNames(
        known: ["description", "args", "steps", "onFailure", "output"],
        unsupported: [
            "timeout", "order", "concurrency", "defaults", "finally", "outputSchema", "durability", "retry", "cleanup",
        ],
        ignored: ["version"]
    )

    private static let argumentFields = FieldNames(
        known: ["type", "required", "default", "description"],
        unsupported: ["sensitive"]
    )

    /// Keywords of JSON Schema that will be checked one day; unlike unknown words they get no did-you-mean.
    static let schemaKeywords: Set<String> = [
        "enum", "const", "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
        "multipleOf", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "items", "prefixItems",
        "contains", "properties", "patternProperties", "additionalProperties", "minProperties", "maxProperties",
        "propertyNames", "anyOf", "oneOf", "allOf", "not", "if", "then", "else", "title", "examples", "deprecated",
    ]

    let context: DecodeContext

    /// Nil only when `spec` is no map.
    func read(_ spec: YAMLNode, path: String, name: Located) -> WorkflowDraft? {
        guard let map = FieldMap(spec, path, Self.fields, context) else { return nil }
        var draft = WorkflowDraft(name: name, spec: spec)
        draft.description = map.string("description", context) ?? ""
        context.checkLength(draft.description, 1000, "description", at: map["description"]?.range)
        draft.arguments = Self.arguments(map["args"], map.path(of: "args"), context)
        draft.stepsRange = map.keyRange("steps")
        let steps = StepDraftReader(context: context)
        draft.steps = map.list("steps", context).map { steps.read($0, path: map.path(of: "steps"), parent: nil) }
        draft.onFailure = steps.read(
            map.list("onFailure", context) ?? [],
            path: map.path(of: "onFailure"),
            parent: "onFailure"
        )
        draft.output = map["output"]
        if let output = draft.output, output.entries == nil {
            context.wrongType(output, map.path(of: "output"), expected: "map")
        }
        if draft.steps == nil, map["steps"] == nil {
            context.error("WF0220", "steps argument is required", at: map.keyRange("steps") ?? spec.range?.beginning)
        }
        return draft
    }

    /// The declared arguments of a workflow or a service class, in order.
    static func arguments(_ node: YAMLNode?, _ path: String, _ context: DecodeContext) -> [ArgumentDraft] {
        guard let node else { return [] }
        guard let entries = node.entries else {
            context.wrongType(node, path, expected: "map")
            return []
        }
        return entries.compactMap { argument($0, "\(path).\($0.key)", context) }
    }

    private static func argument(_ entry: YAMLEntry, _ path: String, _ context: DecodeContext) -> ArgumentDraft? {
        var names = argumentFields
        if let entries = entry.value.entries {
            for keyword in entries where schemaKeywords.contains(keyword.key) {
                names.ignored.append(keyword.key)
                let message = "\(path).\(keyword.key) is not supported yet and is not checked"
                context.warning("WF0110", message, at: keyword.keyRange)
            }
            // Saying that an argument is not sensitive asks for nothing.
            if entry.value["sensitive"]?.json == .bool(false) {
                names.unsupported = []
                names.ignored.append("sensitive")
            }
        }
        let value = entry.value.isNull ? YAMLNode(.mapping([]), range: entry.keyRange) : entry.value
        guard let map = FieldMap(value, path, names, context) else { return nil }
        var draft = ArgumentDraft(name: entry.key, nameRange: entry.keyRange)
        draft.type = map.located("type", context)
        draft.isRequired = map.bool("required", context) ?? false
        draft.defaultValue = map.valueOrNull("default")?.json
        draft.description = map.string("description", context) ?? ""
        context.checkLength(draft.description, 500, "\(path).description", at: map["description"]?.range)
        if draft.type == nil, map["type"] == nil {
            context.finding("WF0208", "args: argument \(entry.key): type is required", at: entry.keyRange)
        }
        return draft
    }
}

extension SourceRange {
    /// The first place of the range, for findings about something that is missing in it.
    var beginning: SourceRange { SourceRange(file: file, start: start, end: start) }
}
