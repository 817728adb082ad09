/// Resolves functions, variables and constants of a syntax tree once.
struct Compiler {
    let bytes: [UInt8]
    var tables = ProgramTables()
    private var scope: [Variable] = []
    private var slotCount = 1
    /// What `.` is, as far as the text tells.
    var dot = Origin.root
    /// Whether `.` is an element of what a loop walks through.
    private(set) var dotIsElement = false
    /// Variables of the blocks around that end before this place or get a value without having been declared: naming
    /// them is a failure when it happens, not when the template is read.
    var expectedNames: [String] = []
    private(set) var isMain = true
    private var functionNames: [String] = []
    private let assignedVariables: Set<String>
    var references = ReferenceList()
    /// What named templates are called with, as far as the text tells.
    private var passedData: [PassedData] = []

    private struct PassedData: Hashable {
        var name: String
        var origin: Origin
    }

    struct Variable {
        var name: String
        var slot: Int
        var origin: Origin
        /// Whether a loop puts elements into it.
        var isElement = false
    }

    static func compile(_ bytes: [UInt8]) throws(TemplateError) -> Program {
        let syntax = try Parser.parse(bytes)
        var compiler = Compiler(bytes: bytes, assignedVariables: syntax.assignedVariables)
        let main = try compiler.routine(syntax.main)
        compiler.isMain = false
        var definitions: [String: Routine] = [:]
        for name in syntax.definitions.keys.sorted() {
            compiler.dot = .unknown
            definitions[name] = try compiler.routine(syntax.definitions[name] ?? [])
        }
        try compiler.addReferencesOfCalledTemplates(syntax)
        return Program(
            text: bytes,
            tables: compiler.tables,
            main: main,
            definitions: definitions,
            references: compiler.references,
            functionNames: compiler.functionNames
        )
    }

    /// Reads each named template once more for each piece of data that it is called with, only to see what it reads of it.
    private mutating func addReferencesOfCalledTemplates(_ syntax: TemplateSyntax) throws(TemplateError) {
        var seen: Set<PassedData> = []
        var waiting = passedData
        // Calls of themselves with something inside what they got have no end, and long templates take their time.
        var left = min(64, (1 << 20) / max(1, bytes.count))
        while let passed = waiting.popLast(), left > 0 {
            guard let body = syntax.definitions[passed.name], seen.insert(passed).inserted else { continue }
            left -= 1
            var reader = Compiler(bytes: bytes, assignedVariables: assignedVariables)
            reader.isMain = false
            reader.dot = passed.origin
            _ = try reader.routine(body)
            references.add(contentsOf: reader.references)
            waiting += reader.passedData
        }
    }

    private init(bytes: [UInt8], assignedVariables: Set<String>) {
        self.bytes = bytes
        self.assignedVariables = assignedVariables
    }

    /// What a node gives, and where that comes from.
    struct Compiled {
        var node: NodeIndex
        var origin: Origin = .unknown
    }

    private mutating func routine(_ nodes: [SyntaxNode]) throws(TemplateError) -> Routine {
        scope = [Variable(name: "$", slot: 0, origin: dot)]
        slotCount = 1
        expectedNames = []
        dotIsElement = false
        let block = try block(nodes)
        return Routine(block: block, slotCount: slotCount)
    }

    /// Variables declared in `nodes` end with them.
    private mutating func block(_ nodes: [SyntaxNode]) throws(TemplateError) -> Block {
        let count = scope.count
        defer {
            expectedNames += scope[count...].map(\.name)
            scope.removeSubrange(count...)
        }
        var instructions: [Instruction] = []
        instructions.reserveCapacity(nodes.count)
        for node in nodes { instructions.append(try instruction(node)) }
        // Inner blocks are in the table by now, so these follow each other.
        let start = tables.instructions.count
        tables.instructions += instructions
        return Block(start: Int32(start), end: Int32(tables.instructions.count))
    }

    private mutating func instruction(_ node: SyntaxNode) throws(TemplateError) -> Instruction {
        switch node {
        case .text(let start, let end): return .text(Int32(start), Int32(end))
        case .action(let syntax):
            let value = try pipeline(syntax)
            guard syntax.variables.isEmpty else { return .perform(value.node) }
            return .output(value.node, at: Place(syntax.start, syntax.end))
        case .conditional(let control): return try conditional(control)
        case .with(let control): return try with(control)
        case .range(let control): return try range(control)
        case .template(let name, let argument, let start, let end):
            var node: NodeIndex = -1
            if let argument {
                let value = try pipeline(argument)
                node = value.node
                if value.origin != .unknown { passedData.append(PassedData(name: name, origin: value.origin)) }
            }
            let call = TemplateCall(name: name, argument: node, place: Place(start, end))
            return .template(tables.append(call, to: \.templateCalls))
        case .breakLoop: return .breakLoop
        case .continueLoop: return .continueLoop
        }
    }

    private mutating func conditional(_ control: ControlSyntax) throws(TemplateError) -> Instruction {
        let counts = (scope.count, expectedNames.count)
        defer { leave(counts) }
        let condition = try pipeline(control.pipeline).node
        let then = try block(control.body)
        return .conditional(condition, then: then, otherwise: try block(control.otherwise ?? []))
    }

    /// Variables of a block end with it; the numbers are those before it.
    private mutating func leave(_ counts: (scope: Int, expected: Int)) {
        scope.removeSubrange(counts.scope...)
        expectedNames.removeSubrange(counts.expected...)
    }

    private mutating func with(_ control: ControlSyntax) throws(TemplateError) -> Instruction {
        let counts = (scope.count, expectedNames.count)
        defer { leave(counts) }
        let value = try pipeline(control.pipeline)
        let outer = (dot, dotIsElement)
        (dot, dotIsElement) = (value.origin, false)
        let then = try block(control.body)
        (dot, dotIsElement) = outer
        return .with(value.node, then: then, otherwise: try block(control.otherwise ?? []))
    }

    private mutating func range(_ control: ControlSyntax) throws(TemplateError) -> Instruction {
        let counts = (scope.count, expectedNames.count)
        defer { leave(counts) }
        let value = try pipeline(control.pipeline)
        let element = value.origin.element
        var slots: [Int] = []
        for (number, name) in control.pipeline.variables.enumerated() {
            guard let position = scope.lastIndex(where: { $0.name == name }) else { continue }
            slots.append(scope[position].slot)
            let isElement = number == control.pipeline.variables.count - 1 && !assignedVariables.contains(name)
            scope[position].origin = isElement ? element : .unknown
            scope[position].isElement = true
        }
        let outer = (dot, dotIsElement)
        (dot, dotIsElement) = (element, true)
        let body = try block(control.body)
        (dot, dotIsElement) = outer
        let range = RangeInstruction(
            list: value.node,
            indexSlot: slots.count == 2 ? Int32(slots[0]) : -1,
            elementSlot: slots.last.map { Int32($0) } ?? -1,
            variableCount: Int32(slots.count),
            body: body,
            otherwise: try block(control.otherwise ?? []),
            place: Place(control.pipeline.start, control.pipeline.end)
        )
        return .range(tables.append(range, to: \.ranges))
    }

    // MARK: Names

    mutating func declare(_ name: String, _ origin: Origin) -> Int {
        let slot = slotCount
        slotCount += 1
        // A variable that something is assigned to later may hold that in the next round of a loop.
        let isFixed = !assignedVariables.contains(name)
        scope.append(Variable(name: name, slot: slot, origin: isFixed ? origin : .unknown))
        return slot
    }

    /// A slot that no name leads to.
    mutating func makeSlot() -> Int {
        defer { slotCount += 1 }
        return slotCount
    }

    func variable(_ name: String) -> Variable? { scope.last { $0.name == name } }

    mutating func note(function name: String) {
        if !functionNames.contains(name) { functionNames.append(name) }
    }
}

/// Where a value comes from, as far as the text of a template tells.
enum Origin: Hashable {
    /// The data as a whole.
    case root
    /// Something inside the data; `[]` stands for an element of a list or a member of an object that a loop walks.
    case path([String])
    case unknown

    var element: Origin {
        switch self {
        case .path(let keys): .path(keys + ["[]"])
        case .root, .unknown: .unknown
        }
    }

    func appending(_ keys: [String]) -> Origin {
        switch self {
        case .root: .path(keys)
        case .path(let start): .path(start + keys)
        case .unknown: .unknown
        }
    }
}
