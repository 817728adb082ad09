/// Code points in classes: two of a class are in the same sets of a pattern, so that matchers need not tell them apart.
struct Alphabet: Sendable {
    /// What assertions want to know of a code point.
    enum Kind: UInt8, Sendable {
        /// No code point: before the start or behind the end.
        case edge, other, word, newline
    }

    /// The sets that classes are made of, in the order of their numbers.
    let sets: [ScalarSet]
    /// Classes of ASCII.
    private(set) var ascii = [UInt16](repeating: 0, count: 128)
    /// Where intervals of one class start, from U+0080 on, and their classes.
    private(set) var starts: [UInt32] = []
    private(set) var classes: [UInt16] = []
    /// The class of all code points beyond ASCII when they have one only.
    private(set) var commonClass: UInt16?
    private(set) var kinds: [Kind] = []
    /// The first code point of each class.
    private var firsts: [UInt32] = []
    /// For each set the classes in it, a bit each, `words` words a set.
    private(set) var membership: [UInt64] = []
    private(set) var words = 0

    var classCount: Int { firsts.count }

    /// Nil when the pattern has too many sets and classes.
    init?(_ sets: [ScalarSet], separatesKinds: Bool) {
        self.sets = sets
        // Words and newlines are told apart like two more sets.
        let all = separatesKinds ? sets + [PerlClasses.word, ScalarSet(10, 10)] : sets
        let intervals = Self.intervals(of: all)
        number(intervals)
        words = (classCount + 63) / 64
        guard classCount < Int(UInt16.max), sets.count * words <= Self.membershipLimit else { return nil }
        membership = [UInt64](repeating: 0, count: sets.count * words)
        for (index, set) in sets.enumerated() {
            for (number, first) in firsts.enumerated() where set.contains(first) {
                membership[index * words + number >> 6] |= 1 << UInt64(number & 63)
            }
        }
        kinds = firsts.map { separatesKinds ? Self.kind($0) : .other }
    }

    /// In words of eight bytes.
    private static let membershipLimit = 50_000

    @inline(__always)
    func contains(set: Int32, _ class: Int) -> Bool {
        membership[Int(set) * words + `class` >> 6] & (1 << UInt64(`class` & 63)) != 0
    }

    /// The class of a code point that may be beyond ASCII.
    func classOf(_ scalar: UInt32) -> UInt16 {
        if scalar < 0x80 { return ascii[Int(scalar)] }
        if let commonClass { return commonClass }
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= scalar { low = middle } else { high = middle }
        }
        return classes[low]
    }

    // MARK: Making

    private struct Interval {
        var start: UInt32
        var signature: Signature
        var number = 0
    }

    /// A sum over the sets that an interval is in, of a number made for each set.
    private struct Signature: Hashable {
        var first: UInt64 = 0
        var second: UInt64 = 0

        init(set: Int) {
            first = Self.mixed(UInt64(set) &* 2 &+ 1)
            second = Self.mixed(UInt64(set) &* 2 &+ 2)
        }

        init() {}

        mutating func add(_ other: Signature) {
            first &+= other.first
            second &+= other.second
        }

        mutating func subtract(_ other: Signature) {
            first &-= other.first
            second &-= other.second
        }

        private static func mixed(_ value: UInt64) -> UInt64 {
            var z = value &* 0x9E37_79B9_7F4A_7C15
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private static func intervals(of sets: [ScalarSet]) -> [Interval] {
        var events: [(place: UInt32, set: Int, isStart: Bool)] = []
        for (index, set) in sets.enumerated() {
            for span in set.spans {
                events.append((span.low, index, true))
                if span.high < ScalarSet.lastScalar { events.append((span.high + 1, index, false)) }
            }
        }
        events.sort { $0.place < $1.place }
        var result = [Interval(start: 0, signature: Signature())]
        var current = Signature()
        for event in events {
            let signature = Signature(set: event.set)
            if event.isStart { current.add(signature) } else { current.subtract(signature) }
            if result[result.count - 1].start == event.place {
                result[result.count - 1].signature = current
            } else {
                result.append(Interval(start: event.place, signature: current))
            }
        }
        return result
    }

    /// Gives classes their numbers, in order of their first code point.
    private mutating func number(_ intervals: [Interval]) {
        var known: [Signature: UInt16] = [:]
        for (index, interval) in intervals.enumerated() {
            let end = index + 1 < intervals.count ? intervals[index + 1].start : ScalarSet.lastScalar + 1
            let number = known[interval.signature] ?? UInt16(clamping: firsts.count)
            if known.updateValue(number, forKey: interval.signature) == nil { firsts.append(interval.start) }
            for scalar in min(128, interval.start)..<min(128, end) { ascii[Int(scalar)] = number }
            if end > 128 {
                starts.append(max(interval.start, 128))
                classes.append(number)
            }
        }
        if let first = classes.first, classes.allSatisfy({ $0 == first }) { commonClass = first }
    }

    private static func kind(_ scalar: UInt32) -> Kind {
        scalar == 10 ? .newline : PerlClasses.word.contains(scalar) ? .word : .other
    }
}
