/// Tries ways one after the other, as ECMA-262 describes it: for look-around and back-references.
///
/// Time can be exponential in the text, so that steps are counted.
struct Backtracker {
    private struct Choice {
        enum Kind { case way, slot, register }

        var kind: Kind
        /// The instruction to go on at, or the slot or register that gets its old value back.
        var index: Int32
        /// An offset in the text, or the old value.
        var value: Int
    }

    private let program: Program
    private let sets: [ScalarSet]
    private let groupCount: Int
    private(set) var slots: [Int]
    private var registers: [Int]
    private var choices: [Choice] = []
    private(set) var steps = 0

    init(_ program: Program, _ sets: [ScalarSet], groupCount: Int) {
        self.program = program
        self.sets = sets
        self.groupCount = groupCount
        slots = [Int](repeating: -1, count: groupCount * 2)
        registers = [Int](repeating: -1, count: program.registerCount)
    }

    /// Whether there is a match at or behind `start`; `slots` has it then. False too when `steps` get below 0.
    mutating func find(
        _ text: UnsafeBufferPointer<UInt8>,
        from start: Int,
        isAnchored: Bool,
        steps limit: inout Int
    ) -> Bool {
        steps = limit
        defer { limit = steps }
        var position = start
        while steps >= 0 {
            for slot in slots.indices { slots[slot] = -1 }
            choices.removeAll(keepingCapacity: true)
            if run(program.start, text, position) != nil { return true }
            guard !isAnchored, position < text.count else { return false }
            position += Scalars.at(text, position).width
        }
        return false
    }

    /// Follows ways from an instruction until one matches; where it ended. What was left untried stays in `choices`.
    private mutating func run(_ start: Int32, _ text: UnsafeBufferPointer<UInt8>, _ place: Int) -> Int? {
        let base = choices.count
        var item = start
        var position = place
        while true {
            steps -= 1
            guard steps >= 0 else { return nil }
            if case .match = program.instructions[Int(item)] { return position }
            if let next = step(item, text, &position) {
                item = next
                continue
            }
            guard let way = goBack(to: base) else { return nil }
            item = way.index
            position = way.value
        }
    }

    /// The next instruction; nil when this way leads nowhere.
    private mutating func step(_ item: Int32, _ text: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Int32? {
        switch program.instructions[Int(item)] {
        case .fail, .match: return nil
        case .set(let set, let next):
            guard position < text.count else { return nil }
            let read = Scalars.at(text, position)
            guard sets[Int(set)].contains(read.scalar) else { return nil }
            position += read.width
            return next
        case .setBefore(let set, let next):
            guard position > 0 else { return nil }
            let read = Scalars.before(text, position)
            guard sets[Int(set)].contains(read.scalar) else { return nil }
            position -= read.width
            return next
        case .split(let first, let second):
            choices.append(Choice(kind: .way, index: second, value: position))
            return first
        case .assertion(let assertion, let next): return assertion.holds(text, position) ? next : nil
        case .save(let slot, let next):
            save(slot, position)
            return next
        case .forget(let first, let last, let next):
            for slot in first * 2...last * 2 + 1 { save(slot, -1) }
            steps -= Int(last - first)
            return next
        case .mark(let register, let next):
            choices.append(Choice(kind: .register, index: register, value: registers[Int(register)]))
            registers[Int(register)] = position
            return next
        case .progress(let register, let next): return registers[Int(register)] == position ? nil : next
        case .backReference(let number, let isBefore, let next):
            return repeatsGroup(program.references[Int(number)], isBefore, text, &position) ? next : nil
        case .look(let start, let isNegated, let next):
            return look(start, isNegated, text, position) ? next : nil
        }
    }

    private mutating func save(_ slot: Int32, _ value: Int) {
        choices.append(Choice(kind: .slot, index: slot, value: slots[Int(slot)]))
        slots[Int(slot)] = value
    }

    /// Takes the last way that was left untried since `base`, undoing what came after it.
    private mutating func goBack(to base: Int) -> Choice? {
        while choices.count > base, let choice = choices.popLast() {
            switch choice.kind {
            case .way: return choice
            case .slot: slots[Int(choice.index)] = choice.value
            case .register: registers[Int(choice.index)] = choice.value
            }
        }
        return nil
    }

    private mutating func look(
        _ start: Int32,
        _ isNegated: Bool,
        _ text: UnsafeBufferPointer<UInt8>,
        _ position: Int
    ) -> Bool {
        let base = choices.count
        let isFound = run(start, text, position) != nil
        guard steps >= 0 else { return false }
        guard isFound else { return isNegated }
        if isNegated {
            while goBack(to: base) != nil {}
            return false
        }
        // There is one way through a look-around: its other ways are dropped, what it captured can still be undone.
        var kept = base
        for index in base..<choices.count where choices[index].kind != .way {
            choices[kept] = choices[index]
            kept += 1
        }
        choices.removeLast(choices.count - kept)
        return true
    }

    /// Reads the text of a group once more. A group that took no part has the empty text.
    private mutating func repeatsGroup(
        _ reference: Program.Reference,
        _ isBefore: Bool,
        _ text: UnsafeBufferPointer<UInt8>,
        _ position: inout Int
    ) -> Bool {
        let group = reference.groups.first { slots[$0 * 2] >= 0 && slots[$0 * 2 + 1] >= 0 }
        guard let group else { return true }
        let (start, end) = (slots[group * 2], slots[group * 2 + 1])
        steps -= end - start
        var read = isBefore ? end : start
        var place = position
        while read != (isBefore ? start : end) {
            guard place != (isBefore ? 0 : text.count) else { return false }
            let left = isBefore ? Scalars.before(text, read) : Scalars.at(text, read)
            let right = isBefore ? Scalars.before(text, place) : Scalars.at(text, place)
            let isEqual =
                left.scalar == right.scalar
                || (reference.foldsCase
                    && CaseOrbits.representative(left.scalar) == CaseOrbits.representative(right.scalar))
            guard isEqual else { return false }
            read += isBefore ? -left.width : left.width
            place += isBefore ? -right.width : right.width
        }
        position = place
        return true
    }
}
