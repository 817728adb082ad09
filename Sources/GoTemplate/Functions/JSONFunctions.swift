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
                call throws(TemplateError) in
                // An invalid text is an answer here, not a failure; a number that is too large is null.
                guard let json = try? JSONValue(parsing: call.text(0)) else { return .null }
                return convert(json) ?? .null
            },
            Function("mustFromJson", [.text], "Parses JSON, all numbers as floats.") { call throws(TemplateError) in
                let json: JSONValue
                do throws(JSONError) { json = try JSONValue(parsing: call.text(0)) } catch {
                    throw .function("mustFromJson: the text is not valid JSON: \(error)")
                }
                guard !isTooLarge(json) else {
                    throw .function("mustFromJson: a number is too large for a float")
                }
                return convert(json) ?? .null
            },
        ]
    }()

    private static func isTooLarge(_ json: JSONValue) -> Bool {
        switch json {
        case .bigNumber(let number): !(Double(number.text) ?? .infinity).isFinite
        case .double(let number): !number.isFinite
        case .array(let elements): elements.contains(where: isTooLarge)
        case .object(let object): object.contains { isTooLarge($1) }
        default: false
        }
    }

    /// All numbers as floats; nil for one that is too large.
    private static func convert(_ json: JSONValue) -> Value? {
        switch json {
        case .integer(let number): return .double(Double(number))
        case .bigNumber, .double: return isTooLarge(json) ? nil : Value(json, tracks: true)
        case .array(let elements): return .list(elements.map { convert($0) ?? .null })
        case .object(let object):
            return .object(
                object.reduce(into: MemberTable()) { members, member in members[member.0] = convert(member.1) ?? .null }
            )
        default: return Value(json, tracks: true)
        }
    }
}
