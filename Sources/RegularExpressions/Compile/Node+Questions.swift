extension Node {
    /// The first and the last group within.
    var groups: ClosedRange<Int>? {
        switch self {
        case .empty, .set, .assertion, .backReference: return nil
        case .group(let inner, let capture):
            guard let others = inner.groups else { return capture...capture }
            return min(capture, others.lowerBound)...max(capture, others.upperBound)
        case .sequence(let parts), .alternatives(let parts):
            return parts.lazy.compactMap(\.groups).reduce(nil) { joined, range in
                guard let joined else { return range }
                return min(joined.lowerBound, range.lowerBound)...max(joined.upperBound, range.upperBound)
            }
        case .repetition(let inner, _, _, _), .look(let inner, _, _): return inner.groups
        }
    }

    /// The code points that every match starts with, and whether they are all of it.
    var prefix: (scalars: String.UnicodeScalarView, isWhole: Bool) {
        switch self {
        case .empty: return (String.UnicodeScalarView(), true)
        case .set(let set):
            guard let scalar = set.single.flatMap({ Unicode.Scalar($0) }) else { break }
            return (String.UnicodeScalarView([scalar]), true)
        case .group(let inner, _): return inner.prefix
        case .sequence(let parts):
            var result = String.UnicodeScalarView()
            for part in parts {
                let (scalars, isWhole) = part.prefix
                result.append(contentsOf: scalars)
                if !isWhole { return (result, false) }
            }
            return (result, true)
        case .repetition(let inner, let low, _, _) where low > 0: return (inner.prefix.scalars, false)
        default: break
        }
        return (String.UnicodeScalarView(), false)
    }

    /// Whether every way through it starts at the start of the text.
    var isAnchored: Bool {
        switch self {
        case .assertion(let assertion): assertion == .textStart
        case .group(let inner, _): inner.isAnchored
        case .sequence(let parts): parts.first?.isAnchored ?? false
        case .alternatives(let branches): branches.allSatisfy(\.isAnchored)
        case .repetition(let inner, let low, _, _): low > 0 && inner.isAnchored
        case .empty, .set, .backReference, .look: false
        }
    }

    /// Whether it needs the matcher that tries ways one after the other.
    var isIrregular: Bool {
        switch self {
        case .backReference, .look: true
        case .empty, .set, .assertion: false
        case .group(let inner, _), .repetition(let inner, _, _, _): inner.isIrregular
        case .sequence(let parts), .alternatives(let parts): parts.contains(where: \.isIrregular)
        }
    }

    /// Whether a repetition within may go round without reading anything.
    var hasEmptyRounds: Bool {
        switch self {
        case .backReference, .empty, .set, .assertion: false
        case .group(let inner, _), .look(let inner, _, _): inner.hasEmptyRounds
        case .repetition(let inner, _, _, _): inner.isNullable || inner.hasEmptyRounds
        case .sequence(let parts), .alternatives(let parts): parts.contains(where: \.hasEmptyRounds)
        }
    }
}
