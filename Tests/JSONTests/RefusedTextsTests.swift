import JSON
import Testing

/// Texts that RFC 8259 requires a parser to refuse, and what the error says. `@` stands for the place of the fault.
@Suite("Texts that are not JSON")
struct RefusedTextsTests {
    typealias Case = (text: String, code: JSONError.Code, says: String)

    static let structure: [Case] = [
        ("@", .unexpectedEnd, "a value"), (" \n@", .unexpectedEnd, "a value"), ("[@", .unexpectedEnd, "a value"),
        ("[1@", .unexpectedEnd, "',' or ']'"), ("[1,@", .unexpectedEnd, "a value"), ("{@", .unexpectedEnd, "a key"),
        ("{\"a\"@", .unexpectedEnd, "':'"), ("{\"a\":@", .unexpectedEnd, "a value"),
        ("{\"a\":1@", .unexpectedEnd, "',' or '}'"), ("{\"a\":1,@", .unexpectedEnd, "a key"),
        ("[1@}", .unexpectedCharacter, "',' or ']'"), ("{\"a\":1@]", .unexpectedCharacter, "',' or '}'"),
        ("[1,@]", .unexpectedCharacter, "comma"), ("[@,1]", .unexpectedCharacter, "a value"),
        ("[1,@,2]", .unexpectedCharacter, "a value"), ("[1 @2]", .unexpectedCharacter, "',' or ']'"),
        ("[1@:2]", .unexpectedCharacter, "',' or ']'"), ("[@}", .unexpectedCharacter, "a value"),
        ("{\"a\":1,@}", .unexpectedCharacter, "comma"), ("{@,\"a\":1}", .unexpectedCharacter, "a key"),
        ("{\"a\"@,1}", .unexpectedCharacter, "':'"), ("{\"a\" @1}", .unexpectedCharacter, "':'"),
        ("{\"a\":@}", .unexpectedCharacter, "a value"), ("{\"a\":1 @\"b\":2}", .unexpectedCharacter, "',' or '}'"),
        ("{\"a\":@:1}", .unexpectedCharacter, "a value"), ("{@a:1}", .unexpectedCharacter, "a key in quotes"),
        ("{@1:1}", .unexpectedCharacter, "a key in quotes"), ("{@null:1}", .unexpectedCharacter, "a key in quotes"),
        ("{@'a':1}", .unexpectedCharacter, "a key in quotes"), ("{@[]:1}", .unexpectedCharacter, "a key in quotes"),
        ("{@\u{e9}:1}", .unexpectedCharacter, "a key in quotes"), ("{\"a\":1@=2}", .unexpectedCharacter, "',' or '}'"),
        ("[] @[]", .trailingText, "one value"), ("1 @2", .trailingText, "one value"),
        ("{}@}", .trailingText, "one value"),
        ("[]@]", .trailingText, "one value"), ("[1]@x", .trailingText, "one value"),
        ("\"a\"@\"b\"", .trailingText, "one value"),
        ("null@,", .trailingText, "one value"), ("{} @// c", .trailingText, "one value"),
        ("[]@#", .trailingText, "one value"),
        ("@]", .unexpectedCharacter, "a value"), ("@,", .unexpectedCharacter, "a value"),
        ("@:", .unexpectedCharacter, "a value"),
        ("@<a>", .unexpectedCharacter, "a value"), ("[@*]", .unexpectedCharacter, "a value"),
        ("@\\", .unexpectedCharacter, "a value"),
        ("[@/* c */1]", .unexpectedCharacter, "comments"), ("@// c\n1", .unexpectedCharacter, "comments"),
        ("[@# c\n1]", .unexpectedCharacter, "a value"), ("[\n1,\n@]", .unexpectedCharacter, "comma"),
        ("{\n  \"a\": 1,\n  \"b\": @x\n}", .unexpectedCharacter, "a value"),
        ("[\r\n1\r\n@2]", .unexpectedCharacter, "',' or ']'"),
    ]

    static let words: [Case] = [
        ("nul@", .unexpectedEnd, "'null'"), ("tr@", .unexpectedEnd, "'true'"), ("fals@", .unexpectedEnd, "'false'"),
        ("[nul@]", .unexpectedCharacter, "'null'"), ("[tru@]", .unexpectedCharacter, "'true'"),
        ("[fals@]", .unexpectedCharacter, "'false'"), ("[nu@LL]", .unexpectedCharacter, "'null'"),
        ("true@e", .trailingText, "one value"),
        ("@True", .unexpectedCharacter, "a value"), ("@FALSE", .unexpectedCharacter, "a value"),
        ("@undefined", .unexpectedCharacter, "a value"),
        ("@NaN", .unexpectedCharacter, "NaN"), ("@Infinity", .unexpectedCharacter, "Infinity"),
        ("n@an", .unexpectedCharacter, "'null'"),
        ("[n@othing]", .unexpectedCharacter, "'null'"),
    ]

    static let numbers: [Case] = [
        ("-@", .invalidNumber, "digit"), ("-@a", .invalidNumber, "digit"), ("@+1", .unexpectedCharacter, "plus sign"),
        ("[@.5]", .unexpectedCharacter, "before the point"), ("-@.5", .invalidNumber, "digit"),
        ("1.@", .invalidNumber, "after the point"),
        ("[1.@]", .invalidNumber, "after the point"), ("1.@e5", .invalidNumber, "after the point"),
        ("1e@", .invalidNumber, "exponent"),
        ("1E+@", .invalidNumber, "exponent"), ("1e-@x", .invalidNumber, "exponent"),
        ("[1e@]", .invalidNumber, "exponent"),
        ("1e@.5", .invalidNumber, "exponent"), ("1e5@.5", .trailingText, "one value"), ("@01", .invalidNumber, "zero"),
        ("-@01", .invalidNumber, "zero"), ("@00", .invalidNumber, "zero"), ("[@012]", .invalidNumber, "zero"),
        ("-@0123", .invalidNumber, "zero"),
        ("0@x1", .trailingText, "one value"), ("[1@_000]", .unexpectedCharacter, "',' or ']'"),
        ("1 @000", .trailingText, "one value"),
        ("[1.2@.3]", .unexpectedCharacter, "',' or ']'"), ("[-@-1]", .invalidNumber, "digit"),
        ("[1@+2]", .unexpectedCharacter, "',' or ']'"),
        ("[1e1@e1]", .unexpectedCharacter, "',' or ']'"), ("-@Infinity", .invalidNumber, "digit"),
        ("-@NaN", .invalidNumber, "digit"),
        ("[1@a]", .unexpectedCharacter, "',' or ']'"), ("[@１]", .unexpectedCharacter, "a value"),
        ("[-@ 1]", .invalidNumber, "digit"),
        ("@01.5", .invalidNumber, "zero"), ("2.@", .invalidNumber, "after the point"),
        ("1@-", .trailingText, "one value"),
    ]

    static let strings: [Case] = [
        ("@\"", .unexpectedEnd, "without end"), ("@\"abc", .unexpectedEnd, "without end"),
        ("[@\"]", .unexpectedEnd, "without end"),
        ("[\"a\",@\"b]", .unexpectedEnd, "without end"), ("{@\"a", .unexpectedEnd, "without end"),
        ("\"\\@", .unexpectedEnd, "without end"), ("\"\\u@", .unexpectedEnd, "without end"),
        ("\"\\u00@", .unexpectedEnd, "without end"),
        ("\"\\@x\"", .invalidString, "escape"), ("\"\\@'\"", .invalidString, "escape"),
        ("\"\\@a\"", .invalidString, "escape"),
        ("\"\\@0\"", .invalidString, "escape"), ("\"\\@U0041\"", .invalidString, "escape"),
        ("\"\\@\u{e9}\"", .invalidString, "escape"),
        ("\"\\@\n\"", .invalidString, "escape"), ("\"\\@ \"", .invalidString, "escape"),
        ("{\"\\@q\":1}", .invalidString, "escape"),
        ("\"\\u@\"", .invalidString, "hexadecimal"), ("\"\\u0@\"", .invalidString, "hexadecimal"),
        ("\"\\u00@g0\"", .invalidString, "hexadecimal"),
        ("\"\\u@{41}\"", .invalidString, "hexadecimal"), ("\"\\ud834\\u00@zz\"", .invalidString, "hexadecimal"),
        ("\"\\u@-001\"", .invalidString, "hexadecimal"),
        ("\"a@\nb\"", .invalidString, "byte 10"), ("\"@\t\"", .invalidString, "byte 9"),
        ("\"a@\r\"", .invalidString, "byte 13"),
        ("\"abc@\u{0}\"", .invalidString, "byte 0"), ("\"@\u{1F}\"", .invalidString, "byte 31"),
        ("\"12345678@\u{1}\"", .invalidString, "byte 1"),
        ("\"\\n12345678901234567890123456789012@\n\"", .invalidString, "byte 10"),
        ("{\"a@\nb\":1}", .invalidString, "byte 10"),
        ("@'a'", .unexpectedCharacter, "double quotes"), ("[@`a`]", .unexpectedCharacter, "a value"),
        ("@\u{201C}a\u{201D}", .unexpectedCharacter, "a value"),
        ("@abc", .unexpectedCharacter, "a value"), ("\"a\" @\"", .trailingText, "one value"),
    ]

    static let whitespace: [Case] = [
        ("[@\u{0C}]", .unexpectedCharacter, "a value"), ("[@\u{0B}1]", .unexpectedCharacter, "a value"),
        ("[1@\u{A0}]", .unexpectedCharacter, "',' or ']'"),
        ("[@\u{2060}]", .unexpectedCharacter, "a value"), ("@\u{85}1", .unexpectedCharacter, "a value"),
        ("1@\u{2028}", .trailingText, "one value"),
        ("[1@\u{3000}]", .unexpectedCharacter, "',' or ']'"), (" @\u{FEFF}1", .unexpectedCharacter, "byte 239"),
        ("[[[1]]@\u{0}]", .unexpectedCharacter, "byte 0"),
        ("123@\u{0}", .trailingText, "one value"), ("[12@\u{8}]", .unexpectedCharacter, "byte 8"),
    ]

    @Test(arguments: structure + words + numbers + strings + whitespace)
    func isRefusedWithItsPlace(_ text: String, code: JSONError.Code, says: String) throws {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), maxSplits: 1, omittingEmptySubsequences: false)
        let before = Array(parts[0])
        let bytes = before + parts[1]
        let line = before.split(separator: 0x0A, omittingEmptySubsequences: false)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
        #expect(error?.code == code)
        #expect(error?.message.contains(says) == true, "\(error?.message ?? "")")
        #expect(error?.offset == before.count)
        #expect(error?.line == line.count)
        #expect(error?.column == (line.last?.count ?? 0) + 1)
        #expect(throws: JSONError.self) { try JSONDocument(parsing: bytes) }
    }
}
