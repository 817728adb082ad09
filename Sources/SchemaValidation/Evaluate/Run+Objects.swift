import JSON

extension Run {
    mutating func acceptsObject(
        _ object: JSONObject,
        _ value: JSONValue,
        _ stretch: Stretch,
        _ marks: Marks
    ) -> Bool {
        for position in stretch.range {
            switch instructions[position] {
            case .minProperties(let limit): guard object.count >= limit else { return false }
            case .maxProperties(let limit): guard object.count <= limit else { return false }
            case .members(let index):
                guard acceptsMembers(object, memberRules + Int(index), marks) else { return false }
            case .propertyNames(let node):
                for (name, _) in object { guard accepts(node, .string(name), nil) else { return false } }
            case .dependentRequired(let index):
                for (name, others) in program.dependentNames[Int(index)].entries where object.hasKey(name) {
                    for other in others { guard object.hasKey(other) else { return false } }
                }
            case .dependentSchemas(let index):
                for (name, node) in program.dependentNodes[Int(index)].entries where object.hasKey(name) {
                    guard accepts(node, value, marks) else { return false }
                }
            default: break
            }
        }
        return true
    }

    private mutating func acceptsMembers(_ object: JSONObject, _ rules: UnsafePointer<MemberRules>, _ marks: Marks) -> Bool {
        guard object.count >= Int(rules.pointee.required.count) else { return false }
        var found: UInt64 = 0
        var position = 0
        for (key, value) in object {
            guard acceptsMember(key, value, rules, &found, marks, position) else { return false }
            position &+= 1
        }
        guard found == rules.pointee.requiredMask else { return false }
        return rules.pointee.required.count <= 64 || hasRequired(object, rules.pointee.required)
    }

    /// The names behind the first 64, which have no bit.
    private func hasRequired(_ object: JSONObject, _ required: Stretch) -> Bool {
        for index in required.range.dropFirst(64) { guard object.hasKey(program.requiredKeys[index]) else { return false } }
        return true
    }

    @inline(__always)
    private mutating func acceptsMember(
        _ key: String,
        _ value: JSONValue,
        _ rules: UnsafePointer<MemberRules>,
        _ found: inout UInt64,
        _ marks: Marks,
        _ position: Int
    ) -> Bool {
        var isDeclared = false
        if let slot = slot(of: key, in: rules.pointee.table) {
            if slot.pointee.requiredBit >= 0 { found |= 1 << UInt64(slot.pointee.requiredBit) }
            if slot.pointee.isDeclared {
                guard accepts(slot.pointee.node, value, nil) else { return false }
                isDeclared = true
            }
        }
        if !rules.pointee.patterns.isEmpty {
            for rule in rules.pointee.patterns.range where program.patterns[Int(program.patternRules[rule].pattern)].matches(key) {
                guard accepts(program.patternRules[rule].node, value, nil) else { return false }
                isDeclared = true
            }
        }
        if !isDeclared, rules.pointee.additional >= 0 {
            guard accepts(rules.pointee.additional, value, nil) else { return false }
            isDeclared = true
        }
        if isDeclared { marks?.insert(position) }
        return true
    }

    @inline(__always)
    func slot(of key: String, in table: KeyTable) -> UnsafePointer<KeySlot>? {
        guard table.count > 0 else { return nil }
        let words = KeyWords(key)
        let mask = Int(table.mask)
        let first = slots + Int(table.start)
        var position = Int(truncatingIfNeeded: KeyTable.hash(words, key) >> 32) & mask
        while true {
            let slot = first + position
            guard slot.pointee.key >= 0 else { return nil }
            if slot.pointee.words == words,
                words.length <= KeyWords.complete || haveSameBytes(program.keys[Int(slot.pointee.key)], key)
            {
                return slot
            }
            position = (position + 1) & mask
        }
    }
}
