/// A set of code points: ascending ranges that neither touch nor overlap.
struct ScalarSet: Hashable, Sendable {
    struct Span: Hashable, Sendable {
        var low: UInt32
        var high: UInt32
    }

    static let lastScalar: UInt32 = 0x10FFFF
    static let all = ScalarSet(0, lastScalar)

    private(set) var spans: [Span]

    init() { spans = [] }

    init(_ low: UInt32, _ high: UInt32) { spans = [Span(low: low, high: high)] }

    /// Ranges in any order.
    init(_ ranges: [(UInt32, UInt32)]) {
        spans = ranges.map { Span(low: $0.0, high: $0.1) }
        normalize()
    }

    /// Ranges in any order.
    init(_ spans: [Span]) {
        self.spans = spans
        normalize()
    }

    /// Ranges that already are as this type wants them.
    init(ascending spans: [Span]) { self.spans = spans }

    var isEmpty: Bool { spans.isEmpty }

    /// The only member, if there is one only.
    var single: UInt32? {
        guard spans.count == 1, spans[0].low == spans[0].high else { return nil }
        return spans[0].low
    }

    func contains(_ scalar: UInt32) -> Bool {
        var low = 0
        var high = spans.count
        while low < high {
            let middle = (low + high) / 2
            if spans[middle].high < scalar { low = middle + 1 } else { high = middle }
        }
        return low < spans.count && spans[low].low <= scalar
    }

    mutating func formUnion(_ other: ScalarSet) {
        guard !other.isEmpty else { return }
        if spans.isEmpty {
            spans = other.spans
        } else {
            spans += other.spans
            normalize()
        }
    }

    func union(_ other: ScalarSet) -> ScalarSet {
        var result = self
        result.formUnion(other)
        return result
    }

    /// All code points that are not in the set.
    var complement: ScalarSet {
        var result: [Span] = []
        result.reserveCapacity(spans.count + 1)
        var next: UInt32 = 0
        for span in spans {
            if span.low > next { result.append(Span(low: next, high: span.low - 1)) }
            next = span.high + 1
        }
        if next <= Self.lastScalar { result.append(Span(low: next, high: Self.lastScalar)) }
        return ScalarSet(ascending: result)
    }

    private mutating func normalize() {
        spans.sort { $0.low < $1.low }
        var kept = 0
        for index in 1..<max(1, spans.count) {
            if spans[index].low <= spans[kept].high || spans[index].low == spans[kept].high + 1 {
                spans[kept].high = max(spans[kept].high, spans[index].high)
            } else {
                kept += 1
                spans[kept] = spans[index]
            }
        }
        if spans.count > kept + 1 { spans.removeLast(spans.count - kept - 1) }
    }
}
