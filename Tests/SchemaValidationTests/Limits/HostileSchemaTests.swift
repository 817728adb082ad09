import JSON
import SchemaValidation
import Testing

/// Schemas and values that somebody made to do harm: each has to end soon, with an answer or with a clear refusal.
@Suite("Hostile schemas", .timeLimit(.minutes(3)))
struct HostileSchemaTests {
    private func seconds(_ body: () throws -> Void) rethrows -> Double {
        let elapsed = try ContinuousClock().measure(body)
        return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    }

    /// Debug builds on a busy machine are slow; what these tests are about would take hours.
    private let patience = 90.0

    @Test(arguments: [
        ##"{"$ref": "#"}"##, ##"{"allOf": [{"$ref": "#"}]}"##, ##"{"not": {"$ref": "#"}}"##,
        ##"{"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"anyOf": [true, {"$ref": "#/$defs/a"}]}}, "$ref": "#/$defs/a"}"##,
        ##"{"if": {"$ref": "#"}}"##, ##"{"dependentSchemas": {"a": {"$ref": "#"}}}"##, ##"{"$dynamicRef": "#"}"##,
    ])
    func circlesThatNeverEndAreRefused(schema: String) throws {
        let json = try JSONValue(parsing: schema)
        let error = #expect(throws: SchemaError.self) { try Schema(json) }
        #expect(error?.code == .endlessReference)
        #expect(error?.message == "the schema applies itself to the same value again, without end")
        // Nothing could be left out, so tolerance does not help.
        #expect(throws: SchemaError.self) { try Schema(json, options: SchemaOptions(strictness: .tolerant)) }
    }

    @Test func dynamicCirclesEnd() throws {
        let schema = try Schema(
            [
                "$id": "https://example.org/a", "$dynamicAnchor": "x", "$ref": "b",
                "$defs": ["b": ["$id": "b", "$dynamicAnchor": "x", "allOf": [["$dynamicRef": "#x"]]]],
            ],
            options: SchemaOptions(strictness: .tolerant)
        )
        let result = schema.validate(1)
        #expect(!schema.isValid(1))
        #expect(result.isUndecided)
        #expect(result.errors.first?.message.contains("within each other more than 1000 times") == true)
    }

    @Test(arguments: ["allOf", "anyOf", "oneOf"])
    func referencesThatFanOutEnd(keyword: String) throws {
        var definitions: JSONObject = ["d0": ["type": "string"]]
        for level in 1...60 {
            let next: JSONValue = ["$ref": .string("#/$defs/d\(level - 1)")]
            definitions["d\(level)"] = [keyword: [next, next, next]]
        }
        let schema = try Schema(["$defs": .object(definitions), "$ref": "#/$defs/d60"])
        let spent = seconds {
            #expect(!schema.isValid(1))
            _ = schema.validate(1)
            _ = schema.validate("a")
            _ = schema.applyingDefaults(to: [:])
        }
        #expect(spent < patience)
    }

    @Test func deepNestsOfAlternativesEnd() throws {
        var inner: JSONValue = ["const": "x"]
        for _ in 0..<60 {
            inner = ["anyOf": [["properties": ["a": inner]], ["properties": ["b": inner, "c": ["type": "null"]]]]]
        }
        var options = SchemaOptions()
        options.limits.depth = 1000
        options.limits.subschemas = 1_000
        // Every level doubles what is written: refused by its size before anything is compiled.
        let error = #expect(throws: SchemaError.self) { try Schema(inner, options: options) }
        #expect(error?.code == .tooLarge)
    }

    @Test func enumerationsAndListsOfNamesMayBeHuge() throws {
        let objects = JSONValue.array((0..<40_000).map { ["a": .integer($0), "b": [.integer($0)]] })
        let schema = try Schema(["items": ["enum": objects]])
        let missing: JSONValue = ["a": -1, "b": [-1]]
        let spent = seconds {
            #expect(schema.isValid([["a": 39_999, "b": [39_999]]]))
            let result = schema.validate(.array(.init(repeating: missing, count: 2_000)))
            #expect(!result.isValid)
            for error in result.errors { #expect(error.message.utf8.count < 2_000) }
        }
        #expect(spent < patience)
        let names = JSONValue.array((0..<100_000).map { .string("n\($0 % 50_000)") })
        let integers = JSONValue.array((0..<100_000).map { .integer($0) })
        let compiling = try seconds {
            _ = try Schema(["required": names, "properties": ["n1": true]])
            let list = try Schema(["items": ["enum": integers]])
            #expect(list.isValid(integers))
        }
        #expect(compiling < patience)
    }

    @Test func nearlyEqualElementsAreComparedInLinearTime() throws {
        let schema = try Schema(["uniqueItems": true])
        let elements = (0..<200_000).map {
            JSONValue.object(["name": "the same for all of them", "list": [1, 2, 3], "n": .integer($0)])
        }
        let spent = seconds {
            #expect(schema.isValid(.array(elements)))
            #expect(
                schema.validate(.array(elements + [elements[77]])).errors.map(\.message) == [
                    "elements of the value must differ, but 77 and 200000 are equal"
                ]
            )
        }
        #expect(spent < patience)
    }

    @Test func workBesideSubschemasIsCountedAsWell() throws {
        // Each schema looks cheap, and is applied to one large value a thousand times over.
        let large = JSONValue.array((0..<100_000).map { .integer($0) })
        for part: JSONValue in [["uniqueItems": true], ["items": ["type": "integer"]], ["const": large]] {
            let references = JSONValue.array((0..<10_000).map { _ in ["$ref": "#/$defs/part"] })
            let schema = try Schema(["$defs": ["part": part], "allOf": references])
            let spent = seconds { #expect(schema.validate(large).isUndecided, "\(part.text().prefix(40))") }
            #expect(spent < patience)
        }
    }

    @Test func manyPatternsForManyNamesAreCounted() throws {
        var patterns: JSONObject = [:]
        for number in 0..<3_000 { patterns["^x\(number)[a-z]*$"] = true }
        let schema = try Schema(["patternProperties": .object(patterns)])
        var members: JSONObject = [:]
        for number in 0..<5_000 { members["member\(number)"] = 1 }
        let spent = seconds { #expect(schema.validate(.object(members)).isUndecided) }
        #expect(spent < patience)
    }

    @Test func deepValuesEnd() throws {
        var value: JSONValue = [:]
        for _ in 0..<2_000 { value = ["a": value, "b": [value.objectValue?.count == nil ? 1 : 2]] }
        let schema = try Schema(["properties": ["a": ["$ref": "#"], "b": ["items": ["minimum": 3]]]])
        #expect(!schema.isValid(value))
        _ = schema.validate(value)
        #expect(try Schema(["type": "object"]).isValid(value))
    }

    // MARK: Malformed

    /// Keywords with values of the wrong type: an error, or left out and noted.
    static let malformed: [(String, String)] = [
        (#"{"type": "objekt"}"#, "'type' must be one of the seven type names, not \"objekt\" (at #/type)"),
        (#"{"type": 5}"#, "'type' must be one of the seven type names, not 5 (at #/type)"),
        (#"{"enum": {}}"#, "'enum' must be an array, not an object (at #/enum)"),
        (#"{"minimum": "1"}"#, "'minimum' must be a number, not a text (at #/minimum)"),
        (#"{"multipleOf": 0}"#, "'multipleOf' must be a number above 0, not an integer (at #/multipleOf)"),
        (#"{"multipleOf": -1.5}"#, "'multipleOf' must be a number above 0, not a number (at #/multipleOf)"),
        (#"{"maxLength": -1}"#, "'maxLength' must be an integer of at least 0, not an integer (at #/maxLength)"),
        (#"{"minItems": 1.5}"#, "'minItems' must be an integer of at least 0, not a number (at #/minItems)"),
        (#"{"pattern": 1}"#, "'pattern' must be a text, not an integer (at #/pattern)"),
        (#"{"pattern": "("}"#, "the pattern '(' cannot be used: unterminated group (at #/pattern)"),
        (#"{"uniqueItems": "yes"}"#, "'uniqueItems' must be true or false, not a text (at #/uniqueItems)"),
        (#"{"required": "a"}"#, "'required' must be an array of property names, not a text (at #/required)"),
        (#"{"required": [1]}"#, "'required' must hold property names, not an integer (at #/required)"),
        (#"{"properties": []}"#, "'properties' must be an object of schemas, not an array (at #/properties)"),
        (#"{"properties": {"a": 1}}"#, "a schema is an object, true or false, not an integer (at #/properties/a)"),
        (#"{"allOf": {}}"#, "'allOf' must be an array of schemas, not an object (at #/allOf)"),
        (#"{"anyOf": []}"#, "'anyOf' must be a list with at least one schema, not an array (at #/anyOf)"),
        (#"{"not": "a"}"#, "a schema is an object, true or false, not a text (at #/not)"),
        (#"{"dependentRequired": []}"#, "'dependentRequired' must be an object, not an array (at #/dependentRequired)"),
        ("[]", "a schema is an object, true or false, not an array (at #)"),
    ]

    @Test(arguments: malformed)
    func aMalformedKeywordIsReportedOrLeftOut(text: String, message: String) throws {
        let json = try JSONValue(parsing: text)
        let error = #expect(throws: SchemaError.self) { try Schema(json) }
        #expect(error?.description == message)
        let tolerant = try Schema(json, options: SchemaOptions(strictness: .tolerant))
        #expect(tolerant.warnings.first.map { "\($0.message) (at \($0.location))" } == message)
        // The rest of the schema counts.
        for value: JSONValue in [1, "a", ["a": 1], [1]] { #expect(tolerant.isValid(value)) }
    }

    @Test func warningsAreBounded() throws {
        let parts = JSONValue.array((0..<1_000).map { _ in ["minimum": "x"] })
        let schema = try Schema(["allOf": parts], options: SchemaOptions(strictness: .tolerant))
        #expect(schema.warnings.count == 100)
    }

    @Test func aDialectThatRequiresTheUnknownIsRefusedOrTolerated() throws {
        let options = SchemaOptions(documents: [
            "https://example.org/m": ["$vocabulary": ["https://example.org/v": true]]
        ])
        let json: JSONValue = ["$schema": "https://example.org/m", "type": "string"]
        let error = #expect(throws: SchemaError.self) { try Schema(json, options: options) }
        #expect(error?.code == .unknownVocabulary)
        var tolerant = options
        tolerant.strictness = .tolerant
        #expect(try Schema(json, options: tolerant).warnings.count == 1)
    }
}
