import JSON

extension Evaluator {
    func evaluate(_ expression: Expression) throws(TemplateError) -> Value {
        switch expression {
        case .constant(let constant): return constant.value
        case .dot: return dot
        case .slot(let slot): return slots[frame + slot]
        case .path(let base, let path):
            return try walk(path.keys, from: try evaluate(base), path: path)
        case .bare(let path, let call): return try lookUp(path, orCall: call)
        case .call(let call): return try perform(call)
        case .and(let operands):
            var value = Value.null
            for operand in operands {
                value = try evaluate(operand)
                if !value.isTrue { break }
            }
            return value
        case .or(let operands):
            var value = Value.null
            for operand in operands {
                value = try evaluate(operand)
                if value.isTrue { break }
            }
            return value
        case .assign(let targets, let inner):
            let value = try evaluate(inner)
            for slot in targets { slots[frame + slot] = value }
            return value
        case .sequence(let slot, let first, let second):
            slots[frame + slot] = try evaluate(first)
            return try evaluate(second)
        case .method(let base, let path, let arguments): return try callMethod(base, path, arguments)
        case .refusal(let operand, let error):
            _ = try evaluate(operand)
            throw error
        case .failure(let error): throw error
        }
    }

    private func perform(_ call: CallExpression) throws(TemplateError) -> Value {
        do throws(TemplateError) {
            var arguments: [Value] = []
            arguments.reserveCapacity(call.arguments.count)
            for (index, argument) in call.arguments.enumerated() {
                let value = try evaluate(argument)
                try call.function.check(value, at: index)
                arguments.append(value)
            }
            let result = try call.function.body(Call(arguments: arguments, evaluator: self, name: call.function.name))
            // Texts that double in a loop stop here.
            switch result {
            case .string(let text): try checkText(bytes: text.utf8.count)
            case .bytes(let bytes): try checkText(bytes: bytes.count)
            default: break
            }
            return result
        } catch { throw error.placed(at: call.offset) }
    }

    // MARK: Paths

    /// Reads fields one after the other.
    private func walk(_ keys: [String], from base: Value, path: FieldPath) throws(TemplateError) -> Value {
        var current = base
        var index = 0
        while index < keys.count {
            if case .map(let map) = current, let object = map.walkable, object.hasKey(keys[index]) {
                return try walk(object, keys, from: index, path: path)
            }
            current = try field(keys[index], of: current, isFirst: index == 0, path: path)
            index += 1
        }
        return current
    }

    /// The quick way through JSON that nobody can have changed.
    private func walk(
        _ start: JSONObject,
        _ keys: [String],
        from first: Int,
        path: FieldPath
    ) throws(TemplateError)
        -> Value
    {
        var object = start
        var index = first
        while let next = object[keys[index]] {
            index += 1
            if index == keys.count { return Value(next, tracks: false) }
            guard case .object(let inner) = next else {
                let value = Value(next, tracks: false)
                return try walk(Array(keys[index...]), from: value, path: path)
            }
            object = inner
        }
        throw TemplateError.missing(keys[index]).placed(at: path.offset)
    }

    private func field(_ key: String, of value: Value, isFirst: Bool, path: FieldPath) throws(TemplateError) -> Value {
        switch value {
        case .map(let map):
            if let member = map[key] { return member }
            if isFirst, isRoot(map), let found = fallback(key) { return found }
            throw TemplateError.missing(key).placed(at: path.offset)
        case .list(let list) where key.first == "[":
            guard let index = Int(key.dropFirst().dropLast()), index < list.count else {
                throw TemplateError(.wrongKind, "index out of range: \(key) of \(list.count)", at: path.offset)
            }
            return list[index]
        case .null:
            guard !isFirst || path.keys.count > 1 else {
                throw TemplateError(
                    .missingKey,
                    "nil data; no entry for key \"\(key)\": map has no entry for key \"\(key)\"",
                    at: path.offset,
                    missingKey: key
                )
            }
            throw TemplateError(.wrongKind, "nil pointer evaluating field \(key) of null", at: path.offset)
        case .time(let time):
            if let result = try time.method(key, []) { return result }
        case .version(let version):
            if let result = try version.method(key, []) { return result }
        default: break
        }
        throw TemplateError(.wrongKind, "can't evaluate field \(key) in type \(value.typeName)", at: path.offset)
    }

    private func isRoot(_ map: MapBox) -> Bool { if case .map(let box) = root { box === map } else { false } }

    /// A name that the root lacks: an old name of a root key, or a member of one of the fallback objects.
    private func fallback(_ key: String) -> Value? {
        guard case .map(let box) = root else { return nil }
        if key == "args", let input = box["input"] { return input }
        if key == "stepResults", let results = box["results"] { return results }
        for name in context.fallbackKeys {
            if case .map(let scope)? = box[name], let found = scope[key] { return found }
        }
        return nil
    }

    private func lookUp(_ path: FieldPath, orCall call: CallExpression?) throws(TemplateError) -> Value {
        let name = path.keys[0]
        var found: Value?
        if case .map(let box) = root { found = box[name] ?? fallback(name) }
        if let found { return try walk(Array(path.keys.dropFirst()), from: found, path: path) }
        guard let call else {
            let hint = FunctionTable.nearest(to: name).map { "; did you mean \"\($0)\"?" } ?? ""
            throw TemplateError(
                .missingKey,
                "function \"\(name)\" not defined and map has no entry for key \"\(name)\"\(hint)",
                at: path.offset,
                missingKey: name
            )
        }
        guard call.function.accepts(count: call.arguments.count) else {
            throw FunctionTable.wrongCount(call.function, call.arguments.count, at: path.offset)
        }
        return try walk(Array(path.keys.dropFirst()), from: try perform(call), path: path)
    }

    /// A field with arguments: the last name must be a method of a time or a version.
    private func callMethod(
        _ base: Expression,
        _ path: FieldPath,
        _ operands: [Expression]
    ) throws(TemplateError)
        -> Value
    {
        let receiver = try walk(Array(path.keys.dropLast()), from: try evaluate(base), path: path)
        let name = path.keys[path.keys.count - 1]
        do throws(TemplateError) {
            switch receiver {
            case .time, .version: break
            case .map(let map) where !map.hasKey(name): throw TemplateError.missing(name)
            default: throw .wrongKind("\(name) is not a method but has arguments")
            }
            var arguments: [Value] = []
            for operand in operands { arguments.append(try evaluate(operand)) }
            if case .time(let time) = receiver, let result = try time.method(name, arguments) { return result }
            if case .version(let version) = receiver, let result = try version.method(name, arguments) { return result }
            throw .wrongKind("can't evaluate field \(name) in type \(receiver.typeName)")
        } catch { throw error.placed(at: path.offset) }
    }
}
