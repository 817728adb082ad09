import JSON

extension Explainer {
    mutating func explainObject(_ node: Int32, _ object: JSONObject, _ value: JSONValue, _ stretch: Stretch) {
        for position in stretch.range {
            switch program.instructions[position] {
            case .minProperties(let limit):
                if object.count < limit { reportCount(node, "minProperties", "at least", limit, object.count) }
            case .maxProperties(let limit):
                if object.count > limit { reportCount(node, "maxProperties", "at most", limit, object.count) }
            case .propertyNames(let child): explainNames(node, object, child)
            case .dependentRequired(let index):
                let rule = program.dependentNames[Int(index)]
                for (name, others) in rule.entries where object.hasKey(name) {
                    for other in others where !object.hasKey(other) {
                        let head = "\(subjectOfMissing(other)) is required when \(Phrase.quoted(name)) is there"
                        report(node, rule.keyword, "/\(rule.keyword)/\(Pointer.escaped(name))", .init(head: head))
                    }
                }
            case .dependentSchemas(let index):
                let rule = program.dependentNodes[Int(index)]
                for (name, child) in rule.entries where object.hasKey(name) {
                    explain(child, under: "/\(rule.keyword)/\(Pointer.escaped(name))", value)
                }
            default: break
            }
        }
    }

    private mutating func reportCount(_ node: Int32, _ keyword: String, _ words: String, _ limit: Int, _ count: Int) {
        let expected =
            "\(path.subject) must have \(words) \(Phrase.count(limit, "property", "properties")), got \(count)"
        report(node, keyword, "/" + keyword, .init(head: expected))
    }

    private func subjectOfMissing(_ name: String) -> String {
        let place = path.steps.isEmpty ? "" : " of \(path.subject)"
        return "property \(Phrase.quoted(name))\(place)"
    }

    // MARK: Members

    mutating func explainMembers(_ node: Int32, _ object: JSONObject, _ rules: MemberRules) {
        for name in program.requiredKeys[rules.required.range] where !object.hasKey(name) {
            let place = path.steps.isEmpty ? "" : " of \(path.subject)"
            report(
                node,
                "required",
                "/required",
                .init(head: "missing required property \(Phrase.quoted(name))\(place)")
            )
        }
        for (key, value) in object where !isFull { explainMember(node, key, value, rules) }
    }

    private mutating func explainMember(_ node: Int32, _ key: String, _ value: JSONValue, _ rules: MemberRules) {
        var isDeclared = false
        if let slot = run.slot(of: key, in: rules.table), slot.pointee.isDeclared {
            isDeclared = true
            let child = slot.pointee.node
            descend(.key(key)) { $0.explain(child, under: "/properties/" + Pointer.escaped(key), value) }
        }
        for rule in program.patternRules[rules.patterns.range] {
            guard run.matches(rule.pattern, key) else {
                guard run.isExhausted else { continue }
                return stop(node, "patternProperties", question: "the name \(Phrase.quoted(key)) matches a pattern")
            }
            isDeclared = true
            let suffix = "/patternProperties/" + Pointer.escaped(program.patterns[Int(rule.pattern)].source)
            descend(.key(key)) { $0.explain(rule.node, under: suffix, value) }
        }
        guard !isDeclared, rules.additional >= 0 else { return }
        if program.nodes[Int(rules.additional)].types == [] {
            let near = NearestName.to(key, among: declaredNames(rules))
            descend(.key(key)) { $0.reportUnknown(node, key, near) }
        } else {
            descend(.key(key)) { $0.explain(rules.additional, under: "/additionalProperties", value) }
        }
    }

    private func declaredNames(_ rules: MemberRules) -> [String] {
        let first = Int(rules.table.start)
        // By key index, which is the order in the schema.
        return program.keySlots[first...(first + Int(rules.table.mask))]
            .filter { $0.key >= 0 && $0.isDeclared }.sorted { $0.key < $1.key }.map { program.keys[Int($0.key)] }
    }

    private mutating func reportUnknown(_ node: Int32, _ key: String, _ near: String?) {
        let outer = InstancePath(steps: path.steps.dropLast())
        let place = outer.steps.isEmpty ? "" : " in \(outer.subject)"
        let hint = near.map { ", did you mean \(Phrase.quoted($0))?" } ?? ""
        let head = "unknown property \(Phrase.quoted(key))\(place)\(hint)"
        report(node, "additionalProperties", "/additionalProperties", .init(head: head))
    }

    private mutating func explainNames(_ node: Int32, _ object: JSONObject, _ child: Int32) {
        for (key, _) in object where !isFull {
            guard asks(child, .string(key), for: node, "propertyNames") == false else { continue }
            let reason = trial(child, under: "/propertyNames", .string(key)).first?.sentence.head
            let place = path.steps.isEmpty ? "" : " of \(path.subject)"
            var head = "the property name \(Phrase.quoted(key))\(place) is not allowed"
            // The reason speaks of the value; here that is the name.
            if let reason, let start = reason.firstRange(of: path.subject + " ") {
                head += ": a name " + reason[start.upperBound...].replacing(", got ", with: "")
            }
            report(node, "propertyNames", "/propertyNames", .init(head: head))
        }
    }
}
