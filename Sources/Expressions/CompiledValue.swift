package import GoTemplate
package import JSON
package import WorkflowModel

/// A JSON value whose strings may be templates, parsed once.
///
/// Map keys are never rendered; scalars other than strings pass unchanged. See docs/templates.md.
package indirect enum CompiledValue: Sendable {
    case literal(JSONValue)
    case template(Template)
    case array([CompiledValue])
    case object([Member])

    package struct Member: Sendable {
        package var key: String
        package var value: CompiledValue
    }

    /// - Throws: `CompileError` with the path of the string that is no valid template.
    package init(_ value: JSONValue, path: String = "") throws(CompileError) {
        switch value {
        case .string(let text) where Template.isTemplate(text):
            do throws(TemplateError) {
                self = .template(try Template(text))
            } catch {
                throw CompileError(path: path, text: text, error: error)
            }
        case .array(let elements):
            var compiled: [CompiledValue] = []
            for (index, element) in elements.enumerated() {
                compiled.append(try CompiledValue(element, path: "\(path)[\(index)]"))
            }
            self = compiled.allSatisfy(\.isLiteral) ? .literal(value) : .array(compiled)
        case .object(let object):
            var members: [Member] = []
            for (key, element) in object {
                let compiled = try CompiledValue(element, path: path.isEmpty ? key : "\(path).\(key)")
                members.append(Member(key: key, value: compiled))
            }
            self = members.allSatisfy(\.value.isLiteral) ? .literal(value) : .object(members)
        default:
            self = .literal(value)
        }
    }

    package var isLiteral: Bool { if case .literal = self { true } else { false } }

    /// Renders every template in it.
    ///
    /// - Throws: `CompileError` with the path of the template that failed.
    package func render(
        _ context: TemplateContext,
        _ rule: LeafRule,
        path: String = ""
    ) throws(CompileError) -> JSONValue {
        switch self {
        case .literal(let value): return value
        case .template(let template):
            do throws(TemplateError) {
                return rule.leaf(try template.evaluate(context), isSingleAction: template.isSingleAction)
            } catch {
                throw CompileError(path: path, text: template.text, error: error)
            }
        case .array(let elements):
            var rendered: [JSONValue] = []
            rendered.reserveCapacity(elements.count)
            for (index, element) in elements.enumerated() {
                rendered.append(try element.render(context, rule, path: "\(path)[\(index)]"))
            }
            return .array(rendered)
        case .object(let members):
            var rendered = JSONObject(minimumCapacity: members.count)
            for member in members {
                let memberPath = path.isEmpty ? member.key : "\(path).\(member.key)"
                rendered[member.key] = try member.value.render(context, rule, path: memberPath)
            }
            return .object(rendered)
        }
    }

    /// Calls `body` for every template in it, in the order of the text.
    package func forEachTemplate(_ body: (Template) -> Void) {
        switch self {
        case .literal: return
        case .template(let template): body(template)
        case .array(let elements): for element in elements { element.forEachTemplate(body) }
        case .object(let members): for member in members { member.value.forEachTemplate(body) }
        }
    }
}

/// What becomes of a rendered string that was more than one action.
package enum LeafRule: Sendable {
    /// The exact texts `true` and `false` become booleans: arguments of tools.
    case booleansFromText
    /// Text stays text: output templates.
    case textStaysText

    fileprivate func leaf(_ value: JSONValue, isSingleAction: Bool) -> JSONValue {
        guard !isSingleAction, self == .booleansFromText, case .string(let text) = value else { return value }
        return text == "true" ? true : text == "false" ? false : value
    }
}

/// A template that cannot be parsed or rendered, and where in the value it stands.
package struct CompileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Dotted, e.g. `labels.team` or `items[2]`; empty for the value itself.
    package var path: String
    /// The template.
    package var text: String
    package var error: TemplateError

    package init(path: String, text: String, error: TemplateError) {
        self.path = path
        self.text = text
        self.error = error
    }

    /// The same error with the place of the part that failed in the file that the definition was read from.
    ///
    /// - Parameter owner: see `DefinitionOrigin.Text`.
    package func placed(in origin: DefinitionOrigin?, owner: String) -> CompileError {
        guard let origin, let range = error.range else { return self }
        var copy = self
        copy.error.place = origin.place(of: range, in: text, owner: owner, path: path)
        return copy
    }

    package var description: String { path.isEmpty ? error.description : "'\(path)': \(error)" }
}
