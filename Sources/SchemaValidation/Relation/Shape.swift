import JSON

/// What one alternative of a subschema demands, keyword by keyword: everything in it has to hold.
///
/// Constraints that are not understood are only named. Without them a shape accepts more values than the subschema.
struct Shape {
    var types: TypeSet = .all
    /// The only values that are possible, when they are listed.
    var values: [JSONValue]?
    /// Values that are not possible.
    var excluded: [JSONValue] = []
    var number = NumberShape()
    var text = TextShape()
    var array = ArrayShape()
    var object = ObjectShape()
    var unknown: Set<UnknownConstraint> = []

    /// Drops types for which the constraints contradict each other.
    mutating func prune() {
        if number.isEmpty { types.subtract(.number) }
        if number.divisors.contains(where: { ExactDecimal($0)?.isInteger ?? false }) { types.remove(.fraction) }
        if text.minimum > text.maximum { types.remove(.string) }
        if array.minimum > array.maximum { types.remove(.array) }
        if object.minimum > object.maximum || object.required.count > object.maximum { types.remove(.object) }
        if let values { types.formIntersection(values.reduce(into: TypeSet()) { $0.formUnion(TypeSet.of($1)) }) }
    }
}

struct Limit {
    var value: JSONValue
    var isExclusive: Bool
}

struct NumberShape {
    var lower: Limit?
    var upper: Limit?
    var divisors: [JSONValue] = []

    mutating func raiseLower(_ limit: Limit) {
        guard let lower else { return self.lower = limit }
        let order = NumberComparison.compare(limit.value, lower.value)
        if order > 0 || (order == 0 && limit.isExclusive) { self.lower = limit }
    }

    mutating func reduceUpper(_ limit: Limit) {
        guard let upper else { return self.upper = limit }
        let order = NumberComparison.compare(limit.value, upper.value)
        if order < 0 || (order == 0 && limit.isExclusive) { self.upper = limit }
    }

    var isEmpty: Bool {
        guard let lower, let upper else { return false }
        let order = NumberComparison.compare(lower.value, upper.value)
        return order > 0 || (order == 0 && (lower.isExclusive || upper.isExclusive))
    }

    /// The limits for integers: inclusive, without fractions.
    var integral: NumberShape {
        var copy = self
        copy.lower = lower.map { Self.integral($0, roundsUp: true) }
        copy.upper = upper.map { Self.integral($0, roundsUp: false) }
        return copy
    }

    private static func integral(_ limit: Limit, roundsUp: Bool) -> Limit {
        let step: Int64 = roundsUp ? 1 : -1
        switch limit.value {
        case .integer(let number):
            guard limit.isExclusive else { return limit }
            let (moved, overflows) = number.addingReportingOverflow(step)
            return overflows ? limit : Limit(value: .integer(moved), isExclusive: false)
        case .double(let number):
            let rounded = number.rounded(roundsUp ? .up : .down)
            guard abs(rounded) < 1e15, let whole = Int64(exactly: rounded) else { return limit }
            return integral(
                Limit(value: .integer(whole), isExclusive: limit.isExclusive && rounded == number),
                roundsUp: roundsUp
            )
        default: return limit
        }
    }
}

struct TextShape {
    var minimum = 0
    var maximum = Int.max
    var patterns: Set<String> = []
    var formats: Set<Format> = []
    /// The only text that is possible, when a pattern spells it out.
    var exact: String?
}

struct ArrayShape {
    var minimum = 0
    var maximum = Int.max
    var isUnique = false
    /// So many elements have to satisfy a node, at least.
    var contains: [(node: Int32, minimum: Int)] = []
    var prefix: [Term] = []
    /// For elements behind the prefix.
    var rest: Term

    init(side: Side = .left) { rest = Term(side: side, nodes: []) }

    func item(_ index: Int) -> Term { index < prefix.count ? prefix[index] : rest }
}

struct ObjectShape {
    var minimum = 0
    var maximum = Int.max
    var required: [String] = []
    /// Names that have to be there when another one is.
    var dependencies: [(name: String, others: [String])] = []
    /// Nodes for the names of members.
    var names: [Int32] = []
    /// Each object schema that takes part, because what is additional to one may be declared by another.
    var rules: [MemberShape] = []
}

/// `properties`, `patternProperties` and `additionalProperties` of one schema object.
struct MemberShape {
    var properties: [(name: String, node: Int32)]
    var patterns: [(source: String, index: Int32, node: Int32)]
    /// Node or -1.
    var additional: Int32

    func node(of name: String) -> Int32? { properties.first { isSameText($0.name, name) }?.node }
}

/// A keyword that is not compared, with what it says. Equal ones mean the same.
struct UnknownConstraint: Hashable {
    var keyword: String
    /// Its value, with those of the keywords that belong to it; nil when the meaning depends on more than the text.
    var value: JSONValue?
    var dialect: SchemaDialect
    /// The node that it stands in, for constraints that have no value.
    var node: Int32
}
