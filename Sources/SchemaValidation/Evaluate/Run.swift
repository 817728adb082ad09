import JSON

/// One validation under way: answers yes or no, and allocates nothing while the answer is yes.
///
/// It holds unsafe views of the program's tables, so it lives only inside `Program.run`.
struct Run {
    let program: Program
    let nodes: UnsafePointer<Node>
    let instructions: UnsafePointer<Instruction>
    let children: UnsafePointer<Int32>
    let slots: UnsafePointer<KeySlot>
    let memberRules: UnsafePointer<MemberRules>
    var stepsLeft: Int
    var depthLeft: Int
    /// Whether a limit ended the validation: then its answers mean nothing.
    var isExhausted = false
    /// Resources that evaluation has entered, outermost first. Kept only when a dynamic reference asks for them.
    var scopes: [Int32] = []

    /// Which members or elements of the value at hand have been evaluated; nil when nobody asks.
    typealias Marks = EvaluatedSet?

    /// Whether a value satisfies a node.
    mutating func accepts(_ index: Int32, _ value: JSONValue, _ marks: Marks) -> Bool {
        let node = nodes + Int(index)
        stepsLeft &-= 1
        depthLeft &-= 1
        defer { depthLeft &+= 1 }
        guard stepsLeft > 0, depthLeft > 0 else {
            isExhausted = true
            return false
        }
        if !program.tracksScope { return acceptsInScope(node, value, marks) }
        guard scopes.last != node.pointee.resource else { return acceptsInScope(node, value, marks) }
        scopes.append(node.pointee.resource)
        defer { scopes.removeLast() }
        return acceptsInScope(node, value, marks)
    }

    @inline(__always)
    private mutating func acceptsInScope(_ node: UnsafePointer<Node>, _ value: JSONValue, _ marks: Marks) -> Bool {
        let types = node.pointee.types
        switch value {
        case .null:
            guard types.contains(.null) else { return false }
        case .bool:
            guard types.contains(.boolean) else { return false }
        case .integer(let number):
            guard types.contains(.integer) else { return false }
            if !node.pointee.number.isEmpty, !acceptsInteger(number, node.pointee.number) { return false }
        case .double, .bigNumber:
            guard acceptsNumberType(value, types) else { return false }
            if !node.pointee.number.isEmpty, !acceptsNumber(value, node.pointee.number) { return false }
        case .string(let text):
            guard types.contains(.string) else { return false }
            if !node.pointee.string.isEmpty, !acceptsText(text, node.pointee.string) { return false }
        case .array(let elements):
            guard types.contains(.array) else { return false }
            if node.pointee.unevaluatedItems >= 0 { return acceptsUnevaluated(node, value, marks) }
            if !node.pointee.array.isEmpty, !acceptsArray(elements, node.pointee.array, marks) { return false }
        case .object(let object):
            guard types.contains(.object) else { return false }
            if node.pointee.unevaluatedProperties >= 0 { return acceptsUnevaluated(node, value, marks) }
            if !node.pointee.object.isEmpty, !acceptsObject(object, value, node.pointee.object, marks) { return false }
        }
        return node.pointee.general.isEmpty || acceptsGeneral(value, node.pointee.general, marks)
    }

    @inline(__always)
    private func acceptsNumberType(_ value: JSONValue, _ types: TypeSet) -> Bool {
        if types.isSuperset(of: .number) { return true }
        guard !types.isDisjoint(with: .number) else { return false }
        return types.contains(TypeSet.of(value))
    }

    // MARK: Any value

    mutating func acceptsGeneral(_ value: JSONValue, _ stretch: Stretch, _ marks: Marks) -> Bool {
        for position in stretch.range {
            switch instructions[position] {
            case .constant(let index):
                guard ValueEquality.areEqual(program.values[Int(index)], value) else { return false }
            case .enumeration(let index):
                guard program.enumerations[Int(index)].contains(value) else { return false }
            case .reference(let target):
                guard accepts(target, value, marks) else { return false }
            case .dynamicReference(let target):
                guard accepts(resolve(target), value, marks) else { return false }
            case .all(let list):
                for child in list.range { guard accepts(children[child], value, marks) else { return false } }
            case .any(let list):
                guard acceptsAny(value, list, marks) else { return false }
            case .one(let list):
                guard acceptsOne(value, list, marks) else { return false }
            case .not(let child):
                guard !accepts(child, value, nil), !isExhausted else { return false }
            case .conditional(let rule):
                guard acceptsConditional(value, program.conditionals[Int(rule)], marks) else { return false }
            default: break
            }
        }
        return true
    }

    private mutating func acceptsAny(_ value: JSONValue, _ list: Stretch, _ marks: Marks) -> Bool {
        var isAccepted = false
        for child in list.range where attempt(children[child], value, marks) {
            isAccepted = true
            // Whoever asks for marks wants those of every branch that accepts.
            if marks == nil { break }
        }
        return isAccepted
    }

    private mutating func acceptsOne(_ value: JSONValue, _ list: Stretch, _ marks: Marks) -> Bool {
        var accepted = 0
        for child in list.range where attempt(children[child], value, marks) {
            accepted += 1
            if accepted > 1 { return false }
        }
        return accepted == 1 && !isExhausted
    }

    private mutating func acceptsConditional(_ value: JSONValue, _ rule: Conditional, _ marks: Marks) -> Bool {
        let holds = attempt(rule.condition, value, marks)
        guard !isExhausted else { return false }
        let branch = holds ? rule.then : rule.otherwise
        return branch < 0 || accepts(branch, value, marks)
    }

    /// Whether a branch accepts; its marks count only if it does.
    mutating func attempt(_ index: Int32, _ value: JSONValue, _ marks: Marks) -> Bool {
        guard let marks else { return accepts(index, value, nil) }
        return EvaluatedSet.withTemporary(count: marks.count) { own in
            guard accepts(index, value, own) else { return false }
            marks.formUnion(own)
            return true
        }
    }

    /// The node that a dynamic reference means here: the outermost resource in scope that has the anchor decides.
    func resolve(_ target: Int32) -> Int32 {
        let target = program.dynamicTargets[Int(target)]
        guard program.tracksScope else { return target.fallback }
        for scope in scopes {
            for candidate in target.candidates where candidate.resource == scope { return candidate.node }
        }
        return target.fallback
    }

    // MARK: Unevaluated

    /// A node with `unevaluatedItems` or `unevaluatedProperties`: it sees the marks of its own keywords only, and hands
    /// them on.
    private mutating func acceptsUnevaluated(_ node: UnsafePointer<Node>, _ value: JSONValue, _ outer: Marks) -> Bool {
        let count =
            switch value {
            case .array(let elements): elements.count
            case .object(let object): object.count
            default: 0
            }
        return EvaluatedSet.withTemporary(count: count) { marks in
            switch value {
            case .array(let elements):
                guard acceptsArray(elements, node.pointee.array, marks) else { return false }
                guard acceptsGeneral(value, node.pointee.general, marks) else { return false }
                for (index, element) in elements.enumerated() where !marks.contains(index) {
                    guard accepts(node.pointee.unevaluatedItems, element, nil) else { return false }
                }
            case .object(let object):
                guard acceptsObject(object, value, node.pointee.object, marks) else { return false }
                guard acceptsGeneral(value, node.pointee.general, marks) else { return false }
                var index = 0
                for (_, member) in object {
                    if !marks.contains(index) {
                        guard accepts(node.pointee.unevaluatedProperties, member, nil) else { return false }
                    }
                    index += 1
                }
            default: break
            }
            outer?.insertAll()
            return true
        }
    }
}

extension Program {
    /// Opens a run over the program's tables.
    @inline(__always)
    func run<Result>(_ body: (inout Run) -> Result) -> Result {
        nodes.withUnsafeBufferPointer { nodes in
            instructions.withUnsafeBufferPointer { instructions in
                children.withUnsafeBufferPointer { children in
                    keySlots.withUnsafeBufferPointer { slots in
                        memberRules.withUnsafeBufferPointer { rules in
                            var run = Run(
                                program: self,
                                nodes: Self.start(nodes),
                                instructions: Self.start(instructions),
                                children: Self.start(children),
                                slots: Self.start(slots),
                                memberRules: Self.start(rules),
                                stepsLeft: limits.steps,
                                depthLeft: limits.evaluationDepth
                            )
                            return body(&run)
                        }
                    }
                }
            }
        }
    }

    /// An empty table has no address; nothing is ever read from it.
    private static func start<Element>(_ buffer: UnsafeBufferPointer<Element>) -> UnsafePointer<Element> {
        buffer.baseAddress ?? UnsafePointer(bitPattern: MemoryLayout<Element>.alignment).unsafelyUnwrapped
    }
}
