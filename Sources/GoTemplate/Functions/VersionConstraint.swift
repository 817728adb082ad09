/// A set of versions: comparisons that must all hold, in groups of which one must hold.
struct VersionConstraint: Sendable {
    private enum Operator { case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, tilde, caret }

    private struct Comparison {
        var relation: Operator
        var version: VersionBox
        /// Parts that were written: 0 for `*`, 1 for `1` or `1.x`, up to 3.
        var parts: Int
    }

    private struct Group {
        var comparisons: [Comparison] = []
        /// A pre-release only matches a group that names one.
        var takesPrereleases = false
    }

    /// UTF-8 bytes of the longest constraint that is read.
    private static let longest = 512
    private static let mostGroups = 32

    private var groups: [Group] = []

    /// Nil when the text is no constraint.
    init?(_ text: String) {
        guard text.utf8.count <= Self.longest else { return nil }
        let parts = Self.split(Self.withoutRanges(Array(text.utf8)))
        guard parts.count <= Self.mostGroups else { return nil }
        for part in parts {
            guard let comparisons = Self.parse(part) else { return nil }
            let takesPrereleases = comparisons.contains { !$0.version.prerelease.isEmpty }
            groups.append(Group(comparisons: comparisons, takesPrereleases: takesPrereleases))
        }
    }

    func accepts(_ version: VersionBox) -> Bool {
        groups.contains { group in
            (version.prerelease.isEmpty || group.takesPrereleases)
                && group.comparisons.allSatisfy { Self.holds($0, version) }
        }
    }

    // MARK: Parsing

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) && byte != 0x0B }

    private static func skipSpaces(_ bytes: [UInt8], _ index: Int) -> Int {
        var index = index
        while index < bytes.count, isSpace(bytes[index]) { index += 1 }
        return index
    }

    /// `1.0 - 2.0` becomes `>= 1.0, <= 2.0 `, both ends included.
    private static func withoutRanges(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if let (low, high, end) = range(bytes, at: index) {
                output += ">= ".utf8 + bytes[low] + ", <= ".utf8 + bytes[high] + " ".utf8
                index = end
            } else {
                output.append(bytes[index])
                index += 1
            }
        }
        return output
    }

    private static func range(_ bytes: [UInt8], at start: Int) -> (low: Range<Int>, high: Range<Int>, end: Int)? {
        let lowStart = skipSpaces(bytes, start)
        guard let low = VersionText(bytes, from: lowStart, wildcards: true) else { return nil }
        let hyphen = skipSpaces(bytes, low.end)
        guard hyphen > low.end, hyphen < bytes.count, bytes[hyphen] == UInt8(ascii: "-") else { return nil }
        let highStart = skipSpaces(bytes, hyphen + 1)
        guard highStart > hyphen + 1, let high = VersionText(bytes, from: highStart, wildcards: true) else {
            return nil
        }
        return (lowStart..<low.end, highStart..<high.end, skipSpaces(bytes, high.end))
    }

    private static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        var groups: [[UInt8]] = [[]]
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

    /// Comparisons with white space, a comma or both between them.
    private static func parse(_ bytes: [UInt8]) -> [Comparison]? {
        var comparisons: [Comparison] = []
        var index = skipSpaces(bytes, 0)
        while true {
            let (relation, signEnd) = sign(bytes, index)
            guard let parts = VersionText(bytes, from: skipSpaces(bytes, signEnd), wildcards: true),
                let comparison = comparison(relation, parts)
            else { return nil }
            comparisons.append(comparison)
            index = skipSpaces(bytes, parts.end)
            if index == bytes.count { return comparisons }
            if bytes[index] == UInt8(ascii: ",") {
                index = skipSpaces(bytes, index + 1)
            } else if index == parts.end {
                return nil
            }
        }
    }

    private static func sign(_ bytes: [UInt8], _ index: Int) -> (Operator, Int) {
        let signs: [(String, Operator)] = [
            ("!=", .notEqual), (">=", .greaterOrEqual), ("=>", .greaterOrEqual), ("<=", .lessOrEqual),
            ("=<", .lessOrEqual), ("~>", .tilde), ("=", .equal), (">", .greater), ("<", .less), ("~", .tilde),
            ("^", .caret),
        ]
        for (text, relation) in signs where bytes[index...].starts(with: text.utf8) {
            return (relation, index + text.utf8.count)
        }
        return (.equal, index)
    }

    private static func comparison(_ relation: Operator, _ text: VersionText) -> Comparison? {
        var text = text
        let written = text.numbers.prefix { !["x", "X", "*"].contains(String(decoding: $0, as: UTF8.self)) }.count
        if written < 3 {
            // What stands behind a wildcard does not count.
            text.numbers = Array(text.numbers.prefix(written)) + Array(repeating: [0x30], count: 3 - written)
            text.metadata = nil
        }
        guard let version = VersionBox(text, original: "") else { return nil }
        return Comparison(relation: relation, version: version, parts: written)
    }

    // MARK: Checking

    private static func holds(_ comparison: Comparison, _ version: VersionBox) -> Bool {
        let order = version.compare(comparison.version)
        let isPartial = comparison.parts < 3
        switch comparison.relation {
        case .equal: return isPartial ? isWithinTilde(comparison, version, order) : order == 0
        case .notEqual: return isPartial ? isOutside(comparison, version) : order != 0
        case .less: return order < 0
        case .lessOrEqual: return isPartial ? isNotAbove(comparison, version) : order <= 0
        case .greater: return isPartial ? isAbove(comparison, version) : order > 0
        case .greaterOrEqual: return order >= 0
        case .tilde: return isWithinTilde(comparison, version, order)
        case .caret: return isWithinCaret(comparison, version, order)
        }
    }

    private static func isOutside(_ comparison: Comparison, _ version: VersionBox) -> Bool {
        let wanted = comparison.version
        if version.major != wanted.major { return true }
        switch comparison.parts {
        case 1: return false
        case 2: return version.minor != wanted.minor || version.prerelease != wanted.prerelease
        default:
            return version.minor != wanted.minor || version.patch != wanted.patch || version.compare(wanted) != 0
        }
    }

    private static func isAbove(_ comparison: Comparison, _ version: VersionBox) -> Bool {
        let wanted = comparison.version
        if version.major != wanted.major { return version.major > wanted.major }
        switch comparison.parts {
        case 1: return false
        case 2: return version.minor > wanted.minor
        default: return version.compare(wanted) > 0
        }
    }

    private static func isNotAbove(_ comparison: Comparison, _ version: VersionBox) -> Bool {
        let wanted = comparison.version
        if version.major != wanted.major { return version.major < wanted.major }
        return comparison.parts == 1 || version.minor <= wanted.minor
    }

    /// The same major version, and the same minor one where it was written.
    private static func isWithinTilde(_ comparison: Comparison, _ version: VersionBox, _ order: Int) -> Bool {
        let wanted = comparison.version
        guard order >= 0 else { return false }
        // `~0.0.0` and `~*` take everything.
        let isZero = wanted.major == 0 && wanted.minor == 0 && wanted.patch == 0
        if isZero, comparison.parts == 0 || comparison.parts == 3 { return true }
        return version.major == wanted.major && (comparison.parts == 1 || version.minor == wanted.minor)
    }

    /// Nothing changes left of the first number that is not zero.
    private static func isWithinCaret(_ comparison: Comparison, _ version: VersionBox, _ order: Int) -> Bool {
        let wanted = comparison.version
        guard order >= 0, version.major == wanted.major else { return false }
        if wanted.major > 0 || comparison.parts == 1 { return true }
        guard version.minor == wanted.minor else { return false }
        if wanted.minor > 0 || comparison.parts == 2 { return true }
        return version.patch == wanted.patch
    }
}
