/// Makes the states of a `LazyAutomaton`.
final class StateBuilder {
    struct State: Hashable {
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
    private var numbers: [State: Int] = [:]
    private var itemCount = 0

    private var resolved: ItemList
    private var following: ItemList
    private var pending: [Int32] = []

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

    func forgetAll() {
        states.removeAll(keepingCapacity: true)
        numbers.removeAll(keepingCapacity: true)
        itemCount = 0
        _ = add(State(items: [], before: .other))
    }

    /// The number of a state, which is the next one for a new state.
    func add(_ state: State) -> Int {
        if let number = numbers[state] { return number }
        numbers[state] = states.count
        states.append(state)
        itemCount += state.items.count + 8
        return states.count - 1
    }

    func first(_ before: Alphabet.Kind, isAnchored: Bool) -> Int {
        following.clear()
        follow(isAnchored ? program.start : program.searchStart, before)
        return add(state(following.items, before))
    }

    /// Where a class leads, or the end of the text for nil, and whether a match ended before it.
    func step(from number: Int, class symbol: Int?, steps: inout Int) -> (state: Int, matched: Bool) {
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
    func firstBytes() -> [Bool]? {
        let number = first(.other, isAnchored: false)
        let kinds: [Alphabet.Kind] = [.edge, .word, .newline]
        guard kinds.allSatisfy({ first($0, isAnchored: false) == number }) else { return nil }
        var result = [Bool](repeating: false, count: 256)
        for item in states[number].items {
            // The last way of a search reads anything.
            if case .split(_, let skip) = program.instructions[Int(program.searchStart)], item == skip { continue }
            guard case .set(let set, _) = program.instructions[Int(item)] else { return nil }
            for byte in 0..<128 where alphabet.contains(set: set, Int(alphabet.ascii[byte])) { result[byte] = true }
            let reachesBeyond = alphabet.classes.contains { alphabet.contains(set: set, Int($0)) }
            if reachesBeyond { for byte in 0xC2..<256 { result[byte] = true } }
        }
        return result.count(where: { $0 }) < 200 ? result : nil
    }

    // MARK: Threads

    private func state(_ items: [Int32], _ before: Alphabet.Kind) -> State {
        let waits = items.contains {
            if case .assertion = program.instructions[Int($0)] { true } else { false }
        }
        return State(items: items, before: waits ? before : .other)
    }

    /// The items of a state with its assertions decided.
    private func resolve(_ state: State, _ after: Alphabet.Kind) -> [Int32] {
        let waits = state.items.contains {
            if case .assertion = program.instructions[Int($0)] { true } else { false }
        }
        guard waits else { return state.items }
        resolved.clear()
        for item in state.items { follow(item, state.before, after, into: &resolved) }
        return resolved.items
    }

    private func follow(_ start: Int32, _ before: Alphabet.Kind) { follow(start, before, nil, into: &following) }

    /// Adds what can be reached without reading. Assertions about what follows wait while `after` is nil.
    private func follow(
        _ start: Int32,
        _ before: Alphabet.Kind,
        _ after: Alphabet.Kind?,
        into list: inout ItemList
    ) {
        pending.append(start)
        while var item = pending.popLast() {
            follow: while list.mark(item) {
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
                        list.items.append(item)
                        break follow
                    }
                    item = next
                case .fail: break follow
                default:
                    list.items.append(item)
                    break follow
                }
            }
        }
    }
}

/// Instructions in the order in which they were reached, each once.
struct ItemList {
    var items: [Int32] = []
    private var marks: [UInt32]
    private var generation: UInt32 = 1

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
}
