import JSON
import Testing

/// What the bytes of a text may be. RFC 8259, section 8, leaves some of this open; docs/json.md says what is decided.
@Suite("Encoding of JSON texts")
struct EncodingTests {
    /// In a string, each with the offset of the first byte that is not part of a character.
    @Test(
        arguments: [
            ([0xFF], 0), ([0xFE], 0), ([0x80], 0), ([0xBF], 0), ([0x61, 0x81], 1), ([0xE9], 0), ([0xC3], 0),
            ([0xC3, 0x28], 0),
            ([0xE2, 0x82], 0), ([0xE2, 0x28, 0xA1], 0), ([0xE2, 0x82, 0x28], 0), ([0xF0, 0x9F, 0x98], 0),
            ([0xF0, 0x28, 0x8C, 0xBC], 0),
            ([0xF0, 0x9F, 0x28, 0x80], 0), ([0xF0, 0x9F, 0x98, 0x28], 0),
            // Overlong forms of `/`, of U+0000 and of U+FFFF.
            ([0xC0, 0xAF], 0), ([0xC1, 0xBF], 0), ([0xC0, 0x80], 0), ([0xE0, 0x80, 0xAF], 0), ([0xE0, 0x9F, 0xBF], 0),
            ([0xF0, 0x80, 0x80, 0xAF], 0), ([0xF0, 0x8F, 0xBF, 0xBF], 0), ([0xF8, 0x88, 0x80, 0x80, 0x80], 0),
            ([0xFC, 0x84, 0x80, 0x80, 0x80, 0x80], 0),
            // Surrogates, alone and in a pair.
            ([0xED, 0xA0, 0x80], 0), ([0xED, 0xBF, 0xBF], 0), ([0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], 0),
            // Beyond U+10FFFF.
            ([0xF4, 0x90, 0x80, 0x80], 0), ([0xF5, 0x80, 0x80, 0x80], 0), ([0xF7, 0xBF, 0xBF, 0xBF], 0),
            ([0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xC3], 5), ([0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0xC2], 8),
        ] as [([UInt8], Int)]
    )
    func invalidUTF8IsRefusedWhereItBegins(bytes: [UInt8], fault: Int) {
        let quote: [UInt8] = [0x22]
        let filler = [UInt8](repeating: 0x78, count: 40)
        let texts: [(before: [UInt8], after: [UInt8])] = [
            (quote, quote), ([0x7B] + quote, quote + [0x3A, 0x31, 0x7D]), (quote + filler, quote),
            (quote, filler + quote),
            (quote + [0x5C, 0x6E], quote), (quote, [0x5C, 0x6E] + quote), ([0x5B, 0x22, 0xC3, 0xA9], quote + [0x5D]),
        ]
        for text in texts {
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text.before + bytes + text.after) }
            #expect(error?.code == .invalidUTF8)
            #expect(error?.offset == text.before.count + fault)
        }
    }

    /// A text that ends in a character ends in a string first.
    @Test func aStringThatIsCutOffInACharacterHasNoEnd() {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xE2, 0x82]) }
        #expect(error?.code == .unexpectedEnd)
    }

    @Test(arguments: [[0xFF], [0xC3, 0xA9], [0x5B, 0xFF, 0x5D], [0x80, 0x31]] as [[UInt8]])
    func bytesOutsideOfStringsAreUnexpected(bytes: [UInt8]) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
        #expect(error?.code == .unexpectedCharacter)
    }

    @Test(
        arguments: [
            [0xEF, 0xBB, 0xBF], [0xEF, 0xBB, 0xBF, 0x7B, 0x7D], [0xFE, 0xFF, 0x00, 0x31], [0xFF, 0xFE, 0x31, 0x00],
            [0xFF, 0xFE, 0x00, 0x00, 0x31, 0x00, 0x00, 0x00],
        ] as [[UInt8]]
    )
    func aByteOrderMarkIsRefused(bytes: [UInt8]) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
        #expect(error?.code == .byteOrderMark)
        #expect(error?.offset == 0)
    }

    @Test(arguments: ["1", "[]", "{}", "\"é\"", "null", "{\"a\":1}", "-1"])
    func otherEncodingsAreNamed(text: String) {
        let units = Array(text.utf16)
        let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let little = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let wideBig = text.unicodeScalars.flatMap { [0, 0, UInt8($0.value >> 8), UInt8($0.value & 0xFF)] }
        let wideLittle = text.unicodeScalars.flatMap { [UInt8($0.value & 0xFF), UInt8($0.value >> 8), 0, 0] }
        for bytes in [big, little, wideBig, wideLittle] {
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
            #expect(error?.code == .wrongEncoding)
            #expect(error?.message.contains("UTF-8") == true)
        }
    }

    @Test(arguments: [[0x00], [0x31, 0x32, 0x00], [0x5B, 0x31, 0x00, 0x5D], [0x22, 0x61, 0x00, 0x22]] as [[UInt8]])
    func zeroBytesAreRefusedEverywhere(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
    }
}

/// What RFC 8259 leaves to implementations, as docs/json.md decides it.
@Suite("What RFC 8259 leaves open")
struct ImplementationDefinedTests {
    /// Surrogates that have no partner are no characters: each becomes U+FFFD.
    @Test(arguments: [
        ("\"\\ud800\"", "\u{FFFD}"), ("\"\\udc00\"", "\u{FFFD}"), ("\"\\uDADA\"", "\u{FFFD}"),
        ("\"\\ud800abc\"", "\u{FFFD}abc"),
        ("\"\\ud800\\n\"", "\u{FFFD}\n"), ("\"\\ud800\\u0041\"", "\u{FFFD}A"),
        ("\"\\ud800\\ud800\"", "\u{FFFD}\u{FFFD}"),
        ("\"\\ud800\\ud800\\udc00\"", "\u{FFFD}\u{10000}"), ("\"\\udc00\\ud800\"", "\u{FFFD}\u{FFFD}"),
        ("\"\\ud800\\\\udc00\"", "\u{FFFD}\\udc00"), ("\"\\udfff\\udfff\"", "\u{FFFD}\u{FFFD}"),
        ("\"a\\ud83d\"", "a\u{FFFD}"), ("\"\\ud83dx\\ude00\"", "\u{FFFD}x\u{FFFD}"),
    ])
    func loneSurrogatesBecomeReplacementCharacters(text: String, string: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(value.stringValue?.utf8.elementsEqual(string.utf8) == true)
        #expect(try JSONValue(parsing: value.text()) == value)
    }

    @Test func keysOfLoneSurrogatesAreRepetitionsOfOneAnother() throws {
        let document = try JSONDocument(parsing: #"{"\ud800":1,"\udfff":2}"#)
        #expect(document.value == ["\u{FFFD}": 2])
        #expect(document.duplicateKeyCount == 1)
    }

    @Test(arguments: [
        "1e400", "-1e400", "1e-400", "123456789012345678901234567890", "-98765432109876543210", "0.1234567890123456789",
        "100000000000000000000000000000000000000000001", "1.7976931348623157e309",
        "0.4e00669999999999999999999999999999",
        "1E99999999999999999999999", "-1.0000000000000000000000000000000000001E-5", "9223372036854775808",
        "-9223372036854775809",
        "9007199254740993.0", "123123e100000", "127181e-324", "-4e-324", "1.23e-322",
        "-237462374673276894279832749832423479823246327846",
    ])
    func numbersBeyondDoublesKeepEveryDigit(text: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(value == .bigNumber(try #require(JSONBigNumber(text: text))))
        #expect(value.text() == text)
        #expect(value.text(.pretty) == text)
    }

    @Test(arguments: [0, 1, 2, 16, 256, 2048, 5000])
    func nestingIsBounded(limit: Int) throws {
        let bound = min(limit, JSONLimits.maximumDepth)
        let limits = JSONLimits(depth: limit)
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let fits = String(repeating: open, count: bound) + "1" + String(repeating: close, count: bound)
            #expect(try JSONValue(parsing: fits, limits: limits).text() == fits)
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: open + fits + close, limits: limits) }
            #expect(error?.code == .tooDeep)
            #expect(error?.offset == open.utf8.count * bound)
            #expect(error?.message.contains("\(bound)") == true)
        }
        #expect(try JSONValue(parsing: "1", limits: limits) == 1)
    }

    @Test func theSizeOfTextsIsBounded() throws {
        #expect(try JSONValue(parsing: "[1]", limits: JSONLimits(size: 3)) == [1])
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "[1] ", limits: JSONLimits(size: 3)) }
        #expect(error?.code == .tooLarge)
        #expect(error?.message.contains("3") == true)
    }

    @Test func onlyTheFirstRepeatedKeysAreKeptButAllAreCounted() throws {
        let members = (0..<50).map { "\"k\($0)\":0" } + (0..<50).map { "\"k\($0)\":1" }
        let document = try JSONDocument(parsing: "{\(members.joined(separator: ","))}", maximumDuplicates: 7)
        #expect(document.duplicateKeys.count == 7)
        #expect(document.duplicateKeyCount == 50)
        #expect(document.value.objectValue?.values.allSatisfy { $0 == 1 } == true)
    }

    @Test func numbersThatJSONDoesNotHaveAreWrittenAsNull() throws {
        let value: JSONValue = [.double(.nan), .double(.infinity), .double(-.infinity), 1]
        for format in [JSONFormat.compact, .canonical] { #expect(value.text(format) == "[null,null,null,1]") }
        #expect(value.isEquivalent(to: [.null, .null, .null, 1]))
    }
}
