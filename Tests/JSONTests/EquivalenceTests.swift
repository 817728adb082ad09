import JSON
import TestSupport
import Testing

@Suite("Equivalence of JSON values")
struct EquivalenceTests {
    /// Groups of texts that mean the same; texts of different groups do not.
    static let groups: [[String]] = [
        ["1", "1.0", "1e0", "10e-1", "0.1e1", "1.00000000000000000000000000000", "1000000000000000000000000e-24"],
        ["0", "-0", "0.0", "-0.0", "0e99", "-0e-99", "0e99999999999999999999999"],
        ["-1", "-1.0", "-10E-1"], ["9007199254740993", "9007199254740993.0", "9.007199254740993e15"],
        ["9007199254740992", "9007199254740992.0"], ["9007199254740994", "9007199254740994.0"],
        ["1e400", "10e399", "0.1e401", "1" + String(repeating: "0", count: 400)], ["-1e400", "-10e399"], ["1e401"],
        ["1e-400", "0.1e-399"],
        ["0.1", "1e-1", "0.10000000000000000000000"], ["0.1000000000000000055511151231257827021181583404541015625"],
        ["9223372036854775807"], ["9223372036854775808", "9.223372036854775808e18"],
        ["9223372036854776000", "9.223372036854776e18"],
        ["1e1000000000000000000", "0.1e1000000000000000001", "10e999999999999999999"], ["1e1000000000000000001"],
        [
            "1e99999999999999999999", "10e99999999999999999998", "0.01e100000000000000000001",
            "1e+0099999999999999999999",
        ],
        ["1e99999999999999999998"],
        ["1e-99999999999999999999", "0.1e-99999999999999999998", "100e-100000000000000000001"],
        ["1e-99999999999999999998"], ["11e99999999999999999998"], ["null"], ["\"1\""], ["true"], ["false"], ["\"\""],
        ["[]"], ["{}"], ["[1]", "[1.0]"], ["[1,2]"], ["[2,1]"], ["{\"a\":1,\"b\":2}", "{\"b\":2.0,\"a\":1e0}"],
        ["{\"a\":1}"],
        ["{\"a\":null}"], ["\"\u{e9}\""], ["\"e\u{301}\""], ["[[1],[2.5e1]]", "[[1.0],[25]]"],
        ["{\"a\":[{\"b\":1e400}]}", "{\"a\":[{\"b\":10e399}]}"],
        ["123456789012345678901234567890", "1.2345678901234567890123456789e29"], ["123456789012345678901234567891"],
    ]

    @Test(arguments: groups.indices)
    func valuesAreEquivalentWithinAGroupOnly(group: Int) throws {
        let value = try JSONValue(parsing: Self.groups[group][0])
        for (other, texts) in Self.groups.enumerated() {
            for text in texts {
                let right = try JSONValue(parsing: text)
                #expect(value.isEquivalent(to: right) == (group == other), "\(text)")
                #expect(right.isEquivalent(to: value) == (group == other), "\(text)")
                #expect((EquivalentJSON(value) == EquivalentJSON(right)) == (group == other), "\(text)")
                #expect((value.bytes(.canonical) == right.bytes(.canonical)) == (group == other), "\(text)")
                if group == other {
                    #expect(EquivalentJSON(value).hashValue == EquivalentJSON(right).hashValue, "\(text)")
                }
            }
        }
    }

    @Test func aSetHoldsEachMeaningOnce() throws {
        let texts = Self.groups.flatMap { $0 }
        let set = Set(try texts.map { EquivalentJSON(try JSONValue(parsing: $0)) })
        #expect(set.count == Self.groups.count)
    }

    /// Numbers made of the same digits, shifted about, in all the ways they can be written.
    @Test(arguments: 0..<200)
    func spellingsOfANumberAreEquivalent(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let digits = String(
            UInt64.random(in: 1...UInt64.max >> UInt64.random(in: 0..<64, using: &random), using: &random)
        )
        let exponent = Int.random(in: -400...400, using: &random)
        let sign = Bool.random(using: &random) ? "-" : ""
        let zeros = String(repeating: "0", count: Int.random(in: 0..<30, using: &random))
        let first = try JSONValue(parsing: "\(sign)\(digits)e\(exponent)")
        let second = try JSONValue(parsing: "\(sign)\(digits)\(zeros)e\(exponent - zeros.count)")
        let third = try JSONValue(parsing: "\(sign)0.\(zeros)\(digits)e\(exponent + zeros.count + digits.count)")
        let other = try JSONValue(parsing: "\(sign)\(digits)1e\(exponent - 1)")
        for value in [second, third] {
            #expect(first.isEquivalent(to: value))
            #expect(EquivalentJSON(first).hashValue == EquivalentJSON(value).hashValue)
            #expect(first.text(.canonical) == value.text(.canonical))
        }
        #expect(!first.isEquivalent(to: other))
        #expect(first.text(.canonical) != other.text(.canonical))
    }
}

@Suite("Big numbers")
struct BigNumberTests {
    @Test(arguments: [
        "", "abc", "+1", "01", ".5", "1.", "1e", "0x1", "inf", "nan", "-", " 1e400", "1e400 ", "1e400\n", "1e400,1",
        "[1e400]", "\"1e400\"",
        "１２３４５６７８９０１２３４５６７８９０", "1_000_000_000_000_000_000_000", "null", "1e400\u{0}",
    ])
    func textsThatAreNoNumbersMakeNone(text: String) {
        #expect(JSONBigNumber(text: text) == nil)
        #expect(JSONValue(number: text) == nil)
    }

    @Test(arguments: [
        ("12", JSONValue.integer(12)), ("-0", .double(-0.0)), ("1.5", .double(1.5)), ("1e3", .double(1000)),
    ])
    func numbersThatFitElsewhereMakeNone(text: String, value: JSONValue) {
        #expect(JSONBigNumber(text: text) == nil)
        #expect(JSONValue(number: text) == value)
    }

    @Test func theDigitsStay() throws {
        let number = try #require(JSONBigNumber(text: "123456789012345678901234567890"))
        #expect(number.text == "123456789012345678901234567890")
        #expect(JSONValue.bigNumber(number).text() == number.text)
        #expect(JSONValue(number: number.text) == .bigNumber(number))
        #expect(JSONValue.bigNumber("1e400") == .bigNumber(try #require(JSONBigNumber(text: "1e400"))))
    }

    @Test func integersOfDoublesAreThoseTheirTextsSpell() {
        #expect(JSONValue.double(1e18).integerValue == 1_000_000_000_000_000_000)
        #expect(JSONValue.double(0x1p60).integerValue == 1_152_921_504_606_847_000)
        #expect(JSONValue.double(-9_007_199_254_740_992).integerValue == -9_007_199_254_740_992)
        #expect(JSONValue.double(-3).integerValue == -3)
        for double in [0.5, 1e19, -1e19, .nan, .infinity, 0x1p63] {
            #expect(JSONValue.double(double).integerValue == nil)
        }
    }
}
