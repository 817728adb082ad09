import Diagnostics
import Testing
import WorkflowLoading

/// One configuration folder per code, and how the findings look.
struct CodeCase: Sendable, CustomTestStringConvertible {
    var code: String
    var files: [(name: String, text: String)]
    var testDescription: String { code }

    init(_ code: String, _ files: [(String, String)]) {
        self.code = code
        self.files = files.map { (name: $0.0, text: $0.1) }
    }

    /// A single workflow.
    init(_ code: String, _ text: String) { self.init(code, [("workflows/a.yaml", text)]) }
}

@Suite("Diagnostic codes")
struct DiagnosticCodeTests {
    static let server = "mcpservers/s.yaml"

    static let cases: [CodeCase] = [
        CodeCase("WF0101", "spec:\n  steps:\n    - id: a\n     tool: t\n"),
        CodeCase("WF0102", "description: one\nsteps: [{id: a, tool: t}]\ndescription: two\n"),
        CodeCase("WF0103", String(repeating: "[", count: 101)),
        CodeCase("WF0104", "steps: all of them\n"),
        CodeCase("WF0105", "steps:\n  - id: a\n    tool: t\n    allowFailur: true\n    zzz: 1\n"),
        CodeCase("WF0106", "steps:\n  - id: a\n    tool: t\n    allowFailure: true\n    allow_failure: false\n"),
        CodeCase("WF0107", "steps:\n  - id: a\n    tool: t\n    store: yes\n"),
        CodeCase("WF0108", [(server, "spec: {type: stdio, command: x, env: {PORT: 8080}}\n")]),
        CodeCase("WF0109", "kind: Worfklow\nspec: {steps: [{id: a, tool: t}]}\n"),
        CodeCase("WF0110", "steps:\n  - id: a\n    tool: t\n    retry: {attempts: 3}\n"),
        CodeCase(
            "WF0111",
            [
                (
                    "serviceclasses/c.yaml",
                    """
                    serviceConfig:
                      lifecycleTools: {start: {tool: a}, stop: {tool: b}}
                      timeout: {create: 5 minutes}
                    """
                )
            ]
        ),
        CodeCase("WF0112", "steps:\n  - id: a\n    tool: t\n    onInterrupt: rety\n"),
        CodeCase("WF0113", "steps:\n  - id: a\n    tool: t\n    args: {limit: .inf, x: !color red}\n"),
        CodeCase("WF0114", "metadata: {name: a/b}\nspec: {steps: [{id: a, tool: t}]}\n"),
        CodeCase("WF0115", [("workflows/a.yaml/x", "")]),
        CodeCase(
            "WF0116",
            [
                ("workflows/a.yaml", "name: same\nsteps: [{id: a, tool: t}]\n"),
                ("workflows/b.yaml", "name: same\nsteps: [{id: a, tool: t}]\n"),
            ]
        ),
        CodeCase("WF0117", "steps:\n  - id: a\n    tool: t\n    description: \(String(repeating: "x", count: 501))\n"),
        CodeCase("WF0118", "# nothing\n"),
        CodeCase("WF0201", "steps:\n  - {id: a, tool: t}\n  - {id: a, tool: t}\n"),
        CodeCase("WF0202", "steps:\n  - tool: t\n"),
        CodeCase("WF0203", "steps:\n  - {id: a.b, tool: t}\n"),
        CodeCase("WF0204", "name: list\nsteps: [{id: a, tool: t}]\n"),
        CodeCase(
            "WF0205",
            """
            steps:
              - {id: a, tool: t}
              - id: loop
                forEach: {items: [1], steps: [{id: a, tool: t}, {id: make, tool: t}]}
              - {id: make_0, tool: t}
              - id: again
                parallel: [{id: make, tool: t}]
            """
        ),
        CodeCase("WF0206", "steps:\n  - {id: check, tool: t}\n  - {id: b, tool: t, condition: {fromStep: chekc}}\n"),
        CodeCase(
            "WF0207",
            """
            steps:
              - {id: a, tool: t, condition: {fromStep: b}}
              - {id: b, tool: t, args: {x: "{{ .results.b.x }}"}}
            """
        ),
        CodeCase("WF0208", "args:\n  n: {type: int}\n  m: {}\nsteps: [{id: a, tool: t}]\n"),
        CodeCase("WF0209", "steps:\n  - {id: a, tool: x_git_stauts}\n"),
        CodeCase(
            "WF0210",
            [
                ("workflows/a.yaml", "steps: [{id: a, tool: workflow_b}]\n"),
                ("workflows/b.yaml", "steps: [{id: a, tool: workflow_a}]\n"),
            ]
        ),
        CodeCase("WF0211", "steps: [{id: a, tool: workflow_nope}]\n"),
        CodeCase("WF0212", "steps: [{id: a, tool: core_service_create, args: {serviceClassName: pg, name: x}}]\n"),
        CodeCase(
            "WF0213",
            "steps:\n  - {id: login, tool: t}\n  - {id: b, tool: t, args: {x: \"{{ .results.logni.token }}\"}}\n"
        ),
        CodeCase(
            "WF0214",
            """
            args: {cluster: {type: string}}
            steps:
              - id: a
                tool: t
                args:
                  plain: at {{ .input.clutser }}
                  block: |
                    first line
                    then {{ .vars.item }} here
                  bare: "{{ clustr }}"
            """
        ),
        CodeCase("WF0215", "steps:\n  - id: a\n    tool: t\n    args: {x: \"}} ab {{ .x\"}\n"),
        CodeCase("WF0216", "steps:\n  - id: a\n  - {id: b, tool: t, parallel: [{id: c, tool: t}]}\n"),
        CodeCase("WF0217", "steps:\n  - id: a\n    forEach: {steps: []}\n"),
        CodeCase("WF0218", "steps:\n  - {id: a, tool: t, condition: {tool: t, template: x}}\n"),
        CodeCase("WF0219", "steps:\n  - {id: a, tool: t, condition: {tool: t, expect: {}}}\n"),
        CodeCase("WF0220", "description: nothing to do\n"),
        CodeCase("WF0301", [("serviceclasses/c.yaml", "serviceConfig:\n  lifecycleTools: {start: {tool: a}}\n")]),
        CodeCase("WF0401", [(server, "spec: {type: stdoi, command: x}\n")]),
        CodeCase("WF0402", [(server, "spec: {type: stdio}\n")]),
        CodeCase("WF0403", [(server, "spec: {type: sse, url: h/sse, timeout: 900}\n")]),
        CodeCase("WF0404", [(server, "spec: {type: stdio, command: x, auth: {type: oauth}}\n")]),
        CodeCase("WF0501", [("config.yaml", "aggregator: {port: 99999, transport: htttp}\n")]),
        CodeCase("WF0502", [("config.yaml", "kubernetes: true\n")]),
        CodeCase("WF0503", [("config.yaml", "aggregator: {oauth: {enabled: true}}\n")]),
    ]

    private static let tools: Set<String> = ["t", "x_git_status", "core_service_create", "workflow_a", "workflow_b"]

    @Test(arguments: cases)
    func looksAsRecorded(example: CodeCase) {
        let folder = TemporaryFolder()
        for file in example.files { folder.write(file.name, file.text) }
        let snapshot = ConfigurationFolder(path: folder.path).load()
        let checker = DefinitionChecker(
            snapshot: snapshot,
            knownTools: Self.tools,
            templateReferences: FakeTemplates.references
        )
        let all = snapshot.diagnostics.diagnostics + checker.check().diagnostics
        #expect(all.contains { $0.code == example.code })
        Golden.check(example.code, all.map { $0.rendered() }.joined(separator: "\n"))
    }

    @Test func everyCodeHasOneExample() {
        #expect(Self.cases.map(\.code) == DiagnosticCodes.loading.map(\.code))
    }

    @Test func everyCodeHasAPageAndEveryPageACode() throws {
        let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        let folder = root + "/docs/errors"
        for (code, title) in DiagnosticCodes.loading {
            let page = try #require(Golden.read("\(folder)/\(code).md"), "docs/errors/\(code).md is missing")
            #expect(page.hasPrefix("# \(code): \(title)\n"))
            #expect(page.contains("\n## Example\n"))
            #expect(page.contains("\n## Fix\n"))
        }
        let pages = Golden.names(in: folder).filter { $0.hasPrefix("WF0") }
        #expect(pages == DiagnosticCodes.loading.map { $0.code + ".md" })
    }
}
