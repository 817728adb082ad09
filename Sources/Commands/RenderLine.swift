import GoTemplate
import JSON

/// One line of `muster render --jsonl`.
enum RenderLine {
    /// The answer; a line that is no such question is answered by an error.
    static func answer(_ line: InputLines.Line) -> JSONObject {
        if line.isTooLong { return error(nil, "line \(line.number) is too long") }
        let question: JSONValue
        do throws(JSONError) { question = try JSONValue(parsing: line.bytes) } catch {
            return self.error(nil, "line \(line.number), column \(error.column): \(error.message)")
        }
        let id = question["id"]
        guard case .object = question else { return error(nil, "line \(line.number): an object is expected") }
        guard let text = question["template"]?.stringValue else {
            return error(id, "line \(line.number): 'template' must be a string")
        }
        let isTyped: Bool
        switch question["typed"] {
        case nil, .null: isTyped = false
        case .bool(let flag): isTyped = flag
        default: return error(id, "line \(line.number): 'typed' must be true or false")
        }
        do throws(TemplateError) {
            return try render(id, text, question["data"] ?? .object([:]), isTyped)
        } catch {
            return failure(id, error)
        }
    }

    private static func render(
        _ id: JSONValue?,
        _ text: String,
        _ data: JSONValue,
        _ isTyped: Bool
    ) throws(TemplateError) -> JSONObject {
        let template = try Template(text)
        let context = TemplateContext(data)
        guard isTyped else { return ["id": id ?? .null, "output": .string(try template.render(context))] }
        let value = try template.evaluate(context)
        // A template that is not one action is text, whatever was asked for.
        guard !template.isSingleAction else { return ["id": id ?? .null, "value": value] }
        return ["id": id ?? .null, "output": value, "value": value]
    }

    private static func failure(_ id: JSONValue?, _ failure: TemplateError) -> JSONObject {
        var answer = error(id, failure.description)
        answer["code"] = .string(failure.code.rawValue)
        if let offset = failure.offset { answer["offset"] = .integer(Int64(offset)) }
        if let line = failure.line { answer["line"] = .integer(Int64(line)) }
        if let column = failure.column { answer["column"] = .integer(Int64(column)) }
        return answer
    }

    private static func error(_ id: JSONValue?, _ message: String) -> JSONObject {
        ["id": id ?? .null, "error": .string(message)]
    }
}
