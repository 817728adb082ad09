/// Resolves functions, variables and constants of a syntax tree once.
struct Compiler {
    private let bytes: [UInt8]
    private var scope: [(name: String, slot: Int)] = []
    private var slotCount = 1
    /// Whether `.` and `$` are certainly the root, which makes their fields references.
    private(set) var dotIsRoot = true
    private(set) var isMain = true
    private var functionNames: [String] = []
    var references = ReferenceList()

    static func compile(_ bytes: [UInt8]) throws(TemplateError) -> Program {
        let syntax = try Parser.parse(bytes)
        var compiler = Compiler(bytes: bytes)
        let main = try compiler.routine(syntax.main)
        compiler.isMain = false
        compiler.dotIsRoot = false
        var definitions: [String: Routine] = [:]
        for name in syntax.definitions.keys.sorted() {
            definitions[name] = try compiler.routine(syntax.definitions[name] ?? [])
        }
        var single: (Expression, Int)?
        if main.instructions.count == 1, case .output(let expression, let offset) = main.instructions[0] {
            single = (expression, offset)
        }
        return Program(
            main: main,
            definitions: definitions,
            references: compiler.references.ordered,
            functionNames: compiler.functionNames,
            singleExpression: single?.0,
            singleOffset: single?.1 ?? 0
        )
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func routine(_ nodes: [SyntaxNode]) throws(TemplateError) -> Routine {
        scope = [("$", 0)]
        slotCount = 1
        let instructions = try list(nodes)
        return Routine(instructions: instructions, slotCount: slotCount)
    }

    private mutating func list(_ nodes: [SyntaxNode]) throws(TemplateError) -> [Instruction] {
        var instructions: [Instruction] = []
        instructions.reserveCapacity(nodes.count)
        for node in nodes { instructions.append(try instruction(node)) }
        return instructions
    }

    /// Variables declared in `nodes` end with them.
    private mutating func scopedList(_ nodes: [SyntaxNode]) throws(TemplateError) -> [Instruction] {
        let count = scope.count
        defer { scope.removeSubrange(count...) }
        return try list(nodes)
    }

    private mutating func instruction(_ node: SyntaxNode) throws(TemplateError) -> Instruction {
        switch node {
        case .text(let start, let end): return .text(Array(bytes[start..<end]))
        case .action(let pipeline):
            let expression = try self.pipeline(pipeline)
            return pipeline.variables.isEmpty
                ? .output(expression, offset: pipeline.start) : .perform(expression)
        case .conditional(let control): return try conditional(control)
        case .with(let control): return try with(control)
        case .range(let control): return try range(control)
        case .template(let name, let argument, let start):
            let count = scope.count
            defer { scope.removeSubrange(count...) }
            var expression: Expression?
            if let argument { expression = try pipeline(argument) }
            return .template(name: name, argument: expression, offset: start)
        case .breakLoop: return .breakLoop
        case .continueLoop: return .continueLoop
        }
    }

    private mutating func conditional(_ control: ControlSyntax) throws(TemplateError) -> Instruction {
        let count = scope.count
        defer { scope.removeSubrange(count...) }
        let condition = try pipeline(control.pipeline)
        let then = try scopedList(control.body)
        return .conditional(condition, then: then, otherwise: try scopedList(control.otherwise ?? []))
    }

    private mutating func with(_ control: ControlSyntax) throws(TemplateError) -> Instruction {
        let count = scope.count
        defer { scope.removeSubrange(count...) }
        let value = try pipeline(control.pipeline)
        let outer = dotIsRoot
        dotIsRoot = false
        defer { dotIsRoot = outer }
        let then = try scopedList(control.body)
        dotIsRoot = outer
        return .with(value, then: then, otherwise: try scopedList(control.otherwise ?? []))
    }

    private mutating func range(_ control: ControlSyntax) throws(TemplateError) -> Instruction {
        let count = scope.count
        defer { scope.removeSubrange(count...) }
        let value = try pipeline(control.pipeline)
        var slots: [Int] = []
        for name in control.pipeline.variables {
            if let slot = slot(of: name) { slots.append(slot) }
        }
        let outer = dotIsRoot
        dotIsRoot = false
        defer { dotIsRoot = outer }
        let body = try scopedList(control.body)
        dotIsRoot = outer
        let otherwise = try scopedList(control.otherwise ?? [])
        return .range(
            RangeInstruction(list: value, slots: slots, body: body, otherwise: otherwise, offset: control.start)
        )
    }

    // MARK: Names

    mutating func declare(_ name: String) -> Int {
        let slot = slotCount
        slotCount += 1
        scope.append((name, slot))
        return slot
    }

    /// A slot that no name leads to.
    mutating func makeSlot() -> Int {
        defer { slotCount += 1 }
        return slotCount
    }

    func slot(of name: String) -> Int? { scope.last { $0.name == name }?.slot }

    mutating func note(function name: String) {
        if !functionNames.contains(name) { functionNames.append(name) }
    }
}
