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
        let bytes = Array(text.utf8)
        var literal: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let next = bytes[index]
            index += 1
            guard next == UInt8(ascii: "$"), index < bytes.count else {
                literal.append(next)
                continue
            }
            if bytes[index] == UInt8(ascii: "$") {
                literal.append(next)
                index += 1
            } else if let (name, end) = Self.name(in: bytes, at: index) {
                index = end
                if !literal.isEmpty { parts.append(.text(literal)) }
                literal = []
                parts.append(.groups(Self.groups(name, groupNames)))
            } else {
                // A dollar sign without a name stands for itself.
                literal.append(next)
            }
        }
        if !literal.isEmpty { parts.append(.text(literal)) }
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

    private static func groups(_ name: ArraySlice<UInt8>, _ groupNames: [String?]) -> [Int] {
        if let number = number(name) { return number < groupNames.count ? [number] : [] }
        let name = String(decoding: name, as: UTF8.self)
        return groupNames.indices.filter { groupNames[$0] == name }
    }

    /// A decimal number without leading zeros.
    private static func number(_ name: ArraySlice<UInt8>) -> Int? {
        guard name.count <= 9, name.count == 1 || name.first != UInt8(ascii: "0") else { return nil }
        var value = 0
        for byte in name {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }

    /// The name behind a dollar sign, with or without braces, and where it ends.
    private static func name(in text: [UInt8], at start: Int) -> (ArraySlice<UInt8>, Int)? {
        let hasBrace = text[start] == UInt8(ascii: "{")
        let first = hasBrace ? start + 1 : start
        let end = endOfName(in: text, from: first)
        guard end > first else { return nil }
        guard hasBrace else { return (text[first..<end], end) }
        guard end < text.count, text[end] == UInt8(ascii: "}") else { return nil }
        return (text[first..<end], end + 1)
    }

    private static func endOfName(in text: [UInt8], from start: Int) -> Int {
        text.withUnsafeBufferPointer { text in
            var end = start
            while end < text.count {
                let (value, width) = Scalars.at(text, end)
                guard value == 0x5F || isLetterOrDigit(value) else { break }
                end += width
            }
            return end
        }
    }

    private static func isLetterOrDigit(_ value: UInt32) -> Bool {
        guard let scalar = Unicode.Scalar(value) else { return false }
        if scalar.isASCII { return scalar.isASCIILetterOrDigit }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber:
            return true
        default: return false
        }
    }
}
