import JSON
import RegularExpressions
import Testing

@Suite("ECMAScript patterns")
struct ECMAScriptTests {
    /// `Fixtures/ecmascript.jsonl` was written by `Reference/main.mjs` with Node.
    @Test func recordedCasesGiveWhatNodeGives() throws {
        let lines = Fixture.lines("ecmascript.jsonl")
        #expect(lines.count > 400)
        for line in lines {
            let recorded = try JSONValue(parsing: String(line))
            let pattern = recorded["pattern"]?.stringValue ?? ""
            let text = recorded["text"]?.stringValue ?? ""
            let strict = try? RegularExpression(pattern, dialect: .ecma262Strict)
            let lenient = try? RegularExpression(pattern, dialect: .ecma262)
            #expect((strict != nil) == recorded["strict"]?.boolValue, "strict: \(line)")
            #expect((lenient != nil) == recorded["lenient"]?.boolValue, "lenient: \(line)")
            guard let lenient, let matches = recorded["matches"]?.matches else { continue }
            #expect(try lenient.matches(text) != matches.isEmpty, "\(line)")
            #expect(try lenient.firstMatch(in: text)?.offsets == matches.first, "\(line)")
        }
    }

    struct Case: CustomTestStringConvertible {
        var pattern: String
        var matching: [String] = []
        var failing: [String] = []
        var testDescription: String { pattern }
    }

    static let cases = [
        Case(pattern: "^abc$", matching: ["abc"], failing: ["abc\n", "\nabc"]),
        Case(pattern: "^a.b$", matching: ["a b", "a😀b"], failing: ["a\nb", "a\rb", "a\u{2028}b", "a\u{2029}b"]),
        Case(pattern: "^\\d+$", matching: ["12"], failing: ["१२"]),
        Case(pattern: "^\\w$", matching: ["_"], failing: ["é"]),
        Case(pattern: "^\\s$", matching: ["\u{FEFF}", "\u{A0}", "\u{2003}", "\u{B}"], failing: ["\u{200B}"]),
        Case(pattern: "^🐲*$", matching: ["", "🐲🐲"], failing: ["🐲🐉"]),
        Case(pattern: "^\\ud83d\\udc32$", matching: ["🐲"], failing: ["🐉"]),
        Case(pattern: "^\\u{1F432}$", matching: ["🐲"]),
        Case(pattern: "^\\cJ\\x41\\u0042\\0$", matching: ["\nAB\0"]),
        Case(pattern: "^\\p{Letter}+$", matching: ["aé日"], failing: ["1"]),
        Case(pattern: "^\\p{Script=Greek}\\p{sc=Cyrl}\\p{scx=Deva}$", matching: ["αд।"]),
        Case(pattern: "^\\p{Alphabetic}\\p{ASCII}\\p{Any}\\P{Lu}$", matching: ["éa😀b"], failing: ["1a😀b"]),
        Case(pattern: "^(?=.*\\d)(?!.*admin).{4,}$", matching: ["abc1"], failing: ["abcd", "admin1", "a1"]),
        Case(pattern: "(?<=\\$)\\d+(?<!0)", matching: ["$12"], failing: ["12", "$0"]),
        Case(pattern: "^(['\"]).*\\1$", matching: ["'a'", "\"\""], failing: ["'a\""]),
        Case(pattern: "^(?<q>a|b)\\k<q>$", matching: ["aa"], failing: ["ab"]),
        Case(pattern: "^(?:(?<y>\\d{4})-\\d\\d|\\d\\d-(?<y>\\d{4}))$", matching: ["2024-05", "05-2024"]),
        Case(pattern: "^(?i:straße)x$", matching: ["STRAẞEx"], failing: ["STRAßEX"]),
        Case(pattern: "^[^]$", matching: ["\n"], failing: [""]),
        Case(pattern: "[]", failing: ["", "a"]),
        // What the wild has.
        Case(pattern: "^[\\w-.]+\\@[\\w\\-]+$", matching: ["a-b.c@d-e"]),
        Case(pattern: "^{a}$", matching: ["{a}"]),
        Case(pattern: "^a{,2}]$", matching: ["a{,2}]"]),
        Case(pattern: "^\\A\\Z\\_$", matching: ["AZ_"]),
        Case(pattern: "^\\101\\8$", matching: ["A8"]),
    ]

    @Test(arguments: cases) func patternsMeanWhatTheStandardSays(_ example: Case) throws {
        let expression = try RegularExpression(example.pattern, dialect: .ecma262)
        for text in example.matching { #expect(try expression.matches(text), "\(text.debugDescription)") }
        for text in example.failing { #expect(try !expression.matches(text), "\(text.debugDescription)") }
    }

    @Test(arguments: [
        "(", ")", "[a", "a**", "*", "{1}", "a{2,1}", "\\", "(?<a", "(?<a>b)(?<a>c)", "(?<1a>b)", "[b-a]", "(?>a)",
        "(?i)a",
        "\\k<n>(?<m>a)", "\\p{Nope}", "(?P<n>a)", "(?<=a)*",
    ])
    func patternsOfNoDialectAreRefused(pattern: String) {
        #expect(throws: RegularExpressionError.self) { try RegularExpression(pattern, dialect: .ecma262) }
        #expect(throws: RegularExpressionError.self) { try RegularExpression(pattern, dialect: .ecma262Strict) }
    }

    @Test(arguments: ["\\a", "\\Z", "\\-", "]", "{", "a{1", "\\01", "\\1", "[\\w-a]", "\\c1", "(?=a)*", "\\p", "\\u{}"])
    func whatIsOnlyToleratedIsRefusedStrictly(pattern: String) throws {
        _ = try RegularExpression(pattern, dialect: .ecma262)
        #expect(throws: RegularExpressionError.self) { try RegularExpression(pattern, dialect: .ecma262Strict) }
    }

    /// Patterns of the schema test suite; the folder `shared` may be absent.
    @Test func theSchemaSuitesPatternsHold() throws {
        var count = 0
        for name in ["pattern", "optional/ecmascript-regex", "optional/non-bmp-regex"] {
            guard let text = Fixture.shared("json-schema-test-suite/tests/draft2020-12/\(name).json") else {
                print("skipped: ../shared/json-schema-test-suite is not there")
                return
            }
            for group in try JSONValue(parsing: text).arrayValue ?? [] {
                guard let pattern = group["schema"]?["pattern"]?.stringValue else { continue }
                let expression = try RegularExpression(pattern, dialect: .ecma262)
                for test in group["tests"]?.arrayValue ?? [] {
                    guard let data = test["data"]?.stringValue else { continue }
                    count += 1
                    #expect(try expression.matches(data) == test["valid"]?.boolValue, "\(pattern): \(data)")
                }
            }
        }
        #expect(count > 50)
    }
}
