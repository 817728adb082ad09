import JSON

/// Walks through a value along a schema and adds members that have a default.
///
/// It asks the quick run about branches, and shares its budgets of steps and depth.
struct DefaultFiller {
    private var run: Run
    private let program: ProgramTables
    private let limits: DefaultLimits
    private var path = InstancePath()
    private var filled: [InstancePath] = []
    private var skipped: [SkippedDefault] = []
    private var skippedKeys: Set<SkippedDefault> = []
    private var isTruncated = false
    private var valuesLeft: Int
    /// Where members that were added got their default from.
    private var origins: [InstancePath: Int32] = [:]
    /// The origins of the value at hand and of those around it: none of them is filled in again inside, so that schemas
    /// that refer to themselves come to an end.
    private var active: Set<Int32> = []

    /// A node whose branches are decided when everything certain has been filled in.
    private struct Decision {
        var node: Int32
        /// The dynamic scope that it stands in.
        var scopes: [Int32]
    }

    init(run: Run, limits: DefaultLimits) {
        self.run = run
        program = run.program.tables
        self.limits = limits
        valuesLeft = limits.values
    }

    mutating func fill(_ value: JSONValue) -> FilledValue {
        var value = value
        fill(0, &value)
        return FilledValue(value: value, filled: filled.map(\.pointer), skipped: skipped, isTruncated: isTruncated)
    }

    private mutating func canGoOn() -> Bool {
        guard !run.isExhausted, run.stepsLeft > 0, run.depthLeft > 0 else {
            isTruncated = true
            return false
        }
        return true
    }

    /// Fills one value along a node, and along the branches that it decides for.
    private mutating func fill(_ node: Int32, _ value: inout JSONValue) {
        var decisions: [Decision] = []
        apply(node, &value, &decisions)
        var next = 0
        while next < decisions.count {
            let outer = run.scopes
            run.scopes = decisions[next].scopes
            for branch in branches(decisions[next].node, value) { apply(branch, &value, &decisions) }
            run.scopes = outer
            next += 1
        }
    }

    // MARK: What is certain

    private mutating func apply(_ index: Int32, _ value: inout JSONValue, _ decisions: inout [Decision]) {
        run.stepsLeft -= 1
        run.depthLeft -= 1
        defer { run.depthLeft += 1 }
        guard canGoOn() else { return }
        let node = program.nodes[Int(index)]
        if node.isPlain { return }
        let opensScope = program.tracksScope && run.scopes.last != node.resource
        if opensScope { run.scopes.append(node.resource) }
        defer { if opensScope { run.scopes.removeLast() } }
        switch value {
        case .object(var object):
            guard node.members >= 0 else { break }
            // Nobody else holds the members while they change.
            value = .null
            fillMembers(program.memberRules[Int(node.members)], &object)
            value = .object(object)
        case .array(var elements):
            value = .null
            fillElements(node, &elements)
            value = .array(elements)
        default: break
        }
        var decides = !node.object.isEmpty
        for instruction in program.instructions[node.general.range] {
            switch instruction {
            case .reference(let target): apply(target, &value, &decisions)
            case .dynamicReference(let target): apply(run.resolve(target), &value, &decisions)
            case .all(let list): for child in program.children[list.range] { apply(child, &value, &decisions) }
            case .any, .one, .anyByMember, .oneByMember, .conditional: decides = true
            default: break
            }
        }
        if decides { decisions.append(Decision(node: index, scopes: run.scopes)) }
    }

    private mutating func fillMembers(_ rules: MemberRules, _ object: inout JSONObject) {
        let present = object.keys
        for slot in declared(rules) {
            let name = program.keys[Int(slot.key)]
            if !object.hasKey(name) { fillAbsent(name, slot.node, &object) }
        }
        for name in present {
            let nodes = nodes(of: name, rules).filter { !program.nodes[Int($0)].isPlain }
            guard !nodes.isEmpty else { continue }
            path.steps.append(.key(name))
            // A member may have been added a moment ago, by a neighbouring subschema.
            let origin = origins.isEmpty ? nil : origins[path]
            let isNew = origin.map { active.insert($0).inserted } ?? false
            for node in nodes { object.update(name) { fill(node, &$0) } }
            if isNew, let origin { active.remove(origin) }
            path.steps.removeLast()
        }
    }

    /// In the order of the schema.
    private func declared(_ rules: MemberRules) -> [KeySlot] {
        let first = Int(rules.table.start)
        return program.keySlots[first...(first + Int(rules.table.mask))].filter { $0.key >= 0 && $0.isDeclared }
            .sorted { $0.key < $1.key }
    }

    private mutating func nodes(of name: String, _ rules: MemberRules) -> [Int32] {
        var found: [Int32] = []
        if let slot = run.slot(of: name, in: rules.table), slot.pointee.isDeclared { found.append(slot.pointee.node) }
        for rule in program.patternRules[rules.patterns.range] where run.matches(rule.pattern, name) {
            found.append(rule.node)
        }
        if found.isEmpty, rules.additional >= 0, !run.isExhausted { found.append(rules.additional) }
        return found
    }

    private mutating func fillElements(_ node: Node, _ elements: inout [JSONValue]) {
        for case .items(let index) in program.instructions[node.array.range] {
            let rules = program.itemRules[Int(index)]
            for position in elements.indices {
                let isLeading = position < Int(rules.prefix.count)
                let child = isLeading ? program.children[Int(rules.prefix.start) + position] : rules.rest
                guard child >= 0, !program.nodes[Int(child)].isPlain else { continue }
                path.steps.append(.index(position))
                fill(child, &elements[position])
                path.steps.removeLast()
            }
        }
    }

    // MARK: Defaults

    private mutating func fillAbsent(_ name: String, _ node: Int32, _ object: inout JSONObject) {
        guard let (source, original) = defaultValue(of: node) else { return }
        path.steps.append(.key(name))
        defer { path.steps.removeLast() }
        guard active.insert(source).inserted else {
            return skip(source, "the default of \(path.subject) would be filled into itself without end")
        }
        defer { active.remove(source) }
        let weight = Weight.of(original)
        guard canGoOn(), filled.count < limits.members, weight <= valuesLeft else {
            isTruncated = true
            return
        }
        valuesLeft -= weight
        let position = filled.count
        filled.append(path)
        origins[path] = source
        var value = original
        fill(node, &value)
        if run.accepts(node, HeldValue(value), nil), !run.isExhausted {
            object[name] = value
            return
        }
        // What was filled in within goes with it.
        for path in filled[position...] { origins[path] = nil }
        filled.removeSubrange(position...)
        if run.isExhausted {
            isTruncated = true
        } else {
            skip(source, "the default of \(path.subject) does not satisfy its own schema")
        }
    }

    private mutating func skip(_ node: Int32, _ message: String) {
        guard skipped.count < limits.skipped else {
            isTruncated = true
            return
        }
        let info = program.infos[Int(node)]
        let found = SkippedDefault(
            instanceLocation: path.pointer,
            schemaLocation: info.resourceURI + "#" + info.pointer + "/default",
            message: message
        )
        if skippedKeys.insert(found).inserted { skipped.append(found) }
    }

    /// The first default of a subschema, of what it refers to, or of what it consists of; with the node that has it.
    private func defaultValue(of start: Int32) -> (node: Int32, value: JSONValue)? {
        var pending = [start]
        var seen: Set<Int32> = []
        while let index = pending.popLast() {
            guard seen.insert(index).inserted, seen.count <= Self.defaultSearch else { continue }
            let info = program.infos[Int(index)]
            let isHidden = info.dialect <= .draft7 && info.schema["$ref"] != nil
            if !isHidden, let value = info.schema["default"] { return (index, value) }
            var next: [Int32] = []
            for instruction in program.instructions[program.nodes[Int(index)].general.range] {
                switch instruction {
                case .reference(let target): next.append(target)
                case .dynamicReference(let target): next.append(run.resolve(target))
                case .all(let list): next += program.children[list.range]
                default: break
                }
            }
            pending += next.reversed()
        }
        return nil
    }

    /// Subschemas that are searched for one default.
    private static let defaultSearch = 64

    // MARK: Branches

    /// The branches of a node that the value has decided for.
    private mutating func branches(_ index: Int32, _ value: JSONValue) -> [Int32] {
        let node = program.nodes[Int(index)]
        var found: [Int32] = []
        if case .object(let object) = value {
            for case .dependentSchemas(let rule) in program.instructions[node.object.range] {
                found += program.dependentNodes[Int(rule)].entries.filter { object.hasKey($0.0) }.map(\.1)
            }
        }
        for instruction in program.instructions[node.general.range] {
            switch instruction {
            case .any(let list), .one(let list): found += onlyBranch(list, value)
            case .anyByMember(let rule), .oneByMember(let rule):
                found += onlyBranch(program.discriminators[Int(rule)].all, value)
            case .conditional(let rule):
                let rule = program.conditionals[Int(rule)]
                let holds = run.accepts(rule.condition, HeldValue(value), nil)
                found += [holds ? rule.then : rule.otherwise].filter { $0 >= 0 }
            default: break
            }
        }
        return canGoOn() ? found : []
    }

    /// The alternative that accepts the value, when it is the only one.
    private mutating func onlyBranch(_ list: Stretch, _ value: JSONValue) -> [Int32] {
        var found: [Int32] = []
        for child in program.children[list.range] where run.accepts(child, HeldValue(value), nil) {
            found.append(child)
            if found.count > 1 { return [] }
        }
        return found
    }
}
