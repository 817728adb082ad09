import JSON

/// Any bytes are a value or an error with a place; a value survives being written and read, in every format.
enum JSONTarget {
    static let check: @Sendable ([UInt8]) -> Void = { input in
        do throws(JSONError) {
            let value = try JSONValue(parsing: input, limits: JSONLimits(depth: 512, size: 1 << 20))
            survives(value)
            agreesWithDocument(value, input)
            findsEveryPlace(value)
        } catch {
            Promise.check((0...input.count).contains(error.offset), "an error within the text: \(error)")
            Promise.check(error.line >= 1 && error.column >= 1, "lines and columns count from one: \(error)")
            let document = try? JSONDocument(parsing: input, limits: JSONLimits(depth: 512, size: 1 << 20))
            Promise.check(document == nil, "JSONDocument refuses what JSONValue refuses")
        }
    }

    private static func survives(_ value: JSONValue) {
        for format in [JSONFormat.compact, .pretty, .canonical] {
            let text = value.bytes(format)
            guard let again = try? JSONValue(parsing: text, limits: JSONLimits(depth: 512, size: 64 << 20)) else {
                return Promise.check(false, "what was written can be read")
            }
            Promise.check(again.bytes(format) == text, "writing is stable")
            Promise.check(again.isEquivalent(to: value), "reading what was written gives an equal value")
        }
        Promise.check(value.isEquivalent(to: value), "a value equals itself")
    }

    private static func agreesWithDocument(_ value: JSONValue, _ input: [UInt8]) {
        guard let document = try? JSONDocument(parsing: input, limits: JSONLimits(depth: 512, size: 1 << 20)) else {
            return Promise.check(false, "JSONDocument takes what JSONValue takes")
        }
        Promise.check(document.value.bytes() == value.bytes(), "JSONDocument reads the same value")
        Promise.check(document.duplicateKeyCount >= document.duplicateKeys.count, "no more repeated keys listed than counted")
    }

    /// Every member and element is found by its JSON Pointer, printed and read again.
    private static func findsEveryPlace(_ root: JSONValue) {
        var left = 200
        func visit(_ value: JSONValue, _ pointer: JSONPointer) {
            left -= 1
            if left < 0 || pointer.tokens.count > 20 { return }
            let again = try? JSONPointer(pointer.description)
            Promise.check(again?.tokens == pointer.tokens, "a pointer survives being printed: \(pointer)")
            Promise.check(root[pointer]?.isEquivalent(to: value) == true, "a pointer leads to its value: \(pointer)")
            switch value {
            case .object(let object): for (key, member) in object { visit(member, pointer.appending(key)) }
            case .array(let elements):
                for (index, element) in elements.enumerated().prefix(50) { visit(element, pointer.appending(index)) }
            default: break
            }
        }
        visit(root, JSONPointer())
    }
}
