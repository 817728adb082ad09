/// Reads the syntax of RE2 as Go's `regexp.Compile` does, with its errors.
struct RE2Parser {
    struct Flags {
        var foldsCase = false
        var isMultiline = false
        var dotMatchesNewline = false
        var isUngreedy = false
    }

    private static let repeatLimit = 1000

    var cursor: PatternCursor
    var flags = Flags()
    var sets: SetBudget
    /// Whether it is known that no `:]` follows.
    var lacksNamedClasses = false
    private let depthLimit: Int
    private var depth = 0
    private var groupNames: [String?] = [nil]

    init(_ pattern: String, _ limits: RegularExpressionLimits) {
        cursor = PatternCursor(pattern)
        depthLimit = limits.depth
        sets = SetBudget(limits)
    }

    static func parse(
        _ pattern: String,
        _ limits: RegularExpressionLimits
    ) throws(RegularExpressionError) -> ParsedPattern {
        var parser = RE2Parser(pattern, limits)
        let root = try parser.parseAlternatives()
        guard parser.cursor.isAtEnd else { throw parser.wholePatternError("unexpected )") }
        return ParsedPattern(root: root, groupNames: parser.groupNames)
    }

    private func wholePatternError(_ message: String) -> RegularExpressionError { cursor.error(message, from: 0) }

    private mutating func parseAlternatives() throws(RegularExpressionError) -> Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= depthLimit else { throw wholePatternError("expression nests too deeply") }
        var branches = [try parseSequence()]
        while cursor.take("|") { branches.append(try parseSequence()) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func parseSequence() throws(RegularExpressionError) -> Node {
        var nodes: [Node] = []
        // Where the repetition right before starts: two in a row are refused.
        var lastRepetition: Int?
        while let next = cursor.peek(), next != "|", next != ")" {
            let start = cursor.index
            if let bounds = try readRepetition() {
                try repeatLast(of: &nodes, bounds, from: start, lastRepetition)
                lastRepetition = start
                continue
            }
            lastRepetition = nil
            if cursor.starts(with: "\\Q") {
                readQuoted(into: &nodes)
            } else if let atom = try parseAtom() {
                nodes.append(atom)
            }
        }
        return nodes.isEmpty ? .empty : nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    func literal(_ scalar: Unicode.Scalar) -> Node { literal(scalar.value) }

    func literal(_ value: UInt32) -> Node {
        let set = ScalarSet(value, value)
        return .set(flags.foldsCase ? CaseOrbits.closure(set) : set)
    }

    /// `\Q…\E`; without an end all the rest is quoted.
    private mutating func readQuoted(into nodes: inout [Node]) {
        cursor.skip(2)
        while !cursor.starts(with: "\\E"), let next = cursor.next() { nodes.append(literal(next)) }
        cursor.skip(2)
    }

    // MARK: Repetition

    private struct Bounds {
        var low: Int
        var high: Int?
        /// `{…}` is checked for its size, the others are not.
        var isCounted = false
    }

    private mutating func repeatLast(
        of nodes: inout [Node],
        _ bounds: Bounds,
        from start: Int,
        _ lastRepetition: Int?
    ) throws(RegularExpressionError) {
        let isLazy = cursor.take("?") != flags.isUngreedy
        if let lastRepetition {
            throw cursor.error("invalid nested repetition operator", from: lastRepetition, to: cursor.index)
        }
        guard let last = nodes.popLast() else {
            throw cursor.error("missing argument to repetition operator", from: start, to: cursor.index)
        }
        let node = Node.repetition(last, low: bounds.low, high: bounds.high, isLazy: isLazy)
        if bounds.isCounted, bounds.low >= 2 || (bounds.high ?? 0) >= 2, !Self.isModest(node, Self.repeatLimit) {
            throw cursor.error("invalid repeat count", from: start, to: cursor.index)
        }
        nodes.append(node)
    }

    /// Nil when no repetition starts here; anything but `{n}`, `{n,}` and `{n,m}` is literal text.
    private mutating func readRepetition() throws(RegularExpressionError) -> Bounds? {
        if cursor.take("*") { return Bounds(low: 0, high: nil) }
        if cursor.take("+") { return Bounds(low: 1, high: nil) }
        if cursor.take("?") { return Bounds(low: 0, high: 1) }
        guard cursor.isAt("{") else { return nil }
        let start = cursor.index
        cursor.skip()
        var bounds: Bounds?
        if let low = readCount() {
            if !cursor.take(",") {
                bounds = Bounds(low: low, high: low, isCounted: true)
            } else if cursor.isAt("}") {
                bounds = Bounds(low: low, high: nil, isCounted: true)
            } else if let high = readCount() {
                bounds = Bounds(low: low, high: high, isCounted: true)
            }
        }
        guard let bounds, cursor.take("}") else {
            cursor.rewind(to: start)
            return nil
        }
        let isOrdered = bounds.high.map { bounds.low <= $0 } ?? true
        guard bounds.low <= Self.repeatLimit, (bounds.high ?? 0) <= Self.repeatLimit, isOrdered else {
            throw cursor.error("invalid repeat count", from: start, to: cursor.index)
        }
        return bounds
    }

    /// A number without leading zeros.
    private mutating func readCount() -> Int? {
        if cursor.isAt("0"), let next = cursor.peek(1), ("0"..."9").contains(next) { return nil }
        return cursor.number()
    }

    /// Whether repetitions within repetitions make no more than `limit` copies.
    private static func isModest(_ node: Node, _ limit: Int) -> Bool {
        switch node {
        case .repetition(let inner, let low, let high, _):
            let count = high ?? low
            if high == 0 { return true }
            if count > limit { return false }
            return isModest(inner, count > 0 ? limit / count : limit)
        case .group(let inner, _), .look(let inner, _, _): return isModest(inner, limit)
        case .sequence(let nodes), .alternatives(let nodes): return nodes.allSatisfy { isModest($0, limit) }
        case .empty, .set, .assertion, .backReference: return true
        }
    }

    // MARK: Atoms

    /// Nil for a group that only sets flags.
    private mutating func parseAtom() throws(RegularExpressionError) -> Node? {
        switch cursor.peek() {
        case "(": return try parseGroup()
        case "[": return .set(try parseClass())
        case "\\": return try parseEscape()
        case ".":
            cursor.skip()
            return .set(flags.dotMatchesNewline ? .all : ScalarSet(10, 10).complement)
        case "^":
            cursor.skip()
            return .assertion(flags.isMultiline ? .lineStart : .textStart)
        case "$":
            cursor.skip()
            return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
        default: return cursor.next().map(literal)
        }
    }

    private mutating func parseGroup() throws(RegularExpressionError) -> Node? {
        let outer = flags
        var capture: Int?
        if cursor.peek(1) != "?" {
            cursor.skip()
            capture = groupNames.count
            groupNames.append(nil)
        } else if isNamedGroup {
            capture = try readGroupName()
        } else if try readFlags() {
            // Flags alone hold until the end of the group around.
            return nil
        }
        let inner = try parseAlternatives()
        guard cursor.take(")") else { throw wholePatternError("missing closing )") }
        flags = outer
        if let capture { return .group(inner, capture: capture) }
        return inner
    }

    private var isNamedGroup: Bool {
        // Something has to follow the bracket, else it is an unknown flag.
        (cursor.starts(with: "(?P<") && cursor.peek(4) != nil) || (cursor.starts(with: "(?<") && cursor.peek(3) != nil)
    }

    private mutating func readGroupName() throws(RegularExpressionError) -> Int {
        let start = cursor.index
        cursor.skip(cursor.peek(2) == "P" ? 4 : 3)
        let nameStart = cursor.index
        guard let length = cursor.distance(to: ">") else { throw cursor.error("invalid named capture", from: start) }
        cursor.skip(length + 1)
        let name = cursor.text(from: nameStart, to: nameStart + length)
        guard !name.isEmpty, name.unicodeScalars.allSatisfy({ $0 == "_" || $0.isASCIILetterOrDigit }) else {
            throw cursor.error("invalid named capture", from: start, to: cursor.index)
        }
        groupNames.append(name)
        return groupNames.count - 1
    }

    /// Reads `(?i-m)` or `(?i-m:`; whether it was the first, which has no body.
    private mutating func readFlags() throws(RegularExpressionError) -> Bool {
        let start = cursor.index
        var changed = flags
        var isOn = true
        var sawFlag = false
        cursor.skip(2)
        loop: while let next = cursor.next() {
            switch next {
            case "i": changed.foldsCase = isOn
            case "m": changed.isMultiline = isOn
            case "s": changed.dotMatchesNewline = isOn
            case "U": changed.isUngreedy = isOn
            case "-" where isOn:
                isOn = false
                sawFlag = false
                continue
            case ":", ")":
                guard isOn || sawFlag else { break loop }
                flags = changed
                return next == ")"
            default: break loop
            }
            sawFlag = true
        }
        throw cursor.error("invalid or unsupported Perl syntax", from: start, to: cursor.index)
    }
}
