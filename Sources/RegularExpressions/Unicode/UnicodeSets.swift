/// Sets of code points by the names of Unicode's properties.
enum UnicodeSets {
    // MARK: General categories

    /// Members of a category, or of a group of categories, by its short name: `Lu`, `L`, `LC`.
    static func category(short name: String) -> ScalarSet {
        let parts = CategoryTable.order.split(separator: " ")
        var isWanted = [Bool](repeating: false, count: parts.count)
        for (index, part) in parts.enumerated() {
            isWanted[index] = name == "LC" ? ["Lu", "Ll", "Lt"].contains(part) : part.hasPrefix(name)
        }
        return members(CategoryTable.runs) { isWanted[$0] }
    }

    /// The short name of a category by any of its names, compared exactly.
    static func categoryName(_ name: String) -> String? { categoryNames[name] }

    /// The same without regard to case, underscores, hyphens and spaces.
    static func categoryName(loose name: String) -> String? { looseCategoryNames[loose(name)] }

    private static let categoryNames: [String: String] = {
        var result: [String: String] = [:]
        for line in CategoryTable.names {
            let names = line.split(separator: " ").map(String.init)
            for name in names { result[name] = names[0] }
        }
        return result
    }()

    private static let looseCategoryNames = Dictionary(
        categoryNames.map { (loose($0.key), $0.value) },
        uniquingKeysWith: { first, _ in first }
    )

    // MARK: Scripts

    /// The number of a script by its long or short name.
    static func script(_ name: String) -> Int? { scriptNumbers[name] }

    /// The number of a script by its long name, without regard to case, underscores, hyphens and spaces.
    static func script(loose name: String) -> Int? { looseScriptNumbers[loose(name)] }

    static func script(_ number: Int) -> ScalarSet { members(ScriptTable.runs) { $0 == number } }

    /// Code points that the script uses, also those of several scripts.
    static func scriptExtensions(_ number: Int) -> ScalarSet {
        var listed: [ScalarSet.Span] = []
        var added: [ScalarSet.Span] = []
        var reader = TableReader(ScriptTable.extensions)
        var low: UInt32 = 0
        while let distance = reader.next(), let length = reader.next(), let count = reader.next() {
            low += distance
            let span = ScalarSet.Span(low: low, high: low + length)
            listed.append(span)
            for _ in 0..<count where reader.next() == UInt32(number) { added.append(span) }
        }
        // What the list names belongs to the scripts it is listed with only.
        let ownOthers = script(number).complement.union(ScalarSet(ascending: listed)).complement
        return ownOthers.union(ScalarSet(ascending: added))
    }

    private static let scriptNumbers: [String: Int] = {
        var result: [String: Int] = [:]
        for (number, line) in ScriptTable.names.enumerated() {
            for name in line.split(separator: " ") { result[String(name)] = number }
        }
        return result
    }()

    private static let looseScriptNumbers: [String: Int] = {
        var result: [String: Int] = [:]
        for (number, line) in ScriptTable.names.enumerated() {
            if let name = line.split(separator: " ").first { result[loose(String(name))] = number }
        }
        return result
    }()

    // MARK: Binary properties

    /// Members of a binary property by its long or short name.
    static func property(_ name: String) -> ScalarSet? {
        switch name {
        case "Any": return .all
        case "ASCII": return ScalarSet(0, 0x7F)
        case "Assigned": return category(short: "Cn").complement
        default: break
        }
        guard let index = propertyNumbers[name] else { return nil }
        var reader = TableReader(PropertyTable.entries[index].members)
        var spans: [ScalarSet.Span] = []
        var next: UInt32 = 0
        while let gap = reader.next(), let length = reader.next() {
            spans.append(ScalarSet.Span(low: next + gap, high: next + gap + length))
            next += gap + length + 1
        }
        return ScalarSet(ascending: spans)
    }

    private static let propertyNumbers: [String: Int] = {
        var result: [String: Int] = [:]
        for (number, entry) in PropertyTable.entries.enumerated() {
            for name in entry.names.split(separator: " ") { result[String(name)] = number }
        }
        return result
    }()

    // MARK: Reading

    private static func members(_ runs: StaticString, where isWanted: (Int) -> Bool) -> ScalarSet {
        var reader = TableReader(runs)
        var spans: [ScalarSet.Span] = []
        var next: UInt32 = 0
        while let length = reader.next(), let value = reader.next() {
            if isWanted(Int(value)) {
                if let last = spans.last, last.high + 1 == next {
                    spans[spans.count - 1].high = next + length - 1
                } else {
                    spans.append(ScalarSet.Span(low: next, high: next + length - 1))
                }
            }
            next += length
        }
        return ScalarSet(ascending: spans)
    }

    private static func loose(_ name: String) -> String {
        var result = ""
        for scalar in name.unicodeScalars where !["_", "-", " "].contains(scalar) {
            let isUpper = ("A"..."Z").contains(scalar)
            result.unicodeScalars.append(isUpper ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar)
        }
        return result
    }
}
