import JSON

/// One validation under way: answers yes or no, and allocates nothing while the answer is yes.
///
/// It borrows the program, so it lives only inside `Program.run`.
struct Run {
    unowned(unsafe) let program: Program
    var stepsLeft: Int
    var depthLeft: Int
    /// What is left for matching patterns.
    var patternStepsLeft: Int
    /// What ended the validation before there was an answer: then its answers mean nothing.
    private(set) var interruption: Interruption?
    /// Resources that evaluation has entered, outermost first. Kept only when a dynamic reference asks for them.
    var scopes: [Int32] = []

    /// Which members or elements of the value at hand have been evaluated; nil when nobody asks.
    typealias Marks = EvaluatedSet?

    init(program: Program) {
        self.program = program
        stepsLeft = program.tables.limits.steps
        depthLeft = program.tables.limits.evaluationDepth
        patternStepsLeft = program.tables.limits.patternSteps
    }

    var isExhausted: Bool { interruption != nil }

    /// Ends the validation: whatever is asked from here on is answered quickly and means nothing.
    mutating func interrupt(_ reason: Interruption) {
        interruption = interruption ?? reason
        stepsLeft = 0
    }

    /// Takes steps for work that is not done by subschemas; false when there are none left.
    @inline(__always)
    mutating func spend(_ steps: Int) -> Bool {
        stepsLeft &-= steps
        if stepsLeft > 0 { return true }
        interrupt(.steps)
        return false
    }

    /// Goes on after an interruption, for explaining what can be explained.
    mutating func resume() { self = Run(program: program) }

    /// Whether a value satisfies a node.
    @inline(__always)
    mutating func accepts(_ index: Int32, _ value: borrowing HeldValue, _ marks: Marks) -> Bool {
        let node = program.nodes + Int(index)
        if node.pointee.isPlain { return hasType(value, node.pointee.types) }
        return accepts(node, value, marks)
    }

    @inline(__always)
    private func hasType(_ value: borrowing HeldValue, _ types: TypeSet) -> Bool {
        switch value.value {
        case .null: types.contains(.null)
        case .bool: types.contains(.boolean)
        case .integer: types.contains(.integer)
        case .double, .bigNumber: acceptsNumberType(value, types)
        case .string: types.contains(.string)
        case .array: types.contains(.array)
        case .object: types.contains(.object)
        }
    }

    private mutating func accepts(_ node: UnsafePointer<Node>, _ value: borrowing HeldValue, _ marks: Marks) -> Bool {
        stepsLeft &-= 1
        depthLeft &-= 1
        defer { depthLeft &+= 1 }
        guard stepsLeft > 0, depthLeft > 0 else {
            interrupt(depthLeft > 0 ? .steps : .depth)
            return false
        }
        if !program.tracksScope { return acceptsInScope(node, value, marks) }
        guard scopes.last != node.pointee.resource else { return acceptsInScope(node, value, marks) }
        scopes.append(node.pointee.resource)
        defer { scopes.removeLast() }
        return acceptsInScope(node, value, marks)
    }

    @inline(__always)
    private mutating func acceptsInScope(
        _ node: UnsafePointer<Node>,
        _ value: borrowing HeldValue,
        _ marks: Marks
    ) -> Bool {
        let types = node.pointee.types
        switch value.value {
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
            if node.pointee.members >= 0 {
                guard acceptsMembers(object, program.memberRules + Int(node.pointee.members), marks) else {
                    return false
                }
            }
            if !node.pointee.object.isEmpty, !acceptsObject(object, value, node.pointee.object, marks) { return false }
        }
        return node.pointee.general.isEmpty || acceptsGeneral(value, node.pointee.general, marks)
    }

    @inline(__always)
    private func acceptsNumberType(_ value: borrowing HeldValue, _ types: TypeSet) -> Bool {
        if types.isSuperset(of: .number) { return true }
        guard !types.isDisjoint(with: .number) else { return false }
        return types.contains(TypeSet.of(value.value))
    }

    // MARK: Any value

    mutating func acceptsGeneral(_ value: borrowing HeldValue, _ stretch: Stretch, _ marks: Marks) -> Bool {
        for position in stretch.range {
            switch program.instructions[position] {
            case .constant(let index):
                guard isConstant(value, index) else { return false }
            case .enumeration(let index):
                guard spend(program.enumerations[Int(index)].steps(for: value)),
                    program.enumerations[Int(index)].contains(value)
                else { return false }
            case .reference(let target):
                guard accepts(target, value, marks) else { return false }
            case .dynamicReference(let target):
                guard accepts(resolve(target), value, marks) else { return false }
            case .all(let list):
                for child in list.range { guard accepts(program.children[child], value, marks) else { return false } }
            case .any(let list):
                guard acceptsAny(value, list, marks) else { return false }
            case .one(let list):
                guard acceptsOne(value, list, marks) else { return false }
            case .not(let child):
                guard !accepts(child, value, nil), !isExhausted else { return false }
            case .text(let index):
                guard case .string(let text) = value.value, isConstant(text, program.texts + Int(index)) else {
                    return false
                }
            case .anyByMember(let index):
                guard let list = candidates(index, value), acceptsAny(value, list, marks) else { return false }
            case .oneByMember(let index):
                guard let list = candidates(index, value), acceptsOne(value, list, marks) else { return false }
            case .conditional(let rule):
                guard acceptsConditional(value, program.conditionals[Int(rule)], marks) else { return false }
            default: break
            }
        }
        return true
    }

    private mutating func isConstant(_ value: borrowing HeldValue, _ index: Int32) -> Bool {
        switch value.value {
        case .array(let elements): guard spend(elements.count) else { return false }
        case .object(let object): guard spend(object.count) else { return false }
        default: break
        }
        return ValueEquality.areEqual(program.values[Int(index)], value)
    }

    @inline(__always)
    private func isConstant(_ text: String, _ constant: UnsafePointer<TextConstant>) -> Bool {
        let words = KeyWords(text)
        guard words == constant.pointee.words else { return false }
        return words.length <= KeyWords.complete || haveSameBytes(text, constant.pointee.text)
    }

    private mutating func acceptsAny(_ value: borrowing HeldValue, _ list: Stretch, _ marks: Marks) -> Bool {
        var isAccepted = false
        for child in list.range where attempt(program.children[child], value, marks) {
            isAccepted = true
            // Whoever asks for marks wants those of every branch that accepts.
            if marks == nil { break }
        }
        return isAccepted
    }

    private mutating func acceptsOne(_ value: borrowing HeldValue, _ list: Stretch, _ marks: Marks) -> Bool {
        var accepted = 0
        for child in list.range where attempt(program.children[child], value, marks) {
            accepted += 1
            if accepted > 1 { return false }
        }
        return accepted == 1 && !isExhausted
    }

    private mutating func acceptsConditional(_ value: borrowing HeldValue, _ rule: Conditional, _ marks: Marks) -> Bool
    {
        let holds = attempt(rule.condition, value, marks)
        guard !isExhausted else { return false }
        let branch = holds ? rule.then : rule.otherwise
        return branch < 0 || accepts(branch, value, marks)
    }

    /// Whether a branch accepts; its marks count only if it does.
    @inline(__always)
    mutating func attempt(_ index: Int32, _ value: borrowing HeldValue, _ marks: Marks) -> Bool {
        guard let marks else { return accepts(index, value, nil) }
        return attemptMarked(index, value, marks)
    }

    private mutating func attemptMarked(_ index: Int32, _ value: borrowing HeldValue, _ marks: EvaluatedSet) -> Bool {
        EvaluatedSet.withTemporary(count: marks.count) { own in
            guard accepts(index, value, own) else { return false }
            marks.formUnion(own)
            return true
        }
    }

    /// The node that a dynamic reference means here: the outermost resource in scope that has the anchor decides.
    func resolve(_ target: Int32) -> Int32 {
        let target = program.tables.dynamicTargets[Int(target)]
        guard program.tracksScope else { return target.fallback }
        for scope in scopes {
            for candidate in target.candidates where candidate.resource == scope { return candidate.node }
        }
        return target.fallback
    }

    // MARK: Unevaluated

    /// A node with `unevaluatedItems` or `unevaluatedProperties`: it sees the marks of its own keywords only, and hands
    /// them on.
    private mutating func acceptsUnevaluated(
        _ node: UnsafePointer<Node>,
        _ value: borrowing HeldValue,
        _ outer: Marks
    ) -> Bool {
        switch value.value {
        case .array(let elements):
            guard
                EvaluatedSet.withTemporary(
                    count: elements.count,
                    { marks in
                        guard acceptsArray(elements, node.pointee.array, marks),
                            acceptsGeneral(value, node.pointee.general, marks)
                        else { return false }
                        return elements.withHeld { held in
                            for position in 0..<held.count where !marks.contains(position) {
                                guard accepts(node.pointee.unevaluatedItems, held[position], nil) else { return false }
                            }
                            return true
                        }
                    }
                )
            else { return false }
        case .object(let object):
            guard
                EvaluatedSet.withTemporary(
                    count: object.count,
                    { marks in
                        if node.pointee.members >= 0 {
                            let rules = program.memberRules + Int(node.pointee.members)
                            guard acceptsMembers(object, rules, marks) else { return false }
                        }
                        guard acceptsObject(object, value, node.pointee.object, marks),
                            acceptsGeneral(value, node.pointee.general, marks)
                        else { return false }
                        return object.withHeld { held in
                            for position in 0..<held.count where !marks.contains(position) {
                                guard accepts(node.pointee.unevaluatedProperties, valueOf: held[position]) else {
                                    return false
                                }
                            }
                            return true
                        }
                    }
                )
            else { return false }
        default: break
        }
        outer?.insertAll()
        return true
    }
}

/// Why a validation ended without an answer.
enum Interruption: Equatable {
    /// More subschemas than the limit were applied.
    case steps
    /// Subschemas are applied within each other deeper than the limit.
    case depth
    /// Whether a text matches a pattern takes too long to find out. The index is that of the pattern.
    case pattern(Int32)
    /// Whether a number is a multiple takes too long to find out. The index is that of the divisor.
    case divisor(Int32)
}

extension [JSONValue] {
    /// Calls `body` with the elements where they are.
    @inline(__always)
    func withHeld<Result>(_ body: (UnsafeBufferPointer<HeldValue>) -> Result) -> Result {
        withUnsafeBytes { body($0.assumingMemoryBound(to: HeldValue.self)) }
    }
}

extension JSONObject {
    /// Calls `body` with the members where they are.
    @inline(__always)
    func withHeld<Result>(_ body: (UnsafeBufferPointer<HeldMember>) -> Result) -> Result {
        withMembers { body(UnsafeRawBufferPointer($0).assumingMemoryBound(to: HeldMember.self)) }
    }
}
