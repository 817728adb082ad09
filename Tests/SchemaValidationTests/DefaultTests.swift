import JSON
import SchemaValidation
import Testing

@Suite("Defaults")
struct DefaultTests {
    /// A schema, a value, the filled value and the pointers.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var schema: String
        var value: String
        var filled: String
        var pointers: [String]

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(
            name: "an absent member",
            schema: #"{"properties": {"a": {"default": 1}}}"#,
            value: "{}",
            filled: #"{"a":1}"#,
            pointers: ["/a"]
        ),
        Case(
            name: "a present member",
            schema: #"{"properties": {"a": {"default": 1}}}"#,
            value: #"{"a":2}"#,
            filled: #"{"a":2}"#,
            pointers: []
        ),
        Case(
            name: "a null",
            schema: #"{"properties": {"a": {"default": 1}}}"#,
            value: #"{"a":null}"#,
            filled: #"{"a":null}"#,
            pointers: []
        ),
        Case(
            name: "a default of null",
            schema: #"{"properties": {"a": {"default": null}}}"#,
            value: "{}",
            filled: #"{"a":null}"#,
            pointers: ["/a"]
        ),
        Case(
            name: "nothing to fill",
            schema: #"{"properties": {"a": {"default": 1}}}"#,
            value: #""text""#,
            filled: #""text""#,
            pointers: []
        ),
        Case(
            name: "a default of the root is not used",
            schema: #"{"default": {"a": 1}}"#,
            value: "{}",
            filled: "{}",
            pointers: []
        ),
        Case(
            name: "in the order of the schema, behind what is there",
            schema: #"{"properties": {"a": {"default": 1}, "b": {}, "c": {"default": 3}}}"#,
            value: #"{"b":2}"#,
            filled: #"{"b":2,"a":1,"c":3}"#,
            pointers: ["/a", "/c"]
        ),
        Case(
            name: "within a present member",
            schema: #"{"properties": {"a": {"properties": {"b": {"default": 1}}}}}"#,
            value: #"{"a":{}}"#,
            filled: #"{"a":{"b":1}}"#,
            pointers: ["/a/b"]
        ),
        Case(
            name: "not within an absent member",
            schema: #"{"properties": {"a": {"properties": {"b": {"default": 1}}}}}"#,
            value: "{}",
            filled: "{}",
            pointers: []
        ),
        Case(
            name: "within a default, which needs it to be valid",
            schema: #"{"properties": {"a": {"default": {}, "required": ["b"], "properties": {"b": {"default": 1}}}}}"#,
            value: "{}",
            filled: #"{"a":{"b":1}}"#,
            pointers: ["/a", "/a/b"]
        ),
        Case(
            name: "within elements",
            schema: #"{"items": {"properties": {"a": {"default": 1}}}}"#,
            value: #"[{},{"a":2},3]"#,
            filled: #"[{"a":1},{"a":2},3]"#,
            pointers: ["/0/a"]
        ),
        Case(
            name: "within leading elements",
            schema:
                #"{"prefixItems": [{"properties": {"a": {"default": 1}}}], "items": {"properties": {"b": {"default": 2}}}}"#,
            value: "[{},{}]",
            filled: #"[{"a":1},{"b":2}]"#,
            pointers: ["/0/a", "/1/b"]
        ),
        Case(
            name: "elements are not added",
            schema: #"{"prefixItems": [{"default": 1}]}"#,
            value: "[]",
            filled: "[]",
            pointers: []
        ),
        Case(
            name: "through a reference",
            schema:
                ##"{"$defs": {"a": {"default": 1}, "o": {"properties": {"a": {"$ref": "#/$defs/a"}}}}, "$ref": "#/$defs/o"}"##,
            value: "{}",
            filled: #"{"a":1}"#,
            pointers: ["/a"]
        ),
        Case(
            name: "a default beside a reference",
            schema: ##"{"$defs": {"a": {"default": 1}}, "properties": {"a": {"$ref": "#/$defs/a", "default": 2}}}"##,
            value: "{}",
            filled: #"{"a":2}"#,
            pointers: ["/a"]
        ),
        Case(
            name: "beside a reference in draft 7, where it does not count",
            schema:
                ##"{"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": {"default": 1}}, "properties": {"a": {"$ref": "#/definitions/a", "default": 2}}}"##,
            value: "{}",
            filled: #"{"a":1}"#,
            pointers: ["/a"]
        ),
        Case(
            name: "through allOf, the first one",
            schema:
                #"{"allOf": [{"properties": {"a": {"default": 1}}}, {"properties": {"a": {"default": 2}, "b": {"default": 3}}}]}"#,
            value: "{}",
            filled: #"{"a":1,"b":3}"#,
            pointers: ["/a", "/b"]
        ),
        Case(
            name: "the alternative that a member decides for",
            schema:
                #"{"oneOf": [{"properties": {"k": {"const": "a"}, "x": {"default": 1}}, "required": ["k"]}, {"properties": {"k": {"const": "b"}, "y": {"default": 2}}, "required": ["k"]}]}"#,
            value: #"{"k":"b"}"#,
            filled: #"{"k":"b","y":2}"#,
            pointers: ["/y"]
        ),
        Case(
            name: "an alternative that a default decides for",
            schema:
                #"{"properties": {"k": {"default": "a"}}, "oneOf": [{"properties": {"k": {"const": "a"}, "x": {"default": 1}}, "required": ["k"]}, {"properties": {"k": {"const": "b"}}, "required": ["k"]}]}"#,
            value: "{}",
            filled: #"{"k":"a","x":1}"#,
            pointers: ["/k", "/x"]
        ),
        Case(
            name: "alternatives of which several accept",
            schema: #"{"anyOf": [{"properties": {"a": {"default": 1}}}, {"properties": {"b": {"default": 2}}}]}"#,
            value: "{}",
            filled: "{}",
            pointers: []
        ),
        Case(
            name: "alternatives of which none accepts",
            schema: #"{"anyOf": [{"properties": {"a": {"default": 1}}, "required": ["x"]}, {"required": ["y"]}]}"#,
            value: "{}",
            filled: "{}",
            pointers: []
        ),
        Case(
            name: "if that holds",
            schema:
                #"{"if": {"required": ["tls"]}, "then": {"properties": {"port": {"default": 443}}}, "else": {"properties": {"port": {"default": 80}}}}"#,
            value: #"{"tls":true}"#,
            filled: #"{"tls":true,"port":443}"#,
            pointers: ["/port"]
        ),
        Case(
            name: "if that does not hold",
            schema:
                #"{"if": {"required": ["tls"]}, "then": {"properties": {"port": {"default": 443}}}, "else": {"properties": {"port": {"default": 80}}}}"#,
            value: "{}",
            filled: #"{"port":80}"#,
            pointers: ["/port"]
        ),
        Case(
            name: "dependentSchemas",
            schema: #"{"dependentSchemas": {"tls": {"properties": {"port": {"default": 443}}}}}"#,
            value: #"{"tls":1}"#,
            filled: #"{"tls":1,"port":443}"#,
            pointers: ["/port"]
        ),
        Case(
            name: "members by pattern and all others",
            schema:
                #"{"patternProperties": {"^x-": {"properties": {"a": {"default": 1}}}}, "additionalProperties": {"properties": {"b": {"default": 2}}}}"#,
            value: #"{"x-y":{},"z":{}}"#,
            filled: #"{"x-y":{"a":1},"z":{"b":2}}"#,
            pointers: ["/x-y/a", "/z/b"]
        ),
        Case(
            name: "not inside not",
            schema: #"{"not": {"properties": {"a": {"default": 1}}, "required": ["b"]}}"#,
            value: "{}",
            filled: "{}",
            pointers: []
        ),
        Case(
            name: "names with slashes",
            schema: #"{"properties": {"a/b": {"default": {}, "properties": {"c~d": {"default": 1}}}}}"#,
            value: "{}",
            filled: #"{"a/b":{"c~d":1}}"#,
            pointers: ["/a~1b", "/a~1b/c~0d"]
        ),
    ]

    @Test(arguments: cases)
    func absentMembersAreFilled(item: Case) throws {
        let schema = try Schema(JSONValue(parsing: item.schema))
        let outcome = schema.applyingDefaults(to: try JSONValue(parsing: item.value))
        #expect(outcome.value.text() == item.filled)
        #expect(outcome.filled == item.pointers)
        #expect(outcome.skipped == [])
        #expect(!outcome.isTruncated)
        // Filling again changes nothing.
        #expect(schema.applyingDefaults(to: outcome.value).filled == [])
    }

    @Test func aDefaultThatDoesNotFitIsLeftOutAndReported() throws {
        let schema = try Schema([
            "$id": "https://example.org/s",
            "properties": [
                "a": ["type": "integer", "default": "one"],
                "b": [
                    "default": ["x": ["y": 1]],
                    "properties": ["x": ["properties": ["z": ["default": 1]], "required": ["q"]]],
                ],
                "c": ["default": 3],
            ],
        ])
        let outcome = schema.applyingDefaults(to: [:])
        #expect(outcome.value == ["c": 3])
        #expect(outcome.filled == ["/c"])
        #expect(
            outcome.skipped == [
                SkippedDefault(
                    instanceLocation: "/a",
                    schemaLocation: "https://example.org/s#/properties/a/default",
                    message: "the default of 'a' does not satisfy its own schema"
                ),
                SkippedDefault(
                    instanceLocation: "/b",
                    schemaLocation: "https://example.org/s#/properties/b/default",
                    message: "the default of 'b' does not satisfy its own schema"
                ),
            ]
        )
    }

    // MARK: Hostile schemas

    @Test func aSchemaThatFillsItselfEnds() throws {
        let schema = try Schema(["properties": ["next": ["$ref": "#", "default": [:]]]])
        let outcome = schema.applyingDefaults(to: [:])
        #expect(outcome.value == ["next": [:]])
        #expect(
            outcome.skipped.map(\.message) == ["the default of 'next.next' would be filled into itself without end"]
        )
        #expect(schema.applyingDefaults(to: ["next": ["next": [:]]]).value == ["next": ["next": ["next": [:]]]])
    }

    @Test func neighboursThatFillEachOtherEnd() throws {
        let part: JSONValue = ["properties": ["next": ["$ref": "#", "default": [:]]]]
        let schema = try Schema(["allOf": [part, part, ["properties": ["other": ["$ref": "#", "default": [:]]]]]])
        let outcome = schema.applyingDefaults(to: [:])
        #expect(!outcome.isTruncated)
        #expect(outcome.filled.count < 50)
    }

    @Test func whatIsAddedIsBounded() throws {
        var members: JSONObject = [:]
        for number in 0..<12 { members["m\(number)"] = ["$ref": "#", "default": [:]] }
        let schema = try Schema(["properties": .object(members)])
        let outcome = schema.applyingDefaults(to: [:])
        #expect(outcome.isTruncated)
        #expect(outcome.filled.count == 10_000)
        var limits = DefaultLimits()
        limits.members = 5
        #expect(schema.applyingDefaults(to: [:], limits: limits).filled.count == 5)
        let large = try Schema(["items": ["properties": ["a": ["default": .array(.init(repeating: 0, count: 1000))]]]])
        let filled = large.applyingDefaults(to: .array(.init(repeating: [:], count: 1000)))
        #expect(filled.isTruncated)
        #expect(filled.filled.count == 99)
    }

    @Test func deepValuesEnd() throws {
        let schema = try Schema(["properties": ["a": ["$ref": "#"], "b": ["default": 1]]])
        var value: JSONValue = [:]
        for _ in 0..<1500 { value = ["a": value] }
        #expect(schema.applyingDefaults(to: value).isTruncated)
    }

    @Test func whatIsFilledStaysValid() throws {
        // A valid value stays valid when defaults are not combined with rules about other members.
        let schema = try Schema([
            "type": "object", "additionalProperties": false,
            "properties": [
                "a": ["type": "integer", "default": 1], "b": ["type": "string", "default": 2],
                "c": ["type": "object", "default": [:], "properties": ["d": ["enum": ["x"], "default": "x"]]],
            ],
        ])
        let outcome = schema.applyingDefaults(to: [:])
        #expect(outcome.value == ["a": 1, "c": ["d": "x"]])
        #expect(schema.isValid(outcome.value))
    }
}
