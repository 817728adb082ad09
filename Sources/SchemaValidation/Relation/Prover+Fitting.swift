import JSON

extension Prover {
    /// Whether a piece of the left side, which has one type, fits into one alternative of the right side.
    ///
    /// A failure comes with a value that may show it; whoever asked has to try it.
    ///
    /// - Parameter fixed: a member of the piece that is known to have this value.
    mutating func fits(
        _ piece: Shape,
        _ shape: Shape,
        _ one: Term,
        _ other: Term,
        fixed: (name: String, value: JSONValue)? = nil
    ) -> Verdict {
        guard shape.types.isSuperset(of: piece.types) else { return .open("the type is different") }
        if shape.values != nil { return .open("only listed values are accepted") }
        for value in shape.excluded where piece.types.contains(TypeSet.of(value)) && leftAccepts(one, value) != false {
            return .fails(value)
        }
        if let constraint = shape.unknown.first(where: { !isShared($0, piece) }) {
            return .open("'\(constraint.keyword)' is not compared")
        }
        switch piece.types {
        case .integer: return fitsNumber(piece.number.integral, shape.number.integral, isInteger: true)
        case .fraction: return fitsNumber(piece.number, shape.number, isInteger: false)
        case .string: return fitsText(piece.text, shape.text)
        case .array: return fitsArray(piece.array, shape.array)
        case .object: return fitsObject(piece.object, shape.object, fixed)
        default: return .holds
        }
    }

    private func isShared(_ constraint: UnknownConstraint, _ piece: Shape) -> Bool {
        if constraint.value != nil {
            return readAlike && piece.unknown.contains(constraint)
        }
        return areSame && piece.unknown.contains { $0.keyword == constraint.keyword && $0.node == constraint.node }
    }

    // MARK: Scalars

    private func fitsNumber(_ one: NumberShape, _ other: NumberShape, isInteger: Bool) -> Verdict {
        if let limit = other.lower, !isInside(one.lower, limit, sign: 1) {
            return .open("the lower limit is different")
        }
        if let limit = other.upper, !isInside(one.upper, limit, sign: -1) {
            return .open("the upper limit is different")
        }
        for divisor in other.divisors {
            guard let divisor = ExactDecimal(divisor) else { return .open("the divisor is different") }
            let own = one.divisors.compactMap { ExactDecimal($0) } + (isInteger ? [ExactDecimal(text: "1")] : [])
            guard own.contains(where: { $0.isMultiple(of: divisor) == true }) else {
                return .open("the divisor is different")
            }
        }
        return .holds
    }

    private func isInside(_ own: Limit?, _ limit: Limit, sign: Int) -> Bool {
        guard let own else { return false }
        let order = NumberComparison.compare(own.value, limit.value) * sign
        return order > 0 || (order == 0 && (own.isExclusive || !limit.isExclusive))
    }

    private func fitsText(_ one: TextShape, _ other: TextShape) -> Verdict {
        guard one.minimum >= other.minimum else { return .open("the shortest length is different") }
        guard one.maximum <= other.maximum else { return .open("the longest length is different") }
        guard other.patterns.isSubset(of: one.patterns) else {
            return .open("patterns are only compared as they are written")
        }
        guard other.formats.allSatisfy({ format in one.formats.contains { $0 == format || $0.isKind(of: format) } })
        else {
            return .open("formats are only compared by their names")
        }
        return .holds
    }

    // MARK: Arrays

    private mutating func fitsArray(_ one: ArrayShape, _ other: ArrayShape) -> Verdict {
        guard one.minimum >= other.minimum else { return .open("the smallest number of elements is different") }
        guard min(one.maximum, mostDifferent(one)) <= other.maximum else {
            return .open("the largest number of elements is different")
        }
        for rule in other.contains where !holds(one, rule) { return .open("'contains' is different") }
        guard !other.isUnique || one.isUnique || one.maximum <= 1 else { return .open("elements may be equal") }
        var hint: JSONValue?
        var reason: String?
        let count = max(one.prefix.count, other.prefix.count)
        for index in 0...count where index < one.maximum {
            switch compare(one.item(index), other.item(index)) {
            case .holds: continue
            case .fails(let value): hint = samples.array(one, with: value, at: index)
            case .open(let text): reason = "elements: \(text)"
            }
            return hint.map { .fails($0) } ?? .open(reason ?? "elements are different")
        }
        return .holds
    }

    /// How many elements there can be when they have to differ and are all listed.
    private func mostDifferent(_ shape: ArrayShape) -> Int {
        guard shape.isUnique, let shapes = reader.shapes(of: shape.rest) else { return .max }
        var count = shape.prefix.count
        for shape in shapes {
            guard let values = finiteValues(shape) else { return .max }
            count += values.count
        }
        return count
    }

    /// Whether arrays of the left side hold enough elements that satisfy a node of the right side.
    private mutating func holds(_ one: ArrayShape, _ rule: (node: Int32, minimum: Int)) -> Bool {
        if rule.minimum == 0 { return true }
        let wanted = Term(side: .right, nodes: [rule.node])
        for own in one.contains where own.minimum >= rule.minimum {
            if case .holds = compare(Term(side: .left, nodes: [own.node]), wanted) { return true }
        }
        guard one.minimum >= rule.minimum else { return false }
        for index in 0...one.prefix.count {
            guard case .holds = compare(one.item(index), wanted) else { return false }
        }
        return true
    }

    // MARK: Objects

    private mutating func fitsObject(
        _ one: ObjectShape,
        _ other: ObjectShape,
        _ fixed: (name: String, value: JSONValue)?
    ) -> Verdict {
        for name in other.required where !one.required.contains(where: { isSameText($0, name) }) {
            return .open("'\(shortened(name))' may be missing")
        }
        for (name, others) in other.dependencies {
            if let verdict = fitsDependency(one, name, others) { return verdict }
        }
        for node in other.names { if let verdict = fitsNames(one, node) { return verdict } }
        guard max(one.minimum, one.required.count) >= other.minimum else {
            return .open("the smallest number of properties is different")
        }
        guard min(one.maximum, mostMembers(one)) <= other.maximum else {
            return .open("the largest number of properties is different")
        }
        var verdict = Verdict.holds
        for name in names(one, other) {
            if let fixed, isSameText(fixed.name, name), rightAccepts(target.member(name, other), fixed.value) == true {
                continue
            }
            let own = reader.member(name, one)
            // A member that cannot be needs no place.
            if reader.isImpossible(own) { continue }
            switch compare(own, target.member(name, other)) {
            case .holds: continue
            case .fails(let value):
                let object = samples.object(one, with: [(name, value)])
                return object.map { .fails($0) } ?? .open("property '\(shortened(name))' is different")
            case .open(let text): verdict = .open("property '\(shortened(name))': \(text)")
            }
        }
        guard case .holds = verdict else { return verdict }
        return fitsOthers(one, other)
    }

    /// Compares with names that the right side demands when another is there. Nil when it fits.
    private func fitsDependency(_ one: ObjectShape, _ name: String, _ others: [String]) -> Verdict? {
        let own = reader.member(name, one)
        if reader.isImpossible(own) { return nil }
        for other in others {
            if one.required.contains(where: { isSameText($0, other) }) { continue }
            if one.dependencies.contains(where: {
                isSameText($0.name, name) && $0.others.contains { isSameText($0, other) }
            }) {
                continue
            }
            let reason = Verdict.open("'\(shortened(other))' may be missing while '\(shortened(name))' is there")
            guard let value = samples.example(of: own, depth: Samples.depth) else { return reason }
            return samples.object(one, with: [(name, value)]).map { .fails($0) } ?? reason
        }
        return nil
    }

    /// Compares with what the right side demands of names. Nil when it fits.
    private mutating func fitsNames(_ one: ObjectShape, _ node: Int32) -> Verdict? {
        let wanted = Term(side: .right, nodes: [node])
        if let names = allNames(one) {
            for name in names where rightAccepts(wanted, .string(name)) != true {
                let reason = Verdict.open("the name '\(shortened(name))' is not allowed")
                guard let value = samples.example(of: reader.member(name, one), depth: Samples.depth) else {
                    return reason
                }
                return samples.object(one, with: [(name, value)]).map { .fails($0) } ?? reason
            }
            return nil
        }
        switch compare(Term(side: .left, nodes: one.names), wanted) {
        case .holds: return nil
        case .fails(.string(let name)):
            let value = samples.example(of: reader.member(name, one), depth: Samples.depth)
            return value.flatMap { samples.object(one, with: [(name, $0)]) }.map { .fails($0) }
                ?? .open("names of properties are different")
        default: return .open("names of properties are different")
        }
    }

    /// The names of all members that there can be; nil when they are not declared.
    private func allNames(_ shape: ObjectShape) -> [String]? {
        for rule in shape.rules where rule.additional >= 0 && rule.patterns.isEmpty {
            guard reader.tables.nodes[Int(rule.additional)].types == [] else { continue }
            return rule.properties.map(\.name).filter { !reader.isImpossible(reader.member($0, shape)) }
        }
        return nil
    }

    /// The names that either side knows.
    private func names(_ one: ObjectShape, _ other: ObjectShape) -> [String] {
        var seen: Set<String> = []
        var names: [String] = []
        for name in (one.rules + other.rules).flatMap({ $0.properties.map(\.name) }) + one.required
        where seen.insert(name).inserted || !names.contains(where: { isSameText($0, name) }) {
            names.append(name)
        }
        return names
    }

    /// How many members there can be when all of them are declared.
    private func mostMembers(_ shape: ObjectShape) -> Int { allNames(shape)?.count ?? .max }

    /// Compares members that neither side names. Such a name may match any of the patterns, so everything that the left
    /// side may demand of it has to fit everything that the right side may.
    private mutating func fitsOthers(_ one: ObjectShape, _ other: ObjectShape) -> Verdict {
        for rule in other.rules {
            for pattern in rule.patterns {
                if let verdict = fitsOther(one, to: pattern.node, matching: pattern.source) { return verdict }
            }
            guard rule.additional >= 0 else { continue }
            if let verdict = fitsOther(one, to: rule.additional, missing: rule.patterns.map(\.source)) {
                return verdict
            }
        }
        return .holds
    }

    /// Compares with what the right side demands of names that match a pattern, or that match none of its patterns. Nil
    /// when it fits.
    private mutating func fitsOther(
        _ one: ObjectShape,
        to node: Int32,
        matching source: String? = nil,
        missing sources: [String] = []
    ) -> Verdict? {
        let wanted = Term(side: .right, nodes: [node])
        // One schema object on the left that guarantees it is enough, whatever the others demand.
        for rule in one.rules where guarantees(rule, wanted, source, sources) { return nil }
        let bare = Term(side: .left, nodes: [])
        if one.rules.isEmpty, case .holds = compare(bare, wanted) { return nil }
        for name in samples.freeNames(one, matching: source) {
            let own = reader.member(name, one)
            guard !reader.isImpossible(own) else { continue }
            guard case .fails(let value) = compare(own, wanted) else { continue }
            if let object = samples.object(one, with: [(name, value)]) { return .fails(object) }
        }
        return .open("properties that are not declared are different")
    }

    private mutating func guarantees(
        _ rule: MemberShape,
        _ wanted: Term,
        _ source: String?,
        _ missing: [String]
    ) -> Bool {
        if let source, let same = rule.patterns.first(where: { isSameText($0.source, source) }) {
            return isProven(same.node, wanted)
        }
        for pattern in rule.patterns {
            // Names that match it here are not the ones that are asked about.
            if missing.contains(where: { isSameText($0, pattern.source) }) { continue }
            guard isProven(pattern.node, wanted) else { return false }
        }
        guard rule.additional >= 0 else {
            if case .holds = compare(Term(side: .left, nodes: []), wanted) { return true }
            return false
        }
        return isProven(rule.additional, wanted)
    }

    private mutating func isProven(_ node: Int32, _ wanted: Term) -> Bool {
        if reader.tables.nodes[Int(node)].types == [] { return true }
        if case .holds = compare(Term(side: .left, nodes: [node]), wanted) { return true }
        return false
    }
}
