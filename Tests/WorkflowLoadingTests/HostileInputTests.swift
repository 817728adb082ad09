import Diagnostics
import JSON
import Testing
import WorkflowLoading

/// A text that would keep a careless reader busy.
struct HostileInput: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String

    init(_ name: String, head: String = "", count: Int, _ part: (Int) -> String) {
        testDescription = name
        text = (0..<count).reduce(into: head) { $0 += part($1) }
    }

    static let all: [HostileInput] = [
        HostileInput("unknown references", head: "steps:\n", count: 9000) {
            "- {id: s\($0), tool: t, condition: {fromStep: nope\($0)}}\n"
        },
        HostileInput("groups", head: "steps:\n", count: 9000) { "- {id: g\($0), parallel: [{id: s\($0), tool: t}]}\n" },
        HostileInput("documents", count: 20_000) { _ in "x\n---\n" },
        HostileInput("long text", head: "description: ", count: 4_000_000) { _ in "x" },
        HostileInput("many keys", count: 60_000) { "k\($0): 1\n" },
        HostileInput("deep block list", count: 100_000) { _ in "- " },
        HostileInput("deep complex keys", count: 100_000) { _ in "? " },
        HostileInput("deep flow map", count: 1_000_000) { _ in "{" },
        HostileInput("long tag", head: "a: ", count: 1_000_000) { _ in "!" },
    ]
}

@Suite("Hostile inputs")
struct HostileInputTests {
    /// Well below a second each in release; quadratic algorithms would take minutes.
    @Test(.timeLimit(.minutes(1)), arguments: HostileInput.all)
    func areRefusedOrReadInTime(input: HostileInput) {
        let file = SourceFile(name: "big.yaml", text: input.text)
        let (definitions, _) = DefinitionDecoder.decode(file: file, kind: .workflow, defaultName: "big")
        let snapshot = ConfigurationSnapshot(definitions: definitions)
        let checker = DefinitionChecker(
            snapshot: snapshot,
            knownTools: ["t"],
            templateReferences: FakeTemplates.references
        )
        _ = checker.check()
    }
}
