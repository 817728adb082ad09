/// A replacement with the groups that it inserts, read once.
struct ReplacementTemplate {
    private enum Part {
        case text([UInt8])
        /// The first of these groups that took part.
        case groups([Int])
    }

    private var parts: [Part] = []

    init(literal text: String) { parts = [.text(Array(text.utf8))] }

    /// Reads `$1`, `${1}`, `$name`, `${name}` and `$$`. Names are as long as possible; what no group has is empty.
    init(_ text: String, _ groupNames: [String?]) {
        let scalars = Array(text.unicodeScalars)
        var literal = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            let next = scalars[index]
            index += 1
            guard next == "$", index < scalars.count else {
                literal.append(next)
                continue
            }
            if scalars[index] == "$" {
                literal.append("$")
                index += 1
            } else if let (name, end) = Self.name(in: scalars, at: index) {
                index = end
                parts.append(.text(Array(String(literal).utf8)))
                literal = String.UnicodeScalarView()
                parts.append(.groups(Self.groups(name, groupNames)))
            } else {
                // A dollar sign without a name stands for itself.
                literal.append("$")
            }
        }
        parts.append(.text(Array(String(literal).utf8)))
    }

    var usesGroups: Bool {
        parts.contains {
            if case .groups(let groups) = $0 { groups.contains { $0 > 0 } } else { false }
        }
    }

    func append(to output: inout [UInt8], _ slots: borrowing [Int], _ text: UnsafeBufferPointer<UInt8>) {
        for part in parts {
            switch part {
            case .text(let bytes): output.append(contentsOf: bytes)
            case .groups(let groups):
                for group in groups where slots[group * 2] >= 0 {
                    output.append(contentsOf: text[slots[group * 2]..<slots[group * 2 + 1]])
                    break
                }
            }
        }
    }

    private static func groups(_ name: String, _ groupNames: [String?]) -> [Int] {
        if let number = number(name) { return number < groupNames.count ? [number] : [] }
        return groupNames.indices.filter { groupNames[$0] == name }
    }

    /// A decimal number without leading zeros.
    private static func number(_ name: String) -> Int? {
        guard name.utf8.allSatisfy({ (0x30...0x39).contains($0) }), name.utf8.count <= 9 else { return nil }
        return name.utf8.count > 1 && name.utf8.first == 0x30 ? nil : Int(name)
    }

    /// The name behind a dollar sign, with or without braces, and where it ends.
    private static func name(in text: [Unicode.Scalar], at start: Int) -> (String, Int)? {
        let hasBrace = text[start] == "{"
        var end = hasBrace ? start + 1 : start
        var name = String.UnicodeScalarView()
        while end < text.count, text[end] == "_" || isLetterOrDigit(text[end]) {
            name.append(text[end])
            end += 1
        }
        guard !name.isEmpty else { return nil }
        if hasBrace {
            guard end < text.count, text[end] == "}" else { return nil }
            end += 1
        }
        return (String(name), end)
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: true
        default: false
        }
    }
}
