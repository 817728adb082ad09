import JSON

extension Evaluator {
    func runRange(_ range: RangeInstruction) throws(TemplateError) {
        let outer = dot
        defer { dot = outer }
        let ran: Bool
        let held: Held
        do throws(TemplateError) { held = try self.held(range.list) } catch { throw error.placed(at: range.place) }
        if case .data(let place) = held, place.pointee.isCollection {
            ran = try runRange(range, over: place)
        } else {
            ran = try runRange(range, over: held.value)
        }
        dot = outer
        if !ran { _ = try run(range.otherwise) }
    }

    /// Goes through a list or an object where it stands in the data. Returns whether there was anything.
    private func runRange(_ range: RangeInstruction, over place: DataPlace) throws(TemplateError) -> Bool {
        if let elements = place.pointee.elements {
            for index in 0..<elements.count {
                guard let start = elements.baseAddress else { break }
                guard try round(range, .int(index), .data(start + index)) else { break }
            }
            return elements.count > 0
        }
        guard let members = place.pointee.members, let start = members.baseAddress else { return false }
        let order = place.pointee.positionsByKey
        for index in 0..<members.count {
            let member = start + (order?[index] ?? index)
            let key: Value = range.indexSlot >= 0 ? .string(member.pointee.member.key) : .null
            guard try round(range, key, .data(member.valuePlace)) else { break }
        }
        return members.count > 0
    }

    private func runRange(_ range: RangeInstruction, over value: Value) throws(TemplateError) -> Bool {
        switch value {
        case .list(.json(let elements)):
            for (index, element) in elements.enumerated() {
                guard try round(range, .int(index), .value(Value(element, tracks: false))) else { break }
            }
            return !elements.isEmpty
        case .list(let list):
            for (index, element) in list.elements.enumerated() {
                guard try round(range, .int(index), .value(element)) else { break }
            }
            return list.count > 0
        case .map(let map):
            let keys = map.sortedKeys
            for key in keys {
                guard try round(range, .string(key), .value(map[key] ?? .null)) else { break }
            }
            return !keys.isEmpty
        case .integer(let count, let kind): return try runRange(range, upTo: count, kind)
        case .null:
            if case .constant = program.tables.nodes[Int(range.list)] {
                throw TemplateError(.wrongKind, "range can't iterate over nil", at: range.place)
            }
            return false
        default:
            throw TemplateError(.wrongKind, "range can't iterate over \(value.typeName)", at: range.place)
        }
    }

    private func runRange(
        _ range: RangeInstruction,
        upTo count: Int64,
        _ kind: IntegerKind
    ) throws(TemplateError) -> Bool {
        guard range.variableCount < 2 else {
            let message = "can't use \(count) to iterate over more than one variable"
            throw TemplateError(.wrongKind, message, at: range.place)
        }
        var index: Int64 = 0
        while index < count {
            guard try round(range, .integer(index, kind), .value(.integer(index, kind))) else { break }
            index += 1
        }
        return count > 0
    }

    /// Runs the body once; false after `break`.
    private func round(_ range: RangeInstruction, _ index: Value, _ element: Held) throws(TemplateError) -> Bool {
        do throws(TemplateError) { try charge() } catch { throw error.placed(at: range.place) }
        if range.indexSlot >= 0 { slots[frame + Int(range.indexSlot)] = .value(index) }
        if range.elementSlot >= 0 { slots[frame + Int(range.elementSlot)] = element }
        dot = element
        return try run(range.body) != .breakLoop
    }
}
