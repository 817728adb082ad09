import Expressions
import GoTemplate
import JSON
import Storage

/// Whether a step's condition lets it run.
enum Gate {
    case open
    /// The step is done: skipped, or failed because the condition could not be decided.
    case closed
    /// The condition's tool is being called.
    case waiting
}

/// What one condition, or part of one, comes to.
private enum Verdict {
    case decided(Bool, result: JSONValue?, source: String)
    case waiting
    case undecided(String)
}

extension ExecutionMachine {
    mutating func gate(_ step: PlanStep, _ identity: StepIdentity, _ context: TemplateContext) -> Gate {
        guard let condition = step.condition else { return .open }
        if let known = state[identity.key] {
            if known.isFinished { return .closed }
            if let decided = known.condition { return decided.holds ? .open : .closed }
            if known.inFlight != nil { return .waiting }
        }
        switch judge(condition, path: "", identity, context) {
        case .waiting: return .waiting
        case .undecided(let reason):
            let message = "condition of step \(step.id) could not be evaluated: \(reason)"
            record(.stepFailed(identity, message: message))
            return .closed
        case .decided(let holds, let result, let source):
            record(.conditionDecided(identity, ConditionRecord(holds: holds, result: result, source: source)))
            return holds ? .open : .closed
        }
    }

    private mutating func judge(
        _ condition: PlanCondition,
        path: String,
        _ step: StepIdentity,
        _ context: TemplateContext
    ) -> Verdict {
        do throws(CompileError) {
            switch condition {
            case .template(let template): return try judge(template, context)
            case .tool(let name, let arguments, let check):
                return try judgeTool(name, arguments, check, path, step, context)
            case .fromStep(let id, let check):
                let (succeeded, result) = outcome(ofStep: id)
                let passes = try check.passes(succeeded: succeeded, result: result, context)
                return .decided(passes, result: result, source: "from_step:\(id)")
            case .jsonPath(let matches):
                let holds = try matches.hold(in: .object(context.root), context)
                return .decided(holds, result: nil, source: "json_path")
            case .not(let part):
                let verdict = judge(part, path: path.isEmpty ? "0" : path + ".0", step, context)
                guard case .decided(let holds, let result, let source) = verdict else { return verdict }
                return .decided(!holds, result: result, source: source)
            case .all(let parts): return judge(parts, stopsAt: false, path, step, context)
            case .any(let parts): return judge(parts, stopsAt: true, path, step, context)
            }
        } catch {
            return .undecided("\(plan.placed(error, step: step.key))")
        }
    }

    /// True iff the value is boolean true or the trimmed text is `true`.
    private func judge(_ template: Template, _ context: TemplateContext) throws(CompileError) -> Verdict {
        do throws(TemplateError) {
            let value = try template.evaluate(context)
            let trimmed = value.stringValue?.trimmingSpace
            return .decided(value == true || trimmed == "true", result: value, source: "template")
        } catch {
            throw CompileError(path: "", text: template.text, error: error)
        }
    }

    /// Left to right with short circuit.
    private mutating func judge(
        _ parts: [PlanCondition],
        stopsAt decisive: Bool,
        _ path: String,
        _ step: StepIdentity,
        _ context: TemplateContext
    ) -> Verdict {
        var last: Verdict = .decided(!decisive, result: nil, source: decisive ? "or" : "and")
        for (index, part) in parts.enumerated() {
            last = judge(part, path: path.isEmpty ? "\(index)" : "\(path).\(index)", step, context)
            guard case .decided(let holds, _, _) = last, holds != decisive else { return last }
        }
        return last
    }

    private mutating func judgeTool(
        _ name: CompiledValue,
        _ arguments: CompiledValue,
        _ check: ExpectationCheck,
        _ path: String,
        _ step: StepIdentity,
        _ context: TemplateContext
    ) throws(CompileError) -> Verdict {
        let rendered = try name.render(context, .textStaysText)
        let tool = rendered.stringValue ?? rendered.text()
        guard let outcome = state[step.key]?.conditionOutcomes[path] else {
            let values = try arguments.render(context, .booleansFromText)
            call(step, .condition(path: path), attempt: 1, tool: tool, values.objectValue ?? JSONObject())
            return .waiting
        }
        switch outcome {
        case .cancelled: return .undecided("\(tool) was cancelled")
        case .failed(let message, answered: false): return .undecided(message)
        case .failed(let message, answered: true):
            let record = Self.failureRecord(message)
            let passes = try check.passes(succeeded: false, result: record, context)
            return .decided(passes, result: record, source: tool)
        case .succeeded(let result):
            let passes = try check.passes(succeeded: true, result: result, context)
            return .decided(passes, result: result ?? .null, source: tool)
        }
    }

    /// A skipped step counts as not succeeded and has no paths.
    private func outcome(ofStep id: String) -> (succeeded: Bool, result: JSONValue?) {
        guard let key = walk.latestKeys[id], let step = state[key] else { return (false, nil) }
        switch step.status {
        case .completed: return (true, step.result ?? .null)
        case .failed: return (false, Self.failureRecord(step.error ?? ""))
        case .skipped, .running, .cancelled: return (false, nil)
        }
    }
}

extension String {
    fileprivate var trimmingSpace: Substring {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}
