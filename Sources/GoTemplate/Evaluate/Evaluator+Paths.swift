import JSON

extension Evaluator {
    /// Where the node's value stands in the data; nil when that has to be found out in other ways, which also find what is
    /// wrong.
    func dataPlace(of index: NodeIndex) -> DataPlace? {
        switch program.nodes[Int(index)] {
        case .rootPath(let path): if !tracks { return program.tables.paths[Int(path)].place(in: rootObject) }
        case .dot: if case .data(let place) = dot { return place }
        case .slot(let slot): if case .data(let place) = slots[frame + Int(slot)] { return place }
        case .path(let base, let path):
            if let start = dataPlace(of: base) { return program.tables.paths[Int(path)].place(in: start) }
        default: break
        }
        return nil
    }

    /// The node's value, in its place when it has one.
    func held(_ node: NodeIndex) throws(TemplateError) -> Held {
        if let place = dataPlace(of: node) { return .data(place) }
        guard case .assign(let targets, let inner) = program.nodes[Int(node)] else { return .value(try evaluate(node)) }
        let value = try held(inner)
        for slot in program.tables.lists[Int(targets)] { slots[frame + Int(slot)] = value }
        return value
    }

    func isTrue(_ node: NodeIndex) throws(TemplateError) -> Bool {
        if let place = dataPlace(of: node) { return place.pointee.isTrue }
        if case .slot(let slot) = program.nodes[Int(node)] { return slots[frame + Int(slot)].isTrue }
        return try evaluate(node).isTrue
    }

    /// Fields of the root that do not simply stand there.
    func rootField(_ path: FieldPath) throws(TemplateError) -> Value {
        guard otherRoot == nil, !tracks else { return try walk(path, from: rootValue, at: 0) }
        guard let first = rootObject[path.keys[0]] else {
            guard let found = fallback(path.keys[0]) else { throw missingRoot(path) }
            return try walk(path, from: found, at: 1)
        }
        return try walk(path, in: first, at: 1)
    }

    /// A number that no other type of number holds, where the path leads to one: what only passes it on keeps its digits.
    func bigNumber(at path: FieldPath) -> JSONValue? {
        guard let value = path.place(in: rootObject)?.pointee.value, case .bigNumber = value else { return nil }
        return value
    }

    /// Fields of JSON that nobody can have changed.
    private func walk(_ path: FieldPath, in start: JSONValue, at first: Int) throws(TemplateError) -> Value {
        var value = start
        var index = first
        while index < path.keys.count {
            guard case .object(let object) = value else {
                return try walk(path, from: Value(value, tracks: false), at: index)
            }
            guard let next = object[path.keys[index]] else {
                throw TemplateError.missing(path.keys[index], in: object.keys).placed(at: path.place)
            }
            value = next
            index += 1
        }
        return Value(value, tracks: false)
    }

    /// Reads the fields from the one at `first` on.
    func walk(_ path: FieldPath, from base: Value, at first: Int) throws(TemplateError) -> Value {
        var current = base
        var index = first
        while index < path.keys.count {
            if case .map(.json(let object)) = current {
                return try walk(path, in: .object(object), at: index)
            }
            current = try field(path.keys[index], of: current, isFirst: index == 0, path: path)
            index += 1
        }
        return current
    }

    private func field(_ key: String, of value: Value, isFirst: Bool, path: FieldPath) throws(TemplateError) -> Value {
        switch value {
        case .map(let map):
            if let member = map[key] { return member }
            if isRoot(map) {
                if isFirst, let found = fallback(key) { return found }
                if isFirst { throw missingRoot(path) }
            }
            throw TemplateError.missing(key, in: map.sortedKeys).placed(at: path.place)
        case .list(let list) where key.first == "[":
            guard let index = Int(key.dropFirst().dropLast()), index < list.count else {
                throw TemplateError(.wrongKind, "index out of range: \(key) of \(list.count)", at: path.place)
            }
            return list[index]
        case .null:
            guard !isFirst || path.keys.count > 1 else {
                throw TemplateError(
                    .missingKey,
                    "nil data; no entry for key \"\(key)\": map has no entry for key \"\(key)\"",
                    at: path.place,
                    missingKey: key
                )
            }
            throw TemplateError(.wrongKind, "nil pointer evaluating field \(key) of null", at: path.place)
        case .time(let time):
            if let result = try time.method(key, []) { return result }
        case .version(let version):
            if let result = try version.method(key, []) { return result }
        default: break
        }
        throw TemplateError(.wrongKind, "can't evaluate field \(key) in type \(value.typeName)", at: path.place)
    }

    private func isRoot(_ map: MapBox) -> Bool { if case .map(let box) = rootValue { box === map } else { false } }

    private func rootMember(_ key: String) -> Value? {
        if case .map(let box) = rootValue { box[key] } else { nil }
    }

    /// A name that the root lacks: an old name of a root key, or a member of one of the fallback objects.
    private func fallback(_ key: String) -> Value? {
        if key == "args", let input = rootMember("input") { return input }
        if key == "stepResults", let results = rootMember("results") { return results }
        for name in context.fallbackKeys {
            if case .map(let scope)? = rootMember(name), let found = scope[key] { return found }
        }
        return nil
    }

    /// Keys of the root and of what is searched when it lacks one.
    private var namesInSight: [String] {
        guard case .map(let box) = rootValue else { return [] }
        return context.fallbackKeys.reduce(into: box.sortedKeys) { names, key in
            if case .map(let scope)? = box[key] { names += scope.sortedKeys }
        }
    }

    private func missingRoot(_ path: FieldPath) -> TemplateError {
        TemplateError.missing(path.keys[0], in: namesInSight).placed(at: path.place)
    }

    func lookUp(_ path: FieldPath, orCall call: Int32) throws(TemplateError) -> Value {
        let name = path.keys[0]
        if let found = rootMember(name) ?? fallback(name) { return try walk(path, from: found, at: 1) }
        guard call >= 0 else {
            if let error = FunctionTable.missingArguments(of: name, at: path.place) { throw error }
            let hint = FunctionTable.hint(for: name, or: namesInSight)
            throw TemplateError(
                .missingKey,
                "function \"\(name)\" not defined and map has no entry for key \"\(name)\"\(hint)",
                at: path.place,
                missingKey: name
            )
        }
        let site = program.tables.calls[Int(call)]
        guard site.function.accepts(count: site.arguments.count) else {
            throw FunctionTable.wrongCount(site.function, site.arguments.count, at: path.place)
        }
        return try walk(path, from: try perform(site), at: 1)
    }
}
