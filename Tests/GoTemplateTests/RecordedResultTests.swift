import Foundation
import GoTemplate
import JSON
import Testing

/// Results of Go's `text/template` and sprig, recorded by
/// `Scripts/compare-templates --seed 3 --cases 3800 --record Tests/GoTemplateTests/Fixtures/go-results.jsonl`.
@Suite("Recorded results of Go")
struct RecordedResultTests {
    struct Case {
        let id: String
        let template: String
        let isTyped: Bool
        let context: TemplateContext
        let json: JSONValue
    }

    static func cases() throws -> [Case] {
        let folder = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
        let text = try String(contentsOfFile: folder + "/Fixtures/go-results.jsonl", encoding: .utf8)
        return try text.split(separator: "\n").map { line in
            let json = try JSONValue(parsing: String(line))
            return Case(
                id: json["id"]?.stringValue ?? "?",
                template: json["template"]?.stringValue ?? "",
                isTyped: json["typed"] == .bool(true),
                context: TemplateContext(json["data"] ?? .null),
                json: json
            )
        }
    }

    @Test func everyRecordedTemplateGivesWhatGoGives() throws {
        let cases = try Self.cases()
        #expect(cases.count > 3000)
        for one in cases {
            if let complaint = Self.complaint(one) { Issue.record("\(one.id) \(one.template): \(complaint)") }
        }
    }

    private static func complaint(_ one: Case) -> String? {
        do throws(TemplateError) {
            let template = try Template(one.template)
            let isTyped = one.isTyped && template.isSingleAction
            let result: JSONValue =
                isTyped ? try template.evaluate(one.context) : .string(try template.render(one.context))
            guard let wanted = one.json["value"] ?? one.json["want"] else { return "no error but \(result.text())" }
            return result.isEquivalent(to: wanted) ? nil : "got \(result.text()), want \(wanted.text())"
        } catch {
            guard let wanted = one.json["error"] else { return "\(error)" }
            // A field of nothing has no key that is missing in Go's words.
            let key = error.message.hasPrefix("nil data") ? nil : error.missingKey
            return key == wanted.stringValue ? nil : "missing key \(key ?? "none"), want \(wanted.text())"
        }
    }

    @Test func everyErrorHasAPlaceAndShowsThePart() throws {
        for one in try Self.cases() where one.json["error"] != nil {
            do throws(TemplateError) {
                _ = try Template(one.template).render(one.context)
            } catch {
                let size = one.template.utf8.count
                guard let offset = error.offset, let line = error.line, let column = error.column, error.node != nil
                else {
                    Issue.record("no place: \(one.template): \(error)")
                    continue
                }
                #expect(offset <= size && line >= 1 && column >= 1 && !error.message.isEmpty, "\(one.template)")
            }
        }
    }

    @Test func aTypedValuePrintsAsTheTextOfTheTemplate() throws {
        var count = 0
        for one in try Self.cases() where one.json["error"] == nil {
            let template = try Template(one.template)
            guard template.isSingleAction else { continue }
            count += 1
            let (value, text) = (try template.evaluate(one.context), try template.render(one.context))
            switch value {
            // A time has Go's form in a text and that of RFC 3339 as a value.
            case .string(let string) where string != text:
                #expect(text.contains(" +") && text.split(separator: " ")[0] == string.split(separator: "T")[0])
            case .string: break
            case .null: #expect(text == "" || text == "[]", "\(one.template)")
            // A float has exponents earlier in texts than in JSON, so the number counts.
            case .double(let number): #expect(Double(text) == number, "\(one.template)")
            case .bool, .integer: #expect(text == value.text() || !text.allSatisfy(\.isNumber), "\(one.template)")
            default: #expect(try JSONValue(parsing: text).isEquivalent(to: value), "\(one.template)")
            }
        }
        #expect(count > 500)
    }
}
