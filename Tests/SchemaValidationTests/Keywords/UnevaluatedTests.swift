import JSON
import SchemaValidation
import Testing

@Suite("What was left over")
struct UnevaluatedTests {
    @Test func membersAndElementsThatNothingLookedAtAreFound() throws {
        try KeywordCase.check(
            [
                KeywordCase(
                    "unevaluatedProperties over allOf",
                    #"{"allOf": [{"properties": {"a": true}}], "properties": {"b": true}, "unevaluatedProperties": false}"#,
                    valid: [#"{"a":1,"b":2}"#],
                    invalid: [#"{"a":1,"c":2}"#]
                ),
                KeywordCase(
                    "unevaluatedProperties by a schema",
                    #"{"properties": {"a": true}, "unevaluatedProperties": {"type": "string"}}"#,
                    valid: [#"{"a":1,"b":"c"}"#],
                    invalid: [#"{"b":1}"#]
                ),
                KeywordCase(
                    "only the branch that accepts counts",
                    #"{"anyOf": [{"properties": {"a": {"type": "string"}}}, {"properties": {"b": true}, "required": ["b"]}], "unevaluatedProperties": false}"#,
                    valid: [#"{"a":"x"}"#, #"{"a":"x","b":1}"#],
                    invalid: [#"{"b":1,"a":2}"#]
                ),
                KeywordCase(
                    "if and then",
                    #"{"if": {"properties": {"a": {"const": 1}}, "required": ["a"]}, "then": {"properties": {"b": true}}, "unevaluatedProperties": false}"#,
                    valid: [#"{"a":1,"b":2}"#],
                    invalid: [#"{"a":2,"b":2}"#]
                ),
                KeywordCase(
                    "through a reference",
                    ##"{"$defs": {"base": {"properties": {"a": true}}}, "$ref": "#/$defs/base", "unevaluatedProperties": false}"##,
                    valid: [#"{"a":1}"#],
                    invalid: [#"{"b":1}"#]
                ),
                KeywordCase(
                    "patterns and additional members",
                    #"{"allOf": [{"patternProperties": {"^x-": true}}], "unevaluatedProperties": false}"#,
                    valid: [#"{"x-a":1}"#],
                    invalid: [#"{"y":1}"#]
                ),
                KeywordCase(
                    "not shows nothing",
                    #"{"not": {"not": {"properties": {"a": true}}}, "unevaluatedProperties": false}"#,
                    valid: ["{}"],
                    invalid: [#"{"a":1}"#]
                ),
                KeywordCase(
                    "unevaluatedItems",
                    #"{"allOf": [{"prefixItems": [{"type": "string"}]}], "unevaluatedItems": false}"#,
                    valid: [#"["a"]"#, "[]"],
                    invalid: [#"["a",1,2]"#]
                ),
                KeywordCase(
                    "unevaluatedItems and contains",
                    #"{"contains": {"type": "string"}, "unevaluatedItems": {"type": "null"}}"#,
                    valid: [#"["a",null]"#],
                    invalid: [#"["a",1]"#]
                ),
                KeywordCase(
                    "nested",
                    #"{"properties": {"a": {"unevaluatedProperties": false, "allOf": [{"properties": {"b": true}}]}}}"#,
                    valid: [#"{"a":{"b":1}}"#],
                    invalid: [#"{"a":{"c":1}}"#]
                ),
            ],
            sheet: "unevaluated"
        )
    }

    @Test func draft7DoesNotKnowThem() throws {
        let schema = try Schema([
            "$schema": "http://json-schema.org/draft-07/schema#", "unevaluatedProperties": false,
        ])
        #expect(schema.isValid(["a": 1]))
    }
}
