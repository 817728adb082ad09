public import JSON

/// Whether every value of one schema is accepted by another.
public enum SchemaRelation: Sendable {
    case yes
    /// There is a value that the first schema accepts and the second refuses; both were asked.
    case no(Counterexample)
    /// Neither was found. The text says what stood in the way.
    case unknown(String)

    /// A value that shows that two schemas are not related.
    public struct Counterexample: Sendable {
        public var value: JSONValue
        /// Why the second schema refuses it.
        public var error: ValidationError
    }

    public var isYes: Bool { if case .yes = self { true } else { false } }
}

/// How much work a comparison of two schemas may be.
public struct RelationLimits: Hashable, Sendable {
    /// Pairs of subschemas.
    public var comparisons = 5_000
    /// Alternatives that the combinations of one subschema may expand to.
    public var alternatives = 64
    /// Values that are tried in search of a counterexample.
    public var candidates = 20_000

    public init() {}
}

extension Schema {
    /// Whether every value that satisfies this schema satisfies `other` as well.
    ///
    /// `yes` is proven, from types, values, ranges, lengths, items, properties and combinations of them; keywords that are
    /// not compared (`if`, `maxContains`, `dependentSchemas`, most of `unevaluated…` and of `not`) must be the same
    /// on both sides. `no` comes with a value that both validators were asked about. Everything else is `unknown`.
    public func relation(to other: Schema, limits: RelationLimits = RelationLimits()) -> SchemaRelation {
        var prover = Prover(left: program, right: other.program, limits: limits)
        prover.readAlike = reading == other.reading && !reading.hasDocuments
        prover.areSame =
            program === other.program
            || (prover.readAlike && json == other.json && isSelfContained && other.isSelfContained)
        let root = Term(side: .left, nodes: [0])
        let target = Term(side: .right, nodes: [0])
        switch prover.compare(root, target) {
        case .holds: return .yes
        case .fails(let value): return confirmed(value, other) ?? .unknown("a counterexample was not confirmed")
        case .open(let reason): return .unknown(reason)
        }
    }

    private func confirmed(_ value: JSONValue, _ other: Schema) -> SchemaRelation? {
        // A limit that was met is no refusal.
        guard isValid(value), other.program.accepts([0], value) == false, let error = other.validate(value).errors.first
        else { return nil }
        return .no(SchemaRelation.Counterexample(value: value, error: error))
    }

    /// Whether nothing but this schema's own document took part, so that equal documents mean the same.
    private var isSelfContained: Bool {
        let home = program.tables.infos.first?.document
        return program.tables.infos.allSatisfy { $0.document == home }
    }
}
