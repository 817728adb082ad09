import Diagnostics
import JSON

extension YAMLNode {
    /// The word that decoders of JSON use for the node's type.
    var decodedTypeName: String {
        switch json {
        case .null: "null"
        case .bool: "bool"
        case .integer, .double, .bigNumber: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

/// Readers of single values. Each reports `WF0104` and returns nil when the type is wrong; nil and null stay nil.
extension DecodeContext {
    func string(_ node: YAMLNode?, _ path: String) -> String? {
        guard let node, !node.isNull else { return nil }
        if case .string(let text) = node.json { return text }
        wrongType(node, path, expected: "string")
        return nil
    }

    func located(_ node: YAMLNode?, _ path: String) -> Located? {
        string(node, path).map { Located(text: $0, range: node?.range) }
    }

    /// A string, or the text of a number or boolean as it is written, with a warning.
    func text(_ node: YAMLNode?, _ path: String) -> String? {
        guard let node, !node.isNull else { return nil }
        guard let scalar = node.scalar else {
            wrongType(node, path, expected: "string")
            return nil
        }
        if node.json.stringValue == nil {
            let message = "\(path): a \(node.decodedTypeName) is taken as text"
            warning("WF0108", message, at: node.range, hint: "put it in quotes")
        }
        return scalar.text
    }

    func bool(_ node: YAMLNode?, _ path: String) -> Bool? {
        guard let node, !node.isNull else { return nil }
        if case .bool(let value) = node.json { return value }
        if let scalar = node.scalar, scalar.style == .plain, let value = Self.booleanWords[scalar.text.lowercased()] {
            let message = "\(path): '\(scalar.text)' is taken as \(value)"
            warning("WF0107", message, at: node.range, hint: "write '\(value)'")
            return value
        }
        wrongType(node, path, expected: "bool")
        return nil
    }

    private static let booleanWords = ["yes": true, "on": true, "no": false, "off": false]

    func integer(_ node: YAMLNode?, _ path: String) -> Int? {
        guard let node, !node.isNull else { return nil }
        if node.json.isNumber, let value = node.json.integerValue { return Int(value) }
        wrongType(node, path, expected: "int")
        return nil
    }

    /// A text in Go's syntax, or an integer of nanoseconds.
    func duration(_ node: YAMLNode?, _ path: String) -> Duration? {
        guard let node, !node.isNull else { return nil }
        switch node.json {
        case .integer(let nanoseconds): return GoDuration.duration(nanoseconds: nanoseconds)
        case .string(let text):
            if let duration = GoDuration.parse(text) { return duration }
            let hint = "durations look like 500ms, 90s or 1h30m"
            error("WF0111", "\(path): '\(text)' is not a duration", at: node.range, hint: hint)
        default: wrongType(node, path, expected: "duration")
        }
        return nil
    }

    func object(_ node: YAMLNode?, _ path: String) -> JSONObject? {
        guard let node, !node.isNull else { return nil }
        if case .object(let object) = node.json { return object }
        wrongType(node, path, expected: "map")
        return nil
    }

    func list(_ node: YAMLNode?, _ path: String) -> [YAMLNode]? {
        guard let node, !node.isNull else { return nil }
        if let elements = node.elements { return elements }
        wrongType(node, path, expected: "list")
        return nil
    }

    func texts(_ node: YAMLNode?, _ path: String) -> [String] {
        (list(node, path) ?? []).enumerated().compactMap { text($1, "\(path)[\($0)]") }
    }

    func textMap(_ node: YAMLNode?, _ path: String) -> [String: String] {
        guard let node, !node.isNull else { return [:] }
        guard let entries = node.entries else {
            wrongType(node, path, expected: "map")
            return [:]
        }
        var map: [String: String] = [:]
        for entry in entries { map[entry.key] = text(entry.value, "\(path).\(entry.key)") }
        return map
    }

    /// Reports `WF0117` when the text has more characters than `limit`.
    func checkLength(_ text: String?, _ limit: Int, _ path: String, at range: SourceRange?) {
        guard let text, text.count > limit else { return }
        finding("WF0117", "\(path) has \(text.count) characters, at most \(limit) are allowed", at: range)
    }
}
