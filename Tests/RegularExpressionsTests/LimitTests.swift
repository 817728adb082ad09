import RegularExpressions
import Testing

@Suite("Limits of regular expressions", .timeLimit(.minutes(2)))
struct LimitTests {
    private let long = String(repeating: "a", count: 100_000)

    @Test(arguments: [
        "(a+)+$", "(a|a)*b", "(a*)*b", "(a?){50}a{50}b", "(.*)(.*)(.*)(.*)x", "^(([a-z])+.)+[A-Z]([a-z])+$",
    ])
    func catastrophicPatternsEndQuickly(pattern: String) throws {
        let expression = try RegularExpression(pattern)
        let elapsed = try ContinuousClock().measure { _ = try expression.matches(long + "!") }
        #expect(elapsed < .seconds(5))
        let schema = try RegularExpression(pattern, dialect: .ecma262)
        #expect(try schema.matches(long + "!") == expression.matches(long + "!"))
    }

    @Test(arguments: [
        "x{1000}{1000}", "((a{100}){100}){100}", "(a{1000}){2}", "[a-z]{1001}",
        String(repeating: "(", count: 300) + String(repeating: ")", count: 300),
        String(repeating: "[\\pL\\pN]", count: 200) + "*", String(repeating: "a", count: 70_000),
        String(repeating: "(\\pL{1000}b{1000})", count: 100),
    ])
    func patternsThatWouldBeTooLargeAreRefused(pattern: String) {
        #expect(throws: RegularExpressionError.self) { try RegularExpression(pattern) }
    }

    @Test(arguments: ["(a{1000000}){1000000}", "(?:(?:(?:){1000000}){1000000}){1000000}", "a{99999999999999999999}"])
    func countsOfAnySizeEnd(pattern: String) {
        // Too large, or so empty that it needs nothing.
        _ = try? RegularExpression(pattern, dialect: .ecma262)
    }

    @Test func manyDifferentClassesEndOneWayOrTheOther() {
        var pattern = ""
        for value in UInt32(0x4E00)..<0x4E00 + 5000 {
            if let scalar = Unicode.Scalar(value) { pattern += "[^\(Character(scalar))]" }
        }
        _ = try? RegularExpression(pattern)
        let nested = String(repeating: "[:", count: 20_000)
        #expect(throws: RegularExpressionError.self) { try RegularExpression("[" + nested) }
    }

    @Test func lookAroundThatTakesTooLongIsUndecided() throws {
        let expression = try RegularExpression("^(?=a)(a+)+$", dialect: .ecma262)
        #expect(!expression.isLinear)
        #expect(try expression.matches("aaaa"))
        let error = #expect(throws: MatchingError.self) { try expression.matches(long + "!") }
        #expect(error?.code == .undecided)
    }

    @Test func stepsOfOneCallAreBounded() throws {
        var limits = RegularExpressionLimits()
        limits.steps = 10_000
        // Each search reads to the end of the text to see whether a longer match follows.
        let expression = try RegularExpression("a.*b|a", limits: limits)
        let error = #expect(throws: MatchingError.self) { try expression.allMatches(in: String(long.prefix(5000))) }
        #expect(error?.code == .undecided)
        #expect(try expression.allMatches(in: "aaba").count == 2)
    }

    @Test func outputsAreBounded() throws {
        let expression = try RegularExpression("a")
        let error = #expect(throws: MatchingError.self) {
            try expression.replacingMatches(in: long, with: "0123456789", maximumBytes: 500_000)
        }
        #expect(error?.code == .outputTooLong)
    }

    @Test func textsOfMegabytesWork() throws {
        let text = String(repeating: "lorem ipsum dolor 日本 ", count: 100_000) + "needle 42"
        #expect(try RegularExpression("needle (\\d+)$").firstMatch(in: text)?.ranges.count == 2)
        #expect(try RegularExpression("\\p{Han}+").allMatches(in: text).count == 100_000)
    }

    @Test func patternsWithMoreStatesThanFitStillWork() throws {
        // The automaton would have 2^20 states.
        let expression = try RegularExpression("(a|b)*a(a|b){20}c")
        var text = ""
        var state: UInt32 = 1
        for _ in 0..<5000 {
            state = state &* 1_664_525 &+ 1_013_904_223
            text += state >> 31 == 0 ? "a" : "b"
        }
        #expect(try !expression.matches(text))
        #expect(try expression.matches(text + "a" + String(repeating: "b", count: 20) + "c"))
    }
}
