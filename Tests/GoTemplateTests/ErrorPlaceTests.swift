import GoTemplate
import Testing

@Suite("Places of template errors")
struct ErrorPlaceTests {
    private static let data = """
        {"input":{"cluster":"prod","replicas":3,"list":[1,2]},"results":{"fetch":{"items":[{"name":"a"}]}}}
        """

    @Test(arguments: [
        ("{{ .input.clusterr }}", ".input.clusterr"), ("a\né{{ upper .input.nope }}", ".input.nope"),
        ("{{ with .input }}{{ .nope }}{{ end }}", ".nope"), ("{{ index .input.list 7 }}", "index .input.list 7"),
        ("{{ .input.replicas | trunc 2 }}", "trunc 2"), ("{{ range .input.replicas.x }}{{ end }}", ".input.replicas.x"),
        ("{{ template \"nope\" . }}", "template \"nope\" ."), ("{{ upper 1 2 }}", "upper 1 2"),
        ("{{ (index .results.fetch.items 0).nme }}", "(index .results.fetch.items 0).nme"),
        ("{{ nosuch }}", "nosuch"), ("{{ nosuch 1 }}", "nosuch 1"), ("{{ $x }}", "$x"),
        ("{{ fail \"no\" }}", "fail \"no\""),
    ])
    func theFailingPartIsShownAsItIsWritten(template: String, part: String) throws {
        let error = try failure(template, Self.data)
        let bytes = Array(template.utf8)
        let range = try #require(error.range)
        #expect(String(decoding: bytes[range], as: UTF8.self) == part)
        #expect(error.node == part)
    }

    @Test func linesCountFromOneAndColumnsCountCharacters() throws {
        let error = try failure("one\nzwei é {{ .input.nope }}", Self.data)
        #expect(error.line == 2)
        #expect(error.column == 11)
        #expect(error.offset == 15)
        #expect(error.description.hasSuffix("(line 2, column 11, at <.input.nope>)"))
    }

    @Test(arguments: [
        ("{{ .input.clustr }}", "did you mean \"cluster\"?"), ("{{ .inputt.cluster }}", "did you mean \"input\"?"),
        ("{{ fetc.items }}", "did you mean \"fetch\"?"), ("{{ uper \"x\" }}", "did you mean \"upper\"?"),
        ("{{ clustr }}", "did you mean \"cluster\"?"),
        ("{{ define \"node\" }}{{ end }}{{ template \"nod\" }}", "did you mean \"node\"?"),
    ])
    func theNearestKnownNameIsOffered(template: String, hint: String) throws {
        #expect(try failure(template, Self.data).message.contains(hint))
    }

    @Test func longPartsAreCut() throws {
        let error = try failure("{{ fail \"\(String(repeating: "x", count: 500))\" }}", Self.data)
        #expect((error.node ?? "").utf8.count < 100)
    }

    @Test(arguments: [
        ("{{ $p := .results.fetch }}{{ $p.items }}", ["results.fetch", "results.fetch.items"]),
        (
            "{{ range .results.fetch.items }}{{ .name }}{{ end }}",
            ["results.fetch.items", "results.fetch.items.[].name"]
        ),
        (
            "{{ range $i, $e := .results.fetch.items }}{{ $e.name }}{{ $i }}{{ end }}",
            ["results.fetch.items", "results.fetch.items.[].name"]
        ),
        ("{{ with .input }}{{ .cluster }}{{ else }}{{ .vars.x }}{{ end }}", ["input", "input.cluster", "vars.x"]),
        ("{{ (index .results.fetch.items 0).name }}", ["results.fetch.items.[0].name"]),
        ("{{ index .results .input.key \"x\" }}", ["results.[].x", "results", "input.key"]),
        ("{{ $x := .a }}{{ range .l }}{{ $x.k }}{{ $x = .b }}{{ end }}", ["a", "l", "l.[].b"]),
        ("{{ define \"t\" }}{{ .x }}{{ end }}{{ template \"t\" .a }}", ["a.x", "a"]),
    ])
    func everyOccurrenceIsListedWithThePathThatTheTextTells(template: String, paths: [String]) throws {
        let occurrences = try Template(template).occurrences
        #expect(occurrences.map { $0.path.joined(separator: ".") } == paths)
    }
}
