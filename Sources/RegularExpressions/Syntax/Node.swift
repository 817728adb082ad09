/// A regular expression as a tree; what the dialects differ in is gone except for `Dialect`-free leaves.
indirect enum Node: Sendable {
    /// The empty text.
    case empty
    /// One code point of a set; nothing at all for an empty set.
    case set(ScalarSet)
    case assertion(Assertion)
    case group(Node, capture: Int)
    case sequence([Node])
    /// The first that leads to a match is preferred.
    case alternatives([Node])
    /// `high` is nil without an upper bound.
    case repetition(Node, low: Int, high: Int?, isLazy: Bool)
    /// The text of the group that took part, of several with one name.
    case backReference([Int], foldsCase: Bool)
    case look(Node, isBehind: Bool, isNegated: Bool)

    /// Whether the expression can match the empty text. Assertions and references can.
    var isNullable: Bool {
        switch self {
        case .empty, .assertion, .backReference, .look: true
        case .set: false
        case .group(let inner, _): inner.isNullable
        case .sequence(let parts): parts.allSatisfy(\.isNullable)
        case .alternatives(let branches): branches.contains(where: \.isNullable)
        case .repetition(let inner, let low, _, _): low == 0 || inner.isNullable
        }
    }
}

enum Assertion: Hashable, Sendable {
    case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary

    /// What it is when the text is read from its end to its start.
    var mirrored: Assertion {
        switch self {
        case .textStart: .textEnd
        case .textEnd: .textStart
        case .lineStart: .lineEnd
        case .lineEnd: .lineStart
        case .wordBoundary, .noWordBoundary: self
        }
    }
}

/// What a parser hands to the compiler.
struct ParsedPattern: Sendable {
    var root: Node
    /// The first entry stands for the whole match.
    var groupNames: [String?]
}
