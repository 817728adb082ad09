/// A compiled regular expression, matched in time linear in the text: all ways through it are followed at once.
struct RegexProgram: Sendable {
    private enum Instruction: Sendable {
        case character(UInt32)
        case folded(UInt32)
        case set(ScalarSet)
        case foldedSet(ScalarSet)
        case anyCharacter
        case anyButNewline
        case assertion(RegexAssertion)
        /// The first way is preferred.
        case split(Int, Int)
        case jump(Int)
        case save(Int)
        case match
    }

    /// Instructions; repetitions are copied out, so that short patterns can be long programs.
    private static let sizeLimit = 20_000

    private var instructions: [Instruction] = []
    let groupNames: [String?]
    let pattern: String

    var groupCount: Int { groupNames.count }
    var size: Int { instructions.count }

    init(_ pattern: String) throws(RegularExpressionError) {
        self.pattern = pattern
        var parser = RegexParser(pattern)
        do throws(RegexParser.Problem) {
            let node = try parser.parse()
            groupNames = parser.groupNames
            try emit(.group(node, capture: 0))
            try add(.match)
        } catch {
            throw RegularExpressionError(message: error.message, offset: 0, part: pattern)
        }
    }

    // MARK: Compiling

    private mutating func add(_ instruction: Instruction) throws(RegexParser.Problem) {
        guard instructions.count < Self.sizeLimit else { throw RegexParser.Problem(message: "expression is too large") }
        instructions.append(instruction)
    }

    private mutating func emit(_ node: RegexNode) throws(RegexParser.Problem) {
        switch node {
        case .empty: break
        case .literal(let value, let folds): try add(folds ? .folded(value) : .character(value))
        case .set(let set, let folds): try add(folds ? .foldedSet(set) : .set(set))
        case .anyCharacter: try add(.anyCharacter)
        case .anyButNewline: try add(.anyButNewline)
        case .assertion(let assertion): try add(.assertion(assertion))
        case .group(let inner, let capture):
            if let capture { try add(.save(capture * 2)) }
            try emit(inner)
            if let capture { try add(.save(capture * 2 + 1)) }
        case .sequence(let nodes): for node in nodes { try emit(node) }
        case .alternatives(let branches): try emitAlternatives(branches)
        case .repetition(let inner, let low, let high, let isLazy):
            try emitRepetition(inner, low, high, isLazy)
        }
    }

    private mutating func emitAlternatives(_ branches: [RegexNode]) throws(RegexParser.Problem) {
        var jumps: [Int] = []
        for (index, branch) in branches.enumerated() {
            guard index + 1 < branches.count else {
                try emit(branch)
                break
            }
            let split = instructions.count
            try add(.split(split + 1, 0))
            try emit(branch)
            jumps.append(instructions.count)
            try add(.jump(0))
            instructions[split] = .split(split + 1, instructions.count)
        }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
    }

    private mutating func emitRepetition(
        _ inner: RegexNode,
        _ low: Int,
        _ high: Int?,
        _ isLazy: Bool
    )
        throws(RegexParser.Problem)
    {
        func branch(_ at: Int, into: Int, past: Int) {
            instructions[at] = isLazy ? .split(past, into) : .split(into, past)
        }
        for _ in 0..<low { try emit(inner) }
        guard let high else {
            let split = instructions.count
            try add(.split(0, 0))
            try emit(inner)
            try add(.jump(split))
            branch(split, into: split + 1, past: instructions.count)
            return
        }
        var splits: [Int] = []
        for _ in low..<max(low, high) {
            splits.append(instructions.count)
            try add(.split(0, 0))
            try emit(inner)
        }
        for split in splits { branch(split, into: split + 1, past: instructions.count) }
    }

    // MARK: Matching

    private struct Thread {
        var counter: Int
        var saved: [Int]
    }

    /// The threads at one position, in order of preference, each instruction once.
    private struct ThreadList {
        var threads: [Thread] = []
        private var marks: [Int]
        private var generation = 1

        init(size: Int) { marks = [Int](repeating: 0, count: size) }

        mutating func clear() {
            threads.removeAll(keepingCapacity: true)
            generation += 1
        }

        mutating func insert(_ counter: Int) -> Bool {
            if marks[counter] == generation { return false }
            marks[counter] = generation
            return true
        }
    }

    /// Start and end of the first match at or behind `start` and of its groups, -1 for groups that took no part.
    func match(_ text: [UInt32], from start: Int) -> [Int]? {
        var current = ThreadList(size: instructions.count)
        var next = ThreadList(size: instructions.count)
        var best: [Int]?
        var position = start
        while true {
            if best == nil {
                add(
                    Thread(counter: 0, saved: [Int](repeating: -1, count: groupCount * 2)),
                    to: &current,
                    text,
                    position
                )
            }
            if current.threads.isEmpty, best != nil { break }
            let character: UInt32? = position < text.count ? text[position] : nil
            step: for thread in current.threads {
                if case .match = instructions[thread.counter] {
                    best = thread.saved
                    // Threads behind this one are less preferred.
                    break step
                }
                guard let character, accepts(instructions[thread.counter], character) else { continue }
                add(Thread(counter: thread.counter + 1, saved: thread.saved), to: &next, text, position + 1)
            }
            swap(&current, &next)
            next.clear()
            position += 1
            if position > text.count { break }
        }
        return best
    }

    private func accepts(_ instruction: Instruction, _ character: UInt32) -> Bool {
        switch instruction {
        case .character(let value): character == value
        case .folded(let value): CaseFolding.areEqual(character, value)
        case .set(let set): set.contains(character)
        case .foldedSet(let set): set.containsFolded(character)
        case .anyCharacter: true
        case .anyButNewline: character != 10
        default: false
        }
    }

    /// Adds a thread and all that follows from it without reading a character.
    private func add(_ thread: Thread, to list: inout ThreadList, _ text: [UInt32], _ position: Int) {
        var pending = [thread]
        while var thread = pending.popLast() {
            follow: while list.insert(thread.counter) {
                switch instructions[thread.counter] {
                case .jump(let target): thread.counter = target
                case .split(let first, let second):
                    pending.append(Thread(counter: second, saved: thread.saved))
                    thread.counter = first
                case .save(let slot):
                    thread.saved[slot] = position
                    thread.counter += 1
                case .assertion(let assertion):
                    guard holds(assertion, text, position) else { break follow }
                    thread.counter += 1
                default:
                    list.threads.append(thread)
                    break follow
                }
            }
        }
    }

    private func holds(_ assertion: RegexAssertion, _ text: [UInt32], _ position: Int) -> Bool {
        switch assertion {
        case .textStart: return position == 0
        case .textEnd: return position == text.count
        case .lineStart: return position == 0 || text[position - 1] == 10
        case .lineEnd: return position == text.count || text[position] == 10
        case .wordBoundary, .noWordBoundary:
            let before = position > 0 && isWord(text[position - 1])
            let after = position < text.count && isWord(text[position])
            return (before != after) == (assertion == .wordBoundary)
        }
    }

    private func isWord(_ value: UInt32) -> Bool {
        (0x30...0x39).contains(value) || (0x41...0x5A).contains(value) || value == 0x5F || (0x61...0x7A).contains(value)
    }
}
