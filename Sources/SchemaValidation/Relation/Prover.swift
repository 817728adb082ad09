import JSON

/// Proves that one term's values are all accepted by another, or finds a value that is not.
///
/// Alternatives of the left side are taken one by one and split by type. Each piece has to fit into one alternative of the
/// right side; recursion through members and elements assumes what is being proven, which is sound because it goes down
/// into values, and values are finite. Every counterexample is asked of both validators.
struct Prover {
    enum Verdict {
        case holds
        case fails(JSONValue)
        /// Neither; why.
        case open(String)
    }

    struct Pair: Hashable {
        var left: Term
        var right: Term
    }

    let left: Program
    let right: Program
    let limits: RelationLimits
    /// Whether nodes of the same index mean the same on both sides.
    var areSame = false
    /// Whether equal texts mean the same on both sides.
    var readAlike = false
    let reader: ShapeReader
    let target: ShapeReader
    var assumed: Set<Pair> = []
    private var comparisonsLeft: Int
    var candidatesLeft: Int

    var samples: Samples { Samples(program: left, reader: reader, target: target) }

    init(left: Program, right: Program, limits: RelationLimits) {
        self.left = left
        self.right = right
        self.limits = limits
        reader = ShapeReader(tables: left.tables, side: .left, limit: limits.alternatives, readsOneOfLoosely: true)
        target = ShapeReader(tables: right.tables, side: .right, limit: limits.alternatives, readsOneOfLoosely: false)
        comparisonsLeft = limits.comparisons
        candidatesLeft = limits.candidates
    }

    // MARK: Asking the validators

    /// Whether the left side accepts a value; nil when a limit was met.
    func leftAccepts(_ term: Term, _ value: JSONValue) -> Bool? { left.accepts(term.nodes, value) }

    func rightAccepts(_ term: Term, _ value: JSONValue) -> Bool? { right.accepts(term.nodes, value) }

    /// Whether the value shows that the terms are not related.
    func isCounterexample(_ value: JSONValue, _ one: Term, _ other: Term) -> Bool {
        leftAccepts(one, value) == true && rightAccepts(other, value) == false
    }

    // MARK: Comparing

    mutating func compare(_ one: Term, _ other: Term) -> Verdict {
        if other.nodes.isEmpty || includes(one, other) { return .holds }
        let pair = Pair(left: one, right: other)
        if assumed.contains(pair) { return .holds }
        guard comparisonsLeft > 0 else { return .open("the schemas are too large to be compared") }
        comparisonsLeft -= 1
        if left.tracksScope || right.tracksScope { return search(one, other, "'$dynamicRef' is not compared") }
        let before = assumed
        assumed.insert(pair)
        let verdict = compareShapes(one, other)
        // What was proven by the help of the assumption falls with it.
        if case .holds = verdict {} else { assumed = before }
        return verdict
    }

    /// Whether the right term's schemas are all among the left one's.
    private func includes(_ one: Term, _ other: Term) -> Bool {
        if areSame { return other.nodes.allSatisfy { one.nodes.contains($0) } }
        return other.nodes.allSatisfy {
            right.tables.nodes[Int($0)].isPlain && right.tables.nodes[Int($0)].types == .all
        }
    }

    private mutating func compareShapes(_ one: Term, _ other: Term) -> Verdict {
        guard let shapes = reader.shapes(of: one) else { return search(one, other, "too many alternatives") }
        guard let targets = target.shapes(of: other) else { return search(one, other, "too many alternatives") }
        var open: String?
        for shape in shapes {
            for type in Self.types where shape.types.contains(type) {
                var piece = shape
                piece.types = type
                switch comparePiece(piece, one, other, targets) {
                case .holds: continue
                case .fails(let value): return .fails(value)
                case .open(let reason): open = open ?? reason
                }
            }
        }
        return open.map { .open($0) } ?? .holds
    }

    private static let types: [TypeSet] = [.null, .boolean, .integer, .fraction, .string, .array, .object]

    /// Compares what one alternative allows of one type.
    private mutating func comparePiece(_ piece: Shape, _ one: Term, _ other: Term, _ targets: [Shape]) -> Verdict {
        if let values = finiteValues(piece) {
            for value in values where leftAccepts(one, value) != false {
                if isCounterexample(value, one, other) { return .fails(value) }
                if rightAccepts(other, value) != true {
                    return .open("a value could not be validated within the limits")
                }
            }
            return .holds
        }
        var hints: [JSONValue] = []
        var reason: String?
        for shape in targets {
            let before = assumed
            switch fits(piece, shape, one, other) {
            case .holds: return .holds
            case .fails(let value): hints.append(value)
            case .open(let text): reason = reason ?? text
            }
            assumed = before
        }
        if targets.count > 1, compareParts(piece, one, other, targets) { return .holds }
        if piece.types == .object, targets.count > 1, let verdict = compareSplit(piece, one, other, targets) {
            return verdict
        }
        return search(
            one,
            other,
            hints: hints,
            piece: piece,
            targets: targets,
            reason ?? "no alternative accepts all of its values"
        )
    }

    /// The values of a piece when there are few.
    func finiteValues(_ piece: Shape) -> [JSONValue]? {
        if let values = piece.values { return values.filter { piece.types.contains(TypeSet.of($0)) } }
        switch piece.types {
        case .null: return [.null]
        case .boolean: return [.bool(false), .bool(true)]
        case .string: return piece.text.exact.map { [.string($0)] }
        case .integer:
            let range = piece.number.integral
            guard case .integer(let low)? = range.lower?.value, case .integer(let high)? = range.upper?.value,
                range.lower?.isExclusive == false, range.upper?.isExclusive == false, low <= high,
                case let (count, overflows) = high.subtractingReportingOverflow(low), !overflows,
                count < Self.mostListed
            else { return nil }
            return (low...high).map { .integer($0) }
        default: return nil
        }
    }

    /// Ranges of more integers are not listed.
    private static let mostListed: Int64 = 64

    // MARK: Splitting by a member

    /// More values of one member are not tried one by one.
    private static let mostSplits = 32

    /// Objects whose required member has few values are compared value by value: each may fit another alternative.
    private mutating func compareSplit(_ piece: Shape, _ one: Term, _ other: Term, _ targets: [Shape]) -> Verdict? {
        for name in piece.object.required {
            let term = reader.member(name, piece.object)
            guard let shapes = reader.shapes(of: term) else { continue }
            let lists = shapes.map { shape in
                shape.values ?? (shape.types.isSubset(of: [.boolean, .null]) ? Self.simple(shape.types) : nil)
            }
            guard lists.allSatisfy({ $0 != nil }) else { continue }
            let values = lists.flatMap { $0 ?? [] }.filter { leftAccepts(term, $0) != false }
            guard values.count <= Self.mostSplits else { continue }
            let before = assumed
            let isProven = values.allSatisfy { value in
                targets.contains { target in
                    guard rightAccepts(self.target.member(name, target.object), value) == true else { return false }
                    let kept = assumed
                    if case .holds = fits(piece, target, one, other, fixed: (name, value)) { return true }
                    assumed = kept
                    return false
                }
            }
            if isProven { return .holds }
            assumed = before
        }
        return nil
    }

    private static func simple(_ types: TypeSet) -> [JSONValue] {
        (types.contains(.null) ? [.null] : []) + (types.contains(.boolean) ? [.bool(false), .bool(true)] : [])
    }

    // MARK: Searching

    /// Looks for a value that shows the opposite.
    mutating func search(
        _ one: Term,
        _ other: Term,
        hints: [JSONValue] = [],
        piece: Shape? = nil,
        targets: [Shape] = [],
        _ reason: String
    ) -> Verdict {
        for value in hints where isCounterexample(value, one, other) { return .fails(value) }
        guard candidatesLeft > 0 else { return .open(reason) }
        let shapes = piece.map { [$0] } ?? reader.shapes(of: one) ?? []
        let others = targets.isEmpty ? target.shapes(of: other) ?? [] : targets
        for value in shapes.flatMap({ samples.values(of: $0, against: others, depth: Samples.variedDepth) }) {
            guard candidatesLeft > 0 else { break }
            candidatesLeft -= 1
            if isCounterexample(value, one, other) { return .fails(value) }
        }
        return .open(reason)
    }
}
