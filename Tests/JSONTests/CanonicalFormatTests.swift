import JSON
import Testing

/// RFC 8785: its table of numbers, its examples, and what lies beyond doubles.
@Suite("Canonical form")
struct CanonicalFormatTests {
    /// The table of appendix B: bits of a double, and its text.
    @Test(
        arguments: [
            (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7FEF_FFFF_FFFF_FFFF, "1.7976931348623157e+308"), (0xFFEF_FFFF_FFFF_FFFF, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"), (0xC340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"), (0x44B5_2D02_C7E1_4AF5, "9.999999999999997e+22"),
            (0x44B5_2D02_C7E1_4AF6, "1e+23"),
            (0x44B5_2D02_C7E1_4AF7, "1.0000000000000001e+23"), (0x444B_1AE4_D6E2_EF4E, "999999999999999700000"),
            (0x444B_1AE4_D6E2_EF4F, "999999999999999900000"), (0x444B_1AE4_D6E2_EF50, "1e+21"),
            (0x3EB0_C6F7_A0B5_ED8C, "9.999999999999997e-7"),
            (0x3EB0_C6F7_A0B5_ED8D, "0.000001"), (0x41B3_DE43_5555_5553, "333333333.3333332"),
            (0x41B3_DE43_5555_5554, "333333333.33333325"),
            (0x41B3_DE43_5555_5555, "333333333.3333333"), (0x41B3_DE43_5555_5556, "333333333.3333334"),
            (0x41B3_DE43_5555_5557, "333333333.33333343"),
            (0xBECB_F647_612F_3696, "-0.0000033333333333333333"), (0x4314_3FF3_C1CB_0959, "1424953923781206.2"),
        ] as [(UInt64, String)]
    )
    func doublesAreWrittenAsTheStandardSays(bits: UInt64, text: String) throws {
        let value = JSONValue.double(Double(bitPattern: bits))
        #expect(value.text(.canonical) == text)
        #expect(try JSONValue(parsing: text).isEquivalent(to: value))
    }

    @Test(arguments: [
        ("1e21", "1e+21"), ("1e20", "100000000000000000000"), ("123456789012345678901", "123456789012345678901"),
        ("1234567890123456789012", "1.234567890123456789012e+21"), ("9007199254740993", "9007199254740993"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("9007199254740993.0", "9007199254740993"), ("0.1234567890123456789", "0.1234567890123456789"),
        ("1e400", "1e+400"), ("-10E399", "-1e+400"),
        ("1.50e-400", "1.5e-400"), ("0.000001", "0.000001"), ("0.0000001", "1e-7"),
        ("1e99999999999999999999", "1e+99999999999999999999"),
        ("12e-99999999999999999999", "1.2e-99999999999999999998"), ("4.50", "4.5"), ("2e-3", "0.002"),
        ("0.000000000000000000000000001", "1e-27"), ("-0e500", "0"),
        ("1E30", "1e+30"), ("12345678901234567890.5", "12345678901234567890.5"),
    ])
    func numbersKeepTheirDigitsInTheSameForm(text: String, canonical: String) throws {
        #expect(try JSONValue(parsing: text).text(.canonical) == canonical)
        #expect(try JSONValue(parsing: canonical).text(.canonical) == canonical)
    }

    /// Section 3.2.2.
    @Test func theFirstExampleOfTheStandardIsWrittenAsThere() throws {
        let text = #"""
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """#
        let strings = #""string":"€$\u000f\nA'B\"\\\\\"/"}"#
        let canonical = try JSONValue(parsing: text).text(.canonical)
        // A double holds only 333333333.3333333 of the first number, which RFC 8785 writes; here its digits stay.
        #expect(
            canonical == #"{"literals":[null,true,false],"numbers":[333333333.33333329,1e+30,4.5,0.002,1e-27],"#
                + strings
        )
    }

    /// Section 3.2.3: keys by their UTF-16 code units, which is not the order of their code points.
    @Test func keysAreOrderedAsTheStandardSays() throws {
        let text = #"""
            {"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
             "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}
            """#
        let value = try JSONValue(parsing: try JSONValue(parsing: text).text(.canonical))
        #expect(
            value.objectValue?.values == [
                "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign",
                "Emoji: Grinning Face",
                "Hebrew Letter Dalet With Dagesh",
            ]
        )
    }

    @Test func onlyWhatHasToBeEscapedIsEscaped() {
        let controls = String(String.UnicodeScalarView((0..<0x20).compactMap { Unicode.Scalar($0) }))
        let written = #"""
            "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f"
            """#
        #expect(JSONValue.string(controls).text(.canonical) == written)
        #expect(
            JSONValue.string("\"\\/\u{7F}\u{80}\u{2028}é😀").text(.canonical) == "\"\\\"\\\\/\u{7F}\u{80}\u{2028}é😀\""
        )
    }

    @Test func indentationIsBounded() throws {
        let value: JSONValue = [[1]]
        #expect(value.text(JSONFormat(indentation: 1, sortsKeys: false)) == "[\n [\n  1\n ]\n]")
        #expect(value.text(JSONFormat(indentation: -5, sortsKeys: false)) == "[\n[\n1\n]\n]")
        let widest = JSONFormat(indentation: JSONFormat.maximumIndentation, sortsKeys: false)
        #expect(value.text(JSONFormat(indentation: .max, sortsKeys: false)) == value.text(widest))
    }
}
