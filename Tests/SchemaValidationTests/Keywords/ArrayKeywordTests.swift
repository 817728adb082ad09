import SchemaValidation
import Testing

@Suite("Arrays")
struct ArrayKeywordTests {
    @Test func elementsAreHeldAgainstTheirSchemas() throws {
        try KeywordCase.check(
            [
                KeywordCase(
                    "items",
                    #"{"items": {"type": "integer"}}"#,
                    valid: ["[]", "[1,2]", "{}"],
                    invalid: [#"["a",1,"b"]"#, "[null]"]
                ),
                KeywordCase("no items", #"{"items": false}"#, valid: ["[]"], invalid: ["[1]"]),
                KeywordCase(
                    "prefixItems",
                    #"{"prefixItems": [{"type": "string"}, {"minimum": 0}]}"#,
                    valid: ["[]", #"["a"]"#, #"["a",1,null]"#],
                    invalid: ["[1]", #"["a",-1]"#, "[1,-1]"]
                ),
                KeywordCase(
                    "prefixItems and the rest",
                    #"{"prefixItems": [{"type": "string"}], "items": {"type": "boolean"}}"#,
                    valid: [#"["a",true]"#],
                    invalid: [#"["a",1]"#]
                ),
                KeywordCase(
                    "a closed tuple",
                    #"{"prefixItems": [true, true], "items": false}"#,
                    valid: ["[1,2]"],
                    invalid: ["[1,2,3]"]
                ),
                KeywordCase("minItems", #"{"minItems": 2}"#, valid: ["[1,2]", #""a""#], invalid: ["[]", "[1]"]),
                KeywordCase("maxItems", #"{"maxItems": 1}"#, valid: ["[]", "[1]"], invalid: ["[1,2]"]),
                KeywordCase(
                    "uniqueItems",
                    #"{"uniqueItems": true}"#,
                    valid: ["[1,2]", #"[1,"1"]"#, "[true,1]", "[[1],[2]]", "[0,false,null,[],{}]"],
                    invalid: ["[1,1.0]", #"[{"a":1,"b":2},{"b":2,"a":1}]"#, #"["a","b","a"]"#, "[[1],[1]]"]
                ),
                KeywordCase(
                    "uniqueItems of many",
                    #"{"uniqueItems": true}"#,
                    valid: ["[1,2,3,4,5,6,7,8,9,10,11,12,13,14]"],
                    invalid: ["[1,2,3,4,5,6,7,8,9,10,11,12,13,14,5e0]"]
                ),
                KeywordCase(
                    "contains",
                    #"{"contains": {"const": 1}}"#,
                    valid: ["[1]", "[2,1]", "{}"],
                    invalid: ["[]", "[2,3]"]
                ),
                KeywordCase(
                    "minContains",
                    #"{"contains": {"type": "string"}, "minContains": 2}"#,
                    valid: [#"["a",1,"b"]"#],
                    invalid: [#"["a"]"#, "[]"]
                ),
                KeywordCase(
                    "maxContains",
                    #"{"contains": {"const": 1}, "maxContains": 1}"#,
                    valid: ["[1,2]"],
                    invalid: ["[1,1]", "[2]"]
                ),
                KeywordCase(
                    "minContains 0",
                    #"{"contains": {"const": 1}, "minContains": 0, "maxContains": 1}"#,
                    valid: ["[]"],
                    invalid: ["[1,1]"]
                ),
                KeywordCase(
                    "nested",
                    #"{"items": {"items": {"maximum": 1}}}"#,
                    valid: ["[[1],[0]]"],
                    invalid: ["[[1],[0,2]]"]
                ),
                KeywordCase(
                    "tuples of draft 7",
                    #"{"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "string"}], "additionalItems": {"type": "null"}}"#,
                    valid: [#"["a",null]"#],
                    invalid: ["[1]", #"["a",1]"#]
                ),
            ],
            sheet: "arrays"
        )
    }
}
