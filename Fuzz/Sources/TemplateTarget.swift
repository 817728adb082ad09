import GoTemplate
import JSON

/// Any text is a template or an error with a place; rendering ends within its bounds, with the same result each time.
///
/// The input is a template, then a NUL byte and the data as JSON; without data there is a small object.
enum TemplateTarget {
    static let outputBytes = 100_000

    /// No clock and no chance, so that a second rendering must give the same.
    private static let environment = TemplateEnvironment(
        fallbackKeys: ["input", "vars"],
        now: { 1_700_000_000_000_000 },
        random: { 4 },
        limits: TemplateLimits(outputBytes: outputBytes, steps: 200_000, callDepth: 50, time: .milliseconds(500))
    )
    private static let someData: JSONObject = [
        "input": ["name": "web", "n": 3, "list": [1, 2.5, "x", true], "map": ["a": ["b": 1]]], "results": [:],
        "text": "Ünï", "empty": "", "t": true, "neg": -7,
    ]

    static let check: @Sendable ([UInt8]) -> Void = { input in
        let (first, second) = Promise.halves(input)
        let text = String(decoding: first, as: UTF8.self)
        var data = someData
        if let value = try? JSONValue(parsing: second), let object = value.objectValue { data = object }
        do throws(TemplateError) {
            let template = try Template(text)
            for reference in template.occurrences {
                Promise.check(
                    0 <= reference.start && reference.start <= reference.end && reference.end <= text.utf8.count,
                    "a reference lies within the text: \(reference)"
                )
            }
            agree(template, text, TemplateContext(root: data, environment: environment))
        } catch {
            placed(error, in: text)
        }
    }

    private static func agree(_ template: Template, _ text: String, _ context: TemplateContext) {
        let rendered = result { () throws(TemplateError) in try template.render(context) }
        let again = result { () throws(TemplateError) in try template.render(context) }
        let typed = result { () throws(TemplateError) in try template.evaluate(context) }
        switch (rendered, again) {
        case (.success(let one), .success(let two)):
            Promise.check(one == two || !isDeterministic(template), "a template gives the same twice")
            Promise.check(one.utf8.count <= outputBytes, "the output keeps to its bound")
            if !template.isSingleAction, case .success(let value) = typed, isDeterministic(template) {
                Promise.check(value.stringValue == one, "a typed template that is no single action gives its text")
            }
        case (.failure(let one), _): placed(one, in: text)
        default: break
        }
        if case .failure(let error) = typed { placed(error, in: text) }
    }

    private static func result<Value>(
        _ body: () throws(TemplateError) -> Value
    ) -> Result<Value, TemplateError> {
        do throws(TemplateError) { return .success(try body()) } catch { return .failure(error) }
    }

    private static let changing = Set(Template.signatures.filter { !$0.isDeterministic }.map(\.name))

    private static func isDeterministic(_ template: Template) -> Bool {
        changing.isDisjoint(with: template.functionNames)
    }

    private static func placed(_ error: TemplateError, in text: String) {
        Promise.check(!error.message.isEmpty, "an error says something")
        guard let range = error.range else { return }
        Promise.check(range.lowerBound >= 0 && range.upperBound <= text.utf8.count, "an error lies within the text: \(error)")
        if let line = error.line, let column = error.column {
            Promise.check(line >= 1 && column >= 1, "lines and columns count from one: \(error)")
        }
    }
}
