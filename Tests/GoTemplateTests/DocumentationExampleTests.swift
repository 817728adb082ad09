import Foundation
import GoTemplate
import JSON
import Testing

/// The examples of docs/go-template.md, and what the page says about them.
@Suite("Examples of the template library's page")
struct DocumentationExampleTests {
    /// Every block of the page stands in this file, line by line.
    @Test func everyExampleOfThePageIsRunHere() throws {
        let here = URL(fileURLWithPath: #filePath)
        let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("docs/go-template.md"), encoding: .utf8)
        let source = Self.lines(try String(contentsOf: here, encoding: .utf8)).joined(separator: "\n")
        let blocks = page.components(separatedBy: "```swift\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
        #expect(blocks.count == 4)
        for block in blocks {
            #expect(source.contains(Self.lines(block).joined(separator: "\n")), "not run: \(block)")
        }
    }

    private static func lines(_ text: String) -> [String] {
        text.components(separatedBy: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    @Test func templatesAreRenderedAndEvaluated() throws {
        let template = try Template("{{ range .hosts }}{{ . | upper }} {{ end }}")
        let data: JSONValue = ["hosts": ["web", "db"], "limits": ["cpu": 2]]
        let text = try template.render(TemplateContext(data))
        let limits = try Template("{{ .limits }}").evaluate(TemplateContext(data))
        #expect(text == "WEB DB ")
        #expect(limits == ["cpu": 2])
    }

    @Test func bigNumbersThatAreOnlyPassedOnKeepTheirDigits() throws {
        let data = try JSONValue(parsing: #"{"a": {"n": 123456789012345678901234567890}}"#)
        #expect(try Template("{{ .a.n }}").evaluate(TemplateContext(data)).text() == "123456789012345678901234567890")
        #expect(
            try Template("{{ .a }}").evaluate(TemplateContext(data)).text() == #"{"n":123456789012345678901234567890}"#
        )
        #expect(try Template("n{{ .a.n }}").render(TemplateContext(data)) == "n1.2345678901234568e+29")
    }

    @Test func errorsSayWhere() throws {
        var failure: TemplateError?
        do {
            _ = try Template("Dear {{ .nmae }}").render(TemplateContext(["name": "Ann"]))
        } catch {
            failure = error
        }
        #expect(failure?.code == .missingKey)
        #expect(failure?.line == 1)
        #expect(failure?.column == 9)
        #expect(failure?.node == ".nmae")
        #expect(failure?.message.hasSuffix(#"did you mean "name"?"#) == true)
    }

    @Test func surroundingsAndBoundsAreGiven() throws {
        let environment = TemplateEnvironment(
            now: { 1_700_000_000_000_000 },
            random: { 4 },
            limits: TemplateLimits(outputBytes: 10_000, steps: 100_000, callDepth: 20, time: .milliseconds(100))
        )
        let context = TemplateContext(["n": 3], environment: environment)
        let year = try Template(#"{{ now | date "2006" }}"#).render(context)
        var stopped: TemplateError?
        do {
            _ = try Template("{{ repeat 1000000000 \"x\" }}").render(context)
        } catch {
            stopped = error
        }
        #expect(year == "2023")
        #expect(stopped?.code == .limit)
    }

    @Test func referencesAreListedWithoutRunning() throws {
        let read = try Template("{{ with .app }}{{ .name }}{{ end }}{{ range $h := .hosts }}{{ $h.port }}{{ end }}")
        let paths = read.references.map { $0.path.joined(separator: ".") }
        #expect(Set(paths).isSuperset(of: ["app", "app.name", "hosts"]))
    }
}
