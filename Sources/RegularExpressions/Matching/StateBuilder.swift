/// Makes the states of a `LazyAutomaton`.
struct StateBuilder {
    struct State: Equatable {
        /// Instructions that read a code point, match or wait for an assertion, in order of preference.
        var items: [Int32]
        /// What was read last, as far as an assertion wants to know.
        var before: Alphabet.Kind
    }

    /// The number of the state that leads nowhere.
    static let dead = 0
    /// Instructions in all states together, four bytes each.
    private static let itemLimit = 1 << 18

    private let program: Program
    private let alphabet: Alphabet
    /// All ends are of interest, not only that of the preferred way.
    private let findsLongest: Bool
    private var states: [State] = []
    private var index = StateIndex()
    private var itemCount = 0

    private var resolved: ItemList
    private var following: ItemList

    init(_ program: Program, _ alphabet: Alphabet, findsLongest: Bool) {
        self.program = program
        self.alphabet = alphabet
        self.findsLongest = findsLongest
        resolved = ItemList(size: program.size)
        following = ItemList(size: program.size)
    }

    var count: Int { states.count }
    var isFull: Bool { itemCount > Self.itemLimit }

    func state(_ number: Int) -> State { states[number] }

    mutating func forgetAll() {
        states.removeAll(keepingCapacity: true)
        index.removeAll()
        itemCount = 0
        _ = add(State(items: [], before: .other))
    }

    /// The number of a state, which is the next one for a new state.
    mutating func add(_ state: State) -> Int {
        if let number = index.number(of: state, in: states) { return number }
        states.append(state)
        index.insert(states.count - 1, states)
        itemCount += state.items.count + 8
        return states.count - 1
    }

    mutating func first(_ before: Alphabet.Kind, isAnchored: Bool) -> Int {
        following.clear()
        follow(isAnchored ? program.start : program.searchStart, before)
        return add(state(following.items, before))
    }

    /// Where a class leads, or the end of the text for nil, and whether a match ended before it.
    mutating func step(from number: Int, class symbol: Int?, steps: inout Int) -> (state: Int, matched: Bool) {
        let state = states[number]
        let kind = symbol.map { alphabet.kinds[$0] } ?? .edge
        let items = resolve(state, kind)
        var matched = false
        following.clear()
        loop: for item in items {
            switch program.instructions[Int(item)] {
            case .match:
                matched = true
                // Threads behind this one are less preferred.
                if !findsLongest { break loop }
            case .set(let set, let next):
                if let symbol, alphabet.contains(set: set, symbol) { follow(next, kind) }
            default: break
            }
        }
        steps -= 16 + items.count + following.items.count
        if findsLongest { following.items.sort() }
        return (add(self.state(following.items, kind)), matched)
    }

    /// Bytes that the text may have where a match starts; nil when skipping the others would not help, or when the first
    /// state depends on what stands before it.
    mutating func firstBytes() -> [Bool]? {
        let number = first(.other, isAnchored: false)
        let kinds: [Alphabet.Kind] = [.edge, .word, .newline]
        for kind in kinds where first(kind, isAnchored: false) != number { return nil }
        var result = [Bool](repeating: false, count: 256)
        var isFirst = [Bool](repeating: false, count: alphabet.classCount)
        for item in states[number].items {
            // The last way of a search reads anything.
            if case .split(_, let skip) = program.instructions[Int(program.searchStart)], item == skip { continue }
            guard case .set(let set, _) = program.instructions[Int(item)] else { return nil }
            for symbol in isFirst.indices where alphabet.contains(set: set, symbol) { isFirst[symbol] = true }
        }
        for byte in 0..<128 { result[byte] = isFirst[Int(alphabet.ascii[byte])] }
        if alphabet.classes.contains(where: { isFirst[Int($0)] }) { for byte in 0xC2..<256 { result[byte] = true } }
        return result.count(where: { $0 }) < 200 ? result : nil
    }

    // MARK: Threads

    private func waits(_ items: [Int32]) -> Bool {
        guard program.hasAssertions else { return false }
        return items.contains {
            if case .assertion = program.instructions[Int($0)] { true } else { false }
        }
    }

    private func state(_ items: [Int32], _ before: Alphabet.Kind) -> State {
        State(items: items, before: waits(items) ? before : .other)
    }

    /// The items of a state with its assertions decided.
    private mutating func resolve(_ state: State, _ after: Alphabet.Kind) -> [Int32] {
        guard waits(state.items) else { return state.items }
        resolved.clear()
        for item in state.items { resolved.follow(item, in: program, before: state.before, after: after) }
        return resolved.items
    }

    private mutating func follow(_ start: Int32, _ before: Alphabet.Kind) {
        following.follow(start, in: program, before: before, after: nil)
    }
}

/// Instructions in the order in which they were reached, each once.
struct ItemList {
    var items: [Int32] = []
    private var marks: [UInt32]
    private var generation: UInt32 = 1
    private var pending: [Int32] = []

    init(size: Int) { marks = [UInt32](repeating: 0, count: size) }

    mutating func clear() {
        items.removeAll(keepingCapacity: true)
        if generation == .max {
            for index in marks.indices { marks[index] = 0 }
            generation = 0
        }
        generation += 1
    }

    /// Whether the instruction was not reached before.
    mutating func mark(_ item: Int32) -> Bool {
        if marks[Int(item)] == generation { return false }
        marks[Int(item)] = generation
        return true
    }

    /// Adds what can be reached without reading. Assertions about what follows wait while `after` is nil.
    mutating func follow(_ start: Int32, in program: Program, before: Alphabet.Kind, after: Alphabet.Kind?) {
        pending.append(start)
        while var item = pending.popLast() {
            follow: while mark(item) {
                switch program.instructions[Int(item)] {
                case .split(let first, let second):
                    pending.append(second)
                    item = first
                case .save(_, let next), .forget(_, _, let next): item = next
                case .assertion(let assertion, let next):
                    if let after {
                        guard assertion.holds(before: before, after: after) else { break follow }
                    } else if assertion == .textStart || assertion == .lineStart {
                        guard assertion.holds(before: before, after: .other) else { break follow }
                    } else {
                        items.append(item)
                        break follow
                    }
                    item = next
                case .fail: break follow
                default:
                    items.append(item)
                    break follow
                }
            }
        }
    }
}
