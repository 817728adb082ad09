import Diagnostics
import JSON
import WorkflowModel

/// Reads lists of steps and sub-steps into drafts.
struct StepDraftReader {
    private static let common = [
        "id", "tool", "args", "condition", "output", "store", "allowFailure", "description", "onInterrupt",
    ]
    private static let unsupported = [
        "retry", "timeout", "cleanup", "needs", "switch", "set", "wait", "approve", "steps", "concurrency", "failFast",
    ]
    private static let stepFields = FieldNames(
        known: common + ["forEach", "parallel"],
        unsupported: unsupported,
        ignored: ["outputs"]
    )
    private static let subStepFields = FieldNames(
        known: common,
        unsupported: unsupported + ["forEach", "parallel"],
        ignored: ["outputs"]
    )
    private static let forEachFields = FieldNames(
        known: ["items", "as", "steps", "step"],
        unsupported: ["concurrency", "continueOnError"]
    )

    let context: DecodeContext

    /// - Parameter parent: the words for the group that the steps stand in; nil for the steps of the workflow.
    func read(_ nodes: [YAMLNode], path: String, parent: String?) -> [StepDraft] {
        nodes.enumerated().map { index, node in
            let place = parent.map { "\($0): sub-step \(index)" } ?? "step \(index)"
            return read(node, path: "\(path)[\(index)]", place: place, isSubStep: parent != nil)
        }
    }

    private func read(_ node: YAMLNode, path: String, place: String, isSubStep: Bool) -> StepDraft {
        var step = StepDraft(place: place, isSubStep: isSubStep, range: node.range)
        let names = isSubStep ? Self.subStepFields : Self.stepFields
        guard let map = FieldMap(node, path, names, context) else {
            step.isReadable = false
            return step
        }
        step.id = map.text("id", context).map { Located(text: $0, range: map["id"]?.range) }
        step.description = map.string("description", context) ?? ""
        context.checkLength(step.description, 500, map.path(of: "description"), at: map["description"]?.range)
        step.tool = map.located("tool", context)
        step.arguments = map["args"]
        if let arguments = step.arguments, arguments.entries == nil {
            context.wrongType(arguments, map.path(of: "args"), expected: "map")
        }
        step.condition = map["condition"].flatMap {
            ConditionDraftReader(context: context).read($0, path: map.path(of: "condition"))
        }
        step.allowsFailure = map.bool("allowFailure", context) ?? false
        let store = map.bool("store", context)
        step.showsResult = map.bool("output", context) ?? store
        step.onInterrupt = interruptPolicy(map)
        if !isSubStep { readGroups(map, into: &step) }
        step.hasUnreadableAction =
            (map["tool"] != nil && step.tool == nil)
            || (map["forEach"] != nil && step.forEach == nil) || (map["parallel"] != nil && step.parallel == nil)
        return step
    }

    private func readGroups(_ map: FieldMap, into step: inout StepDraft) {
        let owner = "step \(step.id?.text ?? "")"
        if let node = map["forEach"] {
            step.forEach = forEach(node, path: map.path(of: "forEach"), owner: owner)
        }
        if let nodes = map.list("parallel", context) {
            step.parallel = read(nodes, path: map.path(of: "parallel"), parent: "\(owner) parallel")
        }
    }

    private func forEach(_ node: YAMLNode, path: String, owner: String) -> ForEachDraft? {
        guard let map = FieldMap(node, path, Self.forEachFields, context) else { return nil }
        var nodes = map.list("steps", context) ?? []
        if let single = map["step"] {
            if map.has("steps") {
                context.error("WF0217", "\(path): step and steps are mutually exclusive", at: map.keyRange("step"))
            } else {
                nodes = [single]
            }
        }
        let variable = map.string("as", context) ?? "item"
        let steps = read(nodes, path: map.path(of: "steps"), parent: "\(owner) forEach")
        return ForEachDraft(range: node.range, items: map["items"], variable: variable, steps: steps)
    }

    private func interruptPolicy(_ map: FieldMap) -> InterruptPolicy? {
        guard let word = map.string("onInterrupt", context) else { return nil }
        if let policy = InterruptPolicy(rawValue: word) { return policy }
        let words = InterruptPolicy.allCases.map(\.rawValue)
        let message = "\(map.path(of: "onInterrupt")): '\(word)' is none of \(words.joined(separator: ", "))"
        context.error("WF0112", message, at: map["onInterrupt"]?.range, hint: NearestWord.hint(word, in: words))
        return nil
    }
}
