extension RE2Parser {
    // MARK: Escapes

    mutating func parseEscape() throws(RegularExpressionError) -> Node {
        let start = cursor.index
        switch cursor.peek(1) {
        case "A": return assertion(.textStart)
        case "z": return assertion(.textEnd)
        case "b": return assertion(.wordBoundary)
        case "B": return assertion(.noWordBoundary)
        case "C": throw cursor.error("invalid escape sequence", from: start, to: start + 2)
        default: break
        }
        if let set = try readClassEscape() { return .set(try admitted(set)) }
        return literal(try readCharacterEscape())
    }

    private mutating func assertion(_ assertion: Assertion) -> Node {
        cursor.skip(2)
        return .assertion(assertion)
    }

    private mutating func admitted(_ set: ScalarSet) throws(RegularExpressionError) -> ScalarSet {
        guard sets.admits(set) else { throw cursor.error("expression too large", from: 0) }
        return set
    }

    /// `\d`, `\pL`, `\p{Greek}` and their like; nil for other escapes.
    private mutating func readClassEscape() throws(RegularExpressionError) -> ScalarSet? {
        guard cursor.isAt("\\"), let letter = cursor.peek(1) else { return nil }
        if letter == "p" || letter == "P" { return try readProperty() }
        guard let set = PerlClasses.set(letter) else { return nil }
        cursor.skip(2)
        return folded(set, isNegated: ("A"..."Z").contains(letter))
    }

    /// Negation comes after folding: what equals a member is excluded too.
    private func folded(_ set: ScalarSet, isNegated: Bool) -> ScalarSet {
        let set = flags.foldsCase ? CaseOrbits.closure(set) : set
        return isNegated ? set.complement : set
    }

    private mutating func readProperty() throws(RegularExpressionError) -> ScalarSet {
        let start = cursor.index
        var isNegated = cursor.peek(1) == "P"
        cursor.skip(2)
        guard let letter = cursor.next() else {
            throw cursor.error("invalid character class range", from: start)
        }
        var name = String(letter)
        if letter == "{" {
            guard let length = cursor.distance(to: "}") else {
                throw cursor.error("invalid character class range", from: start)
            }
            name = cursor.text(from: cursor.index, to: cursor.index + length)
            cursor.skip(length + 1)
        }
        if name.unicodeScalars.first == "^" {
            isNegated.toggle()
            name.unicodeScalars.removeFirst()
        }
        let foldsCase = flags.foldsCase
        let key = (isNegated ? "^" : "") + (foldsCase ? "i:" : ":") + name
        let set = sets.named(key) {
            guard let set = Self.property(name) else { return nil }
            let folded = foldsCase ? CaseOrbits.closure(set) : set
            return isNegated ? folded.complement : folded
        }
        guard let set else { throw cursor.error("invalid character class range", from: start, to: cursor.index) }
        return set
    }

    private static func property(_ name: String) -> ScalarSet? {
        switch name.lowercased() {
        case "any": return .all
        case "ascii": return ScalarSet(0, 0x7F)
        case "assigned": return UnicodeSets.category(short: "Cn").complement
        default: break
        }
        if let category = UnicodeSets.categoryName(loose: name) { return UnicodeSets.category(short: category) }
        return UnicodeSets.script(loose: name).map(UnicodeSets.script)
    }

    private mutating func readCharacterEscape() throws(RegularExpressionError) -> UInt32 {
        let start = cursor.index
        cursor.skip()
        guard let letter = cursor.next() else {
            throw cursor.error("trailing backslash at end of expression", from: cursor.count)
        }
        switch letter {
        case "a": return 7
        case "f": return 12
        case "n": return 10
        case "r": return 13
        case "t": return 9
        case "v": return 11
        case "x": if let value = readHexadecimal() { return value }
        case "0"..."7":
            // A single digit but zero would be a back-reference.
            guard letter == "0" || cursor.peek()?.isOctalDigit == true else { break }
            var value = letter.value - 0x30
            for _ in 0..<2 {
                guard let digit = cursor.peek(), digit.isOctalDigit else { break }
                value = value * 8 + digit.value - 0x30
                cursor.skip()
            }
            return value
        default: if letter.isASCII, !letter.isASCIILetterOrDigit { return letter.value }
        }
        throw cursor.error("invalid escape sequence", from: start, to: cursor.index)
    }

    /// The digits behind `\x`; nil, with the cursor behind what was read, when they are wrong.
    private mutating func readHexadecimal() -> UInt32? {
        guard let first = cursor.next() else { return nil }
        guard first == "{" else {
            // The second is read even when the first is no digit: errors show both.
            guard let second = cursor.next(), let high = first.hexadecimalDigit, let low = second.hexadecimalDigit
            else { return nil }
            return high * 16 + low
        }
        var value: UInt32 = 0
        var hasDigits = false
        while let next = cursor.next() {
            if next == "}" { return hasDigits ? value : nil }
            guard let digit = next.hexadecimalDigit else { return nil }
            value = value * 16 + digit
            guard value <= ScalarSet.lastScalar else { return nil }
            hasDigits = true
        }
        return nil
    }

    // MARK: Bracketed classes

    mutating func parseClass() throws(RegularExpressionError) -> ScalarSet {
        let start = cursor.index
        cursor.skip()
        let isNegated = cursor.take("^")
        var spans: [ScalarSet.Span] = []
        var isFirst = true
        while isFirst || !cursor.isAt("]") {
            isFirst = false
            if let named = try readNamedClass() {
                spans += try admitted(named).spans
            } else if let escaped = try readClassEscape() {
                spans += try admitted(escaped).spans
            } else {
                spans += try admitted(try readRange(of: start)).spans
            }
        }
        cursor.skip()
        let set = ScalarSet(spans)
        return try admitted(isNegated ? set.complement : set)
    }

    private mutating func readRange(of classStart: Int) throws(RegularExpressionError) -> ScalarSet {
        let start = cursor.index
        let low = try readClassCharacter(of: classStart)
        var high = low
        if cursor.isAt("-"), let next = cursor.peek(1), next != "]" {
            cursor.skip()
            high = try readClassCharacter(of: classStart)
        }
        guard low <= high else { throw cursor.error("invalid character class range", from: start, to: cursor.index) }
        let set = ScalarSet(low, high)
        return flags.foldsCase ? CaseOrbits.closure(set) : set
    }

    private mutating func readClassCharacter(of classStart: Int) throws(RegularExpressionError) -> UInt32 {
        if cursor.isAt("\\") { return try readCharacterEscape() }
        guard let next = cursor.next() else { throw cursor.error("missing closing ]", from: classStart) }
        return next.value
    }

    /// `[:alpha:]` and its like; nil when nothing of that form is here.
    private mutating func readNamedClass() throws(RegularExpressionError) -> ScalarSet? {
        guard !lacksNamedClasses, cursor.starts(with: "[:"), cursor.peek(2) != nil else { return nil }
        let start = cursor.index
        cursor.skip(2)
        while let length = cursor.distance(to: ":") {
            cursor.skip(length + 1)
            guard cursor.take("]") else { continue }
            var name = cursor.text(from: start + 2, to: cursor.index - 2)
            let isNegated = name.unicodeScalars.first == "^"
            if isNegated { name.unicodeScalars.removeFirst() }
            guard let set = PerlClasses.named(name) else {
                throw cursor.error("invalid character class range", from: start, to: cursor.index)
            }
            return folded(set, isNegated: isNegated)
        }
        // Nothing further on has such an end either.
        lacksNamedClasses = true
        cursor.rewind(to: start)
        return nil
    }
}
