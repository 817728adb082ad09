import JSON

/// A value in memory that is looked at where it is.
///
/// Reading a value out of a table copies it, and a copy counts references. A value that cannot be copied is borrowed
/// instead. A struct has the layout of its only member, so memory that holds the one holds the other.
struct Held<Value>: ~Copyable {
    let value: Value
}

/// A JSON value, looked at where it is.
struct HeldValue: ~Copyable {
    let value: JSONValue

    init(_ value: JSONValue) { self.value = value }
}

/// A member of an object, looked at where it is. The layout is that of `JSONObject.Member`.
struct HeldMember: ~Copyable {
    let key: String
    let value: HeldValue
}

/// A compiled schema, laid out for validating: tables at fixed addresses, which are written once and live as long as this.
final class Program: @unchecked Sendable {
    /// The same tables for everything that need not be quick.
    let tables: ProgramTables
    let nodes: UnsafePointer<Node>
    let instructions: UnsafePointer<Instruction>
    let children: UnsafePointer<Int32>
    let slots: UnsafePointer<KeySlot>
    let memberRules: UnsafePointer<MemberRules>
    let patternRules: UnsafePointer<PatternRule>
    let itemRules: UnsafePointer<ItemRules>
    let containsRules: UnsafePointer<ContainsRule>
    let conditionals: UnsafePointer<Conditional>
    let patterns: UnsafePointer<Held<Pattern>>
    let bounds: UnsafePointer<Held<Bound>>
    let divisors: UnsafePointer<Held<Divisor>>
    let values: UnsafePointer<HeldValue>
    let enumerations: UnsafePointer<Held<Enumeration>>
    let texts: UnsafePointer<TextConstant>
    let discriminators: UnsafePointer<Discriminator>
    let candidates: UnsafePointer<Stretch>
    let tracksScope: Bool
    /// A copy of `KeyWords.seed`, which is quicker to reach.
    let seed: UInt64
    private let memory: [TableMemory]

    init(_ tables: ProgramTables) {
        self.tables = tables
        var memory: [TableMemory] = []
        nodes = place(tables.nodes, &memory)
        instructions = place(tables.instructions, &memory)
        children = place(tables.children, &memory)
        slots = place(tables.keySlots, &memory)
        memberRules = place(tables.memberRules, &memory)
        patternRules = place(tables.patternRules, &memory)
        itemRules = place(tables.itemRules, &memory)
        containsRules = place(tables.containsRules, &memory)
        conditionals = place(tables.conditionals, &memory)
        patterns = held(place(tables.patterns, &memory))
        bounds = held(place(tables.bounds, &memory))
        divisors = held(place(tables.divisors, &memory))
        values = UnsafeRawPointer(place(tables.values, &memory)).assumingMemoryBound(to: HeldValue.self)
        enumerations = held(place(tables.enumerations, &memory))
        texts = place(tables.texts, &memory)
        discriminators = place(tables.discriminators, &memory)
        candidates = place(tables.candidates, &memory)
        tracksScope = tables.tracksScope
        seed = KeyWords.seed
        self.memory = memory
    }

    deinit { for table in memory { table.free() } }

    /// Opens a run over the tables.
    @inline(__always)
    func run<Result>(_ body: (inout Run) -> Result) -> Result {
        withExtendedLifetime(self) {
            var run = Run(program: self)
            return body(&run)
        }
    }
}

extension Program {
    /// Whether a value satisfies all of the nodes; nil when a limit was met.
    func accepts(_ nodes: [Int32], _ value: JSONValue) -> Bool? {
        for node in nodes {
            let answer: Bool? = run { run in
                let isAccepted = run.accepts(node, HeldValue(value), nil)
                return run.isExhausted ? nil : isAccepted
            }
            guard let answer else { return nil }
            if !answer { return false }
        }
        return true
    }
}

/// How a table is given back.
private struct TableMemory: Sendable {
    let free: @Sendable () -> Void
}

private func place<Element: Sendable>(_ elements: [Element], _ memory: inout [TableMemory]) -> UnsafePointer<Element> {
    let count = elements.count
    let table = UnsafeMutablePointer<Element>.allocate(capacity: max(count, 1))
    _ = UnsafeMutableBufferPointer(start: table, count: count).initialize(fromContentsOf: elements)
    let address = UInt(bitPattern: table)
    memory.append(
        TableMemory {
            guard let table = UnsafeMutablePointer<Element>(bitPattern: address) else { return }
            table.deinitialize(count: count)
            table.deallocate()
        }
    )
    return UnsafePointer(table)
}

/// The same memory, seen as values that are only looked at.
@inline(__always)
func held<Element>(_ pointer: UnsafePointer<Element>) -> UnsafePointer<Held<Element>> {
    UnsafeRawPointer(pointer).assumingMemoryBound(to: Held<Element>.self)
}
