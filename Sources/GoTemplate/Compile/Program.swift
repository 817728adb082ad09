import JSON

/// Position of a node in its program.
typealias NodeIndex = Int32

/// What is computed. Every payload is a plain number, an index into a table of the program, so that walking the nodes
/// copies nothing that has to be counted. Variables are slots of the frame; slot 0 is `$`.
enum Node {
    /// An index into `constants`.
    case constant(Int32)
    /// The data as a whole, where `.` or `$` is certainly that.
    case root
    case dot
    case slot(Int32)
    /// Fields of the root: an index into `paths`.
    case rootPath(Int32)
    /// Fields of another node's value.
    case path(NodeIndex, Int32)
    /// A name without a dot, looked up in the root and its fallbacks; when nothing is found the function is called, if
    /// there is one: an index into `calls`, or -1.
    case bare(Int32, orCall: Int32)
    case call(Int32)
    /// The first operand that is false, else the last: an index into `lists`.
    case and(Int32)
    /// The first operand that is true, else the last.
    case or(Int32)
    /// Puts a value into the slots of a list.
    case assign(Int32, NodeIndex)
    /// The first is evaluated for its value, which the second finds in the slot.
    case sequence(Int32, NodeIndex, NodeIndex)
    /// A field read with arguments, which only a method takes: the receiver, a path, a list.
    case method(NodeIndex, Int32, Int32)
    /// An operand that takes no arguments but got some: it is evaluated, then the failure is thrown.
    case refusal(NodeIndex, Int32)
    /// An index into `failures`.
    case failure(Int32)
}

/// Instructions that follow each other in the program's table.
struct Block {
    var start: Int32 = 0
    var end: Int32 = 0
}

/// One thing to do.
enum Instruction {
    /// UTF-8 offsets in the template's own text.
    case text(Int32, Int32)
    case output(NodeIndex, at: Place)
    case perform(NodeIndex)
    case conditional(NodeIndex, then: Block, otherwise: Block)
    case with(NodeIndex, then: Block, otherwise: Block)
    /// An index into `ranges`.
    case range(Int32)
    /// An index into `templateCalls`.
    case template(Int32)
    case breakLoop
    case continueLoop
}

/// A part of the template's text: UTF-8 offsets, half-open.
struct Place: Sendable, Hashable {
    var start: Int32
    var end: Int32

    init(_ start: Int, _ end: Int) {
        self.start = Int32(clamping: start)
        self.end = Int32(clamping: end)
    }

    var range: Range<Int> { Int(start)..<Int(max(start, end)) }
}

/// A value known when the template is compiled.
enum Constant: Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    /// What `nil` is where an object or a list is asked for.
    case emptyObject, emptyList

    var value: Value {
        switch self {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .integer(let number): .integer(number, .int)
        case .double(let number): .double(number)
        case .string(let text): .string(text)
        case .bytes(let bytes): .bytes(bytes)
        case .emptyObject: .object([:])
        case .emptyList: .list(ListBox([], isNil: true))
        }
    }
}

/// Names read one after the other; `[3]` stands for an element of a list.
final class FieldPath: Sendable {
    let keys: [String]
    let place: Place

    init(_ keys: [String], at place: Place) {
        self.keys = keys
        self.place = place
    }

    /// Where the path leads to in the data; nil where it leads nowhere, or through something else than objects.
    func place(in object: JSONObject) -> DataPlace? {
        keys.withUnsafeBufferPointer { keys in
            guard let first = keys.baseAddress, let start = object.place(ofKeyAt: first) else { return nil }
            return Self.place(in: start, UnsafeBufferPointer(rebasing: keys.dropFirst()))
        }
    }

    func place(in start: DataPlace) -> DataPlace? { keys.withUnsafeBufferPointer { Self.place(in: start, $0) } }

    private static func place(in start: DataPlace, _ keys: UnsafeBufferPointer<String>) -> DataPlace? {
        guard var key = keys.baseAddress else { return start }
        var place = start
        for _ in 0..<keys.count {
            guard let next = place.pointee.place(ofKeyAt: key) else { return nil }
            place = next
            key += 1
        }
        return place
    }
}

final class CallSite: Sendable {
    let function: Function
    let arguments: [NodeIndex]
    /// Whether the last argument has to be evaluated before the others, as it came through a pipe.
    let evaluatesLastFirst: Bool
    /// The kinds that the arguments must have; empty when any will do.
    let kinds: [ParameterKind]
    /// Which arguments stand for an empty object or list when they are null: what pipelines and variables give. Null
    /// data that is read as an argument has a type in Go, and does not fit.
    let allowsNull: UInt64
    let work: FunctionWork
    let place: Place
    /// What the first argument says, where it is a constant in a language of its own.
    let prepared: PreparedArgument?

    init(
        _ function: Function,
        _ arguments: [NodeIndex],
        isPiped: Bool = false,
        allowsNull: UInt64 = 0,
        prepared: PreparedArgument? = nil,
        at place: Place
    ) {
        self.function = function
        self.arguments = arguments
        self.allowsNull = allowsNull
        evaluatesLastFirst = isPiped && arguments.count > 1
        self.prepared = prepared
        work = FunctionWork.of(function.original ?? function.name)
        self.place = place
        let kinds = arguments.indices.map { function.kind(at: $0) }
        self.kinds = kinds.allSatisfy { $0 == .any } ? [] : kinds
    }
}

struct RangeInstruction: Sendable {
    var list: NodeIndex
    /// Slots for the index or key and for the element; -1 where no variable takes it.
    var indexSlot: Int32
    var elementSlot: Int32
    var variableCount: Int32
    var body: Block
    var otherwise: Block
    var place: Place
}

struct TemplateCall: Sendable {
    var name: String
    /// -1 without an argument.
    var argument: NodeIndex
    var place: Place
}

/// A body with the number of slots that its variables need.
struct Routine: Sendable {
    var block = Block()
    var slotCount = 1
}

/// A compiled template; immutable.
final class Program: Sendable {
    let text: [UInt8]
    let tables: ProgramTables
    /// The nodes and instructions of `tables` in memory of their own: they hold nothing that is counted, and are read too
    /// often for an array, which is counted itself. Nothing writes there.
    nonisolated(unsafe) let nodes: UnsafeBufferPointer<Node>
    nonisolated(unsafe) let instructions: UnsafeBufferPointer<Instruction>
    let main: Routine
    let definitions: [String: Routine]
    let references: ReferenceList
    let functionNames: [String]
    /// The node whose value the template is, when it is exactly one output action; else -1.
    let singleNode: NodeIndex
    let singlePlace: Place
    /// Whether a function is called that changes objects.
    let changesObjects: Bool
    /// Whether such a function may be given an object of the data.
    let changesData: Bool

    init(
        text: [UInt8],
        tables: ProgramTables,
        main: Routine,
        definitions: [String: Routine],
        references: ReferenceList,
        functionNames: [String]
    ) {
        self.text = text
        self.tables = tables
        nodes = Self.copied(tables.nodes)
        instructions = Self.copied(tables.instructions)
        self.main = main
        self.definitions = definitions
        self.references = references
        self.functionNames = functionNames
        changesObjects = functionNames.contains(where: FunctionTable.changingFunctions.contains)
        changesData = changesObjects && ChangedObjects.reachData(tables)
        if main.block.end - main.block.start == 1,
            case .output(let node, let place) = tables.instructions[Int(main.block.start)]
        {
            (singleNode, singlePlace) = (node, place)
        } else {
            (singleNode, singlePlace) = (-1, Place(0, 0))
        }
    }

    deinit {
        nodes.deallocate()
        instructions.deallocate()
    }

    private static func copied<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeBufferPointer<Element> {
        let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
        _ = memory.initialize(from: elements)
        return UnsafeBufferPointer(memory)
    }
}

/// What the indices in nodes and instructions mean.
struct ProgramTables: Sendable {
    var nodes: [Node] = []
    var instructions: [Instruction] = []
    var constants: [Constant] = []
    var paths: [FieldPath] = []
    var calls: [CallSite] = []
    var lists: [[Int32]] = []
    var failures: [TemplateError] = []
    var ranges: [RangeInstruction] = []
    var templateCalls: [TemplateCall] = []

    mutating func add(_ node: Node) -> NodeIndex {
        nodes.append(node)
        return NodeIndex(nodes.count - 1)
    }

    mutating func add(constant: Constant) -> NodeIndex { add(.constant(append(constant, to: \.constants))) }

    mutating func add(failure: TemplateError) -> NodeIndex { add(.failure(append(failure, to: \.failures))) }

    mutating func append<Element>(_ element: Element, to table: WritableKeyPath<ProgramTables, [Element]>) -> Int32 {
        self[keyPath: table].append(element)
        return Int32(self[keyPath: table].count - 1)
    }
}
