/// Searches texts for one pattern, with the matcher that suits best.
///
/// An automaton finds the end of a match, one that reads backwards its start, and a tracer its groups. Where the automaton
/// would need too many states, all threads are followed; look-around and back-references are tried way by way.
struct Matcher {
    private let program: Program
    private let alphabet: Alphabet
    private let backtracking: Engine.Backtracking?
    private let isAnchored: Bool
    private let groupCount: Int
    private let limits: RegularExpressionLimits
    private let root: Node

    private var forward: LazyAutomaton
    private var backward: LazyAutomaton?
    private var tracer: GroupTracer
    private var machine: ThreadMachine?
    private var backtracker: Backtracker?

    /// Slots of the match that was found last: pairs of offsets, or -1 for groups that took no part.
    private(set) var slots: [Int]
    /// What is left of the limit; a caller that searches again and again starts with all.
    private var steps = 0
    private var backtrackingSteps = 0
    private var matchCount = 0

    init(_ engine: Engine) {
        program = engine.program
        alphabet = engine.alphabet
        backtracking = engine.backtracking
        isAnchored = engine.isAnchored
        groupCount = engine.groupCount
        limits = engine.limits
        root = engine.parsed.root
        forward = LazyAutomaton(
            program,
            alphabet,
            findsLongest: false,
            prefix: engine.prefix,
            entryLimit: limits.automatonEntries
        )
        tracer = GroupTracer(program, alphabet, bitLimit: limits.tracedBits)
        slots = [Int](repeating: -1, count: engine.groupCount * 2)
    }

    /// Starts a call, which may be several searches, with all steps, or with fewer.
    mutating func begin(within given: Int = .max) {
        steps = min(limits.steps, given)
        backtrackingSteps = min(limits.backtrackingSteps, given)
    }

    /// What has been taken since a call began with `given` steps.
    func steps(takenOf given: Int) -> Int {
        min(limits.steps, given) - steps + min(limits.backtrackingSteps, given) - backtrackingSteps
    }

    /// An automaton that is complete and needs no matcher; nil unless it is small and the pattern is used again and again.
    mutating func completeAutomaton() -> AutomatonTable? {
        guard matchCount == Self.matchesBeforeCompletion else { return nil }
        var steps = Self.completionSteps
        return forward.complete(entryLimit: Self.completeEntryLimit, steps: &steps)
    }

    private static let matchesBeforeCompletion = 8
    private static let completionSteps = 1_000_000
    /// Entries of a complete automaton, four bytes each.
    private static let completeEntryLimit = 1 << 13

    mutating func matches(_ text: UnsafeBufferPointer<UInt8>) throws(MatchingError) -> Bool {
        if let backtracking, backtracking.isNeededAlways { return try backtrack(backtracking, text, from: 0) }
        matchCount += 1
        switch forward.findEnd(text, from: 0, stopsAtAny: true, steps: &steps) {
        case .none: return try decided(false)
        case .found: return true
        case .gaveUp: return try followThreads(text, from: 0)
        }
    }

    /// Finds the leftmost match at or behind `start`; `slots` has it then, the groups only if they are wanted.
    mutating func find(
        _ text: UnsafeBufferPointer<UInt8>,
        from start: Int,
        wantsGroups: Bool
    ) throws(MatchingError) -> Bool {
        if let backtracking { return try backtrack(backtracking, text, from: start) }
        var start = start
        if !isAnchored {
            switch forward.attempt(text, from: start, steps: &steps) {
            case .none: return try decided(false)
            case .found(let start, let end): return try accept(text, start..<end, wantsGroups)
            case .openFrom(let place): start = place
            }
        }
        switch forward.findEnd(text, from: start, stopsAtAny: false, steps: &steps) {
        case .none: return try decided(false)
        case .gaveUp: return try followThreads(text, from: start)
        case .found(let end):
            if isAnchored { return try accept(text, 0..<end, wantsGroups) }
            if start == end { return try accept(text, start..<end, wantsGroups) }
            switch try findStart(text, from: start, to: end) {
            case .found(let found): return try accept(text, found..<end, wantsGroups)
            case .none, .gaveUp: return try followThreads(text, from: start)
            }
        }
    }

    private mutating func accept(
        _ text: UnsafeBufferPointer<UInt8>,
        _ range: Range<Int>,
        _ wantsGroups: Bool
    ) throws(MatchingError) -> Bool {
        if wantsGroups, groupCount > 1 {
            guard tracer.canTrace(range) else { return try followThreads(text, from: range.lowerBound) }
            guard tracer.trace(text, range, &slots, steps: &steps) else {
                return try followThreads(text, from: range.lowerBound)
            }
        } else {
            slots[0] = range.lowerBound
            slots[1] = range.upperBound
        }
        return try decided(true)
    }

    private mutating func followThreads(
        _ text: UnsafeBufferPointer<UInt8>,
        from start: Int
    ) throws(MatchingError) -> Bool {
        if machine == nil { machine = ThreadMachine(program, alphabet, slotCount: groupCount * 2) }
        let found = machine?.find(text, from: start, steps: &steps)
        if let found { slots = found }
        return try decided(found != nil)
    }

    private mutating func backtrack(
        _ backtracking: Engine.Backtracking,
        _ text: UnsafeBufferPointer<UInt8>,
        from start: Int
    ) throws(MatchingError) -> Bool {
        if backtracker == nil {
            backtracker = Backtracker(backtracking.program, backtracking.sets, groupCount: groupCount)
        }
        let isFound = backtracker?.find(text, from: start, isAnchored: isAnchored, steps: &backtrackingSteps) ?? false
        if let found = backtracker?.slots, isFound { slots = found }
        guard backtrackingSteps >= 0 else { throw Self.undecided(limits.backtrackingSteps) }
        return isFound
    }

    private mutating func findStart(
        _ text: UnsafeBufferPointer<UInt8>,
        from start: Int,
        to end: Int
    ) throws(MatchingError) -> LazyAutomaton.Outcome {
        if backward == nil {
            var compiler = Compiler(dialect: .re2, sizeLimit: .max, sets: alphabet.sets, savesGroups: false)
            do throws(Compiler.TooLarge) { try compiler.compile(root, .backward) } catch {
                throw Self.undecided(limits.steps)
            }
            backward = LazyAutomaton(
                compiler.program,
                alphabet,
                findsLongest: true,
                entryLimit: limits.automatonEntries
            )
        }
        return backward?.findStart(text, from: start, to: end, steps: &steps) ?? .gaveUp
    }

    private func decided(_ isFound: Bool) throws(MatchingError) -> Bool {
        guard steps >= 0 else { throw Self.undecided(limits.steps) }
        return isFound
    }

    private static func undecided(_ limit: Int) -> MatchingError {
        MatchingError(.undecided, "regular expression takes more than \(limit) steps on this text")
    }
}
