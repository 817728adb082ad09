package import JSON

extension JSONValue {
    /// The value as YAML in block style, ending with a newline; reading it gives the same value back.
    ///
    /// Strings are plain where they read as the same string, `|` where they have several lines, else in double quotes.
    /// Infinities and NaN are written as null, as in JSON.
    package func yamlText() -> String {
        var writer = YAMLWriter()
        writer.writeDocument(self)
        return writer.output
    }
}

extension JSONObject {
    package func yamlText() -> String { JSONValue.object(self).yamlText() }
}

/// Writes block YAML with two spaces a level; lists stand under their key without extra indentation steps.
struct YAMLWriter {
    private(set) var output = ""

    mutating func writeDocument(_ value: JSONValue) {
        switch value {
        case .object(let object) where !object.isEmpty: write(object, level: 0)
        case .array(let elements) where !elements.isEmpty: write(elements, level: 0)
        default:
            output += scalar(value, level: 0)
            output += "\n"
        }
    }

    private mutating func write(_ object: JSONObject, level: Int, startsInline: Bool = false) {
        var isFirst = true
        for (key, value) in object {
            if !(isFirst && startsInline) { indent(level) }
            isFirst = false
            output += key.utf8.count > 128 ? "? " + YAMLText.doubleQuoted(key) : YAMLText.key(key)
            if key.utf8.count > 128 {
                output += "\n"
                indent(level)
            }
            output += ":"
            writeMember(value, level: level)
        }
    }

    private mutating func writeMember(_ value: JSONValue, level: Int) {
        switch value {
        case .object(let object) where !object.isEmpty:
            output += "\n"
            write(object, level: level + 1)
        case .array(let elements) where !elements.isEmpty:
            output += "\n"
            write(elements, level: level + 1)
        default:
            output += " " + scalar(value, level: level + 1) + "\n"
        }
    }

    private mutating func write(_ elements: [JSONValue], level: Int, startsInline: Bool = false) {
        for (index, element) in elements.enumerated() {
            if !(index == 0 && startsInline) { indent(level) }
            output += "- "
            switch element {
            case .object(let object) where !object.isEmpty: write(object, level: level + 1, startsInline: true)
            case .array(let inner) where !inner.isEmpty: write(inner, level: level + 1, startsInline: true)
            default: output += scalar(element, level: level + 1) + "\n"
            }
        }
    }

    private mutating func indent(_ level: Int) {
        output += String(repeating: "  ", count: level)
    }

    private func scalar(_ value: JSONValue, level: Int) -> String {
        switch value {
        case .string(let text): YAMLText.string(text, level: level)
        case .array: "[]"
        case .object: "{}"
        default: value.text()
        }
    }
}
