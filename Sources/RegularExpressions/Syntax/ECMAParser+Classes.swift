extension ECMAParser {
    // MARK: Escapes

    /// `\d`, `\s`, `\w`, `\p{…}` and their capitals; nil for other escapes.
    mutating func readClassEscape() throws(RegularExpressionError) -> ScalarSet? {
        guard cursor.isAt("\\"), let letter = cursor.peek(1) else { return nil }
        if letter == "p" || letter == "P" { return try readProperty() }
        guard let set = ECMAClasses.set(letter) else { return nil }
        cursor.skip(2)
        let folded = flags.foldsCase ? CaseOrbits.closure(set) : set
        return ("A"..."Z").contains(letter) ? folded.complement : folded
    }

    /// Nil when it is a plain `p`, as old pages may have it.
    private mutating func readProperty() throws(RegularExpressionError) -> ScalarSet? {
        let start = cursor.index
        let isNegated = cursor.peek(1) == "P"
        cursor.skip(2)
        guard cursor.take("{"), let length = cursor.distance(to: "}") else {
            if isStrict { throw cursor.error("invalid property name", from: start, to: cursor.index) }
            cursor.rewind(to: start)
            return nil
        }
        let name = cursor.text(from: cursor.index, to: cursor.index + length)
        cursor.skip(length + 1)
        let foldsCase = flags.foldsCase
        let key = (isNegated ? "^" : "") + (foldsCase ? "i:" : ":") + name
        let set = sets.named(key) {
            guard let set = ECMAClasses.property(name) else { return nil }
            let folded = foldsCase ? CaseOrbits.closure(set) : set
            return isNegated ? folded.complement : folded
        }
        guard let set else { throw cursor.error("invalid property name", from: start, to: cursor.index) }
        return set
    }

    mutating func readCharacterEscape(isInClass: Bool) throws(RegularExpressionError) -> UInt32 {
        let start = cursor.index
        cursor.skip()
        guard let letter = cursor.next() else { throw cursor.error("\\ at end of pattern", from: start) }
        switch letter {
        case "f": return 12
        case "n": return 10
        case "r": return 13
        case "t": return 9
        case "v": return 11
        case "b" where isInClass: return 8
        case "-" where isInClass: return letter.value
        case "c": if let value = readControl(isInClass) { return value }
        case "x": if let value = ECMAClasses.readHexadecimal(&cursor, digits: 2) { return value }
        case "u": if let value = ECMAClasses.readUnicodeEscape(&cursor) { return value }
        case "0"..."9": if let value = readOctal(letter) { return value }
        case "^", "$", "\\", ".", "*", "+", "?", "(", ")", "[", "]", "{", "}", "|", "/": return letter.value
        default: break
        }
        // With named groups `\k` can only be a reference.
        if isStrict || (letter == "k" && hasNamedGroups) {
            throw cursor.error("invalid escape sequence", from: start, to: cursor.index)
        }
        if letter == "c" {
            // Without a letter behind it the backslash stands for itself.
            cursor.rewind(to: start + 1)
            return 0x5C
        }
        return letter.value
    }

    private mutating func readControl(_ isInClass: Bool) -> UInt32? {
        guard let letter = cursor.peek() else { return nil }
        let isLetter = ("a"..."z").contains(letter) || ("A"..."Z").contains(letter)
        let isOldForm = !isStrict && isInClass && (("0"..."9").contains(letter) || letter == "_")
        guard isLetter || isOldForm else { return nil }
        cursor.skip()
        return letter.value % 32
    }

    /// `\0`, or up to three octal digits as old pages have them; nil when it is neither.
    private mutating func readOctal(_ first: Unicode.Scalar) -> UInt32? {
        if isStrict {
            if first == "0", let next = cursor.peek(), ("0"..."9").contains(next) { return nil }
            return first == "0" ? 0 : nil
        }
        guard first.isOctalDigit else { return nil }
        var value = first.value - 0x30
        for _ in 0..<2 {
            guard let digit = cursor.peek(), digit.isOctalDigit, value * 8 + digit.value - 0x30 <= 0o377 else { break }
            value = value * 8 + digit.value - 0x30
            cursor.skip()
        }
        return value
    }

    // MARK: Bracketed classes

    private enum ClassAtom {
        case scalar(UInt32)
        case set(ScalarSet)
    }

    mutating func parseClass() throws(RegularExpressionError) -> ScalarSet {
        let start = cursor.index
        cursor.skip()
        let isNegated = cursor.take("^")
        var spans: [ScalarSet.Span] = []
        while !cursor.take("]") {
            guard !cursor.isAtEnd else { throw cursor.error("unterminated character class", from: start) }
            spans += try admitted(try readClassItem(of: start), from: start).spans
        }
        let set = ScalarSet(spans)
        let folded = flags.foldsCase ? CaseOrbits.closure(set) : set
        return try admitted(isNegated ? folded.complement : folded, from: start)
    }

    /// A member, or a range of them.
    private mutating func readClassItem(of classStart: Int) throws(RegularExpressionError) -> ScalarSet {
        let start = cursor.index
        let first = try readClassAtom(of: classStart)
        guard cursor.isAt("-"), let next = cursor.peek(1), next != "]" else { return set(first) }
        cursor.skip()
        let second = try readClassAtom(of: classStart)
        if case .scalar(let low) = first, case .scalar(let high) = second {
            guard low <= high else {
                throw cursor.error("range out of order in character class", from: start, to: cursor.index)
            }
            return ScalarSet(low, high)
        }
        // A class has no first and no last member: the hyphen stands for itself, where that is allowed.
        if isStrict { throw cursor.error("invalid character class", from: start, to: cursor.index) }
        return set(first).union(set(second)).union(ScalarSet(0x2D, 0x2D))
    }

    private func set(_ atom: ClassAtom) -> ScalarSet {
        switch atom {
        case .scalar(let value): ScalarSet(value, value)
        case .set(let set): set
        }
    }

    private mutating func readClassAtom(of classStart: Int) throws(RegularExpressionError) -> ClassAtom {
        if let set = try readClassEscape() { return .set(set) }
        if cursor.isAt("\\") { return .scalar(try readCharacterEscape(isInClass: true)) }
        guard let next = cursor.next() else { throw cursor.error("unterminated character class", from: classStart) }
        return .scalar(next.value)
    }
}
