import Diagnostics
import JSON
import Testing
import WorkflowLoading
import WorkflowModel

@Suite("Definition writer")
struct DefinitionWriterTests {
    private let spec: JSONObject = [
        "steps": [
            [
                "id": "a", "tool": "t", "allow_failure": true, "args": ["keep_me": ["from_step": 1]],
                "condition": ["not": ["from_step": "b", "expect_not": ["json_path": ["a_b": 1]]]],
            ],
            [
                "id": "l",
                "for_each": ["items": "{{ .input.l }}", "steps": [["id": "s", "tool": "t", "allow_failure": true]]],
            ],
        ],
        "on_failure": [],
    ]

    @Test func fieldsAreWrittenInCamelCaseAndValuesOfUsersStay() {
        let expected: JSONObject = [
            "steps": [
                [
                    "id": "a", "tool": "t", "allowFailure": true, "args": ["keep_me": ["from_step": 1]],
                    "condition": ["not": ["fromStep": "b", "expectNot": ["jsonPath": ["a_b": 1]]]],
                ],
                [
                    "id": "l",
                    "forEach": ["items": "{{ .input.l }}", "steps": [["id": "s", "tool": "t", "allowFailure": true]]],
                ],
            ],
            "onFailure": [],
        ]
        #expect(SpecSpelling.camelCase(.workflow, spec) == expected)
    }

    @Test func repliesOfToolsKeepTheirFourOldNames() {
        let reply = SpecSpelling.toolReply(SpecSpelling.camelCase(.workflow, spec))
        #expect(reply["steps"]?[0]?["condition"]?["not"]?["expect_not"] == ["json_path": ["a_b": 1]])
        #expect(reply["steps"]?[0]?["allow_failure"] == true)
        #expect(reply["steps"]?[1]?["forEach"] != nil)
        #expect(reply["onFailure"] == [])
    }

    @Test func aWrittenFileReadsBack() throws {
        let read = DefinitionDecoder.decode(
            file: SourceFile(name: "a.yaml", text: seedExample),
            kind: .workflow,
            defaultName: nil
        )
        let first = try #require(read.definitions.first?.workflow)
        let text = DefinitionWriter.text(.workflow, name: first.name, labels: ["team": "infra"], spec: first.source)
        let file = SourceFile(name: "b.yaml", text: text)
        let (definitions, diagnostics) = DefinitionDecoder.decode(file: file, kind: .workflow, defaultName: nil)
        #expect(diagnostics.isEmpty, "\(diagnostics.rendered())")
        #expect(definitions.first?.workflow?.source == first.source)
        #expect(definitions.first?.workflow?.labels == ["team": "infra"])
        Golden.check("written-workflow", text)
    }
}
