import JSON

/// JSON texts.
enum JSONFunctions {
    static let table: [Function] = {
        let compact = Function("toJson", [.any], "Compact JSON, keys sorted, < > & escaped.") {
            call throws(TemplateError) in .string(try JSONText.text(call[0], escaping: .html))
        }
        let pretty = Function("toPrettyJson", [.any], "JSON indented by two spaces.") { call throws(TemplateError) in
            .string(try JSONText.text(call[0], escaping: .html, indentation: 2))
        }
        let raw = Function("toRawJson", [.any], "JSON without HTML escaping.") { call throws(TemplateError) in
            .string(try JSONText.text(call[0], escaping: .lineSeparators))
        }
        return [
            compact, compact.renamed("mustToJson"), pretty, pretty.renamed("mustToPrettyJson"), raw,
            raw.renamed("mustToRawJson"),
            Function("fromJson", [.text], "Parses JSON, all numbers as floats; null when it is not valid.") {
                call throws(TemplateError) in parse(call.text(0)) ?? .null
            },
            Function("mustFromJson", [.text], "Parses JSON, all numbers as floats.") { call throws(TemplateError) in
                guard let value = parse(call.text(0)) else {
                    throw .function("mustFromJson: the text is not valid JSON")
                }
                return value
            },
        ]
    }()

    private static func parse(_ text: String) -> Value? {
        // An invalid text is an answer here, not a failure.
        guard let json = try? JSONValue(parsing: text) else { return nil }
        return convert(json)
    }

    private static func convert(_ json: JSONValue) -> Value {
        switch json {
        case .integer(let number): .double(Double(number))
        case .array(let elements): .list(elements.map(convert))
        case .object(let object):
            .object(
                object.reduce(into: MemberTable()) { members, member in members[member.0] = convert(member.1) }
            )
        default: Value(json, tracks: true)
        }
    }
}
