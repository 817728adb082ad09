import JSON

/// Turns subschemas into alternatives of shapes.
struct ShapeReader {
    let tables: ProgramTables
    let side: Side
    let limit: Int
    /// Whether `oneOf` may be read as `anyOf`: always for the schema whose values are looked at, which only grows by it;
    /// for the other only when no two alternatives can accept the same value.
    let readsOneOfLoosely: Bool

    /// The alternatives of a term; nil when there are too many.
    func shapes(of term: Term) -> [Shape]? {
        var shapes = [emptyShape]
        for node in term.nodes {
            guard let next = extend(shapes, with: node) else { return nil }
            shapes = next
        }
        for index in shapes.indices { shapes[index].prune() }
        return shapes.filter { $0.types != [] }
    }

    private var emptyShape: Shape {
        var shape = Shape()
        shape.array = ArrayShape(side: side)
        return shape
    }

    private func extend(_ shapes: [Shape], with index: Int32) -> [Shape]? {
        let node = tables.nodes[Int(index)]
        var shapes = shapes
        for position in shapes.indices { readOwn(node, index, into: &shapes[position]) }
        for position in node.general.range {
            guard let next = extend(shapes, with: tables.instructions[position], index) else { return nil }
            shapes = next
        }
        return shapes
    }

    // MARK: Keywords of one type

    private func readOwn(_ node: Node, _ index: Int32, into shape: inout Shape) {
        shape.types.formIntersection(node.types)
        for instruction in tables.instructions[node.number.range] { readNumber(instruction, &shape.number) }
        for instruction in tables.instructions[node.string.range] { readText(instruction, &shape.text) }
        for instruction in tables.instructions[node.array.range] { readArray(instruction, index, &shape) }
        let closes = node.unevaluatedProperties >= 0 && looksAlone(node)
        readMembers(node.members, closedBy: closes ? node.unevaluatedProperties : -1, &shape.object)
        for instruction in tables.instructions[node.object.range] { readObject(instruction, index, &shape) }
        if node.unevaluatedItems >= 0 { note("unevaluatedItems", index, &shape) }
        if node.unevaluatedProperties >= 0, !closes { note("unevaluatedProperties", index, &shape) }
    }

    private func readNumber(_ instruction: Instruction, _ shape: inout NumberShape) {
        switch instruction {
        case .minimum(let limit): shape.raiseLower(Limit(value: .integer(limit), isExclusive: false))
        case .maximum(let limit): shape.reduceUpper(Limit(value: .integer(limit), isExclusive: false))
        case .bound(let index):
            let bound = tables.bounds[Int(index)]
            let limit = Limit(value: bound.limit, isExclusive: bound.isExclusive)
            if bound.isUpper { shape.reduceUpper(limit) } else { shape.raiseLower(limit) }
        case .multipleOf(let index): shape.divisors.append(tables.divisorValues[Int(index)])
        default: break
        }
    }

    private func readText(_ instruction: Instruction, _ shape: inout TextShape) {
        switch instruction {
        case .minLength(let limit): shape.minimum = max(shape.minimum, limit)
        case .maxLength(let limit): shape.maximum = min(shape.maximum, limit)
        case .pattern(let index):
            let pattern = tables.patterns[Int(index)]
            shape.patterns.insert(pattern.source)
            if case .exact(let text) = pattern.shape { shape.exact = text }
        case .format(let format):
            shape.formats.insert(format)
            // Lengths that a format brings along are no demand of the side that is compared with.
            guard side == .left else { return }
            shape.minimum = max(shape.minimum, format.lengths.lowerBound)
            shape.maximum = min(shape.maximum, format.lengths.upperBound)
        default: break
        }
    }

    private func readArray(_ instruction: Instruction, _ node: Int32, _ shape: inout Shape) {
        switch instruction {
        case .minItems(let limit): shape.array.minimum = max(shape.array.minimum, limit)
        case .maxItems(let limit): shape.array.maximum = min(shape.array.maximum, limit)
        case .uniqueItems: shape.array.isUnique = true
        case .items(let index): readItems(tables.itemRules[Int(index)], &shape.array)
        case .contains(let index):
            let rule = tables.containsRules[Int(index)]
            guard rule.maximum == .max else {
                return note("contains", node, &shape, with: ["minContains", "maxContains"])
            }
            shape.array.contains.append((rule.node, rule.minimum))
        default: break
        }
    }

    private func readItems(_ rules: ItemRules, _ shape: inout ArrayShape) {
        let nodes = tables.children[rules.prefix.range]
        for (position, node) in nodes.enumerated() {
            if position == shape.prefix.count { shape.prefix.append(shape.rest) }
            shape.prefix[position] = shape.prefix[position].and(Term(side: side, nodes: [node]))
        }
        if rules.rest >= 0 {
            let rest = Term(side: side, nodes: [rules.rest])
            for position in shape.prefix.indices.dropFirst(nodes.count) {
                shape.prefix[position] = shape.prefix[position].and(rest)
            }
            shape.rest = shape.rest.and(rest)
        }
        // An element that cannot be ends the array.
        if let end = shape.prefix.firstIndex(where: { isImpossible($0) }) { shape.maximum = min(shape.maximum, end) }
        if isImpossible(shape.rest) { shape.maximum = min(shape.maximum, shape.prefix.count) }
    }

    /// Whether a term holds a schema that accepts nothing.
    func isImpossible(_ term: Term) -> Bool { term.nodes.contains { tables.nodes[Int($0)].types == [] } }

    /// Whether no other subschema is applied to the same value: then `unevaluatedProperties` is `additionalProperties`.
    private func looksAlone(_ node: Node) -> Bool {
        let hasSchemas = tables.instructions[node.object.range].contains {
            if case .dependentSchemas = $0 { true } else { false }
        }
        return !hasSchemas
            && tables.instructions[node.general.range].allSatisfy {
                switch $0 {
                case .constant, .enumeration, .text, .not: true
                default: false
                }
            }
    }

    /// - Parameter closing: the node for members that no rule looks at, or -1.
    private func readMembers(_ index: Int32, closedBy closing: Int32, _ shape: inout ObjectShape) {
        guard index >= 0 else {
            if closing >= 0 { shape.rules.append(MemberShape(properties: [], patterns: [], additional: closing)) }
            return
        }
        let rules = tables.memberRules[Int(index)]
        let slots = tables.keySlots[Int(rules.table.start)...Int(rules.table.start + rules.table.mask)]
        let declared = slots.filter { $0.key >= 0 && $0.isDeclared }.sorted { $0.key < $1.key }
        let patterns = tables.patternRules[rules.patterns.range]
        for name in tables.requiredKeys[rules.required.range]
        where !shape.required.contains(where: { isSameText($0, name) }) {
            shape.required.append(name)
        }
        shape.rules.append(
            MemberShape(
                properties: declared.map { (tables.keys[Int($0.key)], $0.node) },
                patterns: patterns.map { (tables.patterns[Int($0.pattern)].source, $0.pattern, $0.node) },
                additional: rules.additional >= 0 ? rules.additional : closing
            )
        )
    }

    private func readObject(_ instruction: Instruction, _ node: Int32, _ shape: inout Shape) {
        switch instruction {
        case .minProperties(let limit): shape.object.minimum = max(shape.object.minimum, limit)
        case .maxProperties(let limit): shape.object.maximum = min(shape.object.maximum, limit)
        case .propertyNames(let names): shape.object.names.append(names)
        case .dependentRequired(let index): shape.object.dependencies += tables.dependentNames[Int(index)].entries
        case .dependentSchemas(let index): note(tables.dependentNodes[Int(index)].keyword, node, &shape)
        default: break
        }
    }

    // MARK: Keywords of every type

    private func extend(_ shapes: [Shape], with instruction: Instruction, _ node: Int32) -> [Shape]? {
        switch instruction {
        case .text(let index): return listing([.string(tables.texts[Int(index)].text)], shapes)
        case .constant(let index): return listing([tables.values[Int(index)]], shapes)
        case .enumeration(let index): return listing(tables.enumerations[Int(index)].values, shapes)
        case .reference(let target): return extend(shapes, with: target)
        case .dynamicReference(let target):
            if !tables.tracksScope { return extend(shapes, with: tables.dynamicTargets[Int(target)].fallback) }
            return noting("$dynamicRef", node, shapes)
        case .all(let list):
            return tables.children[list.range].reduce(Optional(shapes)) { shapes, child in
                shapes.flatMap { extend($0, with: child) }
            }
        case .any(let list): return alternatives(list, shapes)
        case .one(let list): return oneOf(list, shapes, node)
        case .anyByMember(let rule): return alternatives(tables.discriminators[Int(rule)].all, shapes)
        case .oneByMember(let rule): return oneOf(tables.discriminators[Int(rule)].all, shapes, node)
        case .not(let child): return negated(child, shapes, node)
        default: return noting("if", node, shapes, with: ["then", "else"])
        }
    }

    private func listing(_ values: [JSONValue], _ shapes: [Shape]) -> [Shape] {
        shapes.map { shape in
            var shape = shape
            if let known = shape.values {
                shape.values = known.filter { old in values.contains { ValueEquality.areEqual($0, old) } }
            } else {
                shape.values = values
            }
            return shape
        }
    }

    private func alternatives(_ list: Stretch, _ shapes: [Shape]) -> [Shape]? {
        var found: [Shape] = []
        for child in tables.children[list.range] {
            guard let extended = extend(shapes, with: child), found.count + extended.count <= limit else { return nil }
            found += extended
        }
        return found
    }

    private func oneOf(_ list: Stretch, _ shapes: [Shape], _ node: Int32) -> [Shape]? {
        guard let found = alternatives(list, shapes) else { return nil }
        if readsOneOfLoosely || areDisjoint(Array(tables.children[list.range])) { return found }
        return noting("oneOf", node, found)
    }

    private func areDisjoint(_ nodes: [Int32]) -> Bool {
        let loose = ShapeReader(tables: tables, side: side, limit: limit, readsOneOfLoosely: true)
        let shapes = nodes.map { loose.shapes(of: Term(side: side, nodes: [$0])) }
        for (index, left) in shapes.enumerated() {
            for right in shapes.dropFirst(index + 1) {
                guard let left, let right else { return false }
                for one in left {
                    for other in right where !Disjointness(reader: loose).holds(one, other) { return false }
                }
            }
        }
        return true
    }

    private func negated(_ child: Int32, _ shapes: [Shape], _ node: Int32) -> [Shape]? {
        let inner = tables.nodes[Int(child)]
        if inner.isPlain {
            return shapes.map { shape in
                var shape = shape
                shape.types.subtract(inner.types)
                return shape
            }
        }
        let isBare =
            inner.types == .all && inner.number.isEmpty && inner.string.isEmpty && inner.array.isEmpty
            && inner.object.isEmpty && inner.members < 0 && inner.general.count == 1
        guard isBare else { return noting("not", node, shapes) }
        switch tables.instructions[Int(inner.general.start)] {
        case .text(let index): return excluding([.string(tables.texts[Int(index)].text)], shapes)
        case .constant(let index): return excluding([tables.values[Int(index)]], shapes)
        case .enumeration(let index): return excluding(tables.enumerations[Int(index)].values, shapes)
        default: return noting("not", node, shapes)
        }
    }

    private func excluding(_ values: [JSONValue], _ shapes: [Shape]) -> [Shape] {
        shapes.map { shape in
            var shape = shape
            shape.excluded += values
            return shape
        }
    }

    // MARK: What is not compared

    private func noting(_ keyword: String, _ node: Int32, _ shapes: [Shape], with more: [String] = []) -> [Shape] {
        shapes.map { shape in
            var shape = shape
            note(keyword, node, &shape, with: more)
            return shape
        }
    }

    private func note(_ keyword: String, _ node: Int32, _ shape: inout Shape, with more: [String] = []) {
        let schema = tables.infos[Int(node)].schema
        var value: JSONObject? = [:]
        for name in [keyword] + more {
            guard let part = schema[name] else { continue }
            // A reference means something only where it stands, and what is left over depends on the neighbours.
            if ShapeReader.holdsReference(part) || keyword.hasPrefix("unevaluated") { value = nil }
            value?[name] = part
        }
        shape.unknown.insert(
            UnknownConstraint(
                keyword: keyword,
                value: value.map { .object($0) },
                dialect: tables.infos[Int(node)].dialect,
                node: value == nil ? node : -1
            )
        )
    }

    private static func holdsReference(_ value: JSONValue) -> Bool {
        switch value {
        case .array(let elements): elements.contains { holdsReference($0) }
        case .object(let object):
            object.hasKey("$ref") || object.hasKey("$dynamicRef") || object.hasKey("$recursiveRef")
                || object.hasKey("$id")
                || object.contains { holdsReference($0.1) }
        default: false
        }
    }
}

/// Whether two shapes have no value in common, as far as it is plain to see.
struct Disjointness {
    let reader: ShapeReader

    func holds(_ left: Shape, _ right: Shape, depth: Int = 0) -> Bool {
        let types = left.types.intersection(right.types)
        if types.isEmpty { return true }
        if let left = left.values, let right = right.values {
            return !left.contains { one in right.contains { ValueEquality.areEqual(one, $0) } }
        }
        var shared = types
        var number = left.number
        if let lower = right.number.lower { number.raiseLower(lower) }
        if let upper = right.number.upper { number.reduceUpper(upper) }
        if number.isEmpty { shared.subtract(.number) }
        if max(left.text.minimum, right.text.minimum) > min(left.text.maximum, right.text.maximum) {
            shared.remove(.string)
        }
        if max(left.array.minimum, right.array.minimum) > min(left.array.maximum, right.array.maximum) {
            shared.remove(.array)
        }
        if depth == 0, shared.contains(.object), membersDiffer(left.object, right.object) { shared.remove(.object) }
        return shared.isEmpty
    }

    /// Whether a member that both require, or one requires and the other forbids, tells them apart.
    private func membersDiffer(_ left: ObjectShape, _ right: ObjectShape) -> Bool {
        for name in left.required + right.required {
            let one = reader.member(name, left)
            let other = reader.member(name, right)
            if reader.isImpossible(one) || reader.isImpossible(other) { return true }
            guard left.required.contains(where: { isSameText($0, name) }),
                right.required.contains(where: { isSameText($0, name) }),
                let ones = reader.shapes(of: one), let others = reader.shapes(of: other)
            else { continue }
            if ones.allSatisfy({ one in others.allSatisfy { holds(one, $0, depth: 1) } }) { return true }
        }
        return false
    }
}

extension ShapeReader {
    /// What a member of this name has to satisfy.
    func member(_ name: String, _ shape: ObjectShape) -> Term {
        var nodes: [Int32] = []
        for rule in shape.rules {
            var isDeclared = false
            if let node = rule.node(of: name) {
                nodes.append(node)
                isDeclared = true
            }
            for pattern in rule.patterns {
                switch tables.patterns[Int(pattern.index)].matches(name) {
                case true?:
                    nodes.append(pattern.node)
                    isDeclared = true
                case false?: break
                case nil:
                    // Undecided: the left side may ask for nothing, the right side has to ask for everything.
                    if side == .left { isDeclared = true } else { nodes.append(pattern.node) }
                }
            }
            if !isDeclared, rule.additional >= 0 { nodes.append(rule.additional) }
        }
        return Term(side: side, nodes: nodes)
    }
}
