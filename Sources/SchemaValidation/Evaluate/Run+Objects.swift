import JSON

extension Run {
    mutating func acceptsObject(
        _ object: JSONObject,
        _ value: borrowing HeldValue,
        _ stretch: Stretch,
        _ marks: Marks
    ) -> Bool {
        for position in stretch.range {
            switch program.instructions[position] {
            case .minProperties(let limit): guard object.count >= limit else { return false }
            case .maxProperties(let limit): guard object.count <= limit else { return false }
            case .propertyNames(let node):
                for (name, _) in object { guard accepts(node, HeldValue(.string(name)), nil) else { return false } }
            case .dependentRequired(let index):
                guard spend(program.tables.dependentNames[Int(index)].entries.count) else { return false }
                for (name, others) in program.tables.dependentNames[Int(index)].entries where object.hasKey(name) {
                    guard spend(others.count) else { return false }
                    for other in others { guard object.hasKey(other) else { return false } }
                }
            case .dependentSchemas(let index):
                guard spend(program.tables.dependentNodes[Int(index)].entries.count) else { return false }
                for (name, node) in program.tables.dependentNodes[Int(index)].entries where object.hasKey(name) {
                    guard accepts(node, value, marks) else { return false }
                }
            default: break
            }
        }
        return true
    }

    mutating func acceptsMembers(
        _ object: JSONObject,
        _ rules: UnsafePointer<MemberRules>,
        _ marks: Marks
    ) -> Bool {
        var found: UInt64 = 0
        let isAccepted = object.withHeld { held in
            guard held.count >= Int(rules.pointee.required.count) else { return false }
            guard spend(held.count &* (1 + Int(rules.pointee.patterns.count))) else { return false }
            for position in 0..<held.count {
                guard acceptsMember(held[position], rules, &found, marks, position) else { return false }
            }
            return true
        }
        guard isAccepted, found == rules.pointee.requiredMask else { return false }
        return rules.pointee.required.count <= 64 || hasRequired(object, rules.pointee.required)
    }

    /// The names behind the first 64, which have no bit.
    private func hasRequired(_ object: JSONObject, _ required: Stretch) -> Bool {
        for index in required.range.dropFirst(64) {
            guard object.hasKey(program.tables.requiredKeys[index]) else { return false }
        }
        return true
    }

    @inline(__always)
    private mutating func acceptsMember(
        _ member: borrowing HeldMember,
        _ rules: UnsafePointer<MemberRules>,
        _ found: inout UInt64,
        _ marks: Marks,
        _ position: Int
    ) -> Bool {
        var isDeclared = false
        if let slot = slot(of: member.key, in: rules.pointee.table) {
            if slot.pointee.requiredBit >= 0 { found |= 1 << UInt64(slot.pointee.requiredBit) }
            if slot.pointee.isDeclared {
                guard accepts(slot.pointee.node, member.value, nil) else { return false }
                isDeclared = true
            }
        }
        if !rules.pointee.patterns.isEmpty {
            for rule in rules.pointee.patterns.range {
                let rule = program.patternRules[rule]
                guard matches(rule.pattern, member.key) else {
                    if isExhausted { return false }
                    continue
                }
                guard accepts(rule.node, member.value, nil) else { return false }
                isDeclared = true
            }
        }
        if !isDeclared, rules.pointee.additional >= 0 {
            guard accepts(rules.pointee.additional, member.value, nil) else { return false }
            isDeclared = true
        }
        if isDeclared { marks?.insert(position) }
        return true
    }

    /// Whether a node accepts a member's value.
    @inline(__always)
    mutating func accepts(_ node: Int32, valueOf member: borrowing HeldMember) -> Bool {
        accepts(node, member.value, nil)
    }

    /// The alternatives that a value's member leaves possible; nil when there are none.
    func candidates(_ index: Int32, _ value: borrowing HeldValue) -> Stretch? {
        guard case .object(let object) = value.value else { return nil }
        let rule = program.discriminators + Int(index)
        return object.withHeld { held in
            for position in 0..<held.count where isMember(held[position], rule) {
                return candidates(held[position], rule)
            }
            return nil
        }
    }

    @inline(__always)
    private func isMember(_ member: borrowing HeldMember, _ rule: UnsafePointer<Discriminator>) -> Bool {
        guard KeyWords(member.key) == rule.pointee.property else { return false }
        return rule.pointee.property.length <= KeyWords.complete || haveSameBytes(member.key, rule.pointee.name)
    }

    @inline(__always)
    private func candidates(_ member: borrowing HeldMember, _ rule: UnsafePointer<Discriminator>) -> Stretch? {
        guard case .string(let text) = member.value.value, let slot = slot(of: text, in: rule.pointee.table) else {
            return nil
        }
        return program.candidates[Int(slot.pointee.node)]
    }

    @inline(__always)
    func slot(of key: String, in table: KeyTable) -> UnsafePointer<KeySlot>? {
        guard table.count > 0 else { return nil }
        let words = KeyWords(key)
        let mask = Int(table.mask)
        let first = program.slots + Int(table.start)
        var position = Int(truncatingIfNeeded: KeyTable.hash(words, key, seed: program.seed) >> 32) & mask
        while true {
            let slot = first + position
            guard slot.pointee.key >= 0 else { return nil }
            if slot.pointee.words == words,
                words.length <= KeyWords.complete || haveSameBytes(program.tables.keys[Int(slot.pointee.key)], key)
            {
                return slot
            }
            position = (position + 1) & mask
        }
    }
}
