/// Finds what a user probably meant.
package enum NearestWord {
    private static let candidateLimit = 1000

    /// The candidate nearest to `word`, when it is near enough to be a slip; the first in order of equals.
    ///
    /// Case and `-`/`_` do not count. Near enough: at most one edit per three characters, and at most three. Of very
    /// many candidates only the first are looked at, so that a hostile file cannot keep the checker busy.
    package static func find(_ word: String, in candidates: some Sequence<String>) -> String? {
        let wanted = normalised(word)
        guard !wanted.isEmpty, wanted.count <= 200 else { return nil }
        let limit = min(3, max(1, wanted.count / 3))
        var best: (word: String, distance: Int)?
        for candidate in candidates.prefix(candidateLimit) where candidate != word {
            let other = normalised(candidate)
            guard abs(other.count - wanted.count) <= limit else { continue }
            let distance = distance(wanted, other)
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.word
    }

    /// `did you mean 'x'?`, or nil.
    package static func hint(_ word: String, in candidates: some Sequence<String>) -> String? {
        find(word, in: candidates).map { "did you mean '\($0)'?" }
    }

    private static func normalised(_ word: String) -> [UInt8] {
        word.lowercased().utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
    }

    /// Edits (insert, delete, replace, swap of neighbours) between two words.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, a) in left.enumerated() {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for (column, b) in right.enumerated() {
                var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (a == b ? 0 : 1))
                if row > 0, column > 0, a == right[column - 1], left[row - 1] == b {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
