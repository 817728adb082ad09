extension RegularExpression {
    public func firstMatch(in text: String) throws(MatchingError) -> Match? {
        var result: Match?
        try forEachMatch(in: text, limit: 1, wantsGroups: true) { slots, _ in result = Match(slots: slots) }
        return result
    }

    /// Matches from left to right, at most `limit`; an empty one right behind another match does not count.
    public func allMatches(in text: String, limit: Int = .max) throws(MatchingError) -> [Match] {
        var result: [Match] = []
        try forEachMatch(in: text, limit: limit, wantsGroups: true) { slots, _ in result.append(Match(slots: slots)) }
        return result
    }

    /// The texts of the matches that `allMatches` finds.
    public func matchedTexts(in text: String, limit: Int = .max) throws(MatchingError) -> [String] {
        var result: [String] = []
        try forEachMatch(in: text, limit: limit, wantsGroups: false) { slots, bytes in
            result.append(String(decoding: bytes[slots[0]..<slots[1]], as: UTF8.self))
        }
        return result
    }

    /// The parts between matches, at most `limit`, of which the last is the rest of the text.
    public func split(_ text: String, limit: Int = .max) throws(MatchingError) -> [String] {
        if limit <= 0 { return [] }
        if text.isEmpty, !pattern.isEmpty { return [""] }
        var parts: [String] = []
        var start = 0
        var end = 0
        try forEachMatch(in: text, limit: limit, wantsGroups: false) { slots, bytes in
            guard parts.count < limit - 1 else { return }
            end = slots[0]
            // An empty match at the very start separates nothing.
            if slots[1] != 0 { parts.append(String(decoding: bytes[start..<end], as: UTF8.self)) }
            start = slots[1]
        }
        if end != text.utf8.count { parts.append(String(decoding: text.utf8.dropFirst(start), as: UTF8.self)) }
        return parts
    }

    /// The text with all matches replaced.
    ///
    /// - Parameters:
    ///   - text: The text to search.
    ///   - replacement: What stands in place of each match.
    ///   - expandsGroups: Whether `$1`, `${1}`, `$name` and `${name}` insert groups, and `$$` a dollar sign.
    ///   - maximumBytes: How long the result may become.
    /// - Throws: `undecided`, or `outputTooLong`.
    public func replacingMatches(
        in text: String,
        with replacement: String,
        expandsGroups: Bool = true,
        maximumBytes: Int = .max
    ) throws(MatchingError) -> String {
        let parts =
            expandsGroups ? ReplacementTemplate(replacement, groupNames) : ReplacementTemplate(literal: replacement)
        return try Self.withBytes(of: text) { bytes throws(MatchingError) in
            var output: [UInt8] = []
            var lastEnd = 0
            try engine.withMatcher { matcher throws(MatchingError) in
                matcher.begin()
                var position = 0
                while position <= bytes.count,
                    try matcher.find(bytes, from: position, wantsGroups: parts.usesGroups)
                {
                    let (start, end) = (matcher.slots[0], matcher.slots[1])
                    if output.isEmpty { output.reserveCapacity(bytes.count) }
                    output.append(contentsOf: bytes[lastEnd..<start])
                    // An empty match right behind another is not replaced.
                    if end > lastEnd || start == 0 { parts.append(to: &output, matcher.slots, bytes) }
                    guard output.count <= maximumBytes else { throw Self.tooLong(maximumBytes) }
                    lastEnd = end
                    position = Self.position(behind: position, end, bytes)
                }
            }
            if lastEnd == 0, output.isEmpty { return text }
            output.append(contentsOf: bytes[lastEnd...])
            guard output.count <= maximumBytes else { throw Self.tooLong(maximumBytes) }
            return String(decoding: output, as: UTF8.self)
        }
    }

    private static func tooLong(_ maximumBytes: Int) -> MatchingError {
        MatchingError(.outputTooLong, "text is longer than the limit of \(maximumBytes) bytes")
    }

    /// Where to search next: behind the match, and at least one code point further.
    private static func position(behind position: Int, _ end: Int, _ text: UnsafeBufferPointer<UInt8>) -> Int {
        if end > position { return end }
        return position < text.count ? position + Scalars.at(text, position).width : position + 1
    }

    private func forEachMatch(
        in text: String,
        limit: Int,
        wantsGroups: Bool,
        _ body: (borrowing [Int], UnsafeBufferPointer<UInt8>) -> Void
    ) throws(MatchingError) {
        try Self.withBytes(of: text) { bytes throws(MatchingError) in
            try engine.withMatcher { matcher throws(MatchingError) in
                matcher.begin()
                var count = 0
                var position = 0
                var previousEnd = -1
                while count < limit, position <= bytes.count,
                    try matcher.find(bytes, from: position, wantsGroups: wantsGroups)
                {
                    let (start, end) = (matcher.slots[0], matcher.slots[1])
                    let isRepeated = end == position && start == previousEnd
                    position = Self.position(behind: position, end, bytes)
                    previousEnd = end
                    if isRepeated { continue }
                    count += 1
                    body(matcher.slots, bytes)
                }
            }
        }
    }
}

extension RegularExpression.Match {
    init(slots: [Int]) {
        ranges = []
        ranges.reserveCapacity(slots.count / 2)
        for index in stride(from: 0, to: slots.count, by: 2) {
            ranges.append(slots[index] >= 0 && slots[index + 1] >= 0 ? slots[index]..<slots[index + 1] : nil)
        }
    }
}
