import Diagnostics
import Engine
import JSON
import Storage
import Testing
import WorkflowLoading

@Suite("Places of template errors in the file")
struct ErrorPlaceTests {
    private func error(_ yaml: String) throws -> String {
        let (end, _) = try MachineHarness.run(yaml) { request in
            request.tool == "list" ? .succeeded(result: ["items": [1, 2]]) : .succeeded(result: [:])
        }
        #expect(end.status == .failed)
        return try #require(end.error)
    }

    @Test func ofAnArgumentAtAnyDepth() throws {
        let message = try error(
            """
            name: w
            steps:
              - id: a
                tool: t
                args:
                  labels:
                    - { team: core }
                    - { team: "{{ .input.taem }}" }
            """
        )
        #expect(message.contains("'labels[1].team'"))
        #expect(message.hasSuffix("(w.yaml:8:23, at <.input.taem>)"), "\(message)")
    }

    @Test func ofALineInABlockOfText() throws {
        let message = try error(
            """
            name: w
            steps:
              - id: a
                tool: t
                args:
                  text: |
                    first
                    second {{ .input.nope }}
            """
        )
        #expect(message.hasSuffix("(w.yaml:8:19, at <.input.nope>)"), "\(message)")
    }

    @Test("of a text with escapes: its beginning, as file and text differ")
    func escapes() throws {
        let message = try error(
            #"""
            name: w
            steps:
              - id: a
                tool: t
                args: { text: "\t{{ .input.nope }}" }
            """#
        )
        #expect(message.hasSuffix("(w.yaml:5:19, at <.input.nope>)"), "\(message)")
    }

    @Test("of equal texts the one of the step that failed, in groups and handlers too")
    func equalTexts() throws {
        let loop = try error(
            """
            name: w
            steps:
              - { id: a, tool: list, args: { x: "{{ .execution.id }}" } }
              - id: g
                parallel:
                  - { id: skipped, tool: t, args: { x: "{{ .vars.n.id }}" }, condition: { template: "false" } }
              - id: loop
                forEach:
                  items: "{{ .results.a.items }}"
                  as: n
                  steps:
                    - { id: b, tool: t, args: { y: "{{ .vars.n.id }}" } }
            """
        )
        #expect(loop.contains("w.yaml:12:"), "\(loop)")
    }

    @Test func ofTheNameOfAToolAConditionTheItemsAndTheOutput() throws {
        let sites = [
            (#"steps: [{id: a, tool: "x_{{ .input.nope }}"}]"#, "(w.yaml:2:29, at <.input.nope>)"),
            (
                #"steps: [{id: a, tool: t, condition: {template: "{{ .input.nope }}"}}]"#,
                "(w.yaml:2:52, at <.input.nope>)"
            ),
            (
                #"steps: [{id: a, tool: t, condition: {and: [{tool: t, args: {x: "{{ .input.nope }}"}}]}}]"#,
                "(w.yaml:2:68, at <.input.nope>)"
            ),
            (
                #"steps: [{id: l, forEach: {items: "{{ .input.nope }}", steps: [{id: b, tool: t}]}}]"#,
                "(w.yaml:2:38, at <.input.nope>)"
            ),
            (#"{steps: [{id: a, tool: t}], output: {x: {y: "{{ .input.nope }}"}}}"#, "(w.yaml:2:49, at <.input.nope>)"),
        ]
        for (text, place) in sites {
            let yaml = text.hasPrefix("{") ? "\n" + text : "name: w\n" + text
            let message = try error(yaml)
            #expect(message.hasSuffix(place), "\(message)")
        }
    }

    @Test("what is pinned gives the same plan with the same places, whatever became of the file")
    func pinned() throws {
        let yaml = "# a comment\nname: w\nsteps: [{id: a, tool: t, args: {x: \"{{ .input.nope }}\"}}]\n"
        let plan = try MachineHarness.plan(yaml)
        let pinned = plan.definition.pinned
        let again = try JSONValue(parsing: JSONValue.object(pinned).text()).objectValue
        let (workflow, diagnostics) = DefinitionDecoder.decodePinnedWorkflow(name: "w", try #require(again))
        #expect(diagnostics.isEmpty)
        let resumed = try Plan(compiling: try #require(workflow))
        #expect(resumed.hash == plan.hash)
        var harness = MachineHarness(resumed, resuming: [])
        harness.start()
        #expect(harness.end?.error?.contains("w.yaml:3:40") == true)
        #expect(try MachineHarness.plan("\n" + yaml).hash != plan.hash)
    }

    @Test func aDefinitionThatHasNoFileGivesThePlaceInTheTemplate() throws {
        let spec: JSONObject = ["steps": [["id": "a", "tool": "t", "args": ["x": "{{ .input.nope }}"]]]]
        let workflow = DefinitionDecoder.decodePinnedWorkflow(name: "w", ["spec": .object(spec)]).workflow
        var harness = MachineHarness(try Plan(compiling: try #require(workflow)), resuming: [])
        harness.start()
        #expect(harness.end?.error?.hasSuffix("(line 1, column 4, at <.input.nope>)") == true)
    }
}
