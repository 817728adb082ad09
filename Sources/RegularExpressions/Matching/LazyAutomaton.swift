/// A deterministic automaton whose states are made when a text first needs them.
///
/// A state is the list of instructions that threads wait at, in order of preference. The symbol that is read last decides
/// about assertions at the place before it, so that a match shows one symbol late: with the transition that leaves its end.
/// Memory is bounded: when there are too many states all are forgotten.
final class LazyAutomaton {
    enum Outcome {
        case none
        case found(Int)
        /// States would have to be made at nearly every symbol: following all threads is quicker.
        case gaveUp
    }

    /// Entries of `transitions` from here on need a look.
    private static let special: UInt32 = 0x8000_0000
    private static let unknown: UInt32 = 0xFFFF_FFFF
    /// A match ended where the transition starts.
    private static let matchBit: UInt32 = 0x4000_0000
    /// The state that is entered is the first one, in which text may be skipped.
    private static let skipBit: UInt32 = 0x2000_0000
    private static let rowMask: UInt32 = 0x1FFF_FFFF
    private static let deadRow = 0

    let builder: StateBuilder
    private let alphabet: Alphabet
    /// Symbols: the classes, then the end of the text.
    private let stride: Int
    private let endSymbol: Int
    private var transitions: [UInt32] = []
    /// First states by the kind of code point before them, anchored and not.
    private var firstRows = [Int](repeating: -1, count: 8)
    private var skipRow = -1
    private var isCandidate: [Bool] = []
    private var resets = 0

    init(_ program: Program, _ alphabet: Alphabet, findsLongest: Bool) {
        builder = StateBuilder(program, alphabet, findsLongest: findsLongest)
        self.alphabet = alphabet
        endSymbol = alphabet.classCount
        stride = alphabet.classCount + 1
        forgetStates()
    }

    // MARK: Searching

    /// The end of the leftmost match at or behind `start`, or the end of any when `stopsAtAny`.
    func findEnd(
        _ text: UnsafeBufferPointer<UInt8>,
        from start: Int,
        stopsAtAny: Bool,
        steps: inout Int
    ) -> Outcome {
        let before = start == 0 ? Alphabet.Kind.edge : Alphabet.Kind(text[start - 1])
        var walk = Walk(position: start, row: firstRow(before, isAnchored: false), resetPosition: start)
        resets = 0
        while true {
            let symbol = scan(text, &walk, stopsAtAny)
            if symbol >= 0 {
                guard take(symbol, at: &walk, steps: &steps) else { return .gaveUp }
                continue
            }
            break
        }
        steps -= walk.position - start
        if walk.position == text.count, walk.row != Self.deadRow, !(stopsAtAny && walk.match >= 0) {
            if entry(walk.row, endSymbol, &steps) & Self.matchBit != 0 { walk.match = walk.position }
        }
        return walk.match >= 0 ? .found(walk.match) : .none
    }

    /// The start of the longest match that ends at `end` and starts at or behind `start`, by a mirrored program.
    func findStart(
        _ text: UnsafeBufferPointer<UInt8>,
        from start: Int,
        to end: Int,
        steps: inout Int
    ) -> Outcome {
        let after = end == text.count ? Alphabet.Kind.edge : Alphabet.Kind(text[end])
        var walk = Walk(position: end, row: firstRow(after, isAnchored: true), resetPosition: end)
        resets = 0
        while true {
            let symbol = scanBackward(text, &walk, to: start)
            if symbol >= 0 {
                guard take(symbol, at: &walk, steps: &steps) else { return .gaveUp }
                continue
            }
            break
        }
        steps -= end - walk.position
        if walk.position == start, walk.row != Self.deadRow {
            let symbol = start == 0 ? endSymbol : Int(alphabet.classOf(Scalars.before(text, start).scalar))
            if entry(walk.row, symbol, &steps) & Self.matchBit != 0 { walk.match = start }
        }
        return walk.match >= 0 ? .found(walk.match) : .none
    }

    private struct Walk {
        var position: Int
        var row: Int
        var match = -1
        /// Where states were forgotten last.
        var resetPosition: Int
    }

    /// Follows known transitions; the symbol whose transition is not known yet, or -1 at the end.
    private func scan(_ text: UnsafeBufferPointer<UInt8>, _ walk: inout Walk, _ stopsAtAny: Bool) -> Int {
        var position = walk.position
        var row = walk.row
        let end = text.count
        defer {
            walk.position = position
            walk.row = row
        }
        return alphabet.ascii.withUnsafeBufferPointer { ascii in
            transitions.withUnsafeBufferPointer { table in
                if row == skipRow { position = candidate(text, from: position) }
                while position < end {
                    let byte = text[position]
                    var width = 1
                    let symbol: Int
                    if byte < 0x80 {
                        symbol = Int(ascii[Int(byte)])
                    } else {
                        let found = Scalars.at(text, position)
                        symbol = Int(alphabet.classOf(found.scalar))
                        width = found.width
                    }
                    let entry = table[row &+ symbol]
                    if entry < Self.special {
                        row = Int(entry)
                        position &+= width
                        continue
                    }
                    if entry == Self.unknown { return symbol }
                    if entry & Self.matchBit != 0 {
                        walk.match = position
                        if stopsAtAny { return -1 }
                    }
                    row = Int(entry & Self.rowMask)
                    if row == Self.deadRow { return -1 }
                    position &+= width
                    if entry & Self.skipBit != 0 { position = candidate(text, from: position) }
                }
                return -1
            }
        }
    }

    private func scanBackward(_ text: UnsafeBufferPointer<UInt8>, _ walk: inout Walk, to start: Int) -> Int {
        var position = walk.position
        var row = walk.row
        defer {
            walk.position = position
            walk.row = row
        }
        return alphabet.ascii.withUnsafeBufferPointer { ascii in
            transitions.withUnsafeBufferPointer { table in
                while position > start {
                    let byte = text[position &- 1]
                    var width = 1
                    let symbol: Int
                    if byte < 0x80 {
                        symbol = Int(ascii[Int(byte)])
                    } else {
                        let found = Scalars.before(text, position)
                        symbol = Int(alphabet.classOf(found.scalar))
                        width = found.width
                    }
                    let entry = table[row &+ symbol]
                    if entry == Self.unknown { return symbol }
                    if entry & (Self.special | Self.matchBit) > Self.special { walk.match = position }
                    row = Int(entry & Self.rowMask)
                    if row == Self.deadRow { return -1 }
                    position &-= width
                }
                return -1
            }
        }
    }

    /// The next place where a match may start.
    private func candidate(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        isCandidate.withUnsafeBufferPointer { isCandidate in
            var position = start
            while position < text.count, !isCandidate[Int(text[position])] { position &+= 1 }
            return position
        }
    }

    // MARK: States

    /// Makes the transition that a walk needs; false when this happens too often.
    private func take(_ symbol: Int, at walk: inout Walk, steps: inout Int) -> Bool {
        if builder.isFull || transitions.count > Self.entryLimit {
            let read = abs(walk.position - walk.resetPosition)
            resets += 1
            if resets > 3, read < 10 * builder.count { return false }
            walk.resetPosition = walk.position
            walk.row = forgetStates(but: walk.row)
        }
        _ = entry(walk.row, symbol, &steps)
        return steps >= 0
    }

    /// Entries of all transitions, four bytes each.
    private static let entryLimit = 1 << 18

    private func entry(_ row: Int, _ symbol: Int, _ steps: inout Int) -> UInt32 {
        let known = transitions[row + symbol]
        if known != Self.unknown { return known }
        let step = builder.step(
            from: row / stride,
            class: symbol == endSymbol ? nil : symbol,
            steps: &steps
        )
        let before = transitions.count
        let target = rowOf(step.state)
        steps -= (transitions.count - before) >> 3
        var entry = UInt32(target)
        if step.matched { entry |= Self.special | Self.matchBit }
        if target == Self.deadRow { entry |= Self.special }
        if target == skipRow { entry |= Self.special | Self.skipBit }
        transitions[row + symbol] = entry
        return entry
    }

    private func rowOf(_ state: Int) -> Int {
        let row = state * stride
        let missing = row + stride - transitions.count
        if missing > 0 { transitions.append(contentsOf: repeatElement(Self.unknown, count: missing)) }
        return row
    }

    private func firstRow(_ before: Alphabet.Kind, isAnchored: Bool) -> Int {
        let index = Int(before.rawValue) * 2 + (isAnchored ? 1 : 0)
        if firstRows[index] >= 0 { return firstRows[index] }
        let row = rowOf(builder.first(before, isAnchored: isAnchored))
        firstRows[index] = row
        if !isAnchored, skipRow < 0, row != Self.deadRow, let candidates = builder.firstBytes() {
            skipRow = row
            isCandidate = candidates
        }
        return row
    }

    private func forgetStates() {
        builder.forgetAll()
        transitions.removeAll(keepingCapacity: true)
        _ = rowOf(StateBuilder.dead)
        for index in firstRows.indices { firstRows[index] = -1 }
        skipRow = -1
    }

    /// Forgets all states but one, whose new row it gives.
    private func forgetStates(but row: Int) -> Int {
        let kept = builder.state(row / stride)
        forgetStates()
        return rowOf(builder.add(kept))
    }
}
