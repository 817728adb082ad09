import JSON
import SchemaValidation
import Testing

@Suite("References")
struct ReferenceTests {
    @Test func referencesLeadToSubschemas() throws {
        let remote = SchemaOptions(documents: [
            "https://example.org/types": [
                "$id": "https://example.org/types",
                "$defs": ["port": ["$anchor": "port", "type": "integer", "minimum": 1]],
            ]
        ])
        try KeywordCase.check(
            [
                KeywordCase(
                    "by pointer",
                    ##"{"$defs": {"name": {"type": "string"}}, "properties": {"a": {"$ref": "#/$defs/name"}}}"##,
                    valid: [#"{"a":"b"}"#],
                    invalid: [#"{"a":1}"#]
                ),
                KeywordCase(
                    "beside other keywords",
                    ##"{"$defs": {"name": {"type": "string"}}, "$ref": "#/$defs/name", "minLength": 2}"##,
                    valid: [#""ab""#],
                    invalid: ["1", #""a""#]
                ),
                KeywordCase(
                    "to itself",
                    ##"{"properties": {"next": {"$ref": "#"}, "value": {"type": "integer"}}, "required": ["value"]}"##,
                    valid: [#"{"value":1,"next":{"value":2}}"#],
                    invalid: [#"{"value":1,"next":{"next":{"value":"a"}}}"#]
                ),
                KeywordCase(
                    "by anchor",
                    ##"{"$defs": {"a": {"$anchor": "here", "maximum": 1}}, "items": {"$ref": "#here"}}"##,
                    valid: ["[1]"],
                    invalid: ["[2]"]
                ),
                KeywordCase(
                    "by identifier within the document",
                    ##"{"$id": "https://example.org/root", "$defs": {"a": {"$id": "part", "$defs": {"b": {"type": "null"}}}}, "$ref": "part#/$defs/b"}"##,
                    valid: ["null"],
                    invalid: ["1"]
                ),
                KeywordCase(
                    "to a document that was handed in",
                    ##"{"properties": {"port": {"$ref": "https://example.org/types#port"}, "other": {"$ref": "https://example.org/types#/$defs/port"}}}"##,
                    valid: [#"{"port":1}"#],
                    invalid: [#"{"port":0,"other":"a"}"#],
                    options: remote
                ),
                KeywordCase(
                    "escapes in pointers",
                    ##"{"$defs": {"a/b": {"c~d": {"e f": {"type": "null"}}}}, "$ref": "#/$defs/a~1b/c~0d/e%20f"}"##,
                    valid: ["null"],
                    invalid: ["1"]
                ),
                KeywordCase(
                    "dynamic",
                    ##"{"$id": "https://example.org/strict-tree", "$dynamicAnchor": "node", "$ref": "tree", "unevaluatedProperties": false, "$defs": {"tree": {"$id": "tree", "$dynamicAnchor": "node", "type": "object", "properties": {"value": true, "children": {"items": {"$dynamicRef": "#node"}}}}}}"##,
                    valid: [#"{"children":[{"value":1}]}"#],
                    invalid: [#"{"children":[{"valeu":1}]}"#]
                ),
                KeywordCase(
                    "recursive, of draft 2019-09",
                    ##"{"$schema": "https://json-schema.org/draft/2019-09/schema", "$recursiveAnchor": true, "properties": {"a": {"$recursiveRef": "#"}, "n": {"type": "integer"}}}"##,
                    valid: [#"{"a":{"n":1}}"#],
                    invalid: [#"{"a":{"a":{"n":"x"}}}"#]
                ),
                KeywordCase(
                    "neighbours of $ref in draft 7",
                    ##"{"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": {"type": "string"}}, "items": {"$ref": "#/definitions/a", "maxLength": 1}}"##,
                    valid: [#"["abc"]"#],
                    invalid: ["[1]"]
                ),
            ],
            sheet: "references"
        )
    }

    @Test func errorsNameTheWayAndTheTarget() throws {
        let schema = try Schema([
            "$id": "https://example.org/s", "$defs": ["n": ["type": "integer"]],
            "properties": ["a": ["items": ["$ref": "#/$defs/n"]]],
        ])
        let error = try #require(schema.validate(["a": [1, "x"]]).errors.first)
        #expect(error.instanceLocation == "/a/1")
        #expect(error.keywordLocation == "/properties/a/items/$ref/type")
        #expect(error.absoluteKeywordLocation == "https://example.org/s#/$defs/n/type")
    }

    @Test(arguments: [
        (##"{"$ref": "#/$defs/missing"}"##, "'#/$defs/missing' leads nowhere (at #/$ref)"),
        (
            ##"{"$ref": "https://example.org/away"}"##,
            "'https://example.org/away' was not handed in, and nothing is fetched (at #/$ref)"
        ),
        (
            ##"{"$ref": "file:///etc/passwd"}"##,
            "'file:///etc/passwd' was not handed in, and nothing is fetched (at #/$ref)"
        ),
        (##"{"$ref": "#%zz"}"##, "'#%zz' has a broken escape (at #/$ref)"),
        (##"{"$ref": 1}"##, "'$ref' must be a text with a URI reference, not an integer (at #/$ref)"),
        (
            ##"{"$defs": {"a": {"$anchor": "x"}, "b": {"$anchor": "x"}}}"##,
            "the anchor 'x' is defined twice in one resource (at #/$defs/b)"
        ),
    ])
    func aReferenceToNowhereIsAnError(schema: String, message: String) throws {
        let json = try JSONValue(parsing: schema)
        let error = #expect(throws: SchemaError.self) { try Schema(json) }
        #expect(error?.description == message)
        // Schemas of other people have to be lived with: the part is left out.
        let tolerant = try Schema(json, options: SchemaOptions(strictness: .tolerant))
        #expect(tolerant.isValid(1))
        #expect(!tolerant.warnings.isEmpty)
    }

    @Test func metaschemasAreKnownWithoutDocuments() throws {
        let schema = try Schema(["$ref": "https://json-schema.org/draft/2020-12/schema"])
        #expect(schema.isValid(["type": "object", "properties": ["a": ["minimum": 1]]]))
        #expect(!schema.isValid(["type": "objekt"]))
        #expect(!schema.isValid(["properties": ["a": ["minLength": -1]]]))
    }
}
