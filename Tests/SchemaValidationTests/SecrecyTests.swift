import JSON
import SchemaValidation
import TestSupport
import Testing

@Suite("Values that must not be shown")
struct SecrecyTests {
    private static let secret = "hunter2-s3cret"

    /// Schemas that refuse the secret under `p`, each for another reason, each with the mark in another place.
    static let schemas: [String] = [
        #"{"properties": {"p": {"type": "integer", "writeOnly": true}}}"#,
        #"{"properties": {"p": {"type": "string", "format": "password", "pattern": "^[0-9]+$"}}}"#,
        #"{"properties": {"p": {"writeOnly": true, "enum": ["hunter2-s3creX"]}}}"#,
        #"{"properties": {"p": {"writeOnly": true, "const": "other"}}}"#,
        #"{"properties": {"p": {"writeOnly": true, "format": "date"}}}"#,
        #"{"properties": {"p": {"writeOnly": true, "not": {"type": "string"}}}}"#,
        #"{"properties": {"p": {"writeOnly": true, "anyOf": [{"type": "null"}, {"type": "integer"}]}}}"#,
        #"{"properties": {"p": {"writeOnly": true, "oneOf": [{"const": "a"}, {"const": "b"}]}}}"#,
        // The mark stands beside the rule that refuses.
        #"{"allOf": [{"properties": {"p": {"type": "integer"}}}, {"properties": {"p": {"writeOnly": true}}}]}"#,
        // In a branch that accepts and is not explained.
        #"{"anyOf": [{"properties": {"p": {"format": "password"}}}], "properties": {"p": {"const": 1}}}"#,
        // In a branch that is not taken.
        #"{"properties": {"p": {"const": 1}}, "if": {"required": ["q"]}, "then": {"properties": {"p": {"writeOnly": true}}}}"#,
        #"{"patternProperties": {"^p": {"writeOnly": true}}, "properties": {"p": {"maximum": 1, "type": "number"}}}"#,
        #"{"additionalProperties": {"writeOnly": true, "type": "null"}}"#,
        ##"{"$defs": {"s": {"writeOnly": true}}, "properties": {"p": {"$ref": "#/$defs/s", "type": "null"}}}"##,
        // Around the place.
        #"{"writeOnly": true, "properties": {"p": {"type": "null"}}}"#,
        #"{"oneOf": [{"properties": {"p": {"const": "a", "writeOnly": true}}, "required": ["p"]}, {"properties": {"p": {"const": "b"}}, "required": ["p"]}]}"#,
    ]

    @Test(arguments: schemas)
    func nothingOfASecretIsShown(schema: String) throws {
        let schema = try Schema(JSONValue(parsing: schema), options: SchemaOptions(formats: .assertion))
        for maximum in [1, 50] {
            let result = schema.validate(
                ["p": .string(Self.secret)],
                options: ValidationOptions(maximumErrors: maximum)
            )
            #expect(!result.isValid)
            let text = result.output(.basic).text() + result.errors.map(\.message).joined()
            #expect(!text.contains("hunter2-s3cret") && !text.contains("s3cret\""), "\(text)")
            #expect(!text.contains("did you mean"), "\(text)")
        }
    }

    @Test func aHiddenLengthIsHiddenToo() throws {
        let schema = try Schema(["properties": ["p": ["writeOnly": true, "minLength": 20]]])
        #expect(schema.validate(["p": "abc"]).errors.map(\.message) == ["'p' must have at least 20 characters"])
        let open = try Schema(["properties": ["p": ["minLength": 20]]])
        #expect(open.validate(["p": "abc"]).errors.map(\.message) == ["'p' must have at least 20 characters, got 3"])
    }

    @Test func callersDecideWhatIsSensitive() throws {
        let schema = try Schema(["properties": ["token": ["type": "integer"], "port": ["type": "integer"]]])
        let options = ValidationOptions(isSensitive: { place, _ in place.hasSuffix("/token") })
        let result = schema.validate(["token": "abc", "port": "80"], options: options)
        #expect(
            result.errors.map(\.message) == [
                "'token' must be an integer, got a hidden value", "'port' must be an integer, got \"80\"",
            ]
        )
    }

    @Test func valuesInMessagesAreShort() throws {
        let long = JSONValue.string(String(repeating: "x", count: 100_000))
        let list = JSONValue.array([long, long])
        for schema: JSONValue in [
            ["type": "null"], ["const": 1], ["not": true], ["enum": [1, 2]], ["anyOf": [["type": "null"]]],
        ] {
            for value in [long, list, ["a": long], try JSONValue(parsing: String(repeating: "9", count: 10_000))] {
                for error in try Schema(schema).validate(value).errors { #expect(error.message.utf8.count < 200) }
            }
        }
    }
}
