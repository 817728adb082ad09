/// Objects. They are shared: `set`, `unset` and `merge` change them for everyone who holds them.
enum ObjectFunctions {
    static let table: [Function] = [
        Function("dict", rest: .any, "Object from alternating keys and values.", dict),
        Function("get", [.object, .text], "Value under a key, \"\" when absent.") { call throws(TemplateError) in
            call.object(0)[call.text(1)] ?? .string("")
        },
        Function("set", [.object, .text, .any], "Stores a value in the object itself and returns it.") {
            call throws(TemplateError) in
            let object = try changeable(call)
            try object.set(call.text(1), try call.evaluator.checked(call[2]))
            return call[0]
        },
        Function("unset", [.object, .text], "Removes a key from the object itself and returns it.") {
            call throws(TemplateError) in
            guard case .map(let object) = call[0] else { return .null }
            call.evaluator.note(changed: object)
            try object.set(call.text(1), nil)
            return call[0]
        },
        Function("hasKey", [.object, .text], "Whether the key is present.") { call throws(TemplateError) in
            .bool(call.object(0).hasKey(call.text(1)))
        },
        Function("keys", rest: .object, "All keys, sorted per object.") { call throws(TemplateError) in
            .strings((0..<call.count).flatMap { call.object($0).sortedKeys })
        },
        Function("values", [.object], "All values in key order.") { call throws(TemplateError) in
            let object = call.object(0)
            return .list(object.sortedKeys.map { object[$0] ?? .null })
        },
        Function("pluck", [.text], rest: .object, "Values under one key in several objects.") {
            call throws(TemplateError) in
            .list((1..<call.count).compactMap { call.object($0)[call.text(0)] })
        },
        Function("pick", [.object], rest: .text, "New object with only these keys.") { call throws(TemplateError) in
            var members = MemberTable()
            for index in 1..<call.count {
                if let value = call.object(0)[call.text(index)] { members[call.text(index)] = value }
            }
            return .object(members)
        },
        Function("omit", [.object], rest: .text, "New object without these keys.") { call throws(TemplateError) in
            var members = call.object(0).table
            for index in 1..<call.count { members[call.text(index)] = nil }
            return .object(members)
        },
        Function(
            "dig",
            [.any, .any, .any],
            rest: .any,
            "Value along a path of keys; arguments: keys…, default, object.",
            dig
        ),
        deepCopy, deepCopy.renamed("mustDeepCopy"),
        merge, merge.renamed("mustMerge"), overwrite, overwrite.renamed("mustMergeOverwrite"),
    ]

    private static func changeable(_ call: Call) throws(TemplateError) -> MapBox {
        guard case .map(let object) = call[0] else { throw .function("\(call.name): the object is null") }
        call.evaluator.note(changed: object)
        return object
    }

    private static let dict: Function.Body = { call throws(TemplateError) in
        var members = MemberTable()
        for index in stride(from: 0, to: call.count, by: 2) {
            members[try call[index].text()] = index + 1 < call.count ? call[index + 1] : .string("")
        }
        return try call.evaluator.checked(.object(members))
    }

    private static let dig: Function.Body = { call throws(TemplateError) in
        var current = call[call.count - 1]
        guard case .map(let start) = current, !start.isTextMap, !start.isCertificate,
            call.arguments.dropLast(2).allSatisfy(\.isText)
        else { throw .wrongKind("dig: the keys must be strings and the last argument an object") }
        for index in 0..<call.count - 2 {
            let key = call.text(index)
            guard case .map(let object) = current, !object.isTextMap else {
                throw .wrongKind("dig: an object is needed to look up \"\(key)\", not \(current.typeName)")
            }
            guard let next = object[key] else { return call[call.count - 2] }
            current = next
        }
        return current
    }

    // MARK: Copying

    private static let deepCopy = Function("deepCopy", [.any], "Copy that shares nothing with the original.") {
        call throws(TemplateError) in
        if call[0].isNull { throw .function("\(call.name): the value is null") }
        return try copy(call[0], call)
    }

    private static func copy(_ value: Value, _ call: Call, depth: Int = 0) throws(TemplateError) -> Value {
        guard depth < JSONText.depthLimit else { throw TemplateError(.limit, "\(call.name): nested too deeply") }
        switch value {
        case .list(let list):
            try call.evaluator.charge(1 + list.count)
            var elements: [Value] = []
            elements.reserveCapacity(list.count)
            for element in list.elements { elements.append(try copy(element, call, depth: depth + 1)) }
            return .list(ListBox(elements, isNil: list.isNil))
        case .map(let map):
            try call.evaluator.charge(1 + map.count)
            var members = MemberTable()
            for (key, member) in map.table { members[key] = try copy(member, call, depth: depth + 1) }
            return .map(MapBox(members, isTextMap: map.isTextMap, isCertificate: map.isCertificate))
        // A copied version has lost its fields, as in the original.
        case .version: return .version(VersionBox(0, 0, 0, original: ""))
        default: return value
        }
    }

    // MARK: Merging

    private static let merge = Function(
        "merge",
        [.object],
        rest: .object,
        "Fills missing or empty entries of the first object from the others."
    ) { call throws(TemplateError) in try mergeAll(call, overwrites: false) }

    private static let overwrite = Function(
        "mergeOverwrite",
        [.object],
        rest: .object,
        "Merges into the first object, later objects win."
    ) { call throws(TemplateError) in try mergeAll(call, overwrites: true) }

    private static func mergeAll(_ call: Call, overwrites: Bool) throws(TemplateError) -> Value {
        let target = call.object(0)
        for index in 1..<call.count { try merge(call.object(index), into: target, overwrites, call, depth: 0) }
        return .map(target)
    }

    private static func merge(
        _ source: MapBox,
        into target: MapBox,
        _ overwrites: Bool,
        _ call: Call,
        depth: Int
    )
        throws(TemplateError)
    {
        guard depth < JSONText.depthLimit else { throw TemplateError(.limit, "\(call.name): nested too deeply") }
        if source === target { return }
        call.evaluator.note(changed: target)
        for key in source.sortedKeys {
            try call.evaluator.charge()
            guard let value = source[key] else { continue }
            if value.isNull {
                if overwrites { try target.set(key, value) }
                continue
            }
            let existing = target[key] ?? .null
            if case .map(let inner) = value, case .map(let targetInner) = existing {
                try merge(inner, into: targetInner, overwrites, call, depth: depth + 1)
                if targetInner.count > 0 { continue }
            }
            if overwrites || !existing.isTrue { try target.set(key, value) }
        }
    }
}
