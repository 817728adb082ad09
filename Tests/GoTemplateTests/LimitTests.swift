import GoTemplate
import JSON
import Testing

@Suite("Template limits")
struct LimitTests {
    @Test(arguments: [
        "{{ define \"t\" }}{{ template \"t\" . }}{{ end }}{{ template \"t\" . }}",
        "{{ repeat 9000000000000000000 \"xyz\" }}",
        "{{ until 9000000000000000000 }}",
        "{{ untilStep -9223372036854775808 9223372036854775807 1 }}",
        "{{ seq 1 9000000000000000000 }}",
        "{{ range 9000000000000000000 }}{{ end }}",
        "{{ range until 1000 }}{{ range until 1000 }}{{ range until 1000 }}{{ end }}{{ end }}{{ end }}",
        "{{ indent 9000000000000000000 \"x\" }}",
        "{{ randAlpha 9000000000000000000 }}",
        "{{ $d := dict }}{{ $_ := set $d \"self\" $d }}{{ $d }}",
        "{{ $d := dict }}{{ $_ := set $d \"self\" $d }}{{ deepCopy $d }}",
        "{{ $d := dict }}{{ $_ := set $d \"self\" $d }}{{ toPrettyJson $d }}",
        "{{ $l := list }}{{ range 100000 }}{{ $l = list $l }}{{ end }}",
        "{{ $x := \"abcdefghij\" }}{{ range 100 }}{{ $x = print $x $x }}{{ end }}",
        "{{ $l := list }}{{ range 60 }}{{ $l = list $l $l }}{{ end }}{{ deepCopy $l }}",
    ])
    func runawayTemplatesStopWithAnError(template: String) throws {
        let limits = TemplateLimits(outputBytes: 1 << 20, steps: 300_000)
        #expect(try failure(template, limits: limits).code == .limit)
    }

    @Test func objectsThatContainThemselvesAreComparedAndReleased() throws {
        #expect(try render("{{ $d := dict }}{{ $_ := set $d \"s\" $d }}{{ deepEqual $d $d }}") == "true")
        let chain =
            "{{ $c := dict }}{{ range 50000 }}{{ $n := dict }}{{ $_ := set $c \"n\" $n }}{{ $c = $n }}{{ end }}ok"
        #expect(try render(chain) == "ok")
    }

    @Test func nestingIsBoundedWhenParsing() throws {
        let deep = "{{ " + String(repeating: "(", count: 100_000) + "1" + String(repeating: ")", count: 100_000) + " }}"
        #expect(throws: TemplateError.self) { try Template(deep) }
        let blocks = String(repeating: "{{ if 1 }}", count: 100_000)
        #expect(throws: TemplateError.self) { try Template(blocks) }
    }

    @Test func largeTextsWork() throws {
        #expect(try render("{{ repeat 700000 \"x\" }}").utf8.count == 700_000)
    }
}

/// A small seeded generator.
struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[Int(next() % UInt64(elements.count))] }
}

@Suite("Template properties")
struct GarbageTests {
    static let pieces = [
        "{{", "}}", "{{-", "-}}", " ", "\n", "(", ")", "|", ",", ":=", "=", ".", "$", "$x", ".a", ".a.b", "x-y", "a",
        "\"", "`",
        "'", "\\", "1", "-1", "0x", "1e5", "9223372036854775807", "-9223372036854775808", "é", "\u{0}", "if", "else",
        "end",
        "range", "with", "define", "template", "block", "break", "nil", "true", "\"%[1]*.[2]*q%\"", "printf", "index",
        "slice", "substr", "trunc", "abbrevboth", "wrapWith", "dict", "list", "set", "merge", "round", "chunk", "until",
        "regexFind", "\"(a|b)*?[^x]{2,3}\"", "toDate", "date", "semverCompare", "urlParse", "splitn", "untilStep",
        "divf",
        "mod", "div", "int64", "{{ if 1 }}", "{{ end }}", "{{ range 3 }}", "/*", "*/", "durationRound", "toDecimal",
        "add",
    ]

    @Test(arguments: 0..<60 as Range<UInt64>) func garbageNeverCrashes(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        let limits = TemplateLimits(outputBytes: 100_000, steps: 20_000)
        let context = try context(#"{"a":{"b":[1,"x",null,{"c":2.5}]},"input":{"x-y":"z"}}"#, limits: limits)
        for _ in 0..<200 {
            var text = ""
            if random.next() % 2 == 0 { text = "{{ " }
            for _ in 0..<(random.next() % 12) { text += random.pick(Self.pieces) + (random.next() % 3 > 0 ? " " : "") }
            if random.next() % 2 == 0 { text += " }}" }
            _ = try? Template(text).evaluate(context)
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>) func callsWithOddArgumentsNeverCrash(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        let limits = TemplateLimits(outputBytes: 100_000, steps: 20_000)
        let context = try context(#"{"input":{"l":[1,"x",null],"o":{"k":{"k":1}},"n":null,"f":1e300}}"#, limits: limits)
        let arguments = [
            "0", "-1", "1", "9223372036854775807", "-9223372036854775808", "1.5", "-1e300", "\"\"", "\"é\"",
            "\"a.b-c\"",
            "nil", "true", ".input.l", ".input.o", ".input.n", ".input.f", "(list)", "(dict)", "(now)",
            "(semver \"1.2.3\")",
            "\"%d %s\"", "\"2006-01-02\"", "\"[a-\"", "(until 5)", "(int64 7)",
        ]
        let names = Template.signatures.map(\.name)
        for _ in 0..<300 {
            let list = (0..<(random.next() % 5)).map { _ in random.pick(arguments) }
            let text = "{{ " + ([random.pick(names)] + list).joined(separator: " ") + " }}"
            _ = try? Template(text).evaluate(context)
        }
    }
}
