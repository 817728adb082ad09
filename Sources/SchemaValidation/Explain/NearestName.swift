/// Suggestions for names that were misspelt.
enum NearestName {
    /// Longer names are not compared.
    private static let longest = 64
    /// More candidates are not looked at.
    private static let mostCandidates = 500

    /// The candidate with the fewest differences, if they are few for its length; the first one of several.
    static func to(_ name: String, among candidates: some Sequence<String>) -> String? {
        let wanted = Array(name.unicodeScalars.prefix(longest + 1))
        guard wanted.count <= longest, !wanted.isEmpty else { return nil }
        var best: (name: String, distance: Int)?
        for candidate in candidates.prefix(mostCandidates) {
            let scalars = Array(candidate.unicodeScalars.prefix(longest + 1))
            let allowed = max(1, min(wanted.count, scalars.count) / 3)
            guard scalars.count <= longest, abs(scalars.count - wanted.count) <= allowed, scalars != wanted else {
                continue
            }
            let distance = distance(wanted, scalars)
            if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// Insertions, deletions, replacements and swaps of neighbours; letters in another case are half as far apart, so
    /// they count nothing alone.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var before: [Int] = []
        var previous = Array(0...right.count)
        for row in 1...left.count {
            var current = [row] + [Int](repeating: 0, count: right.count)
            for column in right.indices.map({ $0 + 1 }) {
                let isSame = isSameLetter(left[row - 1], right[column - 1])
                var cost = min(previous[column - 1] + (isSame ? 0 : 1), previous[column] + 1, current[column - 1] + 1)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    cost = min(cost, before[column - 2] + 1)
                }
                current[column] = cost
            }
            before = previous
            previous = current
        }
        return previous[right.count]
    }

    private static func isSameLetter(_ left: Unicode.Scalar, _ right: Unicode.Scalar) -> Bool {
        left == right
            || (left.isASCII && right.isASCII && left.value | 0x20 == right.value | 0x20
                && left.properties.isAlphabetic)
    }
}
