import JSON
import Testing

@Suite("muster render", .timeLimit(.minutes(2)))
struct RenderTests {
    @Test func aTemplateIsRenderedWithDataFromAFile() async throws {
        let scene = try Scene()
        try scene.write(#"{"input":{"n":3,"o":{"a":[1]}}}"#, to: "data.json")
        try scene.write("input: { n: 3, on: yes }\n", to: "data.yaml")
        var seen = try await scene.muster("render", "{{ add .input.n 1 }}{{ .input.o }}", "--data", "data.json")
        #expect(seen.output == "4{\"a\":[1]}\n")
        seen = try await scene.muster("render", "{{ .input.o.a }}", "--typed", "--data", "data.json")
        #expect(try JSONValue(parsing: seen.output) == [1])
        seen = try await scene.muster("render", "{{ .input.on }}", "--data", "data.yaml")
        #expect(seen.output == "yes\n")
        #expect(seen.status == .exited(0))
    }

    @Test func whatIsWrongIsShownInTheTemplate() async throws {
        let scene = try Scene()
        let seen = try await scene.muster("render", "a\n  {{ upperr .x }}")
        #expect(seen.status == .exited(1))
        #expect(
            seen.errors == """
                template:2:6: error[TP0202]: function "upperr" not defined; did you mean "upper"?
                  2 |   {{ upperr .x }}
                    |      ^^^^^^^^^

                """
        )
        #expect(seen.output == "")
    }

    @Test func wrongUseIsSaid() async throws {
        let scene = try Scene()
        for arguments in [["render"], ["render", "x", "--jsonl"], ["render", "x", "--data", "absent.json"]] {
            let seen = try await scene.start(arguments).end()
            #expect(seen.status == .exited(1), "\(seen)")
            #expect(!seen.errors.isEmpty)
        }
    }

    @Test func linesAreAnsweredInOrderAndABadOneStopsNothing() async throws {
        let scene = try Scene()
        let lines = [
            #"{"id":1,"template":"{{ .n }}","data":{"n":1.5},"typed":true}"#, "no JSON", "", "[1]",
            #"{"id":"k","template":"{{ .y","data":{}}"#,
            #"{"id":[2],"template":"a{{ .x }}","data":{"x":[1,{"k":"é"}]}}"#,
            #"{"id":3,"template":"a{{ .n }}","data":{"n":1},"typed":true}"#, #"{"id":4,"template":7}"#,
            #"{"id":5,"template":"x","typed":"yes"}"#, #"{"template":"{{ .q }}","data":{"r":1}}"#,
        ]
        try scene.write(lines.joined(separator: "\n"), to: "lines.jsonl")
        let command = "\(Places.program("muster")) render --jsonl < lines.jsonl"
        let seen = try await scene.run("/bin/sh", ["-c", command])
        let answers = try seen.outputLines.map { try JSONValue(parsing: $0) }
        #expect(answers.map { $0["id"] } == [1, .null, .null, "k", [2], 3, 4, 5, .null])
        #expect(answers[0] == ["id": 1, "value": 1.5])
        #expect(answers[1]["error"]?.stringValue?.hasPrefix("line 2, column 2: ") == true)
        #expect(answers[3]["code"] == "TP0201")
        #expect(answers[4] == ["id": [2], "output": "a[1,{\"k\":\"é\"}]"])
        #expect(answers[5] == ["id": 3, "output": "a1", "value": "a1"])
        #expect(answers[8]["error"]?.stringValue?.contains("no entry for key \"q\"") == true)
        #expect(seen.status == .exited(0))
    }
}
