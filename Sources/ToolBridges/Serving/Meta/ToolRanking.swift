import Glibc

/// Orders tools by how well their names and first lines fit a query: BM25F over both, names counting three times.
/// Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond"; docs/tools.md.
struct ToolRanking {
    struct Document {
        var name: String
        var firstLine: String
    }

    private static let weights = [3.0, 1.0]
    private static let saturation = 1.5
    private static let lengthWeight = 0.75
    /// Words that so many tools have in their names that they tell little.
    private static let commonWords: Set<String> = ["list", "get"]
    private static let commonWeight = 0.25
    /// Words of a query that are looked at.
    private static let queryLimit = 64

    /// How often each word is in each field, by document.
    private var counts: [[[String: Int]]] = []
    private var lengths: [[Double]] = []
    private var averages = [1.0, 1.0]
    private var documentCounts: [String: Int] = [:]

    init(_ documents: [Document]) {
        for document in documents {
            let fields = [Self.words(document.name), Self.words(document.firstLine)]
            counts.append(fields.map { words in Dictionary(words.map { ($0, 1) }, uniquingKeysWith: +) })
            lengths.append(fields.map { Double($0.count) })
            for word in Set(fields.joined()) { documentCounts[word, default: 0] += 1 }
        }
        for field in 0..<2 where !documents.isEmpty {
            let total = lengths.reduce(0) { $0 + $1[field] }
            averages[field] = max(total / Double(documents.count), 1e-9)
        }
    }

    /// Positions of the documents that fit, best first, with scores above 0. Words that no document has count by what
    /// comes near to them, but never as much as words that are there.
    func ranked(_ query: String) -> [(position: Int, score: Double)] {
        var exact = [Double](repeating: 0, count: counts.count)
        var near = exact
        for word in Self.unique(Self.words(query)).prefix(Self.queryLimit) {
            if documentCounts[word] != nil {
                add(word, to: &exact)
            } else {
                for other in neighbours(of: word) { add(other, to: &near) }
            }
        }
        let least = exact.filter { $0 > 0 }.min() ?? 1
        let most = near.max() ?? 0
        let scale = most > 0 ? min(0.5, 0.9 * least / most) : 0
        let scores = zip(exact, near).map { $0 + scale * $1 }
        return scores.indices.filter { scores[$0] > 0 }.map { ($0, scores[$0]) }
            .sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.0 < $1.0 }
    }

    private func add(_ word: String, to scores: inout [Double]) {
        let total = Double(counts.count)
        let having = Double(documentCounts[word] ?? 0)
        var rarity = (1 + (total - having + 0.5) / (having + 0.5)).naturalLogarithm
        if Self.commonWords.contains(word) { rarity *= Self.commonWeight }
        for document in counts.indices {
            var frequency = 0.0
            for field in 0..<2 {
                guard let count = counts[document][field][word] else { continue }
                let length = 1 - Self.lengthWeight + Self.lengthWeight * lengths[document][field] / averages[field]
                frequency += Self.weights[field] * Double(count) / length
            }
            scores[document] += rarity * frequency / (Self.saturation + frequency)
        }
    }

    // MARK: - Words

    /// Letters and digits in small letters; a capital after a small letter begins a new word.
    static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var wasLower = false
        func flush() {
            if !word.isEmpty { words.append(word.lowercased()) }
            word = ""
        }
        for character in text {
            guard character.isLetter || character.isNumber else {
                flush()
                wasLower = false
                continue
            }
            if wasLower, character.isUppercase { flush() }
            word.append(character)
            wasLower = character.isLowercase
        }
        flush()
        return words
    }

    private static func unique(_ words: [String]) -> [String] {
        var seen: Set<String> = []
        return words.filter { seen.insert($0).inserted }
    }

    /// Words of the tools with the same stem; if there are none, those that are a slip of the finger away.
    private func neighbours(of word: String) -> [String] {
        let stem = Self.stem(word)
        let related = documentCounts.keys.filter { Self.stem($0) == stem }
        if !related.isEmpty { return related.sorted() }
        let limit = word.count >= 6 ? 2 : 1
        return documentCounts.keys.filter { Self.distance(word, $0, limit: limit) <= limit }.sorted()
    }

    /// What is left of an English word without its usual endings.
    static func stem(_ word: String) -> String {
        var stem = word
        if stem.hasSuffix("ies"), stem.count > 4 {
            stem = stem.dropLast(3) + "y"
        } else if let end = ["ing", "ed", "ers", "er", "s"].first(where: {
            stem.hasSuffix($0) && stem.count > $0.count + 2
        }),
            !(end == "s" && stem.hasSuffix("ss"))
        {
            stem = String(stem.dropLast(end.count))
        }
        if stem.count > 3, stem.hasSuffix("e") { stem = String(stem.dropLast()) }
        let last = Array(stem.suffix(2))
        if stem.count > 3, last[0] == last[1], !"lsz".contains(last[0]) { stem = String(stem.dropLast()) }
        return stem
    }

    /// Insertions, removals and replacements between both; more than `limit` may be told as any larger number.
    static func distance(_ left: String, _ right: String, limit: Int) -> Int {
        let (left, right) = (Array(left.unicodeScalars), Array(right.unicodeScalars))
        guard abs(left.count - right.count) <= limit else { return limit + 1 }
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}

extension Double {
    fileprivate var naturalLogarithm: Double { log(self) }
}
