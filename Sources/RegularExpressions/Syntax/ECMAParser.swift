/// Reads the syntax of ECMA-262 with Unicode matching; what Annex B adds for old pages too, unless it is strict.
///
/// Where both readings are possible the one of Unicode matching holds: `\u{61}` is an `a`, `\p{L}` a letter.
struct ECMAParser {
    /// What `(?ims-ims:…)` changes.
    struct Flags {
        var foldsCase = false
        var isMultiline = false
        var dotMatchesNewline = false
    }

    var cursor: PatternCursor
    var flags = Flags()
    var sets: SetBudget
    let isStrict: Bool
    /// All groups of the pattern: references may come before their group.
    let groupNames: [String?]
    private let depthLimit: Int
    private var depth = 0
    private var groupCount = 1
    /// Names that are taken where the cursor is. A name may stand in several alternatives.
    private var takenNames: Set<String> = []

    init(_ pattern: String, _ limits: RegularExpressionLimits, isStrict: Bool) {
        cursor = PatternCursor(pattern)
        sets = SetBudget(limits)
        self.isStrict = isStrict
        depthLimit = limits.depth
        groupNames = Self.findGroups(cursor)
    }

    static func parse(
        _ pattern: String,
        _ limits: RegularExpressionLimits,
        isStrict: Bool
    ) throws(RegularExpressionError) -> ParsedPattern {
        var parser = ECMAParser(pattern, limits, isStrict: isStrict)
        let root = try parser.parseAlternatives()
        guard parser.cursor.isAtEnd else {
            throw parser.cursor.error("unmatched )", from: parser.cursor.index, to: parser.cursor.index + 1)
        }
        return ParsedPattern(root: root, groupNames: parser.groupNames)
    }

    var hasNamedGroups: Bool { groupNames.contains { $0 != nil } }

    // MARK: Structure

    private mutating func parseAlternatives() throws(RegularExpressionError) -> Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= depthLimit else { throw cursor.error("expression nests too deeply", from: 0) }
        let namesBefore = takenNames
        var namesAfter = takenNames
        var branches: [Node] = []
        repeat {
            takenNames = namesBefore
            branches.append(try parseSequence())
            namesAfter.formUnion(takenNames)
        } while cursor.take("|")
        takenNames = namesAfter
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func parseSequence() throws(RegularExpressionError) -> Node {
        var nodes: [Node] = []
        while let next = cursor.peek(), next != "|", next != ")" {
            let start = cursor.index
            let term = try parseTerm()
            guard let bounds = try readQuantifier() else {
                nodes.append(term.node)
                continue
            }
            guard term.isRepeatable else { throw cursor.error("nothing to repeat", from: start, to: cursor.index) }
            nodes.append(.repetition(term.node, low: bounds.low, high: bounds.high, isLazy: cursor.take("?")))
        }
        return nodes.isEmpty ? .empty : nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private struct Term {
        var node: Node
        var isRepeatable = true
    }

    private mutating func parseTerm() throws(RegularExpressionError) -> Term {
        let start = cursor.index
        switch cursor.peek() {
        case "^":
            cursor.skip()
            return Term(node: .assertion(flags.isMultiline ? .lineStart : .textStart), isRepeatable: false)
        case "$":
            cursor.skip()
            return Term(node: .assertion(flags.isMultiline ? .lineEnd : .textEnd), isRepeatable: false)
        case "(": return try parseGroup()
        case "[": return Term(node: .set(try parseClass()))
        case "\\": return try parseEscape()
        case ".":
            cursor.skip()
            return Term(node: .set(flags.dotMatchesNewline ? .all : ECMAClasses.notLineEnd))
        case "*", "+", "?":
            throw cursor.error("nothing to repeat", from: start, to: start + 1)
        case "{":
            if isStrict { throw cursor.error("nothing to repeat", from: start, to: start + 1) }
            if try readQuantifier() != nil { throw cursor.error("nothing to repeat", from: start, to: cursor.index) }
        case "}" where isStrict, "]" where isStrict:
            throw cursor.error("lone quantifier bracket", from: start, to: start + 1)
        default: break
        }
        return Term(node: cursor.next().map { literal($0.value) } ?? .empty)
    }

    func literal(_ value: UInt32) -> Node {
        let set = ScalarSet(value, value)
        return .set(flags.foldsCase ? CaseOrbits.closure(set) : set)
    }

    /// Nil when no quantifier is here; then an opening brace is literal text, if that is allowed.
    private mutating func readQuantifier() throws(RegularExpressionError) -> (low: Int, high: Int?)? {
        if cursor.take("*") { return (0, nil) }
        if cursor.take("+") { return (1, nil) }
        if cursor.take("?") { return (0, 1) }
        guard cursor.isAt("{") else { return nil }
        let start = cursor.index
        cursor.skip()
        if let low = cursor.number() {
            var high: Int? = low
            if cursor.take(",") { high = cursor.number() }
            if cursor.take("}") {
                if let high, high < low {
                    throw cursor.error("numbers out of order in quantifier", from: start, to: cursor.index)
                }
                return (low, high)
            }
        }
        if isStrict { throw cursor.error("incomplete quantifier", from: start, to: cursor.index) }
        cursor.rewind(to: start)
        return nil
    }

    // MARK: Groups

    private mutating func parseGroup() throws(RegularExpressionError) -> Term {
        let start = cursor.index
        let outer = flags
        var term: Term
        if cursor.starts(with: "(?=") || cursor.starts(with: "(?!") {
            term = try parseLook(isBehind: false)
        } else if cursor.starts(with: "(?<=") || cursor.starts(with: "(?<!") {
            term = try parseLook(isBehind: true)
        } else if cursor.starts(with: "(?<") || cursor.peek(1) != "?" {
            if cursor.peek(1) == "?" { try checkName(from: start) } else { cursor.skip() }
            let capture = groupCount
            groupCount += 1
            term = Term(node: .group(try parseAlternatives(), capture: capture))
        } else {
            cursor.skip(2)
            if !cursor.take(":") { try readFlags(from: start) }
            term = Term(node: try parseAlternatives())
        }
        guard cursor.take(")") else { throw cursor.error("unterminated group", from: start) }
        flags = outer
        return term
    }

    private mutating func parseLook(isBehind: Bool) throws(RegularExpressionError) -> Term {
        cursor.skip(isBehind ? 3 : 2)
        let isNegated = cursor.next() == "!"
        let inner = try parseAlternatives()
        let node = Node.look(inner, isBehind: isBehind, isNegated: isNegated)
        return Term(node: node, isRepeatable: !isStrict && !isBehind)
    }

    private mutating func checkName(from start: Int) throws(RegularExpressionError) {
        cursor.skip(3)
        guard let name = Self.readName(&cursor) else {
            throw cursor.error("invalid capture group name", from: start, to: cursor.index)
        }
        guard takenNames.insert(name).inserted else {
            throw cursor.error("duplicate capture group name", from: start, to: cursor.index)
        }
    }

    /// `ims-ims:` with each letter once at most.
    private mutating func readFlags(from start: Int) throws(RegularExpressionError) {
        var isOn = true
        var seen: Set<Unicode.Scalar> = []
        while let next = cursor.next() {
            switch next {
            case "i" where seen.insert(next).inserted: flags.foldsCase = isOn
            case "m" where seen.insert(next).inserted: flags.isMultiline = isOn
            case "s" where seen.insert(next).inserted: flags.dotMatchesNewline = isOn
            case "-" where isOn: isOn = false
            case ":" where !seen.isEmpty: return
            default: throw cursor.error("invalid group", from: start, to: cursor.index)
            }
        }
        throw cursor.error("invalid group", from: start)
    }

    /// A name behind `(?<` or `\k<`, and the bracket that ends it; nil when it is none.
    static func readName(_ cursor: inout PatternCursor) -> String? {
        var name = String.UnicodeScalarView()
        while let next = cursor.next() {
            if next == ">" { return name.isEmpty ? nil : String(name) }
            var scalar = next
            if next == "\\" {
                guard cursor.take("u"), let value = ECMAClasses.readUnicodeEscape(&cursor),
                    let escaped = Unicode.Scalar(value)
                else { return nil }
                scalar = escaped
            }
            let isAllowed =
                name.isEmpty
                ? scalar.properties.isIDStart
                : scalar.properties.isIDContinue || scalar.value == 0x200C
                    || scalar.value == 0x200D
            guard isAllowed || scalar == "$" || scalar == "_" else { return nil }
            name.append(scalar)
        }
        return nil
    }

    /// The names of all groups by number; the first stands for the whole match.
    private static func findGroups(_ start: PatternCursor) -> [String?] {
        var cursor = start
        var names: [String?] = [nil]
        var isInClass = false
        while let next = cursor.next() {
            switch next {
            case "\\": cursor.skip()
            case "[": isInClass = true
            case "]": isInClass = false
            case "(" where !isInClass:
                if !cursor.isAt("?") {
                    names.append(nil)
                } else if cursor.peek(1) == "<", cursor.peek(2) != "=", cursor.peek(2) != "!" {
                    cursor.skip(2)
                    names.append(readName(&cursor) ?? "")
                }
            default: break
            }
        }
        return names
    }

    // MARK: Escapes outside classes

    private mutating func parseEscape() throws(RegularExpressionError) -> Term {
        let start = cursor.index
        switch cursor.peek(1) {
        case "b":
            cursor.skip(2)
            return Term(node: .assertion(.wordBoundary), isRepeatable: false)
        case "B":
            cursor.skip(2)
            return Term(node: .assertion(.noWordBoundary), isRepeatable: false)
        case "k":
            if let node = try readNamedReference() { return Term(node: node) }
        case let digit? where ("1"..."9").contains(digit):
            if let node = try readReference() { return Term(node: node) }
        default: break
        }
        if let set = try readClassEscape() { return Term(node: .set(try admitted(set, from: start))) }
        return Term(node: literal(try readCharacterEscape(isInClass: false)))
    }

    private mutating func readNamedReference() throws(RegularExpressionError) -> Node? {
        guard isStrict || hasNamedGroups else { return nil }
        let start = cursor.index
        cursor.skip(2)
        guard cursor.take("<"), let name = Self.readName(&cursor) else {
            throw cursor.error("invalid named reference", from: start, to: cursor.index)
        }
        let groups = groupNames.indices.filter { groupNames[$0] == name }
        guard !groups.isEmpty else {
            throw cursor.error("reference to a group that does not exist", from: start, to: cursor.index)
        }
        return .backReference(groups, foldsCase: flags.foldsCase)
    }

    /// Nil when it is an octal escape of old.
    private mutating func readReference() throws(RegularExpressionError) -> Node? {
        let start = cursor.index
        cursor.skip()
        if let number = cursor.number(), number < groupNames.count {
            return .backReference([number], foldsCase: flags.foldsCase)
        }
        if isStrict {
            throw cursor.error("reference to a group that does not exist", from: start, to: cursor.index)
        }
        cursor.rewind(to: start)
        return nil
    }

    mutating func admitted(_ set: ScalarSet, from start: Int) throws(RegularExpressionError) -> ScalarSet {
        guard sets.admits(set) else { throw cursor.error("expression too large", from: start, to: cursor.index) }
        return set
    }
}
