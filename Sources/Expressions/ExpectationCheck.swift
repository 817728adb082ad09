package import GoTemplate
package import JSON
package import WorkflowModel

/// `expect` and `expectNot` of a condition or a health check, with their templates parsed.
///
/// Truth, from docs/workflows.md:
/// ```
/// holds(E)  = (E.success given ? succeeded == E.success : true) AND every jsonPath pair matches
/// expect    : pass iff holds(expect)      expectNot: pass iff NOT holds(expectNot)
/// both: AND                               neither: pass iff succeeded
/// ```
package struct ExpectationCheck: Sendable {
    private var expect: CompiledExpectation?
    private var expectNot: CompiledExpectation?

    /// - Throws: `CompileError` for a template that cannot be parsed.
    package init(_ expectations: Expectations) throws(CompileError) {
        if let written = expectations.expect { expect = try CompiledExpectation(written) }
        if let written = expectations.expectNot { expectNot = try CompiledExpectation(written) }
    }

    /// Whether a call that came out like this is what was expected.
    ///
    /// - Parameter result: what the call gave; nil stands for no result and has no paths.
    package func passes(
        succeeded: Bool,
        result: JSONValue?,
        _ context: TemplateContext
    ) throws(CompileError) -> Bool {
        guard expect != nil || expectNot != nil else { return succeeded }
        var context = context
        context.root["result"] = result ?? .null
        if let expect, try !expect.holds(succeeded, result, context) { return false }
        if let expectNot, try expectNot.holds(succeeded, result, context) { return false }
        return true
    }

    package func forEachTemplate(_ body: (Template) -> Void) {
        for expectation in [expect, expectNot].compactMap({ $0 }) {
            for pair in expectation.pairs {
                if case .template(let template) = pair.key { body(template) }
                pair.value.forEachTemplate(body)
            }
        }
    }
}

/// Pairs of path and expected value.
package struct PathMatches: Sendable {
    fileprivate var pairs: [CompiledExpectation.Pair]

    package init(_ paths: JSONObject) throws(CompileError) {
        pairs = try CompiledExpectation(Expectation(jsonPath: paths)).pairs
    }

    /// Whether every path of `root` has its expected value.
    package func hold(in root: JSONValue, _ context: TemplateContext) throws(CompileError) -> Bool {
        for pair in pairs where try !pair.matches(root, context) { return false }
        return true
    }

    package func forEachTemplate(_ body: (Template) -> Void) {
        for pair in pairs {
            if case .template(let template) = pair.key { body(template) }
            pair.value.forEachTemplate(body)
        }
    }
}

private struct CompiledExpectation: Sendable {
    struct Pair: Sendable {
        enum Key: Sendable {
            case path(ValuePath)
            case template(Template)
        }

        var key: Key
        var value: CompiledValue

        func matches(_ result: JSONValue?, _ context: TemplateContext) throws(CompileError) -> Bool {
            let expected = try value.render(context, .textStaysText)
            let actual: JSONValue?
            switch key {
            case .path(let path): actual = result.flatMap { path.value(in: $0) }
            case .template(let template):
                do throws(TemplateError) {
                    actual = try template.evaluate(context)
                } catch  where error.missingKey != nil {
                    actual = nil
                } catch {
                    throw CompileError(path: "jsonPath", text: template.text, error: error)
                }
            }
            // A path that does not exist matches only an expected null.
            guard let actual else { return expected.isNull }
            return actual.isEquivalent(to: expected) || actual.canonicalText == expected.canonicalText
        }
    }

    var success: Bool?
    var pairs: [Pair]

    init(_ expectation: Expectation) throws(CompileError) {
        success = expectation.success
        pairs = []
        for (path, value) in expectation.jsonPath {
            let key: Pair.Key
            if Template.isTemplate(path) {
                do throws(TemplateError) {
                    key = .template(try Template(path))
                } catch {
                    throw CompileError(path: "jsonPath", text: path, error: error)
                }
            } else {
                key = .path(ValuePath(path))
            }
            pairs.append(Pair(key: key, value: try CompiledValue(value, path: path)))
        }
    }

    func holds(_ succeeded: Bool, _ result: JSONValue?, _ context: TemplateContext) throws(CompileError) -> Bool {
        if let success, success != succeeded { return false }
        for pair in pairs where try !pair.matches(result, context) { return false }
        return true
    }
}

extension JSONValue {
    /// How a scalar is written as text, so that 3 matches "3" and true matches "true".
    fileprivate var canonicalText: String {
        if case .string(let text) = self { text } else { self.text(.canonical) }
    }
}
