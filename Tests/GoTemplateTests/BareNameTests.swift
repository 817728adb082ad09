import GoTemplate
import JSON
import Testing

@Suite("Bare names and references")
struct BareNameTests {
    static let data = """
        {"input":{"cluster":"prod","upper":"u","n":2,"first":{"x":"fx"}},
         "results":{"login-cluster":{"token":"t0k"},"list":{"items":[1]},"cluster":"from results"},
         "vars":{"item":{"name":"one"}}}
        """

    @Test(arguments: [
        ("{{ login-cluster.token }}", "t0k"), ("{{ .login-cluster.token }}", "t0k"),
        ("{{ .results.login-cluster.token }}", "t0k"), ("{{ .stepResults.login-cluster.token }}", "t0k"),
        ("{{ .args.cluster }}", "prod"), ("{{ args.cluster }}", "prod"), ("{{ n }}", "2"), ("{{ .n }}", "2"),
        ("{{ item.name }}", "one"), ("{{ .item.name }}", "one"), ("{{ input.n }}", "2"), ("{{ upper }}", "u"),
        ("{{ upper upper }}", "U"), ("{{ first.x }}", "fx"), ("{{ list.items }}", "[1]"), ("{{ list }}", "[]"),
        ("{{ add n 1 }}", "3"), ("{{ if n }}yes{{ end }}", "yes"), ("{{ range list.items }}{{ n }}{{ end }}", "2"),
        ("{{- n -}}", "2"), ("{{ print 1 -1 }}", "1 -1"), ("{{ n | add 1 }}", "3"),
    ])
    func nameIsLoopVariableThenStepResultThenInput(template: String, wanted: String) throws {
        #expect(try render(template, Self.data) == wanted)
    }

    @Test(arguments: [
        ("{{ .results.list.items[0] }}", "1"), ("{{ list.items[0] }}", "1"), ("{{ .l[1].a[0].b }}", "deep"),
        ("{{ (index .l 1).a[0].b }}", "deep"), ("{{ $x := .l }}{{ $x[0] }}", "zero"), ("{{ .l[0] | upper }}", "ZERO"),
        ("{{ print .l[0] \"-\" .l[0] }}", "zero-zero"),
    ])
    func bracketsReadElementsOfLists(template: String, wanted: String) throws {
        let data = #"{"l":["zero",{"a":[{"b":"deep"}]}],"results":{"list":{"items":[1]}}}"#
        #expect(try render(template, data) == wanted)
    }

    @Test(arguments: [
        "{{ .l[2] }}", "{{ .l[x] }}", "{{ .l[] }}", "{{ .l[0]x }}", "{{ .l [0] }}", "{{ .m[0] }}", "{{ [0] }}",
    ])
    func brokenBracketsAreErrors(template: String) throws {
        _ = try failure(template, #"{"l":["zero"],"m":{"a":1}}"#)
    }

    @Test func resultsWinOverInputAndLoopVariablesOverBoth() throws {
        #expect(try render("{{ cluster }}", Self.data) == "from results")
        #expect(try render("{{ x }}", #"{"vars":{"x":1},"results":{"x":2},"input":{"x":3}}"#) == "1")
    }

    @Test func explicitRootKeysWin() throws {
        #expect(try render("{{ .input.input }}{{ input.input }}", #"{"input":{"input":"i"}}"#) == "ii")
        #expect(try render("{{ args }}{{ .args }}", #"{"args":7,"input":{}}"#) == "77")
    }

    @Test func unknownBareNamesAreMissingKeys() throws {
        let error = try failure("{{ nosuch.x }}", Self.data)
        #expect(error.missingKey == "nosuch")
        #expect(error.message.contains("map has no entry for key \"nosuch\""))
    }

    @Test(arguments: [
        ("{{ .input.cluster }}", ["input.cluster"]), ("{{ login-cluster.x }}", ["login-cluster.x"]),
        ("{{ .arg }}-{{ .arg }}", ["arg"]), ("{{ arg }}", ["arg"]),
        ("{{ index .results \"a-b\" \"c\" }}", ["results.a-b.c"]),
        ("{{ (index .results \"a-b\").token }}", ["results.a-b.token"]),
        ("{{ index .results.p.items 0 }}", ["results.p.items"]), ("{{ .results.p.l[0].x }}", ["results.p.l"]),
        ("{{ (.input.a).b }}", ["input.a.b"]),
        ("{{ range .input.l }}{{ .x }}{{ $.input.y }}{{ end }}", ["input.l", "input.y"]),
        ("{{ .input.b | default .input.a }}", ["input.b", "input.a"]),
        ("{{ $x := .input.a }}{{ $x.y }}", ["input.a", "input.a.y"]),
        ("{{ upper .input.s | quote }}", ["input.s"]), ("{{ upper \"x\" }}", []),
    ])
    func referencesAreFoundInTheOrderOfTheText(template: String, wanted: [String]) throws {
        #expect(try Template(template).references.map { $0.path.joined(separator: ".") } == wanted)
    }

    @Test(arguments: [
        (
            #"{{ define "t" }}{{ .name }}{{ $.port }}{{ end }}{{ template "t" .input.app }}"#,
            ["input.app", "input.app.name", "input.app.port"]
        ),
        (#"{{ define "t" }}{{ .input.x }}{{ end }}{{ template "t" . }}{{ template "t" $ }}"#, ["input.x"]),
        (
            #"{{ define "a" }}{{ template "b" .k }}{{ end }}{{ define "b" }}{{ .v }}{{ end }}{{ template "a" .input }}"#,
            ["input", "input.k", "input.k.v"]
        ),
        (#"{{ block "b" .vars }}{{ .w }}{{ end }}"#, ["vars", "vars.w"]),
        (
            #"{{ define "t" }}{{ .v }}{{ template "t" .next }}{{ end }}{{ template "t" .input }}"#,
            ["input", "input.v", "input.next"]
        ),
        (#"{{ define "t" }}{{ .v }}{{ end }}{{ template "t" (dict "v" .input.q) }}"#, ["input.q"]),
    ])
    func referencesFollowTheDataIntoNamedTemplates(text: String, paths: [String]) throws {
        let found = try Template(text).references.map { $0.path.joined(separator: ".") }
        #expect(Set(found).isSuperset(of: paths), "\(found)")
        // A template that calls itself goes deeper and deeper, but not for ever.
        #expect(found.count == paths.count || (found.count > paths.count && found.count <= 130), "\(found)")
    }

    @Test func referencesKnowTheirPlaceAndWhetherTheyAreBare() throws {
        let text = "é{{ upper  .input.ab }}{{ step-1.x }}"
        let references = try Template(text).references
        let places = references.map { String(decoding: Array(text.utf8)[$0.start..<$0.end], as: UTF8.self) }
        #expect(places == [".input.ab", "step-1.x"])
        #expect(references.map(\.isBare) == [false, true])
        #expect(
            try Template("{{ upper .x | quote }}{{ if eq 1 1 }}{{ end }}").functionNames == ["upper", "quote", "eq"]
        )
    }
}
