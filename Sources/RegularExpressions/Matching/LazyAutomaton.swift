/// A deterministic automaton whose states are made when a text first needs them.
///
/// A state is the list of instructions that threads wait at, in order of preference. The symbol that is read last decides
/// about assertions at the place before it, so that a match shows one symbol late: with the transition that leaves its end.
/// Memory is bounded: when there are too many states all are forgotten.
struct LazyAutomaton {
    enum Outcome {
        case none
        case found(Int)
        /// States would have to be made at nearly every symbol: following all threads is quicker.
        case gaveUp
    }

    /// Entries of all transitions, four bytes each.
    private let entryLimit: Int
    private var builder: StateBuilder
    private(set) var table: AutomatonTable
    private let stride: Int
    private var resets = 0
    /// Where states were forgotten last.
    private var resetPosition = 0

    init(_ program: Program, _ alphabet: Alphabet, findsLongest: Bool, prefix: [UInt8] = [], entryLimit: Int) {
        self.entryLimit = entryLimit
        builder = StateBuilder(program, alphabet, findsLongest: findsLongest)
        table = AutomatonTable(alphabet, prefix: prefix)
        stride = table.stride
        forgetStates()
    }

    // MARK: Searching

    /// The end of the leftmost match at or behind `start`, or the end of any when `stopsAtAny`.
    mutating func findEnd(
        _ text: UnsafeBufferPointer<UInt8>,
        from start: Int,
        stopsAtAny: Bool,
        steps: inout Int
    ) -> Outcome {
        var walk = AutomatonTable.Walk(position: start, row: firstRow(text, start, isAnchored: false))
        guard follow(text, &walk, stopsAtAny: stopsAtAny, steps: &steps) else { return .gaveUp }
        return walk.match >= 0 ? .found(walk.match) : .none
    }

    /// The start of the longest match that ends at `end` and starts at or behind `start`, by a mirrored program.
    mutating func findStart(
        _ text: UnsafeBufferPointer<UInt8>,
        from start: Int,
        to end: Int,
        steps: inout Int
    ) -> Outcome {
        let after = end == text.count ? Alphabet.Kind.edge : Alphabet.Kind(text[end])
        var walk = AutomatonTable.Walk(position: end, row: row(first: after, isAnchored: true))
        resets = 0
        resetPosition = end
        while case let symbol = table.scanBackward(text, &walk, to: start), symbol >= 0 {
            guard take(symbol, at: &walk, steps: &steps) else { return .gaveUp }
        }
        steps -= end - walk.position
        if walk.position == start, walk.row != AutomatonTable.deadRow {
            let symbol = start == 0 ? table.endSymbol : Int(table.alphabet.classOf(Scalars.before(text, start).scalar))
            if entry(walk.row, symbol, &steps) & AutomatonTable.matchBit != 0 { walk.match = start }
        }
        return walk.match >= 0 ? .found(walk.match) : .none
    }

    enum Attempt {
        /// Start and end of the leftmost match.
        case found(Int, Int)
        case none
        /// There may be a match at or behind this place.
        case openFrom(Int)
    }

    /// Finds a match by its first byte, which is quicker than to find its end first, where it starts often enough with
    /// what looks like a start.
    mutating func attempt(_ text: UnsafeBufferPointer<UInt8>, from start: Int, steps: inout Int) -> Attempt {
        if table.skipRow < 0 {
            _ = firstRow(text, start, isAnchored: false)
            guard table.skipRow >= 0 else { return .openFrom(start) }
        }
        var position = start
        for _ in 0..<Self.attemptLimit {
            let before = position
            position = table.candidate(text, from: position)
            steps -= position - before
            guard position < text.count else { return .none }
            // The same everywhere, as the row that is skipped in.
            var walk = AutomatonTable.Walk(position: position, row: row(first: .other, isAnchored: true))
            guard follow(text, &walk, stopsAtAny: false, steps: &steps) else { return .openFrom(position) }
            if walk.match >= 0 { return .found(position, walk.match) }
            // Long attempts at every place would be quadratic.
            if walk.position > position + 4 { return .openFrom(position) }
            position += Scalars.at(text, position).width
        }
        return .openFrom(position)
    }

    /// Attempts of one search: where more are needed, what looks like a start seldom is one.
    private static let attemptLimit = 3

    /// Goes on to the end of the text, a state that leads nowhere or a match that suffices; false when it gave up.
    private mutating func follow(
        _ text: UnsafeBufferPointer<UInt8>,
        _ walk: inout AutomatonTable.Walk,
        stopsAtAny: Bool,
        steps: inout Int
    ) -> Bool {
        let start = walk.position
        resets = 0
        resetPosition = start
        while case let symbol = table.scan(text, &walk, stopsAtAny), symbol >= 0 {
            guard take(symbol, at: &walk, steps: &steps) else { return false }
        }
        steps -= walk.position - start
        if walk.position == text.count, walk.row != AutomatonTable.deadRow, !(stopsAtAny && walk.match >= 0) {
            if entry(walk.row, table.endSymbol, &steps) & AutomatonTable.matchBit != 0 { walk.match = walk.position }
        }
        return true
    }

    // MARK: States

    /// All states that searches from the start of a text need, for use by many threads; nil when there are too many.
    mutating func complete(entryLimit: Int, steps: inout Int) -> AutomatonTable? {
        _ = row(first: .edge, isAnchored: false)
        var state = 1
        while state < builder.count {
            // A state may be known only to the builder, which makes some to see what matches start with.
            let row = rowOf(state)
            for symbol in 0..<stride { _ = entry(row, symbol, &steps) }
            guard builder.count * stride <= entryLimit, steps >= 0 else { return nil }
            state += 1
        }
        return table
    }

    /// Makes the transition that a walk needs; false when this happens too often.
    private mutating func take(_ symbol: Int, at walk: inout AutomatonTable.Walk, steps: inout Int) -> Bool {
        if builder.isFull || table.transitions.count > entryLimit {
            let read = abs(walk.position - resetPosition)
            resets += 1
            if resets > 3, read < 10 * builder.count { return false }
            resetPosition = walk.position
            walk.row = forgetStates(but: walk.row)
        }
        _ = entry(walk.row, symbol, &steps)
        return steps >= 0
    }

    private mutating func entry(_ row: Int, _ symbol: Int, _ steps: inout Int) -> UInt32 {
        let known = table.transitions[row + symbol]
        if known != AutomatonTable.unknown { return known }
        let step = builder.step(
            from: row / stride,
            class: symbol == table.endSymbol ? nil : symbol,
            steps: &steps
        )
        let before = table.transitions.count
        let target = rowOf(step.state)
        steps -= (table.transitions.count - before) >> 3
        var entry = UInt32(target)
        if step.matched { entry |= AutomatonTable.special | AutomatonTable.matchBit }
        if target == AutomatonTable.deadRow { entry |= AutomatonTable.special }
        if target == table.skipRow { entry |= AutomatonTable.special | AutomatonTable.skipBit }
        table.transitions[row + symbol] = entry
        return entry
    }

    private mutating func rowOf(_ state: Int) -> Int {
        let row = state * stride
        let missing = row + stride - table.transitions.count
        if missing > 0 {
            table.transitions.append(contentsOf: repeatElement(AutomatonTable.unknown, count: missing))
        }
        return row
    }

    private mutating func firstRow(_ text: UnsafeBufferPointer<UInt8>, _ place: Int, isAnchored: Bool) -> Int {
        row(first: place == 0 ? .edge : Alphabet.Kind(text[place - 1]), isAnchored: isAnchored)
    }

    @inline(__always)
    private mutating func row(first before: Alphabet.Kind, isAnchored: Bool) -> Int {
        let index = AutomatonTable.index(before, isAnchored: isAnchored)
        if table.firstRows[index] >= 0 { return table.firstRows[index] }
        return makeRow(first: before, isAnchored: isAnchored)
    }

    private mutating func makeRow(first before: Alphabet.Kind, isAnchored: Bool) -> Int {
        let row = rowOf(builder.first(before, isAnchored: isAnchored))
        table.firstRows[AutomatonTable.index(before, isAnchored: isAnchored)] = row
        if !isAnchored, table.skipRow < 0, row != AutomatonTable.deadRow, let candidates = builder.firstBytes() {
            table.skipRow = row
            table.isCandidate = candidates
        }
        return row
    }

    private mutating func forgetStates() {
        builder.forgetAll()
        table.transitions.removeAll(keepingCapacity: true)
        _ = rowOf(StateBuilder.dead)
        for index in table.firstRows.indices { table.firstRows[index] = -1 }
        table.skipRow = -1
    }

    /// Forgets all states but one, whose new row it gives.
    private mutating func forgetStates(but row: Int) -> Int {
        let kept = builder.state(row / stride)
        forgetStates()
        return rowOf(builder.add(kept))
    }
}
