import Diagnostics
import JSON
import Testing
import WorkflowLoading

@Suite("YAML reader")
struct YAMLReaderTests {
    private func read(_ text: String) -> (value: JSONValue?, diagnostics: DiagnosticBag) {
        let (documents, diagnostics) = YAMLReader.documents(in: SourceFile(name: "a.yaml", text: text))
        return (documents.first?.json, diagnostics)
    }

    @Test(
        arguments: [
            ("true", true), ("yes", "yes"), ("on", "on"), ("n", "n"), ("~", .null), ("", .null), ("Null", .null),
            ("0", 0),
            ("007", 7),
            ("+12", 12), ("-0x1F", "-0x1F"), ("0x1F", 31), ("0o17", 15), ("0b1", "0b1"), ("1_000", "1_000"),
            ("12:30", "12:30"),
            ("1e5", 100_000.0), (".5", 0.5), ("1.", 1.0), ("1.e2", 100.0), ("'1'", "1"), ("\"true\"", "true"),
            ("2026-01-01", "2026-01-01"),
            ("9223372036854775808", .bigNumber("9223372036854775808")),
            ("0xFFFFFFFFFFFFFFFF", .bigNumber("18446744073709551615")),
            ("1.10", 1.1), ("!!str 12", "12"), ("!!int 12", 12), ("|\n  a\n", "a\n"),
        ] as [(String, JSONValue)]
    )
    func readsScalarsByTheCoreSchema(text: String, expected: JSONValue) {
        let (value, diagnostics) = read("k: " + text)
        #expect(value == .object(["k": expected]))
        #expect(diagnostics.isEmpty)
    }

    @Test func keysAreAlwaysText() {
        #expect(read("on: 1\nn: 2\n3: 4\nnull: 5\n").value == ["on": 1, "n": 2, "3": 4, "null": 5])
    }

    @Test func infinitiesAreTextWithAWarning() {
        let (value, diagnostics) = read("a: .inf\nb: -.INF\nc: .nan\n")
        #expect(value == ["a": ".inf", "b": "-.INF", "c": ".nan"])
        #expect(diagnostics.diagnostics.map(\.code) == ["WF0113", "WF0113", "WF0113"])
    }

    @Test func aliasesAndMergeKeysAreResolved() {
        let text = "base: &b {x: 1, y: 2}\nlist: [*b]\nmerged:\n  <<: *b\n  y: 3\nmany: {<<: [{z: 1}, *b]}\n"
        let expected: JSONValue = [
            "base": ["x": 1, "y": 2], "list": [["x": 1, "y": 2]], "merged": ["y": 3, "x": 1],
            "many": ["z": 1, "x": 1, "y": 2],
        ]
        #expect(read(text).value == expected)
    }

    @Test func aliasesCannotExplode() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<20 {
            let parts = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(parts)]\n"
        }
        #expect(read(text).diagnostics.diagnostics.map(\.code) == ["WF0103"])
    }

    @Test func stopsAtTheDepthLimit() {
        #expect(read(String(repeating: "[", count: 50_000)).diagnostics.diagnostics.map(\.code) == ["WF0103"])
        #expect(!read(String(repeating: "[", count: 100) + String(repeating: "]", count: 100)).diagnostics.hasErrors)
        let nested = String(repeating: "[", count: 60)
        let text =
            "a: &a \(nested)\(String(repeating: "]", count: 60))\nb: \(nested)*a\(String(repeating: "]", count: 60))"
        #expect(read(text).diagnostics.diagnostics.map(\.code) == ["WF0103"])
    }

    @Test func stopsAtTheSizeLimit() {
        let file = SourceFile(name: "a.yaml", text: "a: 1234567890")
        #expect(YAMLReader.documents(in: file, limits: YAMLLimits(size: 5)).diagnostics.hasErrors)
    }

    @Test func readsAllDocumentsAndKeepsThoseBeforeAFault() {
        let (documents, diagnostics) = YAMLReader.documents(
            in: SourceFile(name: "a.yaml", text: "a: 1\n---\nb: 2\n---\n{")
        )
        #expect(documents.map(\.json) == [["a": 1], ["b": 2]])
        #expect(diagnostics.diagnostics.map(\.code) == ["WF0101"])
    }

    @Test(arguments: ["a: [", "a: b: c", "\t- x", "a: *b", "\"a", "%", "a: \u{1}", "? [1]\n: 2", "<<: 3", "a: &a [*a]"])
    func malformedTextIsAFinding(text: String) {
        let (_, diagnostics) = read(text)
        #expect(diagnostics.errors.map(\.code) == ["WF0101"])
        #expect(diagnostics.errors.allSatisfy { $0.range != nil })
    }

    @Test func placesAreUTF8OffsetsEvenAfterOtherAlphabetsAndAByteOrderMark() throws {
        let text = "\u{FEFF}grüße: 😀\nkey: välue\n"
        let file = SourceFile(name: "a.yaml", text: text)
        let documents = YAMLReader.documents(in: file).documents
        let node = try #require(documents.first?["key"])
        let range = try #require(node.range)
        #expect(String(decoding: file.bytes[range.start..<range.end], as: UTF8.self) == "välue")
    }

    @Test(arguments: [
        "k: a {{ x }} b", "k: 'a {{ x }} b'", "k: \"a {{ x }} b\"", "k: |\n  line\n\n  a {{ x }} b\n",
        "k: >-\n  some\n  text {{ x }}\n", "k: some\n  text {{ x }}\n", "- k: |2\n      a\n     {{ x }}",
    ])
    func partOfAScalarHasItsOwnPlace(text: String) throws {
        let file = SourceFile(name: "a.yaml", text: text)
        let document = try #require(YAMLReader.documents(in: file).documents.first)
        let node = try #require(document["k"] ?? document.elements?.first?["k"])
        let content = try #require(node.scalar?.text)
        let start = try #require(content.utf8.firstIndex(of: UInt8(ascii: "x")))
        let offset = content.utf8.distance(from: content.startIndex, to: start)
        let range = try #require(node.range(ofText: offset, offset + 1))
        #expect(range.end - range.start == 1)
        #expect(file.bytes[range.start] == UInt8(ascii: "x"))
    }

    @Test func escapesPointAtTheWholeScalar() throws {
        let file = SourceFile(name: "a.yaml", text: "k: \"\\t{{ x }}\"")
        let node = try #require(YAMLReader.documents(in: file).documents.first?["k"])
        #expect(node.range(ofText: 4, 5)?.start == node.range?.start)
    }
}
