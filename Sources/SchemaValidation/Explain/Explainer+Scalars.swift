import JSON

extension Explainer {
    mutating func explainNumber(_ node: Int32, _ value: JSONValue, _ stretch: Stretch) {
        for position in stretch.range {
            let instruction = program.instructions[position]
            guard !run.acceptsNumber(HeldValue(value), instruction) else { continue }
            if run.isExhausted { return stop(node, "multipleOf", question: "\(path.subject) is a multiple") }
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
            let instruction = program.instructions[position]
            guard !run.acceptsText(text, instruction) else { continue }
            if run.isExhausted { return stop(node, "pattern", question: "\(path.subject) matches its pattern") }
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

    private mutating func reportLength(_ node: Int32, _ keyword: String, _ words: String, _ limit: Int, _ text: String)
    {
        let expected = "\(path.subject) \(words) \(Phrase.count(limit, "character"))"
        report(node, keyword, "/" + keyword, .init(head: expected, tail: ", got \(TextLength.count(text))"))
    }

    mutating func explainConstant(_ node: Int32, _ expected: JSONValue, _ value: JSONValue) {
        guard !ValueEquality.areEqual(expected, value) else { return }
        reportValues(node, "const", [expected], value)
    }

    mutating func explainEnumeration(_ node: Int32, _ enumeration: Enumeration, _ value: JSONValue) {
        guard !enumeration.contains(value) else { return }
        reportValues(node, "enum", enumeration.values, value)
    }

    /// So many values are listed.
    private static let listedValues = 8

    /// Reports that a value is none of those that are possible.
    mutating func reportValues(_ node: Int32, _ keyword: String, _ values: [JSONValue], _ value: JSONValue) {
        var words = values.prefix(Self.listedValues).map { Phrase.literal($0) }
        if values.count > words.count { words.append("\(values.count - words.count) others") }
        var head = "\(path.subject) must be \(words.count == 1 ? "" : "one of ")\(Phrase.alternatives(words)), got "
        if values.isEmpty { head = "no value is allowed\(path.steps.isEmpty ? "" : " for \(path.subject)"), got " }
        var tail = ""
        if case .string(let text) = value {
            let near = NearestName.to(text, among: values.lazy.compactMap(\.stringValue))
            if let near { tail = ", did you mean \(Phrase.shown(.string(near)))?" }
        }
        report(node, keyword, "/" + keyword, .init(head: head, value: value, tail: tail), expected: values)
    }
}
