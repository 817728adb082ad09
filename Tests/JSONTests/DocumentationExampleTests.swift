import Foundation
import JSON
import Testing

/// The examples of docs/json.md, and what the page says about them.
@Suite("Examples of the JSON page")
struct DocumentationExampleTests {
    /// Every block of the page stands in this file, line by line.
    @Test func everyExampleOfThePageIsRunHere() throws {
        let here = URL(fileURLWithPath: #filePath)
        let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("docs/json.md"), encoding: .utf8)
        let source = Self.lines(try String(contentsOf: here, encoding: .utf8)).joined(separator: "\n")
        let blocks = page.components(separatedBy: "```swift\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
        #expect(blocks.count == 8)
        for block in blocks {
            #expect(source.contains(Self.lines(block).joined(separator: "\n")), "not run: \(block)")
        }
    }

    private static func lines(_ text: String) -> [String] {
        text.components(separatedBy: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    @Test func valuesAreReadAndChanged() throws {
        var value = try JSONValue(parsing: #"{"name": "vault", "ports": [8200, 8201], "ratio": 1.50}"#)
        let name = value["name"]?.stringValue
        let port = value["ports"]?[0]?.integerValue
        if case .object(var object) = value {
            object["sealed"] = false
            value = .object(object)
        }
        let text = value.text()
        #expect(name == "vault")
        #expect(port == 8200)
        #expect(text == #"{"name":"vault","ports":[8200,8201],"ratio":1.5,"sealed":false}"#)
    }

    @Test func numbersKeepTheirDigits() throws {
        let large = try JSONValue(parsing: "123456789012345678901234567890")
        let same = JSONValue(number: "123456789012345678901234567890")
        let none = JSONValue(number: "0x10")
        #expect(large.text() == "123456789012345678901234567890")
        #expect(large == same)
        #expect(none == nil)
    }

    @Test func errorsSayWhere() throws {
        var message = ""
        do {
            _ = try JSONValue(parsing: "[1,\n 2,]")
        } catch {
            message = "\(error)"
        }
        #expect(message == "unexpected ']', expected a value; no comma may stand before it at line 2, column 4")
    }

    @Test func repeatedKeysAreReported() throws {
        let document = try JSONDocument(parsing: #"{"a": {"b": 1, "b": 2}}"#)
        let repeated = document.duplicateKeys.first?.pointer.description
        #expect(repeated == "/a/b")
        #expect(document.value.text() == #"{"a":{"b":2}}"#)
    }

    @Test func formatsDiffer() throws {
        let settings: JSONValue = ["b": 1.0, "a": ["x": true]]
        let pretty = settings.text(.pretty)
        let sorted = settings.text(JSONFormat(indentation: nil, sortsKeys: true))
        #expect(pretty == "{\n  \"b\": 1.0,\n  \"a\": {\n    \"x\": true\n  }\n}")
        #expect(sorted == #"{"a":{"x":true},"b":1.0}"#)
    }

    @Test func equivalenceIsByValue() throws {
        let isSame = JSONValue(number: "10e-1")?.isEquivalent(to: 1) == true
        let kinds = Set([EquivalentJSON(1), EquivalentJSON(1.0), EquivalentJSON("1")]).count
        #expect(isSame)
        #expect(kinds == 2)
    }

    @Test func theCanonicalFormIsOneText() throws {
        let order = try JSONValue(parsing: #"{"€": 1e2, "b": [1.50, 1E21, -0], "n": 9007199254740993}"#)
        let canonical = order.text(.canonical)
        #expect(canonical == #"{"b":[1.5,1e+21,0],"n":9007199254740993,"€":100}"#)
    }

    @Test func pointersAndPathsLeadIntoValues() throws {
        let tree = try JSONValue(parsing: #"{"items": [{"name": "x"}, {"name": "y"}], "a/b": 1}"#)
        let byPointer = tree[try JSONPointer("/a~1b")]
        let byPath = tree[ValuePath("items[1].name")]
        var complaint = ""
        do { _ = try ValuePath("items[1].nmae").evaluate(in: tree) } catch { complaint = "\(error)" }
        #expect(byPointer == 1)
        #expect(byPath == "y")
        #expect(complaint == #"at 'items[1]': there is no member "nmae"; did you mean "name"?"#)
    }
}
