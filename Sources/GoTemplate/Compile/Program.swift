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
        case .emptyObject: .map([:])
        case .emptyList: .list(ListBox([], isNil: true))
        }
    }
}

/// What is computed. Variables are slots of the frame; slot 0 is `$`.
indirect enum Expression: Sendable {
    case constant(Constant)
    case dot
    case slot(Int)
    case path(Expression, FieldPath)
    /// A name without a dot, looked up in the root and its fallbacks; the function is called when nothing is found.
    case bare(FieldPath, orCall: CallExpression?)
    case call(CallExpression)
    /// The first operand that is false, else the last.
    case and([Expression])
    /// The first operand that is true, else the last.
    case or([Expression])
    case assign([Int], Expression)
    /// The first is evaluated for its value, which the second finds in the slot.
    case sequence(Int, Expression, Expression)
    /// A field read with arguments, which only a method takes.
    case method(Expression, FieldPath, [Expression])
    /// An operand that takes no arguments but got some: it is evaluated, then the error is thrown.
    case refusal(Expression, TemplateError)
    case failure(TemplateError)
}

/// Names read one after the other.
final class FieldPath: Sendable {
    let keys: [String]
    /// UTF-8 offset for errors.
    let offset: Int

    init(_ keys: [String], at offset: Int) {
        self.keys = keys
        self.offset = offset
    }
}

final class CallExpression: Sendable {
    let function: Function
    let arguments: [Expression]
    let offset: Int

    init(_ function: Function, _ arguments: [Expression], at offset: Int) {
        self.function = function
        self.arguments = arguments
        self.offset = offset
    }
}

/// One thing to do.
indirect enum Instruction: Sendable {
    case text([UInt8])
    case output(Expression, offset: Int)
    case perform(Expression)
    case conditional(Expression, then: [Instruction], otherwise: [Instruction])
    case with(Expression, then: [Instruction], otherwise: [Instruction])
    case range(RangeInstruction)
    case template(name: String, argument: Expression?, offset: Int)
    case breakLoop
    case continueLoop
}

final class RangeInstruction: Sendable {
    let list: Expression
    /// Slots for the index or key and for the element; nil where no variable takes it.
    let indexSlot: Int?
    let elementSlot: Int?
    let variableCount: Int
    let body: [Instruction]
    let otherwise: [Instruction]
    let offset: Int

    init(
        list: Expression,
        slots: [Int],
        body: [Instruction],
        otherwise: [Instruction],
        offset: Int
    ) {
        self.list = list
        variableCount = slots.count
        indexSlot = slots.count == 2 ? slots[0] : nil
        elementSlot = slots.last
        self.body = body
        self.otherwise = otherwise
        self.offset = offset
    }
}

/// A body with the number of slots that its variables need.
struct Routine: Sendable {
    var instructions: [Instruction] = []
    var slotCount = 1
}

/// A compiled template; immutable.
final class Program: Sendable {
    let main: Routine
    let definitions: [String: Routine]
    let references: [TemplateReference]
    let functionNames: [String]
    /// The expression whose value the template is, when it is exactly one output action.
    let singleExpression: Expression?
    let singleOffset: Int
    /// Whether a function is called that changes objects.
    let changesObjects: Bool

    init(
        main: Routine,
        definitions: [String: Routine],
        references: [TemplateReference],
        functionNames: [String],
        singleExpression: Expression?,
        singleOffset: Int
    ) {
        self.main = main
        self.definitions = definitions
        self.references = references
        self.functionNames = functionNames
        self.singleExpression = singleExpression
        self.singleOffset = singleOffset
        changesObjects = functionNames.contains(where: FunctionTable.changingFunctions.contains)
    }
}
