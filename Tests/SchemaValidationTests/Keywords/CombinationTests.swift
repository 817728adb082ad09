import SchemaValidation
import Testing

@Suite("Combinations")
struct CombinationTests {
    @Test func combinationsSayWhichPartRefuses() throws {
        try KeywordCase.check(
            [
                KeywordCase(
                    "allOf",
                    #"{"allOf": [{"minimum": 1}, {"maximum": 3}, {"type": "integer"}]}"#,
                    valid: ["1", "3"],
                    invalid: ["0", "3.5", #""a""#]
                ),
                KeywordCase(
                    "anyOf of types",
                    #"{"anyOf": [{"type": "string"}, {"type": "null"}]}"#,
                    valid: [#""a""#, "null"],
                    invalid: ["1", "[]"]
                ),
                KeywordCase(
                    "anyOf of ranges",
                    #"{"anyOf": [{"maximum": 0}, {"minimum": 10}]}"#,
                    valid: ["0", "10", #""a""#],
                    invalid: ["5"]
                ),
                KeywordCase(
                    "anyOf of constants",
                    #"{"anyOf": [{"const": "a"}, {"enum": ["b", "c"]}]}"#,
                    valid: [#""c""#],
                    invalid: [#""d""#]
                ),
                KeywordCase("anyOf of one", #"{"anyOf": [{"type": "string"}]}"#, valid: [#""a""#], invalid: ["1"]),
                KeywordCase(
                    "anyOf with the closest alternative",
                    #"{"anyOf": [{"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}, {"type": "object", "properties": {"url": {"type": "string"}, "port": {"type": "integer"}}, "required": ["url"]}]}"#,
                    valid: [#"{"path":"a"}"#, #"{"url":"a"}"#],
                    invalid: [#"{"url":"a","port":"x"}"#, "{}", "1"]
                ),
                KeywordCase(
                    "oneOf",
                    #"{"oneOf": [{"type": "integer"}, {"minimum": 2}]}"#,
                    valid: ["1", "2.5"],
                    invalid: ["3", "1.5"]
                ),
                KeywordCase(
                    "oneOf told apart by a member",
                    #"{"oneOf": [{"properties": {"kind": {"const": "file"}, "path": {"type": "string"}}, "required": ["kind", "path"], "type": "object"}, {"properties": {"kind": {"const": "url"}, "url": {"type": "string"}}, "required": ["kind", "url"], "type": "object"}]}"#,
                    valid: [#"{"kind":"file","path":"a"}"#],
                    invalid: [#"{"kind":"url","url":1}"#, #"{"kind":"ulr"}"#, #"{"kind":"file"}"#, "{}", "1"]
                ),
                KeywordCase("not", #"{"not": {"type": "null"}}"#, valid: ["1"], invalid: ["null"]),
                KeywordCase(
                    "not with values",
                    #"{"not": {"enum": ["root", "admin"]}}"#,
                    valid: [#""me""#],
                    invalid: [#""root""#]
                ),
                KeywordCase(
                    "if then else",
                    #"{"if": {"properties": {"mode": {"const": "fast"}}, "required": ["mode"]}, "then": {"required": ["level"]}, "else": {"properties": {"level": false}}}"#,
                    valid: [#"{"mode":"fast","level":1}"#, #"{"mode":"slow"}"#, "{}"],
                    invalid: [#"{"mode":"fast"}"#, #"{"mode":"slow","level":1}"#]
                ),
                KeywordCase("if alone", #"{"if": {"type": "string"}}"#, valid: [#""a""#, "1"], invalid: []),
                KeywordCase("then without if", #"{"then": false, "else": false}"#, valid: ["1"], invalid: []),
                KeywordCase(
                    "within each other",
                    #"{"anyOf": [{"allOf": [{"type": "integer"}, {"not": {"const": 3}}]}, {"oneOf": [{"type": "boolean"}]}]}"#,
                    valid: ["1", "true"],
                    invalid: ["3", "null"]
                ),
            ],
            sheet: "combinations"
        )
    }
}
