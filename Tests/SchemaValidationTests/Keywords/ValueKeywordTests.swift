import JSON
import SchemaValidation
import Testing

@Suite("Types, constants and lists of values")
struct ValueKeywordTests {
    @Test func valuesAreHeldAgainstTypesAndLists() throws {
        try KeywordCase.check(
            [
                KeywordCase(
                    "type null",
                    #"{"type": "null"}"#,
                    valid: ["null"],
                    invalid: ["0", "false", #""""#, "[]", "{}"]
                ),
                KeywordCase(
                    "type boolean",
                    #"{"type": "boolean"}"#,
                    valid: ["true", "false"],
                    invalid: ["0", "null", #""true""#]
                ),
                KeywordCase(
                    "type integer",
                    #"{"type": "integer"}"#,
                    valid: ["0", "-7", "1.0", "1e3", "123456789012345678901234567890", "1.50e1"],
                    invalid: ["1.5", "1e-1", #""1""#, "true", "0.1e0"]
                ),
                KeywordCase(
                    "type number",
                    #"{"type": "number"}"#,
                    valid: ["0", "1.5", "1e400"],
                    invalid: [#""1""#, "null", "[1]"]
                ),
                KeywordCase(
                    "type string",
                    #"{"type": "string"}"#,
                    valid: [#""""#, #""a""#],
                    invalid: ["1", "null", #"["a"]"#]
                ),
                KeywordCase(
                    "type array",
                    #"{"type": "array"}"#,
                    valid: ["[]", "[1]"],
                    invalid: ["{}", #""[]""#, "1"]
                ),
                KeywordCase(
                    "type object",
                    #"{"type": "object"}"#,
                    valid: ["{}", #"{"a":1}"#],
                    invalid: ["[]", #""{}""#, "null"]
                ),
                KeywordCase(
                    "several types",
                    #"{"type": ["string", "integer", "null"]}"#,
                    valid: [#""a""#, "1", "null"],
                    invalid: ["1.5", "true", "[]"]
                ),
                KeywordCase("no type at all", #"{"type": []}"#, valid: [], invalid: ["1"]),
                KeywordCase(
                    "const of a text",
                    #"{"const": "on"}"#,
                    valid: [#""on""#],
                    invalid: [#""off""#, "true", "null"]
                ),
                KeywordCase(
                    "const of a number",
                    #"{"const": 2}"#,
                    valid: ["2", "2.0", "20e-1"],
                    invalid: ["3", #""2""#, "2.5"]
                ),
                KeywordCase(
                    "const of false",
                    #"{"const": false}"#,
                    valid: ["false"],
                    invalid: ["0", "null", "true", "[]"]
                ),
                KeywordCase(
                    "const of an object",
                    #"{"const": {"a": [1, {"b": null}]}}"#,
                    valid: [#"{"a":[1.0,{"b":null}]}"#],
                    invalid: ["{}", #"{"a":[1,{"b":0}]}"#, #"{"a":[{"b":null},1]}"#]
                ),
                KeywordCase(
                    "enum of texts",
                    #"{"enum": ["red", "green", "blue"]}"#,
                    valid: [#""red""#, #""blue""#],
                    invalid: [#""grren""#, #""Red""#, #""violet""#, "1"]
                ),
                KeywordCase(
                    "enum of all kinds",
                    #"{"enum": [null, true, 1, 2.5, "a", [1], {"b": 2}, 1e400]}"#,
                    valid: ["null", "true", "1.0", "2.5", #""a""#, "[1]", #"{"b":2}"#, "10e399"],
                    invalid: ["false", "2", #""b""#, "[2]", #"{"b":3}"#, "1e401"]
                ),
                KeywordCase(
                    "enum of many",
                    #"{"enum": ["a0","a1","a2","a3","a4","a5","a6","a7","a8","a9","b0","b1","b2","b3","b4","b5","b6","b7"]}"#,
                    valid: [#""a0""#, #""b7""#],
                    invalid: [#""b8""#, #""c""#]
                ),
                KeywordCase("enum of none", #"{"enum": []}"#, valid: [], invalid: ["1"]),
                KeywordCase(
                    "accented letters by code points",
                    #"{"const": "é"}"#,
                    valid: ["\"é\""],
                    invalid: ["\"e\u{301}\""]
                ),
                KeywordCase("true", "true", valid: ["1", "null", "{}"], invalid: []),
                KeywordCase("false", "false", valid: [], invalid: ["1", "null"]),
                KeywordCase(
                    "false for a member",
                    #"{"properties": {"old": false}}"#,
                    valid: ["{}", #"{"new":1}"#],
                    invalid: [#"{"old":1}"#]
                ),
            ],
            sheet: "values"
        )
    }

    @Test func aLongTextIsShortened() throws {
        let schema = try Schema(["enum": ["a"]])
        let error = try #require(schema.validate(.string(String(repeating: "x", count: 10_000))).errors.first)
        #expect(error.message.utf8.count < 150)
        let line = try #require(schema.validate("two\nlines\u{1B}[31m\u{202E}turned\u{2028}").errors.first)
        #expect(line.message == "the value must be \"a\", got \"two\u{FFFD}lines\u{FFFD}[31m\u{FFFD}turned\u{FFFD}\"")
    }
}
