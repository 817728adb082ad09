import Diagnostics
import JSON
import Testing
import WorkflowLoading
import WorkflowModel

@Suite("Definition decoder")
struct DefinitionDecoderTests {
    private func decode(
        _ text: String,
        _ kind: DefinitionKind = .workflow,
        name: String? = "stem"
    ) -> (definitions: [LoadedDefinition], diagnostics: DiagnosticBag) {
        DefinitionDecoder.decode(file: SourceFile(name: "a.yaml", text: text), kind: kind, defaultName: name)
    }

    private func workflow(_ text: String) -> WorkflowDefinition? { decode(text).definitions.first?.workflow }

    @Test func theExampleOfTheDocumentationLoadsWithoutAFinding() throws {
        let (definitions, diagnostics) = decode(seedExample)
        #expect(diagnostics.isEmpty, "\(diagnostics.rendered())")
        let workflow = try #require(definitions.first?.workflow)
        #expect(workflow.name == "connect-monitoring")
        #expect(workflow.arguments.map(\.name) == ["cluster", "localPort"])
        #expect(workflow.arguments[1].defaultValue == "18000")
        #expect(workflow.steps.map(\.id) == ["login-cluster", "setup-prometheus-access"])
        #expect(workflow.steps[0].range?.place == "a.yaml:11:7")
        #expect(workflow.source["description"] == "Connect to monitoring in a Giant Swarm installation")
        guard case .tool(let name, let arguments) = workflow.steps[1].action else { return #expect(Bool(false)) }
        #expect(name == "core_service_create")
        #expect(arguments["serviceClassName"] == "prometheus-port-forward")
    }

    @Test func aFlatFileTakesItsKindFromTheFolderAndItsNameFromTheField() {
        let (definitions, diagnostics) = decode("name: flat\ndescription: d\nsteps: [{id: a, tool: t}]\n")
        #expect(diagnostics.isEmpty, "\(diagnostics.rendered())")
        #expect(definitions.first?.workflow?.name == "flat")
    }

    @Test func theStemIsTheNameWhenNoneIsWritten() {
        #expect(workflow("spec: {steps: [{id: a, tool: t}]}")?.name == "stem")
        #expect(workflow("metadata: {name: ''}\nspec: {steps: [{id: a, tool: t}]}")?.name == "stem")
    }

    @Test func allDocumentsOfAFileAreRead() {
        let text =
            "metadata: {name: a}\nspec: {steps: [{id: a, tool: t}]}\n---\nmetadata: {name: b}\nspec: {steps: [{id: a, tool: t}]}\n---\n"
        #expect(decode(text).definitions.map(\.name) == ["a", "b"])
    }

    @Test func anInvalidFileIsListedWithItsErrors() throws {
        let (definitions, _) = decode("metadata: {name: broken}\nspec: {steps: []}")
        let loaded = try #require(definitions.first)
        #expect(loaded.name == "broken")
        #expect(!loaded.isValid)
        #expect(loaded.errors == ["a.yaml:2:8: workflow must have at least one step"])
        #expect(decode("{").definitions.map(\.name) == ["stem"])
    }

    @Test func bothSpellingsAreRead() throws {
        let text = """
            steps:
              - {id: a, tool: t, allow_failure: true, store: true}
              - id: b
                tool: t
                output: false
                store: true
                onInterrupt: ask
                condition: {from_step: a, expect_not: {success: true, json_path: {x.y: 1}}}
              - id: loop
                for_each: {items: "{{ .input.l }}", step: {id: c, tool: t}}
            on_failure: [{id: h, tool: t}]
            """
        let (definitions, diagnostics) = decode(text)
        #expect(diagnostics.isEmpty, "\(diagnostics.rendered())")
        let workflow = try #require(definitions.first?.workflow)
        #expect(workflow.steps[0].allowsFailure)
        #expect(workflow.steps[0].showsResult == true)
        #expect(workflow.steps[1].showsResult == false)
        #expect(workflow.steps[1].onInterrupt == .ask)
        guard case .fromStep("a", let expectations) = workflow.steps[1].condition else { return #expect(Bool(false)) }
        #expect(expectations.expectNot == Expectation(success: true, jsonPath: ["x.y": 1]))
        guard case .forEach(let loop) = workflow.steps[2].action else { return #expect(Bool(false)) }
        #expect(loop.variable == "item")
        #expect(loop.steps.map(\.id) == ["c"])
        #expect(workflow.onFailure.map(\.id) == ["h"])
    }

    @Test func conditionsOfAllKindsAreRead() {
        let text = """
            steps:
              - {id: a, tool: t, condition: {template: "{{ .input.x }}"}}
              - {id: b, tool: t, condition: {tool: probe, args: {x: 1}}}
              - {id: c, tool: t, condition: {and: [{jsonPath: {results.a.x: 1}}, {not: {fromStep: b}}]}}
              - {id: d, tool: t, condition: {or: [{template: "true"}, {tool: probe}]}}
            """
        let (definitions, diagnostics) = decode(text)
        #expect(diagnostics.isEmpty, "\(diagnostics.rendered())")
        guard case .all(let parts) = definitions.first?.workflow?.steps[2].condition else {
            return #expect(Bool(false))
        }
        guard case .jsonPath = parts[0], case .not(.fromStep) = parts[1] else { return #expect(Bool(false)) }
    }

    @Test func aPinnedDefinitionReadsAsTheFileDid() throws {
        let first = try #require(workflow(seedExample))
        let (second, diagnostics) = DefinitionDecoder.decodeWorkflow(name: first.name, spec: first.source)
        #expect(diagnostics.isEmpty)
        #expect(second?.source == first.source)
        #expect(second?.steps.map(\.id) == first.steps.map(\.id))
    }

    @Test func theTemplatesOfAServiceClassHaveTheirPlaces() throws {
        let text = """
            spec:
              serviceConfig:
                lifecycleTools:
                  start: {tool: t, args: {name: "{{ .db }}"}}
                  stop: {tool: t, args: {name: "{{ .db }}"}}
            """
        let file = SourceFile(name: "c.yaml", text: text)
        let (definitions, _) = DefinitionDecoder.decode(file: file, kind: .serviceClass, defaultName: "c")
        let origin = try #require(definitions.first?.serviceClass?.origin)
        let path = "serviceConfig.lifecycleTools.stop.args.name"
        #expect(origin.place(of: 3..<6, in: "{{ .db }}", owner: "", path: path) == "c.yaml:5:40")
        #expect(origin.place(of: 3..<6, in: "{{ .db }}", owner: "", path: "name") == "c.yaml:4:41")
        #expect(origin.place(of: 0..<1, in: "{{ .other }}", owner: "", path: "") == nil)
    }

    @Test func aServiceClassIsRead() throws {
        let text = """
            spec:
              args: {db: {type: string, required: true}, port: {type: integer, default: 5432}}
              serviceConfig:
                serviceType: database
                defaultName: "pg-{{ .db }}"
                dependencies: [network-base]
                lifecycleTools:
                  start: {tool: x_run, args: {name: "{{ .db }}"}, outputs: {id: result.container_id}}
                  stop: {tool: x_rm}
                  healthCheck: {tool: x_ps, expect: {jsonPath: {status: healthy}}}
                healthCheck: {enabled: yes, interval: 5s, failureThreshold: 2}
                timeout: {create: 5m, delete: 120000000000}
                outputs: {url: "http://localhost:{{ .port }}"}
            """
        let (definitions, diagnostics) = decode(text, .serviceClass)
        #expect(diagnostics.diagnostics.map(\.code) == ["WF0107"])
        let value = try #require(definitions.first?.serviceClass)
        #expect(value.start.outputs.map(\.path) == ["result.container_id"])
        #expect(value.healthPolicy == HealthPolicy(isEnabled: true, interval: .seconds(5), failureThreshold: 2))
        #expect(value.createTimeout == .seconds(300))
        #expect(value.deleteTimeout == .seconds(120))
        #expect(value.requiredTools == ["x_run", "x_rm", "x_ps"])
    }

    @Test(arguments: [
        ("{type: stdio, command: git, args: [a, 1]}", ["git", "a", "1"], "stdio"),
        ("{type: localCommand, command: [git, serve], args: [x]}", ["git", "serve", "x"], "localCommand"),
        ("{type: sse, url: http://h/sse, command: ignored}", ["http://h/sse"], "sse"),
        ("{type: streamable-http, url: https://h/mcp, auth: {type: oauth}}", ["https://h/mcp"], "streamable-http"),
    ])
    func serversOfAllTypesAreRead(spec: String, words: [String], type: String) throws {
        let server = try #require(decode("spec: \(spec)", .mcpServer).definitions.first?.mcpServer)
        #expect(server.typeName == type)
        switch server.transport {
        case .stdio(let command, let arguments, _): #expect([command] + arguments == words)
        case .streamableHTTP(let url), .sse(let url): #expect([url] == words)
        }
    }

    @Test(
        arguments: [
            ("steps: [text]", ["WF0104"]), ("steps: [{id: a, forEach: x}]", ["WF0104"]),
            ("steps: [{id: a, tool: [t]}]", ["WF0104"]),
            ("steps: [{id: 1, tool: t}]", ["WF0108"]), ("steps: 5", ["WF0104"]),
            ("steps: [{id: a, parallel: [null]}]", ["WF0104"]),
            ("{args: [a], steps: [{id: a, tool: t}]}", ["WF0104"]),
            ("output: x\nsteps: [{id: a, tool: t, args: [1]}]", ["WF0104", "WF0104"]),
            ("steps: [{id: a, tool: t, condition: yes}]", ["WF0104"]), ("text", ["WF0104"]),
            ("steps: null", ["WF0220"]),
            ("kind: MCPServer\nsteps: [{id: a, tool: t}]", ["WF0109"]),
            ("apiVersion: v1\nsteps: [{id: a, tool: t}]", ["WF0109"]),
            ("args: {a: {type: string, enum: [x], sensitive: true}}\nsteps: [{id: a, tool: t}]", ["WF0110", "WF0110"]),
            ("args: {a: {type: string, sensitive: false}}\nsteps: [{id: a, tool: t}]", []),
            ("version: 2\nstatus: {x: 1}\nsteps: [{id: a, tool: t, outputs: {x: y}}]", []),
            ("{spec: {steps: [{id: a, tool: t}], name: x}, status: {}}", ["WF0105"]),
        ] as [(String, [String])]
    )
    func oneFaultGivesOneFinding(text: String, codes: [String]) {
        let found = decode(text).diagnostics
        #expect(found.diagnostics.map(\.code) == codes, "\(found.rendered())")
    }

    @Test(arguments: [
        ("1h30m", Duration.seconds(5400)), ("500ms", .milliseconds(500)), ("1.5s", .milliseconds(1500)), ("0", .zero),
        ("-2m", .seconds(-120)), ("2us", .microseconds(2)), ("3µs", .microseconds(3)), (".5s", .milliseconds(500)),
    ])
    func durationsAreReadInTheSyntaxOfGo(text: String, expected: Duration) {
        #expect(GoDuration.parse(text) == expected)
    }

    @Test(arguments: ["", "5", "s", "1x", "1 s", "1h-2m", "99999999999h", "9223372036s9223372036s"])
    func otherTextsAreNoDurations(text: String) {
        #expect(GoDuration.parse(text) == nil)
    }
}
