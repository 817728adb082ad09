import Synchronization

/// A compiled pattern and its matchers. Matchers keep what they learn about texts; each is used by one search at a time.
final class Engine: Sendable {
    let parsed: ParsedPattern
    let program: Program
    let alphabet: Alphabet
    let isAnchored: Bool
    /// The program of patterns that no automaton can match, and of those whose groups it would find wrong.
    let backtracking: Backtracking?
    let limits: RegularExpressionLimits

    struct Backtracking: Sendable {
        var program: Program
        var sets: [ScalarSet]
        /// Whether it is needed even to say whether a text matches.
        var isNeededAlways: Bool
    }

    /// Matchers that nobody uses at the moment.
    private let idle = Mutex<[Matcher]>([])
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

    var groupCount: Int { parsed.groupNames.count }

    /// Lends a matcher. The body may be called by many threads at once, each with a matcher of its own.
    func withMatcher<Result>(_ body: (Matcher) throws(MatchingError) -> Result) throws(MatchingError) -> Result {
        let matcher = idle.withLock { $0.popLast() } ?? Matcher(self)
        defer {
            idle.withLock { if $0.count < Self.idleLimit { $0.append(matcher) } }
        }
        return try body(matcher)
    }
}
