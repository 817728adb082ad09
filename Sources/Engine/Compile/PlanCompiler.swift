import Expressions
import GoTemplate
import JSON
package import WorkflowModel

/// Why a definition cannot be executed.
package struct PlanError: Error, Sendable, Hashable, CustomStringConvertible {
    package var message: String

    package var description: String { message }
}

extension Plan {
    /// Compiles a definition.
    ///
    /// - Throws: `PlanError` that names the step and the string that is no valid template.
    package convenience init(compiling definition: WorkflowDefinition) throws(PlanError) {
        var compiler = PlanCompiler(origin: definition.origin)
        let steps = try compiler.steps(definition.steps)
        let onFailure = try compiler.steps(definition.onFailure)
        var output: CompiledValue?
        if let written = definition.output {
            do throws(CompileError) {
                output = try CompiledValue(written, path: "output")
            } catch {
                let placed = error.placed(in: definition.origin, owner: "")
                throw PlanError(message: "failed to parse output template: \(placed)")
            }
        }
        self.init(
            definition: definition,
            hash: definition.contentHash,
            steps: steps,
            onFailure: onFailure,
            output: output,
            templateVariables: compiler.inputReferences
        )
    }
}

private struct PlanCompiler {
    let origin: DefinitionOrigin?
    /// `input.<path>` in order of first use, without repeats.
    var inputReferences: [String] = []

    mutating func steps(_ definitions: [StepDefinition]) throws(PlanError) -> [PlanStep] {
        var steps: [PlanStep] = []
        for definition in definitions { steps.append(try step(definition)) }
        return steps
    }

    private mutating func step(_ definition: StepDefinition) throws(PlanError) -> PlanStep {
        let condition = try definition.condition.map { written throws(PlanError) in
            try self.condition(written, of: definition.id)
        }
        let action: PlanAction
        switch definition.action {
        case .tool(let name, let arguments):
            action = .tool(
                name: try value(.string(name), "tool of step \(definition.id)"),
                arguments: try value(.object(arguments), "arguments of step \(definition.id)")
            )
        case .forEach(let loop):
            let items = try value(loop.items, "items of step \(definition.id)")
            action = .forEach(items: items, variable: loop.variable, steps: try steps(loop.steps))
        case .parallel(let children): action = .parallel(try steps(children))
        }
        return PlanStep(definition: definition, action: action, condition: condition)
    }

    private mutating func condition(_ written: ConditionDefinition, of id: String) throws(PlanError) -> PlanCondition {
        let place = "condition of step \(id)"
        switch written {
        case .template(let text):
            let template = try parse(text, place)
            note(template)
            return .template(template)
        case .tool(let name, let arguments, let expectations):
            return .tool(
                name: try value(.string(name), place),
                arguments: try value(.object(arguments), place),
                check: try check(expectations, place)
            )
        case .fromStep(let source, let expectations):
            return .fromStep(id: source, check: try check(expectations, place))
        case .jsonPath(let paths):
            let matches = try compiling(place) { () throws(CompileError) in try PathMatches(paths) }
            matches.forEachTemplate { note($0) }
            return .jsonPath(matches)
        case .all(let parts): return .all(try conditions(parts, id))
        case .any(let parts): return .any(try conditions(parts, id))
        case .not(let part): return .not(try condition(part, of: id))
        }
    }

    private mutating func conditions(
        _ parts: [ConditionDefinition],
        _ id: String
    ) throws(PlanError) -> [PlanCondition] {
        var compiled: [PlanCondition] = []
        for part in parts { compiled.append(try condition(part, of: id)) }
        return compiled
    }

    private mutating func check(_ expectations: Expectations, _ place: String) throws(PlanError) -> ExpectationCheck {
        let check = try compiling(place) { () throws(CompileError) in try ExpectationCheck(expectations) }
        check.forEachTemplate { note($0) }
        return check
    }

    private mutating func value(_ json: JSONValue, _ place: String) throws(PlanError) -> CompiledValue {
        let value = try compiling(place) { () throws(CompileError) in try CompiledValue(json) }
        value.forEachTemplate { note($0) }
        return value
    }

    private func parse(_ text: String, _ place: String) throws(PlanError) -> Template {
        try compiling(place) { () throws(CompileError) in
            do throws(TemplateError) { return try Template(text) } catch {
                throw CompileError(path: "", text: text, error: error)
            }
        }
    }

    private func compiling<Value>(
        _ place: String,
        _ body: () throws(CompileError) -> Value
    ) throws(PlanError) -> Value {
        do throws(CompileError) { return try body() } catch {
            // Whose text it is need not be known: faulty texts that are equal have the same fault.
            throw PlanError(message: "failed to parse \(place): \(error.placed(in: origin, owner: ""))")
        }
    }

    private mutating func note(_ template: Template) {
        for reference in template.references where reference.path.first == "input" && reference.path.count > 1 {
            let name = reference.path.joined(separator: ".")
            if !inputReferences.contains(name) { inputReferences.append(name) }
        }
    }
}
