import JSON
import SchemaValidation
import Testing

@Suite("Limits of schemas")
struct LimitTests {
    private func limits(_ change: (inout SchemaLimits) -> Void) -> SchemaOptions {
        var options = SchemaOptions()
        change(&options.limits)
        return options
    }

    private func nested(_ depth: Int) -> JSONValue {
        (0..<depth).reduce(["type": "null"]) { inner, _ in ["items": inner] }
    }

    private func refusal(_ schema: JSONValue, _ options: SchemaOptions = SchemaOptions()) -> SchemaError? {
        do throws(SchemaError) {
            _ = try Schema(schema, options: options)
            return nil
        } catch { return error }
    }

    @Test func aSchemaMayNotBeNestedTooDeeply() {
        let error = refusal(nested(201))
        #expect(error?.code == .tooLarge)
        #expect(error?.description == "the schema is nested deeper than 200 (at #)")
        #expect(refusal(nested(199)) == nil)
        #expect(refusal(nested(10), limits { $0.depth = 5 })?.message == "the schema is nested deeper than 5")
    }

    @Test func aSchemaMayNotHaveTooManyValues() {
        let schema: JSONValue = ["enum": .array((0..<1000).map { .integer($0) })]
        let error = refusal(schema, limits { $0.values = 1000 })
        #expect(error?.code == .tooLarge)
        #expect(error?.message == "the schema has more than 1000 values")
    }

    @Test func aSchemaMayNotHaveTooManySubschemas() {
        let schema: JSONValue = ["allOf": .array((0..<100).map { ["minimum": .integer($0)] })]
        let error = refusal(schema, limits { $0.subschemas = 50 })
        #expect(error?.code == .tooLarge)
        #expect(error?.message == "more than 50 subschemas")
    }

    @Test func documentsThatWereHandedInAreBoundedAsWell() {
        var options = SchemaOptions(documents: ["https://example.org/deep": nested(300)])
        #expect(refusal(["$ref": "https://example.org/deep"], options)?.code == .tooLarge)
        options.strictness = .tolerant
        #expect(refusal(["$ref": "https://example.org/deep"], options)?.code == .tooLarge)
        // One that nobody asks for is not read.
        #expect(refusal(["type": "null"], options) == nil)
    }

    @Test func aPatternMayNotBeTooLong() {
        let long: JSONValue = ["pattern": .string(String(repeating: "ab", count: 3000))]
        let error = refusal(long)
        #expect(error?.code == .invalidPattern)
        #expect(error?.message.hasPrefix("the pattern 'abab") == true)
        #expect(error?.message.hasSuffix("cannot be used: expression too large") == true)
        #expect(error?.location == "#/pattern")
        #expect(refusal(long, limits { $0.patternBytes = 10_000 }) == nil)
    }

    @Test func aPatternMayNotBecomeTooLarge() {
        let error = refusal(["patternProperties": ["(a{100}){100}{100}": true, "((b{500}){500})": true]])
        #expect(error?.code == .invalidPattern)
        #expect(refusal(["pattern": "^[a-z]{1,200}$"], limits { $0.patternSize = 50 })?.code == .invalidPattern)
    }

    @Test func stepsAreBounded() throws {
        let schema = try Schema(["items": ["minimum": 0]], options: limits { $0.steps = 100 })
        #expect(schema.isValid(.array(.init(repeating: 1, count: 80))))
        let value = JSONValue.array(.init(repeating: 1, count: 200))
        #expect(!schema.isValid(value))
        let result = schema.validate(value)
        #expect(result.isUndecided && !result.isValid && result.isTruncated)
        #expect(
            result.errors.map(\.message) == [
                "it could not be decided whether the value is valid: it takes more than 100 steps"
            ]
        )
        #expect(result.errors.map(\.keyword) == ["undecided"])
    }

    @Test func depthIsBounded() throws {
        let schema = try Schema(["items": ["$ref": "#"], "type": "array"])
        func value(_ depth: Int) -> JSONValue { (0..<depth).reduce(.array([])) { inner, _ in .array([inner]) } }
        #expect(schema.isValid(value(400)))
        #expect(!schema.isValid(value(1100)))
        #expect(
            schema.validate(value(1100)).errors.map(\.message) == [
                "it could not be decided whether the value is valid: "
                    + "subschemas are applied within each other more than 1000 times"
            ]
        )
    }

    @Test func aLimitIsNeverTakenForARefusal() throws {
        // Each would be valid if the part that cannot be decided counted as refused.
        let deep: JSONValue = ["$ref": "#/$defs/list"]
        let value = (0..<1200).reduce(JSONValue.array([])) { inner, _ in .array([inner]) }
        let parts: [JSONValue] = [
            ["not": deep], ["anyOf": [deep, true]], ["oneOf": [deep, true]], ["if": deep, "then": false],
            ["contains": deep, "minContains": 0, "maxContains": 0], ["not": ["not": ["not": deep]]],
            ["allOf": [["not": ["anyOf": [deep]]]]],
        ]
        for part in parts {
            guard case .object(var object) = part else { continue }
            object["$defs"] = ["list": ["items": ["$ref": "#/$defs/list"]]]
            let schema = try Schema(.object(object))
            #expect(!schema.isValid(value), "\(part.text())")
            #expect(schema.validate(value).isUndecided, "\(part.text())")
        }
    }
}
