/// Sets by name, each made once per pattern, and a bound for all sets of a pattern together.
struct SetBudget {
    private var remaining: Int
    private var known: [String: ScalarSet] = [:]

    init(_ limits: RegularExpressionLimits) { remaining = limits.classRanges }

    /// The set made by `make` under a name that says all about it.
    mutating func named(_ name: String, _ make: () -> ScalarSet?) -> ScalarSet? {
        if let set = known[name] { return set }
        let set = make()
        known[name] = set
        return set
    }

    /// Counts the ranges of a set; false when there are too many.
    mutating func admits(_ set: ScalarSet) -> Bool {
        remaining -= set.spans.count
        return remaining >= 0
    }
}
