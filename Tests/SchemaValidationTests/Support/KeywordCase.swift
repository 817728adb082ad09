import Foundation
import JSON
import SchemaValidation
import Testing

/// A schema with values that satisfy it and values that do not.
struct KeywordCase: Sendable {
    var name: String
    /// JSON, as are the values.
    var schema: String
    var valid: [String]
    var invalid: [String]
    var options = SchemaOptions()

    init(_ name: String, _ schema: String, valid: [String], invalid: [String], options: SchemaOptions = SchemaOptions())
    {
        self.name = name
        self.schema = schema
        self.valid = valid
        self.invalid = invalid
        self.options = options
    }

    /// Holds the cases against what they say, and the errors against `Goldens/<sheet>.txt`.
    static func check(_ cases: [KeywordCase], sheet: String) throws {
        var text = ""
        for item in cases {
            let schema = try Schema(JSONValue(parsing: item.schema), options: item.options)
            for value in item.valid {
                let value = try JSONValue(parsing: value)
                #expect(schema.isValid(value), "\(item.name): \(value.text())")
                #expect(schema.validate(value).errors == [], "\(item.name): \(value.text())")
            }
            text += "# \(item.name)\n\(item.schema)\n"
            for value in item.invalid {
                let value = try JSONValue(parsing: value)
                #expect(!schema.isValid(value), "\(item.name): \(value.text())")
                text += "  \(value.text())\n" + lines(schema.validate(value)).map { "    \($0)\n" }.joined()
            }
            text += "\n"
        }
        Golden.check(sheet, text)
    }

    /// Each error as instance path, schema path, rule and sentence.
    static func lines(_ result: ValidationResult, indentation: String = "") -> [String] {
        result.errors.flatMap { lines($0, indentation) }
    }

    private static func lines(_ error: ValidationError, _ indentation: String) -> [String] {
        let place = error.instanceLocation.isEmpty ? "(root)" : error.instanceLocation
        let rule = error.keyword.isEmpty ? "false" : error.keyword
        let keyword = error.keywordLocation.isEmpty ? "(root)" : error.keywordLocation
        return ["\(indentation)\(place) | \(keyword) | \(rule) | \(error.message)"]
            + error.causes.flatMap { lines($0, indentation + "  because ") }
    }
}

/// Expected texts in files; `RECORD_GOLDENS=1` writes them anew and fails.
enum Golden {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Goldens")

    static func check(_ name: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let place = folder.appendingPathComponent(name + ".txt")
        if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
            do { try text.write(to: place, atomically: true, encoding: .utf8) } catch { Issue.record(error) }
            Issue.record("recorded \(name).txt", sourceLocation: sourceLocation)
            return
        }
        // A file that is missing is a difference.
        let known = (try? String(contentsOf: place, encoding: .utf8)) ?? ""
        #expect(known == text, sourceLocation: sourceLocation)
    }
}
