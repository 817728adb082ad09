/// A set of versions: comparisons that must all hold, in groups of which one must hold.
struct VersionConstraint {
    private enum Operator { case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, tilde, caret }

    private struct Comparison {
        var relation: Operator
        var version: VersionBox
        /// Parts that were written: 0 for `*`, 1 for `1` or `1.x`, up to 3.
        var parts: Int
    }

    private var groups: [[Comparison]] = []

    /// Nil when the text is no constraint.
    init?(_ text: String) {
        for group in Self.split(text) {
            guard let comparisons = Self.parse(group) else { return nil }
            groups.append(comparisons)
        }
        guard !groups.isEmpty else { return nil }
    }

    func accepts(_ version: VersionBox) -> Bool {
        groups.contains { $0.allSatisfy { Self.holds($0, version) } }
    }

    // MARK: Parsing

    private static func split(_ text: String) -> [[UInt8]] {
        var groups: [[UInt8]] = [[]]
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "|"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "|") {
                groups.append([])
                index += 2
            } else {
                groups[groups.count - 1].append(bytes[index])
                index += 1
            }
        }
        return groups
    }

    private static func parse(_ bytes: [UInt8]) -> [Comparison]? {
        var words = bytes.split { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ",") }.map { Array($0) }
        var comparisons: [Comparison] = []
        while !words.isEmpty {
            // `1.0 - 2.0` is a range, both ends included.
            if words.count >= 3, words[1] == [UInt8(ascii: "-")] {
                guard let low = comparison(.greaterOrEqual, words[0]), let high = comparison(.lessOrEqual, words[2])
                else { return nil }
                comparisons += [low, high]
                words.removeFirst(3)
                continue
            }
            let word = words.removeFirst()
            let sign = Array(word.prefix { "=!<>~^".utf8.contains($0) })
            var rest = Array(word[sign.count...])
            guard let relation = relation(sign) else { return nil }
            if rest.isEmpty {
                guard !sign.isEmpty, !words.isEmpty else { return nil }
                rest = words.removeFirst()
            }
            guard let comparison = comparison(relation, rest) else { return nil }
            comparisons.append(comparison)
        }
        return comparisons.isEmpty ? nil : comparisons
    }

    private static func relation(_ sign: [UInt8]) -> Operator? {
        switch String(decoding: sign, as: UTF8.self) {
        case "", "=": .equal
        case "!=": .notEqual
        case "<": .less
        case "<=", "=<": .lessOrEqual
        case ">": .greater
        case ">=", "=>": .greaterOrEqual
        case "~", "~>": .tilde
        case "^": .caret
        default: nil
        }
    }

    private static func comparison(_ relation: Operator, _ bytes: [UInt8]) -> Comparison? {
        var text = String(decoding: bytes, as: UTF8.self)
        let core = text.prefix { $0 != "-" && $0 != "+" }
        let tail = text.dropFirst(core.count)
        var numbers: [Substring] = []
        var parts = 0
        var sawWildcard = false
        for part in core.drop(while: { $0 == "v" }).split(separator: ".", omittingEmptySubsequences: false) {
            let isWildcard = part == "x" || part == "X" || part == "*"
            sawWildcard = sawWildcard || isWildcard
            numbers.append(isWildcard || sawWildcard ? "0" : part)
            if !sawWildcard { parts += 1 }
        }
        text = numbers.joined(separator: ".") + tail
        guard let version = VersionBox(parsing: text) else { return nil }
        return Comparison(relation: relation, version: version, parts: parts)
    }

    // MARK: Checking

    private static func holds(_ comparison: Comparison, _ version: VersionBox) -> Bool {
        // A pre-release only matches a constraint that names one.
        if !version.prerelease.isEmpty, comparison.version.prerelease.isEmpty { return false }
        let order = version.compare(comparison.version)
        switch comparison.relation {
        case .equal:
            return comparison.parts < 3 ? isWithinTilde(comparison, version, order) : order == 0
        case .notEqual:
            return comparison.parts < 3 ? !matchesParts(comparison, version) : order != 0
        case .less: return order < 0
        case .lessOrEqual: return order <= 0 || (comparison.parts < 3 && matchesParts(comparison, version))
        case .greater: return order > 0 && !(comparison.parts < 3 && matchesParts(comparison, version))
        case .greaterOrEqual: return order >= 0
        case .tilde: return isWithinTilde(comparison, version, order)
        case .caret: return isWithinCaret(comparison, version, order)
        }
    }

    private static func matchesParts(_ comparison: Comparison, _ version: VersionBox) -> Bool {
        let wanted = comparison.version
        return (comparison.parts < 1 || version.major == wanted.major)
            && (comparison.parts < 2 || version.minor == wanted.minor)
    }

    /// The same major version, and the same minor one where it was written.
    private static func isWithinTilde(_ comparison: Comparison, _ version: VersionBox, _ order: Int) -> Bool {
        order >= 0 && matchesParts(comparison, version)
    }

    /// Nothing changes left of the first number that is not zero.
    private static func isWithinCaret(_ comparison: Comparison, _ version: VersionBox, _ order: Int) -> Bool {
        let wanted = comparison.version
        guard order >= 0 else { return false }
        if comparison.parts == 0 { return true }
        guard version.major == wanted.major else { return false }
        if wanted.major > 0 || comparison.parts == 1 { return true }
        guard version.minor == wanted.minor else { return false }
        if wanted.minor > 0 || comparison.parts == 2 { return true }
        return version.patch == wanted.patch
    }
}
