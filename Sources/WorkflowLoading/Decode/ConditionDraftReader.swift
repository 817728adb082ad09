import Diagnostics
import JSON

/// Reads conditions and expectations into drafts.
struct ConditionDraftReader {
    private static let fields = FieldNames(
        known: ["template", "tool", "args", "fromStep", "expect", "expectNot", "jsonPath", "and", "or", "not"]
    )
    private static let expectationFields = FieldNames(known: ["success", "jsonPath"])

    let context: DecodeContext

    /// Nil (with a finding) when the node is no map. A text alone is refused: it would have no kind.
    func read(_ node: YAMLNode, path: String) -> ConditionDraft? {
        guard let map = FieldMap(node, path, Self.fields, context) else { return nil }
        var draft = ConditionDraft(range: node.range)
        draft.template = map["template"]
        draft.tool = map.located("tool", context)
        draft.arguments = map["args"]
        if let arguments = draft.arguments, arguments.entries == nil {
            context.wrongType(arguments, map.path(of: "args"), expected: "map")
        }
        draft.fromStep = map.located("fromStep", context)
        draft.expect = expectation(map, "expect")
        draft.expectNot = expectation(map, "expectNot")
        draft.jsonPath = map["jsonPath"]
        if let jsonPath = draft.jsonPath, jsonPath.entries == nil {
            context.wrongType(jsonPath, map.path(of: "jsonPath"), expected: "map")
        }
        if let conditions = list(map, "and") { draft.groups.append((.all, conditions)) }
        if let conditions = list(map, "or") { draft.groups.append((.any, conditions)) }
        if let node = map["not"] {
            draft.groups.append((.not, notConditions(node, path: map.path(of: "not"))))
        }
        return draft
    }

    /// `not` takes one condition, or a list of which none may hold.
    private func notConditions(_ node: YAMLNode, path: String) -> [ConditionDraft] {
        guard let elements = node.elements else { return [read(node, path: path)].compactMap(\.self) }
        return elements.enumerated().compactMap { read($1, path: "\(path)[\($0)]") }
    }

    private func list(_ map: FieldMap, _ name: String) -> [ConditionDraft]? {
        guard let nodes = map.list(name, context) else { return nil }
        return nodes.enumerated().compactMap { read($1, path: "\(map.path(of: name))[\($0)]") }
    }

    private func expectation(_ map: FieldMap, _ name: String) -> ExpectationDraft? {
        map[name].flatMap { Self.expectation($0, map.path(of: name), context) }
    }

    /// An expectation; also used for the health check of a service class.
    static func expectation(_ node: YAMLNode, _ path: String, _ context: DecodeContext) -> ExpectationDraft? {
        guard let map = FieldMap(node, path, Self.expectationFields, context) else { return nil }
        let draft = ExpectationDraft(
            range: node.range,
            success: map.bool("success", context),
            jsonPath: map["jsonPath"]
        )
        if let jsonPath = draft.jsonPath, jsonPath.entries == nil {
            context.wrongType(jsonPath, map.path(of: "jsonPath"), expected: "map")
        }
        let isEmpty = draft.success == nil && (draft.jsonPath?.entries ?? []).isEmpty
        if isEmpty, map["success"] == nil, draft.jsonPath?.entries != nil || draft.jsonPath == nil {
            context.error("WF0219", "\(path): either success or jsonPath must be provided", at: node.range)
        }
        return draft
    }
}
