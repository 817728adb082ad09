import JSON

extension Evaluator {
    func evaluate(_ index: NodeIndex) throws(TemplateError) -> Value {
        if let place = dataPlace(of: index) { return place.pointee.copy }
        switch program.nodes[Int(index)] {
        case .constant(let index): return program.tables.constants[Int(index)].value
        case .root: return rootValue
        case .dot: return dot.value
        case .slot(let slot): return slots[frame + Int(slot)].value
        case .rootPath(let path): return try rootField(program.tables.paths[Int(path)])
        case .path(let base, let path):
            return try walk(program.tables.paths[Int(path)], from: try evaluate(base), at: 0)
        case .bare(let path, let call): return try lookUp(program.tables.paths[Int(path)], orCall: call)
        case .call(let call): return try perform(program.tables.calls[Int(call)])
        case .and(let list):
            var value = Held.value(.null)
            for operand in program.tables.lists[Int(list)] {
                value = try held(operand)
                if !value.isTrue { break }
            }
            return value.value
        case .or(let list):
            var value = Held.value(.null)
            for operand in program.tables.lists[Int(list)] {
                value = try held(operand)
                if value.isTrue { break }
            }
            return value.value
        case .assign: return try held(index).value
        case .sequence(let slot, let first, let second):
            slots[frame + Int(slot)] = try held(first)
            return try evaluate(second)
        case .method(let base, let path, let arguments):
            return try callMethod(base, program.tables.paths[Int(path)], program.tables.lists[Int(arguments)])
        case .refusal(let operand, let failure):
            _ = try evaluate(operand)
            throw program.tables.failures[Int(failure)]
        case .failure(let failure): throw program.tables.failures[Int(failure)]
        }
    }

    /// Long texts count by their length, as functions read them whole: most take no steps of their own.
    @inline(__always)
    private func chargeForReading(_ value: Value, _ site: CallSite) throws(TemplateError) {
        if case .string(let text) = value {
            if text.utf8.count >= FunctionWork.freeBytes { try charge(text.utf8.count / 2 * site.work.perByte) }
        } else if site.work.perElement > 0 {
            try chargeForElements(value, site.work)
        }
    }

    private func chargeForElements(_ value: Value, _ work: FunctionWork) throws(TemplateError) {
        let count =
            switch value {
            case .list(let list): list.count
            case .map(let map): map.count
            default: 0
            }
        if count >= FunctionWork.freeElements { try charge(count * work.perElement) }
    }

    @inline(__always)
    private func push(_ value: Value, _ site: CallSite, at position: Int) throws(TemplateError) {
        if !site.kinds.isEmpty {
            if case .null = value, let empty = emptyValue(site, at: position) { return arguments.push(empty) }
            try site.function.check(value, at: position)
        }
        try chargeForReading(value, site)
        arguments.push(value)
    }

    /// What null stands for, where it may stand for something.
    private func emptyValue(_ site: CallSite, at position: Int) -> Value? {
        guard position < 64, site.allowsNull >> UInt64(position) & 1 == 1 else { return nil }
        return switch site.kinds[position] {
        case .object: .object([:])
        case .list: .list(ListBox([], isNil: true))
        default: nil
        }
    }

    /// What came through a pipe was evaluated before the other arguments, but is looked at behind them.
    private func pushPipedLast(_ site: CallSite) throws(TemplateError) {
        let last = site.arguments.count - 1
        let piped = try evaluate(site.arguments[last])
        for position in 0..<last { try push(try evaluate(site.arguments[position]), site, at: position) }
        try push(piped, site, at: last)
    }

    func perform(_ site: CallSite) throws(TemplateError) -> Value {
        let base = arguments.count
        do throws(TemplateError) {
            if site.evaluatesLastFirst {
                try pushPipedLast(site)
            } else {
                for (position, argument) in site.arguments.enumerated() {
                    try push(try evaluate(argument), site, at: position)
                }
            }
            // No function evaluates nodes, so the stack stays as it is while the call can see it.
            let call = Call(values: arguments.top(from: base), evaluator: self, site: site)
            let result = try site.function.body(call)
            arguments.pop(to: base)
            // Texts that double in a loop stop here.
            switch result {
            case .string(let text): try checkText(bytes: text.utf8.count)
            case .bytes(let bytes): try checkText(bytes: bytes.count)
            default: break
            }
            return result
        } catch { throw error.placed(at: site.place) }
    }

    /// A field with arguments: the last name must be a method of a time or a version.
    private func callMethod(
        _ base: NodeIndex,
        _ path: FieldPath,
        _ operands: [NodeIndex]
    ) throws(TemplateError) -> Value {
        var receiver = try evaluate(base)
        if path.keys.count > 1 {
            receiver = try walk(FieldPath(Array(path.keys.dropLast()), at: path.place), from: receiver, at: 0)
        }
        let name = path.keys[path.keys.count - 1]
        do throws(TemplateError) {
            switch receiver {
            case .time, .version: break
            default: throw .wrongKind("\(name) is not a method but has arguments")
            }
            var arguments: [Value] = []
            for operand in operands { arguments.append(try evaluate(operand)) }
            if case .time(let time) = receiver, let result = try time.method(name, arguments) { return result }
            if case .version(let version) = receiver, let result = try version.method(name, arguments) { return result }
            throw .wrongKind("can't evaluate field \(name) in type \(receiver.typeName)")
        } catch { throw error.placed(at: path.place) }
    }
}
