import JSON

extension Run {
    mutating func acceptsArray(_ elements: [JSONValue], _ stretch: Stretch, _ marks: Marks) -> Bool {
        for position in stretch.range {
            switch program.instructions[position] {
            case .minItems(let limit): guard elements.count >= limit else { return false }
            case .maxItems(let limit): guard elements.count <= limit else { return false }
            case .uniqueItems:
                guard spend(Weight.steps(of: elements)), ValueEquality.firstDuplicate(elements) == nil else {
                    return false
                }
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
        let rules = program.itemRules + Int(index)
        return elements.withHeld { held in
            let leading = min(Int(rules.pointee.prefix.count), held.count)
            for position in 0..<leading {
                let child = program.children[Int(rules.pointee.prefix.start) + position]
                guard accepts(child, held[position], nil) else { return false }
                marks?.insert(position)
            }
            let rest = rules.pointee.rest
            guard rest >= 0, leading < held.count else { return true }
            // Elements of which only the type is checked take no steps of their own.
            guard spend((held.count - leading) >> 3) else { return false }
            for position in leading..<held.count {
                guard accepts(rest, held[position], nil) else { return false }
            }
            marks?.insertAll()
            return true
        }
    }

    private mutating func acceptsContains(_ elements: [JSONValue], _ rule: ContainsRule, _ marks: Marks) -> Bool {
        // Every match counts as evaluated, so none may be skipped when somebody asks.
        let needsAll = marks != nil && rule.marks
        let found = elements.withHeld { held in
            var found = 0
            for position in 0..<held.count where accepts(rule.node, held[position], nil) {
                found += 1
                if rule.marks { marks?.insert(position) }
                if found > rule.maximum { break }
                if !needsAll, found >= rule.minimum, rule.maximum == .max { break }
            }
            return found
        }
        return found >= rule.minimum && found <= rule.maximum && !isExhausted
    }
}
