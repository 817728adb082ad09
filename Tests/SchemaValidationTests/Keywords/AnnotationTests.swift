import JSON
import SchemaValidation
import Testing

@Suite("Content and notes")
struct AnnotationTests {
    /// The specification has these as notes: nothing is checked by them.
    @Test(arguments: [
        #"{"contentMediaType": "application/json"}"#, #"{"contentEncoding": "base64"}"#,
        #"{"contentMediaType": "application/json", "contentSchema": {"type": "object"}}"#,
        #"{"title": "a", "description": "b", "examples": [1], "deprecated": true, "readOnly": true, "$comment": "c"}"#,
        #"{"default": 7}"#, #"{"x-vendor": {"type": "null"}}"#,
    ])
    func notesAcceptEverything(schema: String) throws {
        let schema = try Schema(JSONValue(parsing: schema))
        for value: JSONValue in ["{:}", "no base64!", 1, .null, [1], ["a": 1]] {
            #expect(schema.isValid(value))
            #expect(schema.validate(value).errors == [])
        }
    }

    @Test func keywordsOfOtherDialectsAreLeftOut() throws {
        let old = "http://json-schema.org/draft-04/schema#"
        let schema = try Schema([
            "$schema": .string(old), "const": 1, "contains": ["const": 1], "if": true, "then": false,
        ])
        #expect(schema.dialect == .draft4)
        #expect(schema.isValid(2))
        #expect(schema.isValid([2]))
    }

    @Test func anUnknownDialectIsReadAsTheNewestOne() throws {
        let schema = try Schema(["$schema": "https://example.org/my-dialect", "type": "string", "minLength": 2])
        #expect(schema.dialect == .draft2020_12)
        #expect(
            schema.warnings.map(\.message) == [
                "unknown dialect 'https://example.org/my-dialect', read as draft 2020-12"
            ]
        )
        #expect(!schema.isValid("a"))
    }
}
