import JSON
import SchemaValidation
import Testing

/// Patterns with look-around or back-references whose searches are given up.
@Suite("Patterns that cannot be decided")
struct UndecidedPatternTests {
    private static let pattern = "^(?=a)(a+)+$"
    private let value = JSONValue.string(String(repeating: "a", count: 200) + "!")

    /// Schemas in which counting it as "does not match" or as "matches" would make something valid.
    static let schemas: [JSONValue] = {
        let part: JSONValue = ["pattern": .string(pattern)]
        return [
            part, ["not": part], ["not": ["not": part]], ["anyOf": [part, true]], ["oneOf": [true, part]],
            ["if": part, "then": false], ["if": part, "else": false], ["allOf": [true, ["not": ["allOf": [part]]]]],
        ]
    }()

    @Test(arguments: schemas)
    func theAnswerIsUndecided(schema: JSONValue) throws {
        let schema = try Schema(schema)
        #expect(!schema.isValid(value))
        let result = schema.validate(value)
        #expect(!result.isValid)
        #expect(result.isUndecided, "\(result.errors)")
        #expect(result.errors.count == 1)
        let message = try #require(result.errors.first?.message)
        #expect(message.hasPrefix("it could not be decided whether the value "))
        #expect(message.hasSuffix(": the pattern ^(?=a)(a+)+$ takes too many steps"))
        #expect(!message.contains("aaaa"))
    }

    @Test func thePlaceIsNamed() throws {
        let schema = try Schema(["properties": ["list": ["items": ["pattern": .string(Self.pattern)]]]])
        #expect(
            KeywordCase.lines(schema.validate(["list": ["a", value]])) == [
                "/list/1 | /properties/list/items/pattern | undecided | it could not be decided whether "
                    + "'list[1]' matches its pattern: the pattern ^(?=a)(a+)+$ takes too many steps"
            ]
        )
    }

    @Test func namesOfMembersAreUndecidedToo() throws {
        let object: JSONValue = .object([value.stringValue ?? "": 1])
        for schema: JSONValue in [
            ["patternProperties": [Self.pattern: true], "additionalProperties": false],
            ["patternProperties": [Self.pattern: false]], ["propertyNames": ["pattern": .string(Self.pattern)]],
            ["propertyNames": ["not": ["pattern": .string(Self.pattern)]]],
        ] {
            let schema = try Schema(schema)
            #expect(!schema.isValid(object))
            #expect(schema.validate(object).isUndecided)
        }
    }

    @Test func whatIsWrongAnywayIsWrong() throws {
        let schema = try Schema(["required": ["b"], "properties": ["a": ["pattern": .string(Self.pattern)]]])
        let result = schema.validate(["a": value])
        #expect(result.errors.first?.keyword == "required")
        #expect(!result.isUndecided)
    }

    @Test func allSearchesOfOneValidationAreBoundedTogether() throws {
        var options = SchemaOptions()
        options.limits.patternSteps = 5_000
        let schema = try Schema(["items": ["pattern": "^[a-z]+[0-9]$"]], options: options)
        let text = JSONValue.string(String(repeating: "x", count: 99) + "1")
        #expect(schema.isValid(.array(.init(repeating: text, count: 20))))
        let result = schema.validate(.array(.init(repeating: text, count: 200)))
        #expect(result.isUndecided)
    }

    @Test(arguments: ["(a+)+$", "(a|aa)+$", "^(a*)*$", "(x+x+)+y", "(?:a?){60}a{60}$"])
    func otherPatternsAreLinear(pattern: String) throws {
        let schema = try Schema(["pattern": .string(pattern)])
        let long = JSONValue.string(String(repeating: "a", count: 100_000) + "!")
        let elapsed = ContinuousClock().measure { _ = schema.isValid(long) }
        #expect(elapsed < .seconds(5))
        #expect(!schema.validate(long).isUndecided)
    }
}
