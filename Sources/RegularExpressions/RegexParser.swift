/// Reads the syntax of RE2: no back-references, no look-around.
struct RegexParser {
    struct Problem: Error { var message: String }

    struct Flags {
        var foldsCase = false
        var isMultiline = false
        var dotMatchesNewline = false
        var isUngreedy = false
    }

    private static let repeatLimit = 1000
    private static let depthLimit = 200

    private let text: [UInt32]
    private var index = 0
    private var flags = Flags()
    private var depth = 0
    private(set) var groupNames: [String?] = [nil]

    init(_ pattern: String) { text = pattern.unicodeScalars.map(\.value) }

    mutating func parse() throws(Problem) -> RegexNode {
        let node = try parseAlternatives()
        guard index == text.count else { throw Problem(message: "unexpected )") }
        return node
    }

    private var peek: UInt32? { index < text.count ? text[index] : nil }

    private func at(_ offset: Int) -> UInt32? { index + offset < text.count ? text[index + offset] : nil }

    private static func code(_ scalar: Unicode.Scalar) -> UInt32 { scalar.value }

    private func isAt(_ scalar: Unicode.Scalar) -> Bool { peek == scalar.value }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard isAt(scalar) else { return false }
        index += 1
        return true
    }

    private func starts(with word: String) -> Bool { text[index...].starts(with: word.unicodeScalars.map(\.value)) }

    private mutating func parseAlternatives() throws(Problem) -> RegexNode {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.depthLimit else { throw Problem(message: "expression nests too deeply") }
        var branches: [RegexNode] = [try parseSequence()]
        while take("|") { branches.append(try parseSequence()) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func parseSequence() throws(Problem) -> RegexNode {
        var nodes: [RegexNode] = []
        while let next = peek, next != Self.code("|"), next != Self.code(")") {
            if starts(with: "\\Q") {
                try parseQuoted(into: &nodes)
                continue
            }
            guard let atom = try parseAtom() else { continue }
            nodes.append(try parseRepetition(of: atom))
        }
        return nodes.isEmpty ? .empty : nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private mutating func parseQuoted(into nodes: inout [RegexNode]) throws(Problem) {
        index += 2
        while let next = peek {
            if starts(with: "\\E") {
                index += 2
                break
            }
            index += 1
            nodes.append(.literal(next, foldsCase: flags.foldsCase))
        }
        if let last = nodes.popLast() { nodes.append(try parseRepetition(of: last)) }
    }

    // MARK: Repetition

    private mutating func parseRepetition(of atom: RegexNode) throws(Problem) -> RegexNode {
        guard let (low, high) = try readRepetition() else { return atom }
        let isLazy = take("?") != flags.isUngreedy
        let before = index
        if try readRepetition() != nil {
            throw Problem(message: "invalid nested repetition operator")
        }
        index = before
        return .repetition(atom, low: low, high: high, isLazy: isLazy)
    }

    private mutating func readRepetition() throws(Problem) -> (Int, Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard isAt("{") else { return nil }
        let start = index
        index += 1
        let low = readNumber()
        var high = low
        var hasComma = false
        if take(",") {
            hasComma = true
            high = readNumber()
        }
        // Anything but {n}, {n,} and {n,m} is literal text.
        guard let low, take("}") else {
            index = start
            return nil
        }
        if low > Self.repeatLimit || (high ?? 0) > Self.repeatLimit || (high.map { $0 < low } ?? false) {
            throw Problem(message: "invalid repeat count")
        }
        return (low, hasComma && high == nil ? nil : high)
    }

    private mutating func readNumber() -> Int? {
        var value: Int?
        while let next = peek, next &- 0x30 <= 9 {
            value = min((value ?? 0) * 10 + Int(next - 0x30), 1_000_000)
            index += 1
        }
        return value
    }

    // MARK: Atoms

    /// Nil for a group that only sets flags.
    private mutating func parseAtom() throws(Problem) -> RegexNode? {
        let next = text[index]
        switch Unicode.Scalar(next) {
        case "(": return try parseGroup()
        case "[": return .set(try parseClass(), foldsCase: flags.foldsCase)
        case "\\": return try parseEscape()
        case ".":
            index += 1
            return flags.dotMatchesNewline ? .anyCharacter : .anyButNewline
        case "^":
            index += 1
            return .assertion(flags.isMultiline ? .lineStart : .textStart)
        case "$":
            index += 1
            return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
        case "*", "+", "?": throw Problem(message: "missing argument to repetition operator")
        case "{":
            let start = index
            if try readRepetition() != nil { throw Problem(message: "missing argument to repetition operator") }
            index = start + 1
            return .literal(next, foldsCase: flags.foldsCase)
        default:
            index += 1
            return .literal(next, foldsCase: flags.foldsCase)
        }
    }

    private mutating func parseGroup() throws(Problem) -> RegexNode? {
        index += 1
        let outer = flags
        var capture: Int?
        if isAt("?") {
            if starts(with: "?P<") || starts(with: "?<") {
                index += starts(with: "?P<") ? 3 : 2
                capture = try readGroupName()
            } else {
                index += 1
                // Flags alone hold until the end of the group around.
                if try parseFlags() { return nil }
            }
        } else {
            capture = groupNames.count
            groupNames.append(nil)
        }
        let inner = try parseAlternatives()
        guard take(")") else { throw Problem(message: "missing closing )") }
        flags = outer
        return .group(inner, capture: capture)
    }

    private mutating func readGroupName() throws(Problem) -> Int {
        var name = String.UnicodeScalarView()
        while let next = peek, next != Self.code(">"), let scalar = Unicode.Scalar(next) {
            name.append(scalar)
            index += 1
        }
        let isWord = name.allSatisfy {
            $0 == "_" || ($0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil))
        }
        guard take(">"), !name.isEmpty, isWord, !groupNames.contains(String(name)) else {
            throw Problem(message: "invalid named capture")
        }
        groupNames.append(String(name))
        return groupNames.count - 1
    }

    /// Reads `i-m)` or `i-m:`; whether it was the first, which has no body.
    private mutating func parseFlags() throws(Problem) -> Bool {
        var isOn = true
        var sawFlag = false
        while let next = peek {
            index += 1
            switch Unicode.Scalar(next) {
            case "i": flags.foldsCase = isOn
            case "m": flags.isMultiline = isOn
            case "s": flags.dotMatchesNewline = isOn
            case "U": flags.isUngreedy = isOn
            case "-" where isOn:
                isOn = false
                sawFlag = false
                continue
            case ":" where isOn || sawFlag: return false
            case ")" where sawFlag: return true
            default: throw Problem(message: "invalid or unsupported Perl syntax")
            }
            sawFlag = true
        }
        throw Problem(message: "missing closing )")
    }

    // MARK: Escapes

    private mutating func parseEscape() throws(Problem) -> RegexNode {
        if let set = try readClassEscape() { return .set(set, foldsCase: flags.foldsCase) }
        switch at(1).flatMap({ Unicode.Scalar($0) }) {
        case "A": return assertion(.textStart)
        case "z": return assertion(.textEnd)
        case "b": return assertion(.wordBoundary)
        case "B": return assertion(.noWordBoundary)
        default: return .literal(try readCharacterEscape(), foldsCase: flags.foldsCase)
        }
    }

    private mutating func assertion(_ assertion: RegexAssertion) -> RegexNode {
        index += 2
        return .assertion(assertion)
    }

    /// `\d`, `\pL`, `\p{Greek}` and their like; nil for other escapes.
    private mutating func readClassEscape() throws(Problem) -> ScalarSet? {
        guard let next = at(1).flatMap({ Unicode.Scalar($0) }) else { return nil }
        if let ranges = Self.perlClasses[Unicode.Scalar(next.value | 0x20) ?? next],
            "dDsSwW".unicodeScalars.contains(next)
        {
            index += 2
            return .ranges(ranges, isNegated: next.value & 0x20 == 0)
        }
        guard next == "p" || next == "P" else { return nil }
        index += 2
        var isNegated = next == "P"
        var name = String.UnicodeScalarView()
        if take("{") {
            while let letter = peek.flatMap({ Unicode.Scalar($0) }), letter != "}" {
                name.append(letter)
                index += 1
            }
            guard take("}") else { throw Problem(message: "invalid character class range") }
        } else if let letter = peek.flatMap({ Unicode.Scalar($0) }) {
            name.append(letter)
            index += 1
        }
        if name.first == "^" {
            isNegated.toggle()
            name.removeFirst()
        }
        guard let category = RegexCategory(String(name)) else {
            throw Problem(message: "invalid character class range")
        }
        return ScalarSet(items: [.category(category, isNegated: isNegated)])
    }

    private static let perlClasses: [Unicode.Scalar: [(UInt32, UInt32)]] = [
        "d": [(0x30, 0x39)],
        "s": [(0x09, 0x0A), (0x0C, 0x0D), (0x20, 0x20)],
        "w": [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)],
    ]

    private mutating func readCharacterEscape() throws(Problem) -> UInt32 {
        guard let next = at(1) else { throw Problem(message: "trailing backslash at end of expression") }
        index += 2
        switch Unicode.Scalar(next) {
        case "a": return 7
        case "f": return 12
        case "n": return 10
        case "r": return 13
        case "t": return 9
        case "v": return 11
        case "x": return try readHexEscape()
        case "0", "1", "2", "3", "4", "5", "6", "7":
            // A single digit but zero would be a back-reference.
            let isOctal = next == 0x30 || (peek.map { (0x30...0x37).contains($0) } ?? false)
            guard isOctal else { throw Problem(message: "invalid escape sequence") }
            var value = next - 0x30
            for _ in 0..<2 {
                guard let digit = peek, (0x30...0x37).contains(digit) else { break }
                value = value * 8 + digit - 0x30
                index += 1
            }
            return value
        default:
            guard let scalar = Unicode.Scalar(next), (0x20...0x7E).contains(next),
                !(scalar.properties.isAlphabetic || (0x30...0x39).contains(next))
            else { throw Problem(message: "invalid escape sequence") }
            return next
        }
    }

    private mutating func readHexEscape() throws(Problem) -> UInt32 {
        var digits = ""
        if take("{") {
            while let next = peek.flatMap({ Unicode.Scalar($0) }), next != "}" {
                digits.unicodeScalars.append(next)
                index += 1
            }
            guard take("}") else { throw Problem(message: "invalid escape sequence") }
        } else {
            for _ in 0..<2 {
                guard let next = peek.flatMap({ Unicode.Scalar($0) }) else { break }
                digits.unicodeScalars.append(next)
                index += 1
            }
            guard digits.utf8.count == 2 else { throw Problem(message: "invalid escape sequence") }
        }
        guard let value = UInt32(digits, radix: 16), value <= 0x10FFFF, !digits.hasPrefix("+") else {
            throw Problem(message: "invalid escape sequence")
        }
        return value
    }

    // MARK: Classes

    private mutating func parseClass() throws(Problem) -> ScalarSet {
        index += 1
        var set = ScalarSet()
        set.isNegated = take("^")
        var isFirst = true
        while let next = peek, isFirst || next != Self.code("]") {
            if starts(with: "[:"), let named = try readNamedClass() {
                set.items.append(.set(named))
            } else if isAt("\\"), let escaped = try readClassEscape() {
                set.items.append(.set(escaped))
            } else {
                try parseRange(into: &set, isFirst: isFirst)
            }
            isFirst = false
        }
        guard take("]") else { throw Problem(message: "missing closing ]") }
        return set
    }

    private mutating func parseRange(into set: inout ScalarSet, isFirst: Bool) throws(Problem) {
        // A hyphen stands for itself at the ends of a class only.
        if isAt("-"), !isFirst, at(1) != Self.code("]") { throw Problem(message: "invalid character class range") }
        let low = try readClassCharacter()
        var high = low
        if isAt("-"), let next = at(1), next != Self.code("]") {
            index += 1
            high = try readClassCharacter()
        }
        guard low <= high else { throw Problem(message: "invalid character class range") }
        set.items.append(.range(low, high))
    }

    private mutating func readClassCharacter() throws(Problem) -> UInt32 {
        guard let next = peek else { throw Problem(message: "missing closing ]") }
        if next == Self.code("\\") { return try readCharacterEscape() }
        index += 1
        return next
    }

    /// `[:alpha:]` and its like; nil when it is no such name.
    private mutating func readNamedClass() throws(Problem) -> ScalarSet? {
        let rest = text[(index + 2)...]
        guard
            let end = rest.indices.first(where: {
                rest[$0] == Self.code(":") && $0 + 1 < text.count && text[$0 + 1] == Self.code("]")
            })
        else { return nil }
        var name = String(String.UnicodeScalarView(rest[..<end].compactMap { Unicode.Scalar($0) }))
        let isNegated = name.hasPrefix("^")
        if isNegated { name.removeFirst() }
        guard let ranges = Self.namedClasses[name] else { throw Problem(message: "invalid character class range") }
        index = end + 2
        return .ranges(ranges, isNegated: isNegated)
    }

    private static let namedClasses: [String: [(UInt32, UInt32)]] = [
        "alnum": [(0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)], "alpha": [(0x41, 0x5A), (0x61, 0x7A)],
        "ascii": [(0, 0x7F)], "blank": [(0x09, 0x09), (0x20, 0x20)], "cntrl": [(0, 0x1F), (0x7F, 0x7F)],
        "digit": [(0x30, 0x39)], "graph": [(0x21, 0x7E)], "lower": [(0x61, 0x7A)], "print": [(0x20, 0x7E)],
        "punct": [(0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)], "space": [(0x09, 0x0D), (0x20, 0x20)],
        "upper": [(0x41, 0x5A)], "word": [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)],
        "xdigit": [(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)],
    ]
}
