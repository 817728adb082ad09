import JSON

extension Run {
    @inline(__always)
    func acceptsInteger(_ number: Int64, _ stretch: Stretch) -> Bool {
        for position in stretch.range {
            switch instructions[position] {
            case .minimum(let limit): guard number >= limit else { return false }
            case .maximum(let limit): guard number <= limit else { return false }
            case .bound(let index): guard program.bounds[Int(index)].accepts(.integer(number)) else { return false }
            case .multipleOf(let index):
                guard program.divisors[Int(index)].divides(.integer(number)) == true else { return false }
            default: break
            }
        }
        return true
    }

    func acceptsNumber(_ number: JSONValue, _ stretch: Stretch) -> Bool {
        for position in stretch.range {
            guard acceptsNumber(number, instructions[position]) else { return false }
        }
        return true
    }

    func acceptsNumber(_ number: JSONValue, _ instruction: Instruction) -> Bool {
        switch instruction {
        case .minimum(let limit): NumberComparison.compare(number, .integer(limit)) >= 0
        case .maximum(let limit): NumberComparison.compare(number, .integer(limit)) <= 0
        case .bound(let index): program.bounds[Int(index)].accepts(number)
        case .multipleOf(let index): program.divisors[Int(index)].divides(number) == true
        default: true
        }
    }

    @inline(__always)
    func acceptsText(_ text: String, _ stretch: Stretch) -> Bool {
        for position in stretch.range {
            guard acceptsText(text, instructions[position]) else { return false }
        }
        return true
    }

    func acceptsText(_ text: String, _ instruction: Instruction) -> Bool {
        switch instruction {
        case .minLength(let limit): TextLength.isAtLeast(limit, text)
        case .maxLength(let limit): TextLength.isAtMost(limit, text)
        case .pattern(let index): program.patterns[Int(index)].matches(text)
        case .format(let format): format.accepts(text)
        default: true
        }
    }
}

extension Bound {
    func accepts(_ number: JSONValue) -> Bool {
        if case .double(let number) = number, !double.isNaN {
            return isUpper
                ? (isExclusive ? number < double : number <= double) : (isExclusive ? number > double : number >= double)
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
