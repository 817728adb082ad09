import JSON
import WorkflowModel

/// Reads `key=value` words into the arguments of a call.
enum KeyValueArguments {
    /// - Parameters:
    ///   - words: `key=value` or `--key=value`; a bare `--flag` is true.
    ///   - json: an object to which the words are added; they win.
    ///   - declared: gives each value its type; values of other keys become what they look like.
    static func parse(
        _ words: [String],
        json: String?,
        declared: [ArgumentDefinition]
    ) throws(CommandFailure) -> JSONObject {
        var arguments = try object(json)
        for word in words {
            let isFlag = word.hasPrefix("--")
            let text = isFlag ? word.dropFirst(2) : word[...]
            guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                guard isFlag, !text.isEmpty, !text.contains("=") else {
                    throw .failed("'\(word)' is not an argument: write key=value")
                }
                arguments[String(text)] = true
                continue
            }
            let key = String(text[..<equals])
            let value = String(text[text.index(after: equals)...])
            arguments[key] = coerced(
                value,
                type: declared.first { $0.name == key }?.type,
                isKey: key == "_idempotencyKey"
            )
        }
        return arguments
    }

    private static func object(_ json: String?) throws(CommandFailure) -> JSONObject {
        guard let json else { return JSONObject() }
        do throws(JSONError) {
            if let object = try JSONValue(parsing: json).objectValue { return object }
        } catch {
            throw .failed("--json is not valid JSON: \(error)")
        }
        throw .failed("--json has to be an object, e.g. --json '{\"cluster\":\"a\"}'")
    }

    /// A declared text stays text; a value that does not fit its declared type is passed on and refused with the rest.
    private static func coerced(_ text: String, type: String?, isKey: Bool) -> JSONValue {
        if type == "string" || isKey { return .string(text) }
        guard let value = try? JSONValue(parsing: text) else { return .string(text) }
        switch type {
        case nil: return value.arrayValue == nil && value.objectValue == nil ? value : .string(text)
        default: return value
        }
    }
}
