import JSON

/// Runs one compiled template once.
final class Evaluator {
    let program: Program
    let context: TemplateContext
    let root: Value
    var output: [UInt8] = []
    /// Slots of all running routines; the current one starts at `frame`.
    var slots: [Value] = []
    var frame = 0
    var dot: Value
    private var remainingSteps: Int
    private var callDepth = 0
    /// Objects that functions changed. They may contain themselves, so they are emptied at the end.
    private var changedObjects: [MapBox] = []

    /// Patterns compiled during this run.
    var regexes: [String: RegexProgram] = [:]

    enum Flow { case next, breakLoop, continueLoop }

    init(_ program: Program, _ context: TemplateContext) {
        self.program = program
        self.context = context
        root = Value(context.rootValue ?? .object(context.root), tracks: program.changesObjects)
        dot = root
        remainingSteps = context.limits.steps
    }

    /// Breaks cycles and long chains of objects, whose release would otherwise recurse.
    func dispose() {
        slots.removeAll()
        for object in changedObjects { object.removeAll() }
    }

    func note(changed object: MapBox) { changedObjects.append(object) }

    func render() throws(TemplateError) -> String {
        slots = Array(repeating: .null, count: program.main.slotCount)
        slots[0] = root
        _ = try run(program.main.instructions)
        return TextBytes.shown(output)
    }

    func value(of expression: Expression, offset: Int) throws(TemplateError) -> JSONValue {
        slots = Array(repeating: .null, count: program.main.slotCount)
        slots[0] = root
        do throws(TemplateError) { return try evaluate(expression).json() } catch { throw error.placed(at: offset) }
    }

    // MARK: Limits

    /// Counts work: actions, rounds, elements that a function makes.
    func charge(_ steps: Int = 1) throws(TemplateError) {
        guard steps <= remainingSteps else {
            throw TemplateError(.limit, "template takes more than \(context.limits.steps) steps")
        }
        remainingSteps -= steps
    }

    /// Refuses texts that are too long, before they are made.
    func checkText(bytes: Int) throws(TemplateError) {
        guard bytes <= context.limits.outputBytes else {
            throw TemplateError(.limit, "text is longer than the limit of \(context.limits.outputBytes) bytes")
        }
    }

    /// Refuses values nested so deeply that walking them is dangerous.
    func checked(_ value: Value) throws(TemplateError) -> Value {
        guard value.depth <= JSONText.depthLimit else {
            throw TemplateError(.limit, "value is nested deeper than \(JSONText.depthLimit) levels")
        }
        return value
    }

    // MARK: Instructions

    private func run(_ instructions: [Instruction]) throws(TemplateError) -> Flow {
        for instruction in instructions {
            switch instruction {
            case .text(let bytes): output.append(contentsOf: bytes)
            case .output(let expression, let offset): try write(expression, offset: offset)
            case .perform(let expression):
                try charge()
                _ = try evaluate(expression)
            case .conditional(let condition, let then, let otherwise):
                try charge()
                let flow = try run(try evaluate(condition).isTrue ? then : otherwise)
                if flow != .next { return flow }
            case .with(let expression, let then, let otherwise):
                let flow = try runWith(expression, then, otherwise)
                if flow != .next { return flow }
            case .range(let range): try runRange(range)
            case .template(let name, let argument, let offset): try call(name, argument, offset)
            case .breakLoop: return .breakLoop
            case .continueLoop: return .continueLoop
            }
        }
        return .next
    }

    private func write(_ expression: Expression, offset: Int) throws(TemplateError) {
        do throws(TemplateError) {
            try charge()
            try evaluate(expression).appendText(to: &output)
            try checkText(bytes: output.count)
        } catch { throw error.placed(at: offset) }
    }

    private func runWith(
        _ expression: Expression,
        _ then: [Instruction],
        _ otherwise: [Instruction]
    ) throws(TemplateError) -> Flow {
        try charge()
        let value = try evaluate(expression)
        guard value.isTrue else { return try run(otherwise) }
        let outer = dot
        dot = value
        defer { dot = outer }
        return try run(then)
    }

    private func call(_ name: String, _ argument: Expression?, _ offset: Int) throws(TemplateError) {
        try charge()
        guard let routine = program.definitions[name] else {
            throw TemplateError(.syntax, "template \"\(name)\" not defined", at: offset)
        }
        let value: Value = if let argument { try evaluate(argument) } else { .null }
        guard callDepth < context.limits.callDepth else {
            throw TemplateError(
                .limit,
                "templates call each other deeper than \(context.limits.callDepth) levels",
                at: offset
            )
        }
        callDepth += 1
        let (outerFrame, outerDot) = (frame, dot)
        frame = slots.count
        slots.append(contentsOf: repeatElement(.null, count: routine.slotCount))
        slots[frame] = value
        dot = value
        defer {
            slots.removeSubrange(frame...)
            (frame, dot) = (outerFrame, outerDot)
            callDepth -= 1
        }
        _ = try run(routine.instructions)
    }

    // MARK: Range

    private func runRange(_ range: RangeInstruction) throws(TemplateError) {
        let value: Value
        do throws(TemplateError) { value = try evaluate(range.list) } catch { throw error.placed(at: range.offset) }
        let outer = dot
        defer { dot = outer }
        var ran = false
        switch value {
        case .list(let list):
            for index in 0..<list.count {
                ran = true
                guard try round(range, .int(index), list[index]) else { break }
            }
        case .map(let map):
            for key in map.sortedKeys {
                ran = true
                guard try round(range, .string(key), map[key] ?? .null) else { break }
            }
        case .integer(let count, let kind):
            guard range.variableCount < 2 else {
                throw TemplateError(
                    .wrongKind,
                    "can't use \(count) to iterate over more than one variable",
                    at: range.offset
                )
            }
            var index: Int64 = 0
            while index < count {
                ran = true
                guard try round(range, .integer(index, kind), .integer(index, kind)) else { break }
                index += 1
            }
        case .null:
            if case .constant = range.list {
                throw TemplateError(.wrongKind, "range can't iterate over nil", at: range.offset)
            }
        default:
            throw TemplateError(.wrongKind, "range can't iterate over \(value.typeName)", at: range.offset)
        }
        dot = outer
        if !ran { _ = try run(range.otherwise) }
    }

    /// Runs the body once; false after `break`.
    private func round(_ range: RangeInstruction, _ index: Value, _ element: Value) throws(TemplateError) -> Bool {
        try charge()
        if let slot = range.indexSlot { slots[frame + slot] = index }
        if let slot = range.elementSlot { slots[frame + slot] = element }
        dot = element
        return try run(range.body) != .breakLoop
    }
}
