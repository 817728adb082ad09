import Engine
import JSON
import Storage
import Testing

@Suite("Conditions")
struct ConditionTests {
    /// Whether step `b` runs when step `a` comes out as told.
    private func runs(_ condition: String, sourceFails: Bool = false, result: JSONValue = ["n": 3]) throws -> Bool {
        let yaml = """
            name: w
            steps:
              - {id: a, tool: source, allowFailure: true}
              - {id: b, tool: target, condition: \(condition)}
            """
        let (_, harness) = try MachineHarness.run(yaml, ["want": 3]) { request in
            switch request.tool {
            case "source": sourceFails ? .failed(message: "no", answered: true) : .succeeded(result: result)
            case "probe-fails": .failed(message: "no", answered: true)
            default: .succeeded(result: result)
            }
        }
        return harness.calls.contains { $0.tool == "target" }
    }

    @Test(arguments: [
        ("{template: '{{ eq 1 1 }}'}", true), ("{template: ' true '}", true), ("{template: '{{ eq 1 2 }}'}", false),
        ("{template: 'yes'}", false), ("{template: '{{ .results.a.n }}'}", false),
        ("{tool: probe}", true), ("{tool: probe-fails}", false),
        ("{tool: probe, expect: {success: false}}", false), ("{tool: probe-fails, expect: {success: false}}", true),
        ("{tool: probe-fails, expectNot: {success: true}}", true),
        ("{tool: probe, expect: {jsonPath: {n: 3}}}", true), ("{tool: probe, expect: {jsonPath: {n: '3'}}}", true),
        ("{tool: probe, expect: {jsonPath: {n: '{{ .input.want }}'}}}", true),
        ("{tool: probe, expect: {jsonPath: {n: 4}}}", false), ("{tool: probe, expect: {jsonPath: {x: null}}}", true),
        ("{tool: probe, expect: {jsonPath: {x: 1}}}", false),
        ("{tool: probe, expect: {success: true, jsonPath: {n: 3}}, expectNot: {jsonPath: {n: 3}}}", false),
        ("{fromStep: a, expect: {success: true}}", true), ("{fromStep: a}", true),
        ("{fromStep: a, expect_not: {json_path: {n: 3}}}", false),
        ("{jsonPath: {results.a.n: 3}}", true), ("{and: [{template: 'true'}, {tool: probe-fails}]}", false),
        ("{or: [{tool: probe-fails}, {tool: probe}]}", true), ("{not: {tool: probe}}", false),
    ])
    func aConditionDecides(condition: String, expected: Bool) throws {
        #expect(try runs(condition) == expected)
    }

    @Test(arguments: [
        ("{fromStep: a, expect: {success: false}}", true), ("{fromStep: a}", false),
        ("{fromStep: a, expectNot: {success: false}}", false),
        ("{fromStep: a, expect: {jsonPath: {isError: true}}}", true),
    ])
    func aConditionOnAFailedStepDecides(condition: String, expected: Bool) throws {
        #expect(try runs(condition, sourceFails: true) == expected)
    }

    @Test func aSkippedStepCountsAsNotSucceeded() throws {
        let (end, harness) = try MachineHarness.run(
            """
            name: w
            steps:
              - {id: a, tool: t, condition: {template: "false"}}
              - {id: b, tool: b, condition: {fromStep: a, expect: {success: false}}}
              - {id: c, tool: c, condition: {fromStep: a}}
            """
        )
        #expect(end.status == .completed)
        #expect(harness.calls.map(\.tool) == ["b"])
    }

    @Test func aConditionThatCannotBeDecidedFailsTheStep() throws {
        let (end, _) = try MachineHarness.run(
            "name: w\nsteps: [{id: a, tool: t, condition: {tool: probe}}]\n"
        ) { _ in .failed(message: "server is gone", answered: false) }
        #expect(end.error == "step a failed: condition of step a could not be evaluated: server is gone")
    }

    @Test func aPartThatIsLookedAtAgainComesOutTheSame() throws {
        let yaml = """
            name: w
            steps:
              - id: a
                tool: target
                condition: {and: [{template: '{{ regexMatch "^[a-m]" (randAlpha 1 | lower) }}'}, {tool: probe}]}
            """
        var held = 0
        for seed in 0..<40 {
            var harness = try MachineHarness(yaml, seed: UInt64(seed))
            harness.start()
            let asked = !harness.calls.isEmpty
            harness.answerAll { _ in .succeeded(result: nil) }
            #expect(harness.calls.contains { $0.tool == "target" } == asked)
            if asked { held += 1 }
        }
        #expect(held > 5 && held < 35)
    }

    @Test func aGroupThatIsKeptClosedGivesOneEntry() throws {
        let (end, _) = try MachineHarness.run(
            """
            name: w
            steps:
              - id: g
                condition: {tool: probe, expect: {success: false}}
                parallel: [{id: a, tool: t}]
            """
        ) { _ in .succeeded(result: ["ok": 1]) }
        #expect(
            end.response["steps"] == [
                [
                    "id": "g", "tool": "", "status": "skipped", "condition_evaluation": false,
                    "condition_result": ["ok": 1], "condition_tool": "probe",
                ]
            ]
        )
    }
}
