import Synchronization

/// A compiled pattern and its matchers. Matchers keep what they learn from texts; each is used by one search at a time.
final class Engine: Sendable {
    let parsed: ParsedPattern
    let program: Program
    let alphabet: Alphabet
    let isAnchored: Bool
    /// The bytes that all matches start with.
    let prefix: [UInt8]
    /// The program of patterns that no automaton can match, and of those whose groups it would find wrong.
    let backtracking: Backtracking?
    let limits: RegularExpressionLimits

    struct Backtracking: Sendable {
        var program: Program
        var sets: [ScalarSet]
        /// Whether it is needed even to say whether a text matches.
        var isNeededAlways: Bool
    }

    /// Set once, when the pattern has been used a few times.
    private let complete = Atomic<Unmanaged<CompleteAutomaton>?>(nil)
    /// Matchers that nobody uses at the moment.
    private let idle = Mutex<[MatcherBox]>([])
    /// Matchers take up to some megabytes each.
    private static let idleLimit = 4

    init(
        _ parsed: ParsedPattern,
        _ dialect: RegularExpression.Dialect,
        _ limits: RegularExpressionLimits
    ) throws(Compiler.TooLarge) {
        self.parsed = parsed
        self.limits = limits
        isAnchored = parsed.root.isAnchored
        prefix = Array(String(parsed.root.prefix.scalars).utf8)
        let isIrregular = parsed.root.isIrregular
        if isIrregular || (dialect != .re2 && parsed.root.hasEmptyRounds) {
            var compiler = Compiler(
                dialect: dialect,
                sizeLimit: limits.programSize,
                savesGroups: true,
                isForBacktracking: true
            )
            try compiler.compile(parsed.root, .forward)
            backtracking = Backtracking(program: compiler.program, sets: compiler.sets, isNeededAlways: isIrregular)
        } else {
            backtracking = nil
        }
        var compiler = Compiler(dialect: dialect, sizeLimit: limits.programSize, savesGroups: true)
        try compiler.compile(isIrregular ? .empty : parsed.root, .forward)
        program = compiler.program
        let separatesKinds = program.usesLineAssertions || program.usesWordAssertions
        guard let alphabet = Alphabet(compiler.sets, separatesKinds: separatesKinds) else { throw Compiler.TooLarge() }
        self.alphabet = alphabet
    }

    /// Whether there is a match, by a complete automaton if there is one.
    ///
    /// - Parameter stepsLeft: bounds the search besides the limits, and loses what it took.
    func matches(_ text: UnsafeBufferPointer<UInt8>, stepsLeft: inout Int) throws(MatchingError) -> Bool {
        guard stepsLeft > 0 else { throw MatchingError(.undecided, "no steps are left for another search") }
        if let complete = complete.load(ordering: .acquiring), text.count <= limits.steps {
            stepsLeft &-= text.count
            // The engine keeps it.
            return complete._withUnsafeGuaranteedRef { $0.matches(text) }
        }
        return try withMatcher { matcher throws(MatchingError) in
            let given = stepsLeft
            matcher.begin(within: given)
            defer { stepsLeft = given - matcher.steps(takenOf: given) }
            let found = try matcher.matches(text)
            if let table = matcher.completeAutomaton() { publish(CompleteAutomaton(table)) }
            return found
        }
    }

    private func publish(_ automaton: CompleteAutomaton) {
        let new = Unmanaged.passRetained(automaton)
        let (isFirst, _) = complete.compareExchange(expected: nil, desired: new, ordering: .acquiringAndReleasing)
        if !isFirst { new.release() }
    }

    var groupCount: Int { parsed.groupNames.count }

    deinit { complete.load(ordering: .acquiring)?.release() }

    /// Lends a matcher. The body may be called by many threads at once, each with a matcher of its own.
    func withMatcher<Result>(_ body: (inout Matcher) throws(MatchingError) -> Result) throws(MatchingError) -> Result {
        let box = idle.withLock { $0.popLast() } ?? MatcherBox(self)
        defer {
            idle.withLock { if $0.count < Self.idleLimit { $0.append(box) } }
        }
        return try body(&box.matcher)
    }
}

/// A matcher that can be put away without copying it.
///
/// Unchecked, because it is either in `idle`, behind its lock, or lent to one call of `withMatcher`.
final class MatcherBox: @unchecked Sendable {
    var matcher: Matcher

    init(_ engine: Engine) { matcher = Matcher(engine) }
}
