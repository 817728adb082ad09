import RegularExpressions

/// Makes texts that match a pattern, for patterns of the plainer kind.
///
/// Knows literals, classes, groups, alternatives and counts; what it makes of anything else does not match and is dropped.
struct PatternExample {
    private var rest: Substring.UnicodeScalarView
    /// How often something that may be repeated is.
    private let repetitions: Int
    private var depth = 0

    /// Texts that match, the shortest first; empty when none was found.
    static func texts(_ pattern: String) -> [String] {
        guard let expression = try? SchemaPattern.compile(pattern) else { return [] }
        var found: [String] = []
        for repetitions in [0, 1, 3] {
            var maker = PatternExample(pattern, repetitions)
            guard let text = maker.alternatives(), (try? expression.matches(text)) == true, !found.contains(text) else {
                continue
            }
            found.append(text)
        }
        return found
    }

    private init(_ pattern: String, _ repetitions: Int) {
        rest = pattern.unicodeScalars[...]
        self.repetitions = repetitions
    }

    private mutating func alternatives() -> String? {
        depth += 1
        defer { depth -= 1 }
        guard depth < 20, let first = sequence() else { return nil }
        while rest.first == "|" {
            rest.removeFirst()
            guard sequence() != nil else { return nil }
        }
        return first
    }

    private mutating func sequence() -> String? {
        var text = ""
        while let next = rest.first, next != "|", next != ")" {
            guard let part = atom(), let count = count() else { return nil }
            text += String(repeating: part, count: count)
            guard text.utf8.count < 10_000 else { return nil }
        }
        return text
    }

    private mutating func atom() -> String? {
        guard let scalar = rest.popFirst() else { return nil }
        switch scalar {
        case "^", "$": return ""
        case ".": return "a"
        case "(":
            if rest.first == "?" {
                rest.removeFirst()
                guard rest.popFirst() == ":" else { return nil }
            }
            guard let inner = alternatives(), rest.popFirst() == ")" else { return nil }
            return inner
        case "[": return classMember()
        case "\\": return escape(rest.popFirst())
        case "*", "+", "?", "{": return nil
        default: return String(scalar)
        }
    }

    private func escape(_ scalar: Unicode.Scalar?) -> String? {
        switch scalar {
        case "d": "0"
        case "w", "D": "a"
        case "s", "W": " "
        case "S": "a"
        case "t": "\t"
        case "n": "\n"
        case "b", "B": ""
        case let scalar? where !scalar.properties.isAlphabetic && !("0"..."9").contains(scalar): String(scalar)
        default: nil
        }
    }

    /// The first member of a class, or something outside a negated one.
    private mutating func classMember() -> String? {
        let isNegated = rest.first == "^"
        if isNegated { rest.removeFirst() }
        var members: [Unicode.Scalar] = []
        while let scalar = rest.popFirst(), scalar != "]" || members.isEmpty {
            if scalar == "\\" {
                guard let text = escape(rest.popFirst()), let first = text.unicodeScalars.first else { return nil }
                members.append(first)
            } else {
                members.append(scalar)
            }
        }
        guard isNegated else {
            // A letter or digit is the least likely to be special in what follows.
            return (members.first { $0.properties.isAlphabetic || ("0"..."9").contains($0) } ?? members.first).map {
                String($0)
            }
        }
        return ["a", "0", "_", " ", "é"].first { candidate in !members.contains { String($0) == candidate } }
    }

    private mutating func count() -> Int? {
        var count = 1
        switch rest.first {
        case "*": count = repetitions
        case "+": count = max(repetitions, 1)
        case "?": count = min(repetitions, 1)
        case "{":
            guard let end = rest.firstIndex(of: "}") else { return nil }
            let parts = String(rest[rest.index(after: rest.startIndex)..<end]).split(
                separator: ",",
                omittingEmptySubsequences: false
            )
            guard let least = parts.first.flatMap({ Int($0) }), least < 1_000 else { return nil }
            let most = parts.count > 1 ? Int(parts[1]) ?? .max : least
            count = min(max(least, repetitions), most)
            rest = rest[end...]
        default: return 1
        }
        rest.removeFirst()
        if rest.first == "?" { rest.removeFirst() }
        return count
    }
}
