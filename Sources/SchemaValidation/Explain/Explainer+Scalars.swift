import JSON

extension Explainer {
    mutating func explainNumber(_ node: Int32, _ value: JSONValue, _ stretch: Stretch) {
        for position in stretch.range {
            let instruction = run.instructions[position]
            guard !run.acceptsNumber(value, instruction) else { continue }
            switch instruction {
            case .minimum(let limit): report(node, "minimum", expected: "must be at least \(limit)", value)
            case .maximum(let limit): report(node, "maximum", expected: "must be at most \(limit)", value)
            case .bound(let index): explainBound(node, program.bounds[Int(index)], value)
            case .multipleOf(let index):
                let divisor = Phrase.shown(program.divisorValues[Int(index)])
                report(node, "multipleOf", expected: "must be a multiple of \(divisor)", value)
            default: break
            }
        }
    }

    private mutating func explainBound(_ node: Int32, _ bound: Bound, _ value: JSONValue) {
        let limit = Phrase.shown(bound.limit)
        let words =
            bound.isUpper
            ? (bound.isExclusive ? "must be less than" : "must be at most")
            : (bound.isExclusive ? "must be greater than" : "must be at least")
        report(node, bound.keyword, expected: "\(words) \(limit)", value)
    }

    mutating func explainText(_ node: Int32, _ text: String, _ stretch: Stretch) {
        for position in stretch.range {
            let instruction = run.instructions[position]
            guard !run.acceptsText(text, instruction) else { continue }
            let value = JSONValue.string(text)
            switch instruction {
            case .minLength(let limit): reportLength(node, "minLength", "must have at least", limit, text)
            case .maxLength(let limit): reportLength(node, "maxLength", "must have at most", limit, text)
            case .pattern(let index):
                let source = shortened(program.patterns[Int(index)].source)
                report(node, "pattern", expected: "must match the pattern \(source)", value)
            case .format(let format): report(node, "format", expected: "must be \(format.phrase)", value)
            default: break
            }
        }
    }

    private mutating func reportLength(_ node: Int32, _ keyword: String, _ words: String, _ limit: Int, _ text: String) {
        let expected = "\(path.subject) \(words) \(Phrase.count(limit, "character"))"
        report(node, keyword, "/" + keyword, .init(head: "\(expected), got \(TextLength.count(text))"))
    }

    mutating func explainConstant(_ node: Int32, _ expected: JSONValue, _ value: JSONValue) {
        guard !ValueEquality.areEqual(expected, value) else { return }
        report(node, "const", expected: "must be \(Phrase.literal(expected))", value)
    }

    /// So many values of an `enum` are listed.
    private static let listedValues = 8

    mutating func explainEnumeration(_ node: Int32, _ enumeration: Enumeration, _ value: JSONValue) {
        guard !enumeration.contains(value) else { return }
        let values = enumeration.values
        guard !values.isEmpty else { return report(node, "enum", expected: "has no allowed value", value) }
        var words = values.prefix(Self.listedValues).map { Phrase.literal($0) }
        if values.count > words.count { words.append("\(values.count - words.count) others") }
        let expected = words.count == 1 ? "must be \(words[0])" : "must be one of \(Phrase.alternatives(words))"
        var tail = ""
        if case .string(let text) = value {
            let near = NearestName.to(text, among: values.lazy.compactMap(\.stringValue))
            if let near { tail = ", did you mean \(Phrase.shown(.string(near)))?" }
        }
        report(node, "enum", expected: expected, value, tail: tail)
    }
}
