/// A pattern as instructions that name their successors. Index 0 always is `fail`.
enum Instruction: Sendable {
    case fail
    case match
    /// Reads one code point of a set.
    case set(Int32, next: Int32)
    /// The first way is preferred.
    case split(Int32, Int32)
    case save(slot: Int32, next: Int32)
    case assertion(Assertion, next: Int32)
    /// Forgets groups `first` to `last`: a new round of a repetition around them starts.
    case forget(first: Int32, last: Int32, next: Int32)

    // Only in programs for the backtracking matcher:

    /// Reads one code point of a set right before the place.
    case setBefore(Int32, next: Int32)
    /// Remembers where a round of a repetition starts.
    case mark(register: Int32, next: Int32)
    /// Goes on only when the round has read something.
    case progress(register: Int32, next: Int32)
    /// The text of the first of these groups that took part; `references` lists them.
    case backReference(Int32, isBefore: Bool, next: Int32)
    case look(start: Int32, isNegated: Bool, next: Int32)
}

struct Program: Sendable {
    struct Reference: Sendable {
        var groups: [Int]
        var foldsCase: Bool
    }

    var instructions: [Instruction] = [.fail]
    var start: Int32 = 0
    var references: [Reference] = []
    var registerCount = 0

    /// Where a search starts that may match anywhere: skips text as the least preferred way.
    var searchStart: Int32 = 0
    var usesLineAssertions = false
    var usesWordAssertions = false
    /// Whether every way starts at the text's start.
    var isAnchored = false

    var size: Int { instructions.count }
}
