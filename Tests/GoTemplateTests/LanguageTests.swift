import GoTemplate
import JSON
import Testing

func context(_ json: String, limits: TemplateLimits = TemplateLimits()) throws -> TemplateContext {
    TemplateContext(
        root: try JSONValue(parsing: json).objectValue ?? JSONObject(),
        environment: TemplateEnvironment(limits: limits)
    )
}

func render(_ template: String, _ json: String = "{}", limits: TemplateLimits = TemplateLimits()) throws -> String {
    try Template(template).render(try context(json, limits: limits))
}

/// The error that the template gives; the test fails when there is none.
func failure(
    _ template: String,
    _ json: String = "{}",
    limits: TemplateLimits = TemplateLimits()
) throws
    -> TemplateError
{
    var found: TemplateError?
    var result = ""
    do { result = try render(template, json, limits: limits) } catch let error as TemplateError { found = error }
    return try #require(found, "no error but \(result.prefix(200))")
}

@Suite("Template language")
struct LanguageTests {
    @Test func singleActionsKeepTheirType() throws {
        let context = try context(#"{"input":{"l":[1,{"a":null}],"n":12345678901234567890}}"#)
        #expect(try Template("{{ .input.l }}").evaluate(context) == .array([.integer(1), .object(["a": .null])]))
        #expect(try Template("\n{{- len .input.l -}} ").evaluate(context) == .integer(2))
        #expect(try Template("{{/* note */}}{{ eq 1 1.0 }}").evaluate(context) == .bool(true))
        #expect(try Template("x{{ len .input.l }}").evaluate(context) == .string("x2"))
        #expect(try Template("{{ first .input.l }}").isSingleAction)
        #expect(try !Template("{{ $x := 1 }}").isSingleAction)
    }

    @Test func textsWithoutBothDelimitersInOrderAreNoTemplates() {
        #expect(Template.isTemplate("a {{ b }} c"))
        #expect(!Template.isTemplate("}} {{"))
        #expect(!Template.isTemplate("{ x }"))
        #expect(!Template.isTemplate("{{ x }"))
        #expect(!Template.isTemplate("{{{"))
    }

    @Test func missingKeysAreNamedWithTheirPlace() throws {
        let error = try failure("a: {{ .input.nope.deeper }}", #"{"input":{}}"#)
        #expect(error.code == .missingKey)
        #expect(error.missingKey == "nope")
        #expect(error.message.contains("map has no entry for key \"nope\""))
        #expect(error.offset == 6)
    }

    @Test func unknownFunctionsAreFoundWhenParsing() {
        #expect(throws: TemplateError.self) { try Template("{{ uper .x }}") }
        do throws(TemplateError) { _ = try Template("{{ uper .x }}") } catch {
            #expect(error.message == "function \"uper\" not defined; did you mean \"upper\"?")
            #expect(error.offset == 3)
        }
    }

    @Test(arguments: ["env \"HOME\"", "expandenv \"$HOME\"", "getHostByName \"x\"", "env"])
    func functionsThatWouldExposeTheServerAreRefused(call: String) {
        do throws(TemplateError) {
            _ = try Template("{{ \(call) }}")
            Issue.record("no error")
        } catch {
            #expect(error.code == .refusedFunction)
            #expect(error.message.contains("expose the server's"))
        }
    }

    @Test func objectsAreSharedAndDataIsNeverChangedOutside() throws {
        let context = try context(#"{"input":{"o":{"a":1}}}"#)
        let template = try Template("{{ $_ := set .input.o \"b\" 2 }}{{ .input.o.b }}{{ .input.o }}")
        #expect(try template.render(context) == "2{\"a\":1,\"b\":2}")
        #expect(context.root["input"]?["o"]?["b"] == nil)
    }

    @Test func clockAndRandomNumbersComeFromTheContext() throws {
        let environment = TemplateEnvironment(now: { 1_709_210_096_000_000 }, random: { 0 })
        let context = TemplateContext(root: JSONObject(), environment: environment)
        #expect(
            try Template("{{ now | date \"2006-01-02T15:04:05Z07:00\" }}").render(context) == "2024-02-29T12:34:56Z"
        )
        #expect(try Template("{{ uuidv4 }}").render(context) == "00000000-0000-4000-8000-000000000000")
    }
}
