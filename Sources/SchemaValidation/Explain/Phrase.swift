import JSON

/// How values and names are put into sentences: short, without control characters.
enum Phrase {
    /// `the text`, `a number`: what kind of value it is.
    static func kind(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .integer: "an integer"
        case .double, .bigNumber: "a number"
        case .string: "a text"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// A value in at most about 60 characters; arrays and objects by their size only.
    static func shown(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): "\"\(shortened(text))\""
        case .array(let elements): "an array of \(count(elements.count, "element"))"
        case .object(let object): "an object with \(count(object.count, "property", "properties"))"
        case .bigNumber(let number): shortened(number.text)
        default: value.text()
        }
    }

    /// A value of a schema: short composites as JSON.
    static func literal(_ value: JSONValue) -> String {
        switch value {
        case .array, .object:
            let text = value.text()
            return text.utf8.count <= 80 ? text : shown(value)
        default: return shown(value)
        }
    }

    static func count(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
        "\(number) \(number == 1 ? singular : plural ?? singular + "s")"
    }

    /// `a, b or c`.
    static func alternatives(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "nothing" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }

    static func list(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }

    static func quoted(_ name: String) -> String { "'\(shortened(name))'" }
}
