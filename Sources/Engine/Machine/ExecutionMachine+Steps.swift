import Expressions
import GoTemplate
import JSON
import Storage
import WorkflowModel

extension ExecutionMachine {
    /// Runs steps in sequence from where the block stands.
    mutating func run(_ steps: [PlanStep], block: Block) -> BlockState {
        var index = walk.cursors[block.key, default: 0]
        while index < steps.count {
            switch run(steps[index], block) {
            case .blocked:
                walk.cursors[block.key] = index
                return .blocked
            case .failed(let failure):
                walk.cursors[block.key] = index
                return .failed(failure)
            case .finished: index += 1
            }
        }
        walk.cursors[block.key] = index
        return .finished
    }

    private mutating func run(_ step: PlanStep, _ block: Block) -> BlockState {
        switch step.action {
        case .tool(let name, let arguments):
            guard runTool(step, name, arguments, block) else { return .blocked }
            return conclude(step, block)
        case .forEach(let items, let variable, let body): return runLoop(step, items, variable, body, block)
        case .parallel(let children): return runParallel(step, children, block)
        }
    }

    // MARK: A tool step

    func identity(_ step: PlanStep, _ block: Block, tool: String = "") -> StepIdentity {
        StepIdentity(
            key: block.key + step.id,
            id: step.id,
            tool: tool,
            allowsFailure: step.definition.allowsFailure || block.isHandler
        )
    }

    /// Takes the step as far as it goes now; true when it is done.
    mutating func runTool(_ step: PlanStep, _ name: CompiledValue, _ arguments: CompiledValue, _ block: Block) -> Bool {
        let key = block.key + step.id
        if let state = state[key] {
            if state.isFinished { return true }
            if state.inFlight != nil { return false }
        }
        var identity = identity(step, block)
        let context = context(step: identity, vars: block.vars)
        let tool: String
        do throws(CompileError) {
            let rendered = try name.render(context, .textStaysText)
            tool = rendered.stringValue ?? rendered.text()
        } catch {
            let placed = plan.placed(error, step: key)
            record(.stepFailed(identity, message: "failed to render tool name of step \(step.id): \(placed)"))
            return true
        }
        identity.tool = tool
        switch gate(step, identity, context) {
        case .open: break
        case .closed: return true
        case .waiting: return false
        }
        do throws(CompileError) {
            let rendered = try arguments.render(context, .booleansFromText)
            call(identity, .action, attempt: 1, tool: tool, rendered.objectValue ?? JSONObject())
            return false
        } catch {
            let message =
                "failed to resolve arguments for step \(step.id): failed to render arguments for argument "
                + "'\(error.path)': \(plan.placed(error, step: key).error)"
            record(.stepFailed(identity, message: message))
            return true
        }
    }

    /// Publishes what a finished step came to and tells whether the block goes on.
    mutating func conclude(_ step: PlanStep, _ block: Block) -> BlockState {
        let key = block.key + step.id
        guard let state = state[key] else { return .finished }
        walk.latestKeys[step.id] = key
        switch state.status {
        case .completed: walk.results[step.id] = state.result ?? .null
        case .failed: walk.results[step.id] = Self.failureRecord(state.error ?? "")
        case .skipped, .running, .cancelled: break
        }
        guard state.status == .failed, !state.identity.allowsFailure else { return .finished }
        return .failed(StepFailure(stepID: step.id, tool: state.identity.tool, message: state.error ?? ""))
    }

    /// What templates and conditions see of a failed step. See docs/workflows.md.
    static func failureRecord(_ message: String) -> JSONValue {
        ["success": false, "isError": true, "error": .string(message)]
    }
}
