import RegularExpressions
import TestSupport
import Testing

/// The automaton, the tracer and the thread machine are three ways to the same answer.
@Suite("Matchers agree")
struct MatcherAgreementTests {
    @Test(arguments: UInt64(0)..<60) func allWaysGiveTheSame(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var threads = RegularExpressionLimits()
        threads.automatonEntries = 0
        var untraced = RegularExpressionLimits()
        untraced.tracedBits = 0
        for _ in 0..<30 {
            let pattern = Self.pattern(&random, depth: 3)
            guard let plain = try? RegularExpression(pattern) else { continue }
            let byThreads = try RegularExpression(pattern, limits: threads)
            let byThreadsLate = try RegularExpression(pattern, limits: untraced)
            for _ in 0..<12 {
                let text = Self.text(&random)
                let found = try plain.allMatches(in: text)
                #expect(try byThreads.allMatches(in: text) == found, "\(pattern) in \(text.debugDescription)")
                #expect(try byThreadsLate.allMatches(in: text) == found, "\(pattern) in \(text.debugDescription)")
                // Asked often enough for a complete automaton.
                #expect(try plain.matches(text) == !found.isEmpty, "\(pattern) in \(text.debugDescription)")
            }
        }
    }

    /// States that were made to see what matches start with had no row when the complete automaton read it.
    @Test(arguments: ["^|-", "^|ab", "(?:^|-)x", "$|-"]) func patternThatIsAskedOftenIsCompleted(pattern: String) throws
    {
        for text in ["", "x", "-x", "ab", "a-x"] {
            // A new one for each text: others would make the rows that must not be missed.
            let expression = try RegularExpression(pattern)
            let isMatch = try RegularExpression(pattern).firstMatch(in: text) != nil
            for _ in 0..<10 { #expect(try expression.matches(text) == isMatch) }
        }
    }

    @Test(arguments: UInt64(0)..<40) func tryingWaysGivesTheSameAsTheAutomaton(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<30 {
            let pattern = Self.pattern(&random, depth: 2)
            guard let plain = try? RegularExpression(pattern, dialect: .ecma262) else { continue }
            // A look-ahead that always holds asks for the other matcher.
            let tried = try RegularExpression("(?=)(?:\(pattern))", dialect: .ecma262)
            for _ in 0..<8 {
                let text = Self.text(&random)
                #expect(try plain.matches(text) == tried.matches(text), "\(pattern) in \(text.debugDescription)")
                #expect(
                    try plain.firstMatch(in: text) == tried.firstMatch(in: text),
                    "\(pattern) in \(text.debugDescription)"
                )
            }
        }
    }

    @Test func quotedTextsMatchThemselvesOnly() throws {
        var random = SplitMix64(seed: 7)
        for _ in 0..<200 {
            let text = String((0..<8).compactMap { _ in "a.*+?()|[]{}^$\\é😀\n".randomElement(using: &random) })
            let expression = try RegularExpression("^(?:" + RegularExpression.quoted(text) + ")$")
            #expect(try expression.matches(text))
            #expect(try !expression.matches(text + "a"))
        }
    }

    private static func pattern(_ random: inout SplitMix64, depth: Int) -> String {
        var result = ""
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            switch Int.random(in: 0..<9, using: &random) {
            case 0 where depth > 0: result += "(" + pattern(&random, depth: depth - 1) + ")"
            case 1 where depth > 0:
                result += "(?:" + pattern(&random, depth: depth - 1) + "|" + pattern(&random, depth: depth - 1) + ")"
            case 2: result += ["^", "$", "\\b", "\\B"].randomElement(using: &random) ?? ""
            case 3:
                result +=
                    ["[a-c]", "[^b]", ".", "\\w", "\\s", "é", "[^\\x00-\\x7F]"].randomElement(using: &random) ?? ""
            default: result += ["a", "b", "c", " "].randomElement(using: &random) ?? ""
            }
            if Int.random(in: 0..<3, using: &random) == 0, let last = result.last, last != "^", last != "$" {
                let isPlace = result.hasSuffix("\\b") || result.hasSuffix("\\B")
                if !isPlace {
                    result += ["*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}"].randomElement(using: &random) ?? ""
                }
            }
        }
        return result
    }

    private static func text(_ random: inout SplitMix64) -> String {
        let letters: [Character] = ["a", "b", "c", " ", "é", "😀", "\n"]
        return String(
            (0..<Int.random(in: 0...12, using: &random)).compactMap { _ in letters.randomElement(using: &random) }
        )
    }
}
