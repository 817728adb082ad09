import JSON
import Testing

/// Texts that RFC 8259 requires a parser to accept, each with the compact text of its value.
@Suite("Texts that are JSON")
struct AcceptedTextsTests {
    /// A noncharacter, which a literal of Swift may not name.
    private static func character(_ code: UInt32) -> Character { Character(Unicode.Scalar(code) ?? " ") }

    static let structure: [(String, String)] = [
        ("[]", "[]"), ("{}", "{}"), ("[[]]", "[[]]"), ("[[],[[]]]", "[[],[[]]]"), ("[{}]", "[{}]"),
        ("{\"a\":{}}", "{\"a\":{}}"), ("{\"a\":[]}", "{\"a\":[]}"), ("[null,1,\"1\",{}]", "[null,1,\"1\",{}]"),
        ("[1,null,null,null,2]", "[1,null,null,null,2]"), ("[true]", "[true]"), ("[false]", "[false]"),
        ("{\"\":0}", "{\"\":0}"), ("{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":2}"),
        ("[[[[[[[[1]]]]]]]]", "[[[[[[[[1]]]]]]]]"),
        ("{\"a\":{\"b\":{\"c\":[1,{\"d\":null}]}}}", "{\"a\":{\"b\":{\"c\":[1,{\"d\":null}]}}}"),
        ("{\"a\":\"b\",\"a\":\"c\"}", "{\"a\":\"c\"}"), ("{\"a\":1,\"b\":2,\"a\":{}}", "{\"a\":{},\"b\":2}"),
        ("{\"a\\u0000b\":1}", "{\"a\\u0000b\":1}"), ("{\"\\u0061\":1,\"a\":2}", "{\"a\":2}"),
        ("{\"key with spaces\":[]}", "{\"key with spaces\":[]}"), ("{\"k\\\"\":\"\\\\\"}", "{\"k\\\"\":\"\\\\\"}"),
    ]

    static let scalars: [(String, String)] = [
        ("null", "null"), ("true", "true"), ("false", "false"), ("\"\"", "\"\""), ("\"a\"", "\"a\""), ("0", "0"),
        ("-1", "-1"), ("3.5", "3.5"),
    ]

    static let whitespace: [(String, String)] = [
        (" []", "[]"), ("[] ", "[]"), ("\t[\n]\r\n", "[]"), (" \t\r\n1 \t\r\n", "1"), ("[ 1 , 2 ]", "[1,2]"),
        ("{ \"a\" : 1 , \"b\" : [ ] }", "{\"a\":1,\"b\":[]}"), ("{\r\n\t\"a\"\r\n\t:\r\n\t1\r\n}", "{\"a\":1}"),
        ("\n\n\nnull", "null"), ("[\n\n1\n\n,\n\n2\n\n]", "[1,2]"), (String(repeating: " ", count: 500) + "0", "0"),
        ("0" + String(repeating: "\n", count: 500), "0"),
    ]

    static let numbers: [(String, String)] = [
        ("0", "0"), ("-0", "-0.0"), ("-0.0", "-0.0"), ("0.0", "0.0"), ("0e5", "0.0"), ("0e+1", "0.0"),
        ("-0e-1", "-0.0"),
        ("123", "123"), ("-123", "-123"), ("1.5", "1.5"), ("-1.5", "-1.5"), ("1e2", "100.0"), ("1E2", "100.0"),
        ("1e+2", "100.0"), ("1E+2", "100.0"), ("1e-2", "0.01"), ("1E-2", "0.01"), ("123.456e78", "1.23456e+80"),
        ("123e45", "1.23e+47"), ("20e1", "200.0"), ("1e00002", "100.0"), ("0.1", "0.1"), ("1.0", "1.0"), ("10", "10"),
        ("9007199254740993", "9007199254740993"), ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"), ("1e308", "1e+308"), ("5e-324", "5e-324"),
        ("0.30000000000000004", "0.30000000000000004"),
    ]

    static let strings: [(String, String)] = [
        ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\""), ("\"\\u0060\\u012a\\u12AB\"", "\"`Īካ\""),
        ("\"\\u0000\"", "\"\\u0000\""), ("\"\\u001f\"", "\"\\u001f\""), ("\"\u{7F}\"", "\"\u{7F}\""),
        ("\"/\"", "\"/\""),
        ("\"\\/\"", "\"/\""), ("\"\\uD834\\uDd1e\"", "\"𝄞\""), ("\"\\ud83d\\ude39\\ud83d\\udc8d\"", "\"😹💍\""),
        ("\"\\uDBFF\\uDFFF\"", "\"\(character(0x10FFFF))\""), ("\"\\\\u0041\"", "\"\\\\u0041\""),
        ("\"\\\\\\\\n\"", "\"\\\\\\\\n\""),
        ("\"\\u0022\"", "\"\\\"\""), ("\"\\u005C\"", "\"\\\\\""), ("\"\\uFFFF\"", "\"\(character(0xFFFF))\""),
        ("\"\\uFDD0\"", "\"\(character(0xFDD0))\""), ("\"\(character(0xFFFE))\"", "\"\(character(0xFFFE))\""),
        ("\"\\u2028\\u2029\"", "\"\u{2028}\u{2029}\""), ("\"\u{2028}\u{2029}\"", "\"\u{2028}\u{2029}\""),
        ("\"\u{FEFF}\"", "\"\u{FEFF}\""), ("\"\\uFEFF\"", "\"\u{FEFF}\""), ("\"é\"", "\"é\""), ("\"€𝄞\"", "\"€𝄞\""),
        ("\"a/*b*/c//d#e\"", "\"a/*b*/c//d#e\""),
        ("\"[1,{}]\"", "\"[1,{}]\""), ("\"\\u00e9\\u00E9\"", "\"éé\""), ("\" \"", "\" \""), ("\"'\"", "\"'\""),
        ("\"e\u{301}\"", "\"e\u{301}\""), ("\"1234567\\n\"", "\"1234567\\n\""), ("\"12345678\\n\"", "\"12345678\\n\""),
    ]

    @Test(arguments: structure + scalars + whitespace + numbers + strings)
    func isReadAndWritten(text: String, compact: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(Array(value.text().utf8) == Array(compact.utf8))
        #expect(try JSONValue(parsing: Array(text.utf8)) == value)
        #expect(try JSONDocument(parsing: text).value == value)
        // In an array the same text is a value too, wherever in memory it begins.
        let inside = Array("[0,\(text)\n]".utf8)
        #expect(try JSONValue(parsing: inside[...])[1] == value)
    }

    /// Stretches of every length, before and after an escape and a letter of two bytes: the scan reads in words.
    @Test(arguments: 0..<100)
    func stringsOfEveryLengthAreKept(length: Int) throws {
        let filler = String(repeating: "x", count: length)
        for special in ["", "\n", "\"", "é", "\u{1}", "😀"] {
            let string = filler + special + filler
            let text = JSONValue.string(string).text()
            #expect(try JSONValue(parsing: text) == .string(string))
            #expect(try JSONValue(parsing: "{\(text):\(text)}") == .object([string: .string(string)]))
        }
    }

    @Test(arguments: 0..<20)
    func integersOfEveryLengthAreKept(digits: Int) throws {
        var power: UInt64 = 1
        for _ in 0..<digits { power *= 10 }
        for number in [power - 1, power, power + 1] where number <= UInt64(Int64.max) {
            for signed in [Int64(number), -Int64(number)] {
                #expect(JSONValue.integer(signed).text() == String(signed))
                #expect(try JSONValue(parsing: String(signed)) == .integer(signed))
            }
        }
    }
}
