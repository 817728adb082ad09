import Foundation
import JSON
import SchemaValidation
import Testing

/// The examples of `docs/json-schema.md`: each block of Swift there stands in a test here, word by word.
@Suite("The page about schemas")
struct DocumentationTests {
    @Test func everyExampleIsRunHere() throws {
        let own = URL(fileURLWithPath: #filePath)
        let root = own.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("docs/json-schema.md"), encoding: .utf8)
        let source = trimmed(try String(contentsOf: own, encoding: .utf8))
        var count = 0
        for part in page.components(separatedBy: "```swift\n").dropFirst() {
            let example = trimmed(part.components(separatedBy: "```").first ?? "")
            #expect(source.contains(example), "\(example)")
            count += 1
        }
        #expect(count > 5)
    }

    private func trimmed(_ text: String) -> String {
        text.split(separator: "\n").map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private let json = #"{"host": "", "port": "80", "prot": 1}"#

    private func compiled() throws -> Schema {
        let schema = try Schema([
            "type": "object",
            "properties": [
                "host": ["type": "string", "minLength": 1],
                "port": ["type": "integer", "minimum": 1, "default": 443],
                "token": ["type": "string", "writeOnly": true, "minLength": 20],
            ],
            "required": ["host"], "additionalProperties": false,
        ])
        return schema
    }

    @Test func compilingAndValidating() throws {
        let schema = try compiled()
        #expect(schema.isValid(["host": "example.org", "port": 80]))
        let value = try JSONValue(parsing: json)
        _ = schema.isValid(value)  // false
        for error in schema.validate(value).errors {
            print(error.instanceLocation, error.keywordLocation, error.keyword, error.message, separator: " | ")
        }
        let lines = KeywordCase.lines(schema.validate(value))
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/json-schema.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        #expect(lines.count == 3)
        for line in lines { #expect(text.contains(line), "\(line)") }
    }

    @Test func secrets() throws {
        let schema = try compiled()
        let masking = ValidationOptions(isSensitive: { place, schema in
            place.hasSuffix("/password") || schema["writeOnly"] == true
        })
        let result = schema.validate(["host": "a", "token": "abc"], options: masking)
        #expect(result.errors.map(\.message) == ["'token' must have at least 20 characters"])
    }

    @Test func documents() throws {
        let options = SchemaOptions(
            documents: ["https://example.org/port": ["type": "integer", "maximum": 65535]],
            formats: .assertion
        )
        let schema = try Schema(["items": ["$ref": "https://example.org/port"]], options: options)
        #expect(!schema.isValid([70000]))
    }

    @Test func hostileSchemas() throws {
        let theirs: JSONValue = ["type": "object", "properties": ["a": ["type": "objekt"]]]
        var options = SchemaOptions(strictness: .tolerant)
        options.limits.steps = 100_000
        let schema = try Schema(theirs, options: options)
        for warning in schema.warnings { print(warning.message, warning.location) }
        #expect(schema.warnings.map(\.location) == ["#/properties/a/type"])
    }

    @Test func undecided() throws {
        let schema = try Schema(["not": ["pattern": "^(?=a)(a+)+$"]])
        let result = schema.validate(.string(String(repeating: "a", count: 100) + "!"))
        _ = result.isValid  // false
        _ = result.isUndecided  // true
        #expect(!result.isValid && result.isUndecided)
    }

    @Test func defaults() throws {
        let schema = try compiled()
        let outcome = schema.applyingDefaults(to: ["host": "example.org"])
        _ = outcome.value  // {"host":"example.org","port":443}
        _ = outcome.filled  // ["/port"]
        #expect(outcome.value.text() == #"{"host":"example.org","port":443}"#)
        #expect(outcome.filled == ["/port"])
    }

    @Test func relation() throws {
        let given = try Schema(["type": ["string", "null"]])
        let wanted = try Schema(["type": "string", "maxLength": 10])
        switch given.relation(to: wanted) {
        case .yes: print("every value is accepted")
        case .no(let example): print("\(example.value.text()) is not: \(example.error.message)")
        case .unknown(let reason): print("not found out: \(reason)")
        }
        guard case .no(let example) = given.relation(to: wanted) else {
            Issue.record("expected a counterexample")
            return
        }
        #expect(given.isValid(example.value) && !wanted.isValid(example.value))
    }
}
