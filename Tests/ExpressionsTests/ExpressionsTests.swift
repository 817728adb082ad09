import Expressions
import GoTemplate
import JSON
import Testing
import WorkflowModel

@Suite("Expressions")
struct ExpressionsTests {
    private let context = TemplateContext(root: ["input": ["n": 3, "s": "3", "t": "true", "o": ["a": [1, 2]]]])

    @Test(
        arguments: [
            ("{{ .input.n }}", 3), ("{{ .input.s }}", "3"), ("{{ .input.t }}", "true"),
            ("{{ .input.o }}", ["a": [1, 2]]),
            ("n={{ .input.n }}", "n=3"), ("{{ .input.t }}{{ \"\" }}", true), ("{{ len .input.o.a }}", 2),
            ("plain", "plain"),
            ("true", "true"),
        ] as [(String, JSONValue)]
    )
    func argumentsKeepTheirTypes(text: String, expected: JSONValue) throws {
        #expect(try CompiledValue(.string(text)).render(context, .booleansFromText) == expected)
    }

    @Test func outputsNeverTurnTextIntoBooleans() throws {
        let value = try CompiledValue("{{ .input.t }}{{ \"\" }}")
        #expect(try value.render(context, .textStaysText) == "true")
    }

    @Test func anErrorNamesThePathOfItsTemplate() throws {
        let value = try CompiledValue(["list": [1, ["x": "{{ .input.nope }}"]]])
        let error = #expect(throws: CompileError.self) { try value.render(context, .textStaysText) }
        #expect(error?.path == "list[1].x")
        #expect(error?.error.missingKey == "nope")
    }

    @Test(
        arguments: [
            ("a.b", 1), ("list[1].name", "y"), ("list.1.name", "y"), ("dotted.key", 2), ("a.c.d", 3), ("", nil),
            ("a.x", nil), ("list[9]", nil), ("list[x]", nil), ("a.b.c", nil),
        ] as [(String, JSONValue?)]
    )
    func pathsLeadIntoValues(path: String, expected: JSONValue?) {
        let value: JSONValue = [
            "a": ["b": 1, "c.d": 3], "list": [["name": "x"], ["name": "y"]], "dotted.key": 2,
        ]
        #expect(ValuePath(path).value(in: value) == (path.isEmpty ? value : expected))
    }

    @Test func expectationsFollowTheTruthTable() throws {
        // success of the call × expectation → passes
        let cases: [(Bool, Expectations, Bool)] = [
            (true, Expectations(), true), (false, Expectations(), false),
            (true, Expectations(expect: Expectation(success: true)), true),
            (false, Expectations(expect: Expectation(success: false)), true),
            (true, Expectations(expectNot: Expectation(success: true)), false),
            (false, Expectations(expectNot: Expectation(success: true)), true),
            (true, Expectations(expectNot: Expectation(success: false)), true),
            (false, Expectations(expect: Expectation(jsonPath: ["n": 3])), true),
            (true, Expectations(expect: Expectation(jsonPath: ["n": "3"])), true),
            (true, Expectations(expect: Expectation(jsonPath: ["n": 3.0])), true),
            (true, Expectations(expect: Expectation(jsonPath: ["gone": .null])), true),
            (
                true,
                Expectations(
                    expect: Expectation(success: true, jsonPath: ["n": 3]),
                    expectNot: Expectation(jsonPath: ["x": 1])
                ),
                true
            ),
            (true, Expectations(expect: Expectation(jsonPath: ["{{ (index .result.l 0).k }}": "v"])), true),
        ]
        for (succeeded, expectations, passes) in cases {
            let check = try ExpectationCheck(expectations)
            let result: JSONValue = ["n": 3, "l": [["k": "v"]]]
            #expect(
                try check.passes(succeeded: succeeded, result: result, context) == passes,
                "\(expectations) of a call that \(succeeded ? "succeeded" : "failed")"
            )
        }
    }

    @Test func argumentsAreBoundWithDefaultsAndTypes() throws {
        let declared = [
            ArgumentDefinition(name: "s", type: "string", isRequired: true, defaultValue: "x"),
            ArgumentDefinition(name: "i", type: "integer", defaultValue: 7),
            ArgumentDefinition(name: "any", type: "something"),
        ]
        let binding = ArgumentBinding(declared, undeclared: .allowed)
        #expect(try binding.bind(["s": "a", "extra": 1]) == ["s": "a", "extra": 1, "i": 7])
        #expect(try binding.bind(["s": "a", "i": 3.0])["i"] == 3.0)
        #expect(throws: ArgumentFault.missing(name: "s")) { try binding.bind([:]) }
        #expect(throws: ArgumentFault.wrongType(name: "i", expected: "integer", actual: "number")) {
            try binding.bind(["s": "a", "i": 1.5])
        }
        #expect(throws: ArgumentFault.wrongType(name: "s", expected: "string", actual: "null")) {
            try binding.bind(["s": .null])
        }
        #expect(throws: ArgumentFault.undeclared(name: "extra")) {
            try ArgumentBinding(declared, undeclared: .refused).bind(["s": "a", "extra": 1])
        }
        #expect(try ArgumentBinding([], undeclared: .refused).bind(["extra": 1]) == ["extra": 1])
    }
}
