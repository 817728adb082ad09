import JSON

extension Explainer {
    mutating func explainArray(_ node: Int32, _ elements: [JSONValue], _ stretch: Stretch) {
        for position in stretch.range {
            switch program.instructions[position] {
            case .minItems(let limit):
                if elements.count < limit { reportCount(node, "minItems", "at least", limit, elements.count) }
            case .maxItems(let limit):
                if elements.count > limit { reportCount(node, "maxItems", "at most", limit, elements.count) }
            case .uniqueItems:
                guard let (first, second) = ValueEquality.firstDuplicate(elements) else { continue }
                let head = "elements of \(path.subject) must differ, but \(first) and \(second) are equal"
                report(node, "uniqueItems", "/uniqueItems", .init(head: head))
            case .items(let index): explainItems(node, elements, program.itemRules[Int(index)])
            case .contains(let index): explainContains(node, elements, program.containsRules[Int(index)])
            default: break
            }
        }
    }

    private mutating func reportCount(_ node: Int32, _ keyword: String, _ words: String, _ limit: Int, _ count: Int) {
        let expected = "\(path.subject) must have \(words) \(Phrase.count(limit, "element")), got \(count)"
        report(node, keyword, "/" + keyword, .init(head: expected))
    }

    private mutating func explainItems(_ node: Int32, _ elements: [JSONValue], _ rules: ItemRules) {
        for (position, element) in elements.enumerated() where !isFull {
            if position < Int(rules.prefix.count) {
                let child = program.children[Int(rules.prefix.start) + position]
                descend(.index(position)) { $0.explain(child, under: "/\(rules.prefixKeyword)/\(position)", element) }
            } else if rules.rest >= 0 {
                if program.nodes[Int(rules.rest)].types == [] {
                    return reportCount(node, rules.restKeyword, "at most", Int(rules.prefix.count), elements.count)
                }
                descend(.index(position)) { $0.explain(rules.rest, under: "/" + rules.restKeyword, element) }
            }
        }
    }

    private mutating func explainContains(_ node: Int32, _ elements: [JSONValue], _ rule: ContainsRule) {
        var found = 0
        for element in elements {
            guard let isAccepted = asks(rule.node, element, for: node, "contains") else { return }
            if isAccepted { found += 1 }
        }
        if found < rule.minimum {
            let keyword = rule.minimum == 1 ? "contains" : "minContains"
            let wanted = Phrase.count(rule.minimum, "element")
            let head =
                "\(path.subject) must hold at least \(wanted) that the schema under 'contains' accepts, got \(found)"
            report(node, keyword, "/" + keyword, .init(head: head))
        } else if found > rule.maximum {
            let wanted = Phrase.count(rule.maximum, "element")
            let head =
                "\(path.subject) must hold at most \(wanted) that the schema under 'contains' accepts, got \(found)"
            report(node, "maxContains", "/maxContains", .init(head: head))
        }
    }
}
