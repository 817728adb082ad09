/// Bounds for patterns and searches; each is far above what people write and far below what hurts.
public struct RegularExpressionLimits: Hashable, Sendable {
    /// Length of a pattern in UTF-8 bytes.
    public var patternBytes = 65_536
    /// Instructions of a compiled pattern: repetitions are written out, so that short patterns can be long programs.
    public var programSize = 100_000
    /// Groups within groups.
    public var depth = 250
    /// Ranges of code points in all classes together; one of letters has some 650.
    public var classRanges = 100_000
    /// Work of one call: about one per byte that is read, more for patterns that need the slower matchers.
    public var steps = 200_000_000
    /// Work of one call that has to try ways one after the other, because of look-around or back-references.
    public var backtrackingSteps = 1_000_000

    public init() {}
}
