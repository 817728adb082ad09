import JSON

extension Run {
    @inline(__always)
    mutating func acceptsInteger(_ number: Int64, _ stretch: Stretch) -> Bool {
        for position in stretch.range {
            switch program.instructions[position] {
            case .minimum(let limit): guard number >= limit else { return false }
            case .maximum(let limit): guard number <= limit else { return false }
            case .bound(let index): guard program.bounds[Int(index)].accepts(integer: number) else { return false }
            case .multipleOf(let index):
                guard isMultiple(program.divisors[Int(index)].divides(integer: number), index) else { return false }
            default: break
            }
        }
        return true
    }

    /// What a division found out; nothing ends the validation.
    @inline(__always)
    private mutating func isMultiple(_ answer: Bool?, _ divisor: Int32) -> Bool {
        if let answer { return answer }
        interrupt(.divisor(divisor))
        return false
    }

    mutating func acceptsNumber(_ number: borrowing HeldValue, _ stretch: Stretch) -> Bool {
        for position in stretch.range {
            guard acceptsNumber(number, program.instructions[position]) else { return false }
        }
        return true
    }

    mutating func acceptsNumber(_ number: borrowing HeldValue, _ instruction: Instruction) -> Bool {
        switch instruction {
        case .minimum(let limit): NumberComparison.compare(number.value, .integer(limit)) >= 0
        case .maximum(let limit): NumberComparison.compare(number.value, .integer(limit)) <= 0
        case .bound(let index): program.bounds[Int(index)].accepts(number)
        case .multipleOf(let index): isMultiple(program.divisors[Int(index)].divides(number), index)
        default: true
        }
    }

    @inline(__always)
    mutating func acceptsText(_ text: String, _ stretch: Stretch) -> Bool {
        for position in stretch.range {
            guard acceptsText(text, program.instructions[position]) else { return false }
        }
        return true
    }

    mutating func acceptsText(_ text: String, _ instruction: Instruction) -> Bool {
        switch instruction {
        case .minLength(let limit): TextLength.isAtLeast(limit, text)
        case .maxLength(let limit): TextLength.isAtMost(limit, text)
        case .pattern(let index): matches(index, text)
        case .format(let format): format.accepts(text)
        default: true
        }
    }
}

extension Run {
    /// Whether a text matches a pattern. A search that takes too long ends the validation.
    @inline(__always)
    mutating func matches(_ pattern: Int32, _ text: String) -> Bool {
        if let answer = program.patterns[Int(pattern)].matches(text, &patternStepsLeft) { return answer }
        interrupt(.pattern(pattern))
        return false
    }
}

extension Held<Pattern> {
    @inline(__always)
    func matches(_ text: String, _ stepsLeft: inout Int) -> Bool? { value.matches(text, stepsLeft: &stepsLeft) }
}

extension Held<Bound> {
    func accepts(integer number: Int64) -> Bool { value.accepts(.integer(number)) }

    func accepts(_ number: borrowing HeldValue) -> Bool { value.accepts(number.value) }
}

extension Held<Divisor> {
    func divides(integer number: Int64) -> Bool? { value.divides(.integer(number)) }

    func divides(_ number: borrowing HeldValue) -> Bool? { value.divides(number.value) }
}

extension Held<Enumeration> {
    func contains(_ member: borrowing HeldValue) -> Bool { value.contains(member.value) }

    @inline(__always)
    func steps(for member: borrowing HeldValue) -> Int { value.steps(for: member.value) }
}

extension Bound {
    func accepts(_ number: JSONValue) -> Bool {
        if case .double(let number) = number, !double.isNaN {
            return isUpper
                ? (isExclusive ? number < double : number <= double)
                : (isExclusive ? number > double : number >= double)
        }
        let order = NumberComparison.compare(number, limit)
        return isUpper ? (isExclusive ? order < 0 : order <= 0) : (isExclusive ? order > 0 : order >= 0)
    }
}

/// Lengths in code points, counted only as far as a limit needs it.
enum TextLength {
    static func isAtLeast(_ limit: Int, _ text: String) -> Bool {
        let bytes = text.utf8.count
        // A code point has one to four bytes.
        if bytes < limit { return false }
        if bytes / 4 >= limit { return true }
        return count(text) >= limit
    }

    static func isAtMost(_ limit: Int, _ text: String) -> Bool {
        let bytes = text.utf8.count
        if bytes <= limit { return true }
        if (bytes + 3) / 4 > limit { return false }
        return count(text) <= limit
    }

    static func count(_ text: String) -> Int {
        text.utf8.withContiguousStorageIfAvailable { bytes in
            var continuations = 0
            for byte in bytes { continuations &+= byte & 0xC0 == 0x80 ? 1 : 0 }
            return bytes.count - continuations
        } ?? text.unicodeScalars.count
    }
}
