import JSON

/// The values of an `enum`, sorted by kind.
struct Enumeration: Sendable {
    let values: [JSONValue]
    private let simple: TypeSet
    private let integers: [Int64]
    private let texts: [KeyWords]
    private let textValues: [String]
    private let others: [JSONValue]
    private let othersWeight: Int
    /// Texts and integers by hash when there are many.
    private let manyTexts: Set<ByteText>
    private let manyIntegers: Set<Int64>

    private static let linearLimit = 16

    init(_ values: [JSONValue]) {
        self.values = values
        var simple: TypeSet = []
        var integers: [Int64] = []
        var texts: [String] = []
        var others: [JSONValue] = []
        for value in values {
            switch value {
            case .null: simple.insert(.null)
            // The two booleans borrow two bits that no other value here uses.
            case .bool(let flag): simple.insert(flag ? .boolean : .fraction)
            case .string(let text): texts.append(text)
            default:
                if let integer = NumberComparison.smallInteger(value) {
                    integers.append(integer)
                } else {
                    others.append(value)
                }
            }
        }
        self.simple = simple
        self.integers = integers
        self.others = others
        othersWeight = others.isEmpty ? 0 : others.count + Weight.steps(of: others)
        self.texts = texts.map { KeyWords($0) }
        textValues = texts
        manyTexts = texts.count > Self.linearLimit ? Set(texts.map { ByteText($0) }) : []
        manyIntegers = integers.count > Self.linearLimit ? Set(integers) : []
    }

    func contains(_ value: JSONValue) -> Bool {
        switch value {
        case .null: return simple.contains(.null)
        case .bool(let flag): return simple.contains(flag ? .boolean : .fraction)
        case .string(let text): return contains(text)
        default:
            if let integer = NumberComparison.smallInteger(value) {
                return manyIntegers.isEmpty ? integers.contains(integer) : manyIntegers.contains(integer)
            }
            return others.contains { ValueEquality.areEqual($0, value) }
        }
    }

    /// Steps that a look at a value takes besides the one for its subschema: arrays, objects and odd numbers are compared
    /// with each value of their kind.
    func steps(for value: JSONValue) -> Int {
        switch value {
        case .array, .object, .double, .bigNumber: othersWeight
        default: 0
        }
    }

    private func contains(_ text: String) -> Bool {
        guard texts.count > 0 else { return false }
        if !manyTexts.isEmpty { return manyTexts.contains(ByteText(text)) }
        let words = KeyWords(text)
        for index in texts.indices where texts[index] == words {
            if words.length <= KeyWords.complete || haveSameBytes(textValues[index], text) { return true }
        }
        return false
    }
}
