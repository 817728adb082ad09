import Diagnostics
import JSON
import RegularExpressions

/// Runs one compiled template once.
///
/// The hot members are exempt from exclusivity checks at run time: an evaluator belongs to one call of `render` or
/// `evaluate`, and no member is passed `inout` to code that reads the same member.
final class Evaluator {
    let program: Program
    let context: TemplateEnvironment
    /// The data, which stays as it is for as long as the evaluator is there: parts of it are looked at in their places.
    let rootObject: JSONObject
    /// Data that is no object; nil otherwise.
    let otherRoot: JSONValue?
    /// The data as a value that functions and variables can hold, made when it is first needed.
    private(set) lazy var rootValue = makeRootValue()
    /// Whether changes to objects of the data must be seen by all who hold them.
    let tracks: Bool

    @exclusivity(unchecked) var output = OutputBuffer()
    /// Whether something was written that may not be UTF-8.
    private var hasStrayBytes = false
    /// Slots of all running routines; the current routine's start at `frame`.
    @exclusivity(unchecked) var slots = ValueStack<Held>()
    @exclusivity(unchecked) var frame = 0
    /// Arguments of all running calls.
    @exclusivity(unchecked) var arguments = ValueStack<Value>()
    @exclusivity(unchecked) var dot = Held.value(.null)
    @exclusivity(unchecked) private var remainingSteps: Int
    /// The number of remaining steps at which the time is looked at next.
    @exclusivity(unchecked) private var nextLook: Int
    private var timeAtFirstLook: Int64 = -1
    private var callDepth = 0
    /// Where the stack ends for running blocks, once a template has called another; before, the parser bounds the depth.
    @exclusivity(unchecked) private var stackFloor: UInt = 0
    /// What few templates need.
    lazy var extras = Extras()

    private static let stepsBetweenLooks = 1024

    final class Extras {
        /// Objects that functions changed. They may contain themselves, so they are emptied at the end.
        var changedObjects: [MapBox] = []
        /// Patterns compiled during this run.
        var expressions: [String: RegularExpression] = [:]
    }

    enum Flow { case next, breakLoop, continueLoop }

    /// Takes the data and its surroundings one by one: a context as a whole would be copied to take it apart.
    init(_ program: Program, _ data: JSONValue, _ environment: TemplateEnvironment) {
        self.program = program
        context = environment
        if case .object(let object) = data {
            rootObject = object
            otherRoot = nil
        } else {
            rootObject = JSONObject()
            otherRoot = data
        }
        tracks = program.changesData
        remainingSteps = environment.limits.steps
        nextLook = remainingSteps - Self.stepsBetweenLooks
    }

    deinit {
        slots.release()
        arguments.release()
    }

    private func makeRootValue() -> Value {
        // Always boxed: a value that is the root is told from another by identity.
        if let otherRoot { return Value(otherRoot, tracks: tracks) }
        return .map(.members(MapMembers(json: rootObject, tracks: tracks)))
    }

    /// Breaks cycles and long chains of objects, whose release would otherwise recurse.
    func dispose() {
        guard program.changesObjects else { return }
        slots.release()
        arguments.release()
        dot = .value(.null)
        for case .members(let members) in extras.changedObjects { members.removeAll() }
    }

    func note(changed object: MapBox) { extras.changedObjects.append(object) }

    func render() throws(TemplateError) -> String {
        begin()
        if program.singleNode >= 0 { return try renderSingle() }
        output.reserve(program.text.count + 64)
        _ = try run(program.main.block)
        return outputText
    }

    /// A string that is the whole result need not be copied.
    private func renderSingle() throws(TemplateError) -> String {
        do throws(TemplateError) {
            let value = try evaluate(program.singleNode)
            if case .string(let text) = value { return text }
            if case .bytes = value { hasStrayBytes = true }
            try value.appendText(to: &output)
            try checkText(bytes: output.count)
        } catch { throw error.placed(at: program.singlePlace) }
        return outputText
    }

    private var outputText: String {
        hasStrayBytes ? TextBytes.shown(output.bytes) : String(decoding: output.bytes, as: UTF8.self)
    }

    func value() throws(TemplateError) -> JSONValue {
        begin()
        if case .rootPath(let index) = program.nodes[Int(program.singleNode)],
            let number = bigNumber(at: program.tables.paths[Int(index)])
        {
            return number
        }
        do throws(TemplateError) { return try evaluate(program.singleNode).json() } catch {
            throw error.placed(at: program.singlePlace)
        }
    }

    private func begin() {
        // Nothing reads slot 0 of the main routine: `$` is the root there.
        guard program.main.slotCount > 1 else { return }
        for _ in 0..<program.main.slotCount { slots.push(.value(.null)) }
    }

    // MARK: Limits

    /// Counts work: actions, rounds, elements that a function makes.
    func charge(_ steps: Int = 1) throws(TemplateError) {
        guard steps <= remainingSteps else {
            throw TemplateError(.limit, "template takes more than \(context.limits.steps) steps")
        }
        remainingSteps -= steps
        if remainingSteps < nextLook { try lookAtTime() }
    }

    private func lookAtTime() throws(TemplateError) {
        nextLook = max(0, remainingSteps - Self.stepsBetweenLooks)
        let now = TemplateEnvironment.threadNanoseconds()
        if timeAtFirstLook < 0 { timeAtFirstLook = now }
        guard .nanoseconds(now - timeAtFirstLook) <= context.limits.time else {
            throw TemplateError(.limit, "template takes longer than \(context.limits.time) of processor time")
        }
    }

    /// Runs what is slow by nature; its time does not count, as its steps have been charged.
    func untimed<Result>(_ body: () throws(TemplateError) -> Result) throws(TemplateError) -> Result {
        let start = TemplateEnvironment.threadNanoseconds()
        defer { if timeAtFirstLook >= 0 { timeAtFirstLook += TemplateEnvironment.threadNanoseconds() - start } }
        return try body()
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

    func run(_ block: Block) throws(TemplateError) -> Flow {
        if stackFloor > 0, StackFloor.here() < stackFloor {
            throw TemplateError(.limit, "templates call each other too deeply for the thread's stack")
        }
        let instructions = program.instructions
        var position = Int(block.start)
        let end = Int(block.end)
        while position < end {
            switch instructions[position] {
            case .text(let start, let end): appendText(Int(start)..<Int(end))
            case .output(let node, let place): try write(node, place)
            case .perform(let node):
                try charge()
                _ = try held(node)
            case .conditional(let condition, let then, let otherwise):
                try charge()
                let flow = try run(try isTrue(condition) ? then : otherwise)
                if flow != .next { return flow }
            case .with(let node, let then, let otherwise):
                let flow = try runWith(node, then, otherwise)
                if flow != .next { return flow }
            case .range(let index): try runRange(program.tables.ranges[Int(index)])
            case .template(let index): try call(program.tables.templateCalls[Int(index)])
            case .breakLoop: return .breakLoop
            case .continueLoop: return .continueLoop
            }
            position += 1
        }
        return .next
    }

    private func appendText(_ range: Range<Int>) {
        output.append(program.text, range)
    }

    private func write(_ node: NodeIndex, _ place: Place) throws(TemplateError) {
        do throws(TemplateError) {
            try charge()
            if let place = dataPlace(of: node) {
                try place.pointee.appendText(to: &output)
            } else {
                try write(try evaluate(node))
            }
            try checkText(bytes: output.count)
        } catch { throw error.placed(at: place) }
    }

    private func write(_ value: Value) throws(TemplateError) {
        if case .bytes = value { hasStrayBytes = true }
        try value.appendText(to: &output)
    }

    private func runWith(_ node: NodeIndex, _ then: Block, _ otherwise: Block) throws(TemplateError) -> Flow {
        try charge()
        let value = try held(node)
        guard value.isTrue else { return try run(otherwise) }
        let outer = dot
        dot = value
        defer { dot = outer }
        return try run(then)
    }

    private func call(_ call: TemplateCall) throws(TemplateError) {
        try charge()
        guard let routine = program.definitions[call.name] else {
            let hint =
                NearestWord.find(call.name, in: program.definitions.keys.sorted())
                .map { "; did you mean \"\($0)\"?" } ?? ""
            throw TemplateError(.syntax, "template \"\(call.name)\" not defined\(hint)", at: call.place)
        }
        let value = call.argument >= 0 ? try held(call.argument) : .value(.null)
        guard callDepth < context.limits.callDepth else {
            let message = "templates call each other deeper than \(context.limits.callDepth) levels"
            throw TemplateError(.limit, message, at: call.place)
        }
        callDepth += 1
        if stackFloor == 0 { stackFloor = StackFloor.ofThread() }
        let (outerFrame, outerDot) = (frame, dot)
        frame = slots.count
        slots.push(value)
        for _ in 1..<max(1, routine.slotCount) { slots.push(.value(.null)) }
        dot = value
        defer {
            slots.pop(to: frame)
            (frame, dot) = (outerFrame, outerDot)
            callDepth -= 1
        }
        _ = try run(routine.block)
    }
}
