/// Turns a tree into instructions, from its end to its start, so that every instruction knows its successors.
struct Compiler {
    enum Direction { case forward, backward }

    private(set) var program = Program()
    private(set) var sets: [ScalarSet] = []
    private var setNumbers: [ScalarSet: Int32] = [:]
    private let sizeLimit: Int
    private let dialect: RegularExpression.Dialect
    /// Whether the program is for the matcher that tries ways one after the other.
    private let isForBacktracking: Bool
    private let savesGroups: Bool

    struct TooLarge: Error {}

    init(
        dialect: RegularExpression.Dialect,
        sizeLimit: Int,
        sets: [ScalarSet] = [],
        savesGroups: Bool,
        isForBacktracking: Bool = false
    ) {
        self.dialect = dialect
        self.sizeLimit = sizeLimit
        self.savesGroups = savesGroups
        self.isForBacktracking = isForBacktracking
        for set in sets { _ = number(of: set) }
    }

    /// Makes the whole program; sets are numbered in the order of their use, after those given before.
    mutating func compile(_ root: Node, _ direction: Direction) throws(TooLarge) {
        let match = try add(.match)
        let whole: Node = savesGroups ? .group(root, capture: 0) : root
        program.start = try emit(whole, match, direction)
        guard !isForBacktracking else { return }
        let split = try add(.fail)
        let skip = try add(.set(number(of: .all), next: split))
        program.instructions[Int(split)] = .split(program.start, skip)
        program.searchStart = split
        program.findMeetings()
    }

    private mutating func add(_ instruction: Instruction) throws(TooLarge) -> Int32 {
        guard program.instructions.count < sizeLimit else { throw TooLarge() }
        program.instructions.append(instruction)
        return Int32(program.instructions.count - 1)
    }

    private mutating func number(of set: ScalarSet) -> Int32 {
        if let number = setNumbers[set] { return number }
        let number = Int32(sets.count)
        sets.append(set)
        setNumbers[set] = number
        return number
    }

    /// Adds what matches the node and then goes on at `next`; where it starts.
    private mutating func emit(_ node: Node, _ next: Int32, _ direction: Direction) throws(TooLarge) -> Int32 {
        switch node {
        case .empty: return next
        case .set(let set):
            if set.isEmpty { return 0 }
            let number = number(of: set)
            let isBefore = isForBacktracking && direction == .backward
            return try add(isBefore ? .setBefore(number, next: next) : .set(number, next: next))
        case .assertion(let assertion): return try emit(assertion, next, direction)
        case .group(let inner, let capture):
            guard savesGroups else { return try emit(inner, next, direction) }
            let first = Int32(capture * 2)
            let isForward = direction == .forward
            let end = try add(.save(slot: isForward ? first + 1 : first, next: next))
            let start = try emit(inner, end, direction)
            return try add(.save(slot: isForward ? first : first + 1, next: start))
        case .sequence(let parts):
            var next = next
            if direction == .forward {
                for part in parts.reversed() { next = try emit(part, next, direction) }
            } else {
                for part in parts { next = try emit(part, next, direction) }
            }
            return next
        case .alternatives(let branches):
            var start = try emit(branches[branches.count - 1], next, direction)
            for branch in branches.dropLast().reversed() {
                start = try add(.split(try emit(branch, next, direction), start))
            }
            return start
        case .repetition(let inner, let low, let high, let isLazy):
            return try emitRepetition(inner, low, high, isLazy, next, direction)
        case .backReference(let groups, let foldsCase):
            program.references.append(Program.Reference(groups: groups, foldsCase: foldsCase))
            let number = Int32(program.references.count - 1)
            return try add(.backReference(number, isBefore: direction == .backward, next: next))
        case .look(let inner, let isBehind, let isNegated):
            let start = try emit(inner, try add(.match), isBehind ? .backward : .forward)
            return try add(.look(start: start, isNegated: isNegated, next: next))
        }
    }

    private mutating func emit(
        _ assertion: Assertion,
        _ next: Int32,
        _ direction: Direction
    ) throws(TooLarge) -> Int32 {
        program.hasAssertions = true
        switch assertion {
        case .lineStart, .lineEnd: program.usesLineAssertions = true
        case .wordBoundary, .noWordBoundary: program.usesWordAssertions = true
        case .textStart, .textEnd: break
        }
        // A mirrored program sees the text from its end; the backtracking matcher always sees it as it is.
        let isMirrored = direction == .backward && !isForBacktracking
        return try add(.assertion(isMirrored ? assertion.mirrored : assertion, next: next))
    }

    // MARK: Repetition

    private mutating func split(_ into: Int32, _ past: Int32, _ isLazy: Bool) -> Instruction {
        isLazy ? .split(past, into) : .split(into, past)
    }

    private mutating func emitRepetition(
        _ inner: Node,
        _ low: Int,
        _ high: Int?,
        _ isLazy: Bool,
        _ next: Int32,
        _ direction: Direction
    ) throws(TooLarge) -> Int32 {
        if case .empty = inner { return next }
        // (x*)* is x*, and so on.
        if dialect == .re2, low <= 1, high ?? 1 == 1,
            case .repetition(_, low, high, isLazy) = inner, !(low == 1 && high == 1)
        {
            return try emit(inner, next, direction)
        }
        var start = next
        if let high {
            for _ in low..<max(low, high) {
                start = try emitRound(inner, start, isRequired: false, direction)
                let choice = split(start, next, isLazy)
                start = try add(choice)
            }
            return try emitRequired(inner, low, start, direction)
        }
        start = try emitLoop(inner, atLeastOnce: low > 0, isLazy, next, direction)
        return try emitRequired(inner, low - 1, start, direction)
    }

    private mutating func emitRequired(
        _ inner: Node,
        _ count: Int,
        _ next: Int32,
        _ direction: Direction
    ) throws(TooLarge) -> Int32 {
        var start = next
        for _ in 0..<max(0, count) {
            let before = start
            start = try emitRound(inner, start, isRequired: true, direction)
            // What needs no instructions is not repeated: nothing would bound the rounds.
            if start == before { break }
        }
        return start
    }

    private mutating func emitLoop(
        _ inner: Node,
        atLeastOnce: Bool,
        _ isLazy: Bool,
        _ next: Int32,
        _ direction: Direction
    ) throws(TooLarge) -> Int32 {
        let choice = try add(.fail)
        if isForBacktracking {
            let body = try emitRound(inner, choice, isRequired: false, direction)
            program.instructions[Int(choice)] = split(body, next, isLazy)
            // The first round may be empty when it has to be.
            return atLeastOnce ? try emitRound(inner, choice, isRequired: true, direction) : choice
        }
        let body = try emitRound(inner, choice, isRequired: true, direction)
        program.instructions[Int(choice)] = split(body, next, isLazy)
        if atLeastOnce { return body }
        // An empty round would come back to the choice and be lost: x* of such an x is (x+)?.
        if inner.isNullable {
            let entry = split(body, next, isLazy)
            return try add(entry)
        }
        return choice
    }

    /// One round of a repetition. Groups in it forget what they held, and in the backtracking matcher a round that is
    /// not required has to read something, as ECMA-262 says.
    private mutating func emitRound(
        _ inner: Node,
        _ next: Int32,
        isRequired: Bool,
        _ direction: Direction
    ) throws(TooLarge) -> Int32 {
        var start: Int32
        if isForBacktracking, !isRequired, inner.isNullable {
            let register = Int32(program.registerCount)
            program.registerCount += 1
            let check = try add(.progress(register: register, next: next))
            start = try add(.mark(register: register, next: try emit(inner, check, direction)))
        } else {
            start = try emit(inner, next, direction)
        }
        if dialect != .re2, savesGroups, let groups = inner.groups {
            start = try add(.forget(first: Int32(groups.lowerBound), last: Int32(groups.upperBound), next: start))
        }
        return start
    }
}
