import JSON
import TestSupport
import Testing

/// Doubles against Swift's own reading and printing of them.
@Suite("Doubles as JSON")
struct DoubleTextTests {
    private static let corners: [Double] = [
        0, 1, 0.1, 0.3, 1.0 / 3, .greatestFiniteMagnitude, .leastNormalMagnitude, .leastNonzeroMagnitude,
        .leastNonzeroMagnitude * 2, .leastNormalMagnitude.nextDown, 1e15, 1e16, 1e17, 1e21, 1e22, 1e23,
        9007199254740991,
        9007199254740992, 9007199254740994, 1e-4, 0.0001234, 0.00001, 123456.789, 2e-300, 4.35, 9.5e-5,
        2.98023223876953125e-8, 5.764607523034235e39, 1.152921504606847e40,
    ]

    @Test(arguments: corners)
    func cornersAreWrittenAsSwiftWritesThem(value: Double) throws {
        for number in [value, -value] {
            #expect(JSONValue.double(number).text() == number.description)
            #expect(try JSONValue(parsing: number.description) == .double(number))
        }
    }

    @Test(arguments: 0..<40)
    func anyDoubleIsWrittenShortestAndReadBack(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for round in 0..<500 {
            let bits = random.next()
            // Any bits, subnormal ones, neighbours of powers of two, decimals of a few digits.
            let candidates: [Double] = [
                Double(bitPattern: bits), Double(bitPattern: bits & 0x800F_FFFF_FFFF_FFFF),
                Double(bitPattern: bits & 0x7FF0_0000_0000_0000).nextUp, Double(Int64(bits % 1_000_000)) / 1000,
            ]
            let value = candidates[round % 4]
            guard value.isFinite else { continue }
            let text = JSONValue.double(value).text()
            #expect(text == value.description)
            #expect(try JSONValue(parsing: text).doubleValue?.bitPattern == value.bitPattern)
        }
    }

    @Test(arguments: 0..<40)
    func decimalNumbersAreRoundedAsSwiftRoundsThem(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<500 {
            var text = String(random.next() >> UInt64.random(in: 0..<64, using: &random))
            if Bool.random(using: &random) {
                text.insert(
                    ".",
                    at: text.index(text.startIndex, offsetBy: Int.random(in: 1...text.count, using: &random))
                )
                if text.last == "." { text.append("0") }
            }
            if Bool.random(using: &random) { text += "e\(Int.random(in: -345...310, using: &random))" }
            #expect(try JSONValue(parsing: text) == JSONValue(number: text), "\(text)")
            guard case .double(let value) = try JSONValue(parsing: text) else { continue }
            #expect(value.bitPattern == Double(text)?.bitPattern, "\(text)")
        }
    }

    /// Texts exactly between two doubles, and a little to either side, where rounding is hardest.
    @Test(arguments: 0..<20)
    func halfwayCasesAreRoundedToEven(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<200 {
            let integer = 1 << 53 + random.next() >> 12
            for text in ["\(integer * 2 + 1)e0", "\(integer * 2)e0", "\(integer * 2 + 3).0"] {
                let value = try JSONValue(parsing: text)
                #expect(value == JSONValue(number: text), "\(text)")
            }
        }
    }
}
