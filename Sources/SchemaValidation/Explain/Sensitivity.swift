import JSON

/// Finds the places whose values have to stay out of messages.
///
/// It looks at every subschema that may be applied to a place, whether or not it accepts and whether or not it was asked:
/// one branch of a union is enough to make a value secret.
struct Sensitivity {
    let run: Run
    let isSensitive: @Sendable (String, JSONObject) -> Bool
    private let program: ProgramTables
    private var nodesByPath: [InstancePath: [Int32]] = [:]
    private(set) var hidden: Set<InstancePath> = []

    init(run: Run, isSensitive: @escaping @Sendable (String, JSONObject) -> Bool) {
        self.run = run
        self.isSensitive = isSensitive
        program = run.program.tables
    }

    /// Looks at the places of errors, and at the places around them.
    mutating func look(at drafts: [ErrorDraft]) {
        for draft in drafts {
            _ = nodes(at: draft.path)
            look(at: draft.causes)
        }
    }

    private mutating func nodes(at path: InstancePath) -> [Int32] {
        if let known = nodesByPath[path] { return known }
        var found: [Int32] = [0]
        if let last = path.steps.last {
            let outer = nodes(at: InstancePath(steps: path.steps.dropLast()))
            found = outer.flatMap { children(of: $0, last) }
        }
        let nodes = closure(found)
        nodesByPath[path] = nodes
        let pointer = path.pointer
        let isHidden = nodes.contains { node in
            guard case .object(let schema) = program.infos[Int(node)].schema else { return false }
            return isSensitive(pointer, schema)
        }
        if isHidden { hidden.insert(path) }
        return nodes
    }

    /// The nodes and all that they apply to the same value.
    private func closure(_ start: [Int32]) -> [Int32] {
        var seen = Set(start)
        var nodes = Array(seen)
        var next = 0
        while next < nodes.count {
            for node in program.applied(by: nodes[next]) where seen.insert(node).inserted { nodes.append(node) }
            next += 1
        }
        return nodes
    }

    private func children(of index: Int32, _ step: PathStep) -> [Int32] {
        let node = program.nodes[Int(index)]
        switch step {
        case .key(let key): return members(node, key)
        case .index(let position): return elements(node, position)
        }
    }

    private func members(_ node: Node, _ key: String) -> [Int32] {
        var found: [Int32] = []
        if node.members >= 0 {
            let rules = program.memberRules[Int(node.members)]
            if let slot = run.slot(of: key, in: rules.table), slot.pointee.isDeclared {
                found.append(slot.pointee.node)
            }
            for rule in program.patternRules[rules.patterns.range] {
                // What cannot be decided may well match.
                if program.patterns[Int(rule.pattern)].matches(key) ?? true { found.append(rule.node) }
            }
            if found.isEmpty, rules.additional >= 0 { found.append(rules.additional) }
        }
        if node.unevaluatedProperties >= 0 { found.append(node.unevaluatedProperties) }
        return found
    }

    private func elements(_ node: Node, _ position: Int) -> [Int32] {
        var found: [Int32] = []
        for instruction in program.instructions[node.array.range] {
            switch instruction {
            case .items(let index):
                let rules = program.itemRules[Int(index)]
                if position < Int(rules.prefix.count) {
                    found.append(program.children[Int(rules.prefix.start) + position])
                } else if rules.rest >= 0 {
                    found.append(rules.rest)
                }
            case .contains(let index): found.append(program.containsRules[Int(index)].node)
            default: break
            }
        }
        if node.unevaluatedItems >= 0 { found.append(node.unevaluatedItems) }
        return found
    }
}

extension ProgramTables {
    /// The nodes that a node may apply to the same value.
    func applied(by index: Int32) -> [Int32] {
        let node = nodes[Int(index)]
        var found: [Int32] = []
        for instruction in instructions[node.general.range] {
            switch instruction {
            case .reference(let target), .not(let target): found.append(target)
            case .dynamicReference(let target):
                found += [dynamicTargets[Int(target)].fallback] + dynamicTargets[Int(target)].candidates.map(\.node)
            case .all(let list), .any(let list), .one(let list): found += children[list.range]
            case .anyByMember(let rule), .oneByMember(let rule): found += children[discriminators[Int(rule)].all.range]
            case .conditional(let rule):
                let rule = conditionals[Int(rule)]
                found += [rule.condition, rule.then, rule.otherwise].filter { $0 >= 0 }
            default: break
            }
        }
        for case .dependentSchemas(let rule) in instructions[node.object.range] {
            found += dependentNodes[Int(rule)].entries.map(\.1)
        }
        return found
    }
}
