import JSON

extension Explainer {
    mutating func explainGeneral(_ node: Int32, _ value: JSONValue, _ stretch: Stretch) {
        for position in stretch.range {
            switch program.instructions[position] {
            case .constant(let index): explainConstant(node, program.values[Int(index)], value)
            case .text(let index): explainConstant(node, .string(program.texts[Int(index)].text), value)
            case .enumeration(let index): explainEnumeration(node, program.enumerations[Int(index)], value)
            case .reference(let target): explain(target, under: "/$ref", value)
            case .dynamicReference(let target): explain(run.resolve(target), under: dynamicKeyword(node), value)
            case .all(let list):
                for (number, child) in program.children[list.range].enumerated() {
                    explain(child, under: "/allOf/\(number)", value)
                }
            case .any(let list): explainAlternatives(node, "anyOf", Array(program.children[list.range]), value)
            case .one(let list): explainAlternatives(node, "oneOf", Array(program.children[list.range]), value)
            case .anyByMember(let rule):
                let list = program.discriminators[Int(rule)].all
                explainAlternatives(node, "anyOf", Array(program.children[list.range]), value)
            case .oneByMember(let rule):
                let list = program.discriminators[Int(rule)].all
                explainAlternatives(node, "oneOf", Array(program.children[list.range]), value)
            case .not(let child):
                if asks(child, value, for: node, "not") == true {
                    report(node, "not", expected: "must not be what the schema under 'not' accepts", value)
                }
            case .conditional(let rule):
                let rule = program.conditionals[Int(rule)]
                guard let holds = asks(rule.condition, value, for: node, "if") else { return }
                let branch = holds ? rule.then : rule.otherwise
                if branch >= 0 { explain(branch, under: holds ? "/then" : "/else", value) }
            default: break
            }
        }
    }

    /// Draft 2019-09 had another name for the keyword.
    private func dynamicKeyword(_ node: Int32) -> String {
        program.infos[Int(node)].dialect == .draft2019_09 ? "/$recursiveRef" : "/$dynamicRef"
    }

    /// More alternatives are not tried for an explanation.
    private static let triedAlternatives = 64

    private mutating func explainAlternatives(_ node: Int32, _ keyword: String, _ children: [Int32], _ value: JSONValue)
    {
        var accepted: [Int] = []
        for index in children.indices {
            guard let isAccepted = asks(children[index], value, for: node, keyword) else { return }
            if isAccepted { accepted.append(index) }
        }
        guard accepted.isEmpty else {
            guard keyword == "oneOf", accepted.count > 1 else { return }
            let numbers = accepted.prefix(5).map { String($0 + 1) }
            let head = "\(path.subject) must fit exactly one of \(children.count) alternatives, but fits "
            return report(node, keyword, "/" + keyword, .init(head: head + Phrase.list(numbers)))
        }
        let trials = children.prefix(Self.triedAlternatives).enumerated().map { number, child in
            trial(child, under: "/\(keyword)/\(number)", value)
        }
        if let types = commonTypes(children, trials) {
            return report(node, keyword, expected: "must be \(Phrase.alternatives(types.map(Phrase.article)))", value)
        }
        if reportCommonValues(node, keyword, children.count, trials, value) { return }
        let best = trials.indices.min { distance(trials[$0]) < distance(trials[$1]) } ?? 0
        if children.count == 1 {
            for draft in trials[best] { adopt(draft) }
            return
        }
        let head = "\(path.subject) fits none of \(children.count) alternatives"
        report(
            node,
            keyword,
            "/" + keyword,
            .init(head: head),
            causes: trials[best],
            alternative: (best + 1, children.count)
        )
    }

    /// The types that are possible when every alternative fails by its type alone.
    private func commonTypes(_ children: [Int32], _ trials: [[ErrorDraft]]) -> [String]? {
        guard trials.count == children.count else { return nil }
        var types: TypeSet = []
        for (child, errors) in zip(children, trials) {
            guard errors.count == 1, errors[0].keyword == "type", errors[0].path == path else { return nil }
            types.formUnion(program.nodes[Int(follow(child))].types)
        }
        return types.names
    }

    /// More values of all alternatives together are not put into one list.
    private static let comparedValues = 500

    /// Reports one list of values when every alternative fails by the value at hand, or by that of the same member, being
    /// none of its own: the member tells the alternatives apart.
    private mutating func reportCommonValues(
        _ node: Int32,
        _ keyword: String,
        _ count: Int,
        _ trials: [[ErrorDraft]],
        _ value: JSONValue
    ) -> Bool {
        guard trials.count == count, let place = trials.first?.first(where: { isChoice($0) })?.path else {
            return false
        }
        var values: [JSONValue] = []
        for errors in trials {
            guard let choice = errors.first(where: { isChoice($0) && $0.path == place }),
                values.count + choice.expected.count <= Self.comparedValues
            else { return false }
            values += choice.expected.filter { new in !values.contains { ValueEquality.areEqual($0, new) } }
        }
        if place == path {
            reportValues(node, keyword, values, value)
            return true
        }
        guard case .key(let key)? = place.steps.last, let member = value[key] else { return false }
        descend(.key(key)) { $0.reportValues(node, keyword, values, member) }
        return true
    }

    private func isChoice(_ draft: ErrorDraft) -> Bool {
        (draft.keyword == "const" || draft.keyword == "enum") && draft.path.steps.count <= path.steps.count + 1
    }

    /// Through references that stand alone.
    private func follow(_ node: Int32) -> Int32 {
        var node = node
        for _ in 0..<8 {
            guard program.nodes[Int(node)].types == .all, program.infos[Int(node)].reference >= 0 else { return node }
            node = program.infos[Int(node)].reference
        }
        return node
    }

    /// How far a value is from an alternative. The wrong type is farthest; then a member that tells alternatives apart
    /// by a constant; every other error counts little, and less the deeper it is.
    private func distance(_ errors: [ErrorDraft]) -> Int {
        errors.reduce(0) { sum, error in
            let depth = error.path.steps.count - path.steps.count
            switch error.keyword {
            case "type", "": return sum + (depth == 0 ? 10_000 : (depth == 1 ? 40 : 12))
            case "const", "enum": return sum + (depth <= 1 ? 1_000 : 20)
            case "required": return sum + (depth == 0 ? 50 : 15)
            case "additionalProperties", "unevaluatedProperties": return sum + 30
            default: return sum + max(10 - depth, 1)
            }
        }
    }
}
