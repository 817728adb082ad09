import JSON
import TestSupport
import Testing

@Suite("JSON parser")
struct JSONParserTests {
    @Test(
        arguments: [
            ("null", JSONValue.null), ("true", .bool(true)), ("-12", .integer(-12)), ("1.5", .double(1.5)),
            ("9223372036854775807", .integer(.max)), ("9223372036854775808", .bigNumber("9223372036854775808")),
            ("-9223372036854775808", .integer(.min)), ("1e400", .bigNumber("1e400")), ("-0", .double(-0.0)),
            ("0.1234567890123456789", .bigNumber("0.1234567890123456789")),
            ("\"a\\u00e9\\ud83d\\ude00\"", .string("aé😀")),
            ("[]", .array([])), ("{\"a\":[1,{}]}", .object(["a": .array([1, .object([:])])])),
        ] as [(String, JSONValue)]
    )
    func readsValuesWithoutLoss(text: String, expected: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == expected)
    }

    @Test(arguments: [
        "", "tru", "01", "1.", "1e", "-", "[1,]", "{\"a\":1,}", "{a:1}", "\"a", "\"\u{1}\"", "\"\\x\"", "\"\\u12\"",
        "1 2",
        "[1", "{\"a\"", "nul", "'a'", "// c\n1", "NaN", "+1", ".5",
    ])
    func refusesWhatIsNotJSON(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test func namesLineAndColumnOfAFault() throws {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "{\n  \"a\": 1,\n  \"b\": x\n}") }
        #expect(error?.line == 3)
        #expect(error?.column == 8)
    }

    @Test func stopsAtTheDepthLimitInsteadOfCrashing() {
        let text = String(repeating: "[", count: 100_000)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.code == .tooDeep)
    }

    @Test func stopsAtTheSizeLimit() {
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: "[1,2,3]", limits: JSONLimits(depth: 4, size: 3))
        }
        #expect(error?.code == .tooLarge)
    }

    @Test func refusesInvalidUTF8() {
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
    }

    @Test func keepsMemberOrderAndLastOfRepeatedKeys() throws {
        let value = try JSONValue(parsing: #"{"z":1,"a":2,"z":3}"#)
        #expect(value.text() == #"{"z":3,"a":2}"#)
        #expect(value.text(.canonical) == #"{"a":2,"z":3}"#)
    }

    @Test func largeObjectsFindTheirMembers() {
        var object = JSONObject()
        for number in 0..<1000 { object["key\(number)"] = .integer(Int64(number)) }
        #expect(object["key777"] == .integer(777))
        object["key500"] = nil
        #expect(object.count == 999)
        #expect(object["key501"] == .integer(501))
    }

    @Test func equalityIgnoresMemberOrder() {
        let left: JSONValue = ["a": 1, "b": 2]
        let right: JSONValue = ["b": 2, "a": 1]
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
    }

    @Test(arguments: 0..<200)
    func writingAndParsingGivesTheSameValue(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let value = JSONValue.random(depth: 4, using: &random)
        #expect(try JSONValue(parsing: value.text()) == value)
        #expect(try JSONValue(parsing: value.text(.pretty)) == value)
    }
}

extension JSONValue {
    static func random(depth: Int, using random: inout SplitMix64) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 6), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int64(bitPattern: random.next()))
        case 3: return .double(Double.random(in: -1e20...1e20, using: &random))
        case 4, 5:
            let scalars = (0..<Int.random(in: 0..<8, using: &random)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0..<0x11_0000, using: &random))
            }
            return .string(String(String.UnicodeScalarView(scalars)))
        case 6, 7:
            let count = Int.random(in: 0..<5, using: &random)
            return .array((0..<count).map { _ in JSONValue.random(depth: depth - 1, using: &random) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0..<12, using: &random) {
                object["k\(random.next() % 50)"] = JSONValue.random(depth: depth - 1, using: &random)
            }
            return .object(object)
        }
    }
}
