import JSON
import SchemaValidation
import Testing

@Suite("Errors")
struct ErrorTests {
    private let server: JSONValue = [
        "type": "object",
        "properties": [
            "host": ["type": "string", "minLength": 1], "port": ["type": "integer", "minimum": 1, "maximum": 65535],
            "tags": ["type": "array", "items": ["type": "string"], "uniqueItems": true],
        ],
        "required": ["host", "port"], "additionalProperties": false,
    ]

    @Test func everythingThatIsWrongIsReportedAtOnce() throws {
        let schema = try Schema(["items": server])
        let result = schema.validate([
            ["host": "", "port": 0, "tags": ["a", 1, "a"]], ["prot": 1, "host": 5],
        ])
        #expect(
            KeywordCase.lines(result) == [
                "/0/host | /items/properties/host/minLength | minLength | '[0].host' must have at least 1 character, got 0",
                "/0/port | /items/properties/port/minimum | minimum | '[0].port' must be at least 1, got 0",
                "/0/tags | /items/properties/tags/uniqueItems | uniqueItems | elements of '[0].tags' must differ, but 0 and 2 are equal",
                "/0/tags/1 | /items/properties/tags/items/type | type | '[0].tags[1]' must be a string, got 1",
                "/1 | /items/required | required | missing required property 'port' of '[1]'",
                "/1/prot | /items/additionalProperties | additionalProperties | unknown property 'prot' in '[1]', did you mean 'port'?",
                "/1/host | /items/properties/host/type | type | '[1].host' must be a string, got 5",
            ]
        )
    }

    @Test func theNumberOfErrorsIsBounded() throws {
        let schema = try Schema(["items": ["type": "null"]])
        let value = JSONValue.array((0..<1000).map { .integer($0) })
        let result = schema.validate(value)
        #expect(result.errors.count == 50)
        #expect(result.isTruncated)
        #expect(!result.isUndecided)
        #expect(schema.validate(value, options: ValidationOptions(maximumErrors: 3)).errors.count == 3)
        // One at least: an invalid value has a reason.
        #expect(schema.validate(value, options: ValidationOptions(maximumErrors: 0)).errors.count == 1)
        #expect(!schema.validate(.array([1]), options: ValidationOptions(maximumErrors: 1)).isTruncated)
    }

    @Test func theSameThingIsSaidOnce() throws {
        let schema = try Schema([
            "allOf": [["type": "string"], ["type": "string"], ["$ref": "#/$defs/a"]],
            "$defs": ["a": ["type": "string"]],
        ])
        #expect(schema.validate(1).errors.count == 1)
    }

    @Test func deepPlacesAreNamedByTheirEnd() throws {
        var schema: JSONValue = ["type": "null"]
        var value: JSONValue = 1
        for _ in 0..<60 {
            schema = ["properties": ["a_member": schema]]
            value = ["a_member": value]
        }
        let error = try #require(Schema(schema).validate(value).errors.first)
        #expect(error.message.unicodeScalars.count < 160)
        #expect(error.message.hasPrefix("'…"))
        #expect(error.instanceLocation.split(separator: "/").count == 60)
    }

    @Test func theOutputHasTheFormOfTheSpecification() throws {
        let schema = try Schema([
            "$id": "https://example.org/s",
            "anyOf": [["properties": ["a": ["type": "null"]], "required": ["a"]], ["type": "array"]],
        ])
        let result = schema.validate(["a": 1])
        #expect(result.output(.flag) == ["valid": false])
        #expect(schema.validate([]).output(.basic) == ["valid": true])
        let units = try #require(result.output(.basic)["errors"]?.arrayValue)
        #expect(units.count == 2)
        #expect(units[1]["instanceLocation"] == "/a")
        #expect(units[1]["keywordLocation"] == "/anyOf/0/properties/a/type")
        #expect(units[1]["absoluteKeywordLocation"] == "https://example.org/s#/anyOf/0/properties/a/type")
        #expect(units[1]["error"] == "'a' must be null, got 1")
    }
}
