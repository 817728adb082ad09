import JSON
import SchemaValidation
import Testing

@Suite("Numbers")
struct NumberKeywordTests {
    @Test func numbersAreHeldAgainstLimits() throws {
        try KeywordCase.check(
            [
                KeywordCase(
                    "minimum",
                    #"{"minimum": 3}"#,
                    valid: ["3", "3.0", "4", "1e400", #""1""#],
                    invalid: ["2", "2.9999", "-1e400"]
                ),
                KeywordCase(
                    "maximum",
                    #"{"maximum": 3}"#,
                    valid: ["3", "-1e400", "null"],
                    invalid: ["4", "3.0000001", "1e400"]
                ),
                KeywordCase(
                    "minimum with a fraction",
                    #"{"minimum": -1.5}"#,
                    valid: ["-1.5", "0"],
                    invalid: ["-2", "-1.6"]
                ),
                KeywordCase(
                    "exclusiveMinimum",
                    #"{"exclusiveMinimum": 3}"#,
                    valid: ["4", "3.1"],
                    invalid: ["3", "3.0", "2"]
                ),
                KeywordCase(
                    "exclusiveMaximum",
                    #"{"exclusiveMaximum": 3}"#,
                    valid: ["2", "2.9"],
                    invalid: ["3", "3.0", "4"]
                ),
                KeywordCase(
                    "limits beyond doubles",
                    #"{"minimum": 9007199254740993, "maximum": 18446744073709551616}"#,
                    valid: ["9007199254740993", "18446744073709551616"],
                    invalid: ["9007199254740992", "18446744073709551617"]
                ),
                KeywordCase(
                    "multipleOf an integer",
                    #"{"multipleOf": 3}"#,
                    valid: ["0", "9", "-3", "3e30"],
                    invalid: ["1", "4.5", "-4"]
                ),
                KeywordCase(
                    "multipleOf a fraction",
                    #"{"multipleOf": 0.01}"#,
                    valid: ["0.07", "19.99", "1e300", "4"],
                    invalid: ["0.075", "1e-3"]
                ),
                KeywordCase(
                    "multipleOf something tiny",
                    #"{"multipleOf": 1e-300}"#,
                    valid: ["1", "1e300", "5e-300"],
                    invalid: ["1e-301"]
                ),
                KeywordCase(
                    "a range",
                    #"{"type": "integer", "minimum": 1, "maximum": 65535}"#,
                    valid: ["1", "65535"],
                    invalid: ["0", "65536", "80.5", #""80""#]
                ),
                KeywordCase(
                    "limits of draft 4",
                    #"{"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 0, "exclusiveMinimum": true}"#,
                    valid: ["1"],
                    invalid: ["0", "-1"]
                ),
            ],
            sheet: "numbers"
        )
    }

    @Test func numbersThatAreNoneInJSONAreHandled() throws {
        let schema = try Schema(["type": "number", "minimum": 0, "multipleOf": 2])
        for number in [Double.nan, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -0.0] {
            // Whatever the answer is, both ways of asking agree on it.
            #expect(schema.isValid(.double(number)) == schema.validate(.double(number)).isValid)
        }
        #expect(schema.isValid(.double(-0.0)))
        #expect(!schema.isValid(.double(-.infinity)))
    }

    @Test func aDivisionThatTakesTooLongIsUndecidedAndNotInvalid() throws {
        let divisor = "1" + String(repeating: "7", count: 5_000)
        let number = try JSONValue(parsing: String(repeating: "3", count: 20_000))
        for text in [#"{"multipleOf": \#(divisor)}"#, #"{"not": {"multipleOf": \#(divisor)}}"#] {
            let schema = try Schema(JSONValue(parsing: text))
            #expect(!schema.isValid(number))
            let result = schema.validate(number)
            #expect(result.isUndecided)
            #expect(result.errors.first?.keyword == "undecided")
            #expect(result.errors.first?.message.hasPrefix("it could not be decided whether ") == true)
        }
    }
}
