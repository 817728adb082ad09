import JSON

extension Run {
    mutating func acceptsArray(_ elements: [JSONValue], _ stretch: Stretch, _ marks: Marks) -> Bool {
        for position in stretch.range {
            switch instructions[position] {
            case .minItems(let limit): guard elements.count >= limit else { return false }
            case .maxItems(let limit): guard elements.count <= limit else { return false }
            case .uniqueItems: guard ValueEquality.firstDuplicate(elements) == nil else { return false }
            case .items(let index):
                guard acceptsItems(elements, index, marks) else { return false }
            case .contains(let index):
                guard acceptsContains(elements, program.containsRules[Int(index)], marks) else { return false }
            default: break
            }
        }
        return true
    }

    private mutating func acceptsItems(_ elements: [JSONValue], _ index: Int32, _ marks: Marks) -> Bool {
        let (prefix, rest) = program.itemRules.withUnsafeBufferPointer { rules in
            (rules[Int(index)].prefix, rules[Int(index)].rest)
        }
        let leading = min(Int(prefix.count), elements.count)
        for position in 0..<leading {
            guard accepts(children[Int(prefix.start) + position], elements[position], nil) else { return false }
            marks?.insert(position)
        }
        guard rest >= 0, leading < elements.count else { return true }
        for position in leading..<elements.count {
            guard accepts(rest, elements[position], nil) else { return false }
        }
        marks?.insertAll()
        return true
    }

    private mutating func acceptsContains(_ elements: [JSONValue], _ rule: ContainsRule, _ marks: Marks) -> Bool {
        var found = 0
        // Every match counts as evaluated, so none may be skipped when somebody asks.
        let needsAll = marks != nil && rule.marks
        for (position, element) in elements.enumerated() {
            guard accepts(rule.node, element, nil) else { continue }
            found += 1
            if rule.marks { marks?.insert(position) }
            if found > rule.maximum { return false }
            if !needsAll, found >= rule.minimum, rule.maximum == .max { return true }
        }
        return found >= rule.minimum && !isExhausted
    }
}
