import Expressions
import GoTemplate
import JSON
import Storage
import WorkflowModel

extension ExecutionMachine {
    // MARK: forEach

    mutating func runLoop(
        _ step: PlanStep,
        _ items: CompiledValue,
        _ variable: String,
        _ body: [PlanStep],
        _ block: Block
    ) -> BlockState {
        let key = block.key + step.id
        if let done = concludedGroup(step, block) { return done }
        if state.items[key] == nil {
            switch openGroup(step, block) {
            case .open: break
            case .closed: return conclude(step, block)
            case .waiting: return .blocked
            }
            if let fault = evaluateItems(step, items, key, block) {
                record(.stepFailed(identity(step, block), message: fault))
                return conclude(step, block)
            }
        }
        let list = state.items[key] ?? []
        var index = walk.cursors[key, default: 0]
        while index < list.count {
            var vars = block.vars
            vars[variable] = list[index]
            vars["\(variable)_index"] = .integer(Int64(index))
            let iteration = Block(key: "\(key)[\(index)]/", vars: vars, isHandler: block.isHandler)
            switch run(body, block: iteration) {
            case .blocked:
                walk.cursors[key] = index
                return .blocked
            case .failed(let failure):
                walk.cursors[key] = list.count
                return step.definition.allowsFailure ? .finished : .failed(failure)
            case .finished:
                publishIteration(body, iteration.key, index)
                index += 1
            }
        }
        walk.cursors[key] = index
        return .finished
    }

    private mutating func evaluateItems(
        _ step: PlanStep,
        _ items: CompiledValue,
        _ key: StepKey,
        _ block: Block
    ) -> String? {
        let context = context(step: identity(step, block), vars: block.vars)
        do throws(CompileError) {
            let value = try items.render(context, .textStaysText)
            guard let list = value.arrayValue else {
                guard case .forEach(let loop) = step.definition.action else { return nil }
                let expression = loop.items.stringValue ?? loop.items.text()
                return "forEach step \(step.id): items expression \"\(expression)\" resolved to \(value.typeName), "
                    + "expected a list"
            }
            record(.itemsEvaluated(key: key, items: list))
            return nil
        } catch {
            return "forEach step \(step.id): failed to render items: \(plan.placed(error, step: key))"
        }
    }

    /// After an iteration its results are also known as `<id>_<index>`.
    private mutating func publishIteration(_ body: [PlanStep], _ prefix: String, _ index: Int) {
        for step in body {
            guard let done = state[prefix + step.id] else { continue }
            switch done.status {
            case .completed: walk.results["\(step.id)_\(index)"] = done.result ?? .null
            case .failed: walk.results["\(step.id)_\(index)"] = Self.failureRecord(done.error ?? "")
            default: break
            }
        }
    }

    // MARK: parallel

    /// Children see what was known before the group; what they give is published when all have ended, in their order.
    mutating func runParallel(_ step: PlanStep, _ children: [PlanStep], _ block: Block) -> BlockState {
        let key = block.key + step.id
        if let done = concludedGroup(step, block) { return done }
        if walk.cursors[key] == nil {
            switch openGroup(step, block) {
            case .open: walk.cursors[key] = 0
            case .closed: return conclude(step, block)
            case .waiting: return .blocked
            }
        }
        let inner = Block(key: key + "/", vars: block.vars, isHandler: block.isHandler)
        var running = 0
        var areAllDone = true
        for child in children {
            guard case .tool(let name, let arguments) = child.action else { continue }
            let isStarted = state[inner.key + child.id] != nil
            guard isStarted || running < Self.parallelLimit else {
                areAllDone = false
                break
            }
            if !runTool(child, name, arguments, inner) {
                running += 1
                areAllDone = false
            }
        }
        guard areAllDone else { return .blocked }
        var firstFailure: StepFailure?
        for child in children {
            guard case .failed(let failure) = conclude(child, inner) else { continue }
            firstFailure = firstFailure ?? failure
        }
        guard let firstFailure, !step.definition.allowsFailure else { return .finished }
        return .failed(firstFailure)
    }

    // MARK: Both

    /// A group has a state of its own only when its condition kept it closed, or when it failed before its first step.
    private mutating func concludedGroup(_ step: PlanStep, _ block: Block) -> BlockState? {
        guard let group = state[block.key + step.id], group.isFinished else { return nil }
        return conclude(step, block)
    }

    private mutating func openGroup(_ step: PlanStep, _ block: Block) -> Gate {
        let identity = identity(step, block)
        return gate(step, identity, context(step: identity, vars: block.vars))
    }
}
