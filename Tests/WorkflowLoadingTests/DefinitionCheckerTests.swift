import Diagnostics
import Testing
import WorkflowLoading

@Suite("Definition checker")
struct DefinitionCheckerTests {
    /// The findings of the checker on workflows `a`, `b`, …, as `code message`.
    private func check(_ texts: String..., tools: Set<String>? = nil) -> [String] {
        var definitions: [LoadedDefinition] = []
        for (index, text) in texts.enumerated() {
            let name = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(index)))
            let file = SourceFile(name: "\(name).yaml", text: text)
            definitions += DefinitionDecoder.decode(file: file, kind: .workflow, defaultName: name).definitions
        }
        let checker = DefinitionChecker(
            snapshot: ConfigurationSnapshot(definitions: definitions),
            knownTools: tools,
            templateReferences: FakeTemplates.references
        )
        return checker.check().diagnostics.map { "\($0.code) \($0.message)" }
    }

    private func step(_ template: String) -> String {
        "steps: [{id: one, tool: t}, {id: two, tool: t, args: {x: \"\(template)\"}}, {id: three, tool: t}]"
    }

    @Test(arguments: [
        "{{ .results.one.x }}", "{{ .context.one }}", "{{ one.x }}", "{{ .stepResults.one.x }}",
        "{{ .input.anything }}", "{{ .execution.id }}",
        "{{ .step.key }}", "plain", "{{ .anything }}",
    ])
    func whatIsVisibleIsFine(template: String) {
        #expect(check(step(template)).isEmpty)
    }

    @Test(arguments: [
        ("{{ .results.three }}", "WF0207"), ("{{ .results.two }}", "WF0207"), ("{{ three.x }}", "WF0207"),
        ("{{ .results.four }}", "WF0213"),
        ("{{ onne.x }}", "WF0214"), ("{{ .vars.item }}", "WF0214"),
    ])
    func whatIsNotIsFound(template: String, code: String) {
        #expect(check(step(template)).map { $0.prefix(6) } == [code[...]])
    }

    @Test func loopsSeeTheirVariablesAndTheirBody() {
        let text = """
            steps:
              - id: loop
                forEach:
                  items: "{{ .input.l }}"
                  as: host
                  steps:
                    - {id: ping, tool: t, args: {a: "{{ .vars.host }} {{ .vars.host_index }} {{ host }} {{ .results.log.x }}"}}
                    - {id: log, tool: t, args: {a: "{{ .results.ping.x }}"}}
              - {id: after, tool: t, args: {a: "{{ .results.ping_0.x }} {{ .results.log }}"}}
            output: {x: "{{ .results.after }}"}
            """
        #expect(check(text).isEmpty)
        #expect(check(text.replacing("ping_0", with: "pong_0")) == ["WF0213 step 1 (after): there is no step 'pong_0'"])
    }

    @Test func siblingsOfAParallelDoNotSeeEachOther() {
        let text = """
            steps:
              - id: both
                parallel:
                  - {id: l, tool: t}
                  - {id: r, tool: t, args: {a: "{{ .results.l }}"}}
            onFailure: [{id: h, tool: t, args: {a: "{{ .results.l }}"}}]
            """
        #expect(check(text) == ["WF0207 step both parallel: sub-step 1 (r): step 'l' has not run by then"])
    }

    @Test func toolsInConditionsAndHandlersAreChecked() {
        let text = """
            steps: [{id: a, tool: "{{ .input.t }}", condition: {tool: x_prob}}]
            onFailure: [{id: h, tool: x_log}]
            """
        #expect(
            check(text, tools: ["x_probe"]) == [
                "WF0209 step 0 (a): unknown tool 'x_prob'", "WF0209 onFailure: sub-step 0 (h): unknown tool 'x_log'",
            ]
        )
        #expect(check(text).isEmpty)
    }

    @Test func workflowsOfOthersAreFoundAndCirclesAreTold() {
        let call = { (name: String) in "steps: [{id: s, tool: workflow_\(name)}]" }
        #expect(check(call("b"), "steps: [{id: s, tool: t}]").isEmpty)
        #expect(check(call("a")) == ["WF0210 workflows call each other in a circle: a → a"])
        #expect(check(call("b"), call("c"), call("b")) == ["WF0210 workflows call each other in a circle: b → c → b"])
        #expect(check(call("list")).isEmpty)
    }

    @Test func theDocumentedExampleMissesOnlyItsServiceClass() {
        #expect(
            check(seedExample) == [
                "WF0212 step 1 (setup-prometheus-access): service class 'prometheus-port-forward' is not defined"
            ]
        )
    }
}
