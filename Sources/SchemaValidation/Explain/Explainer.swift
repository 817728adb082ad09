import JSON

/// Walks through a value that was refused, and says why.
///
/// It asks the quick run where only yes or no matters, and shares its budget of steps.
struct Explainer {
    var run: Run
    let options: ValidationOptions
    private(set) var drafts: [ErrorDraft] = []
    private(set) var path = InstancePath()
    private var evaluation: [String] = []
    private var isTruncated = false
    /// Whether something could not be decided, so that the rest is not looked at.
    private var isStopped = false
    /// Sentences that were already said about a place: the same schema may apply twice.
    private var said: Set<String> = []

    init(run: Run, options: ValidationOptions) {
        self.run = run
        program = run.program.tables
        self.options = options
    }

    let program: ProgramTables

    mutating func explain(_ value: JSONValue) -> ValidationResult {
        explain(0, value)
        if drafts.isEmpty {
            isStopped = false
            report(0, "", "", .init(head: "\(path.subject) does not satisfy the schema"))
        }
        // One more than asked for was looked for, to know whether there are more.
        if drafts.count > maximumErrors {
            drafts.removeLast(drafts.count - maximumErrors)
            isTruncated = true
        }
        var sensitivity = Sensitivity(run: run, isSensitive: options.isSensitive)
        sensitivity.look(at: drafts)
        return ValidationResult(
            errors: drafts.map { $0.finished(hidden: sensitivity.hidden) },
            isTruncated: isTruncated
        )
    }

    var isFull: Bool { isStopped || drafts.count > maximumErrors }

    private var maximumErrors: Int { max(options.maximumErrors, 1) }

    // MARK: Asking

    /// Whether a subschema accepts a value; nil when that was not found out, which is reported here.
    mutating func asks(_ child: Int32, _ value: JSONValue, for node: Int32, _ keyword: String) -> Bool? {
        guard !isStopped else { return nil }
        let answer = run.accepts(child, HeldValue(value), nil)
        guard run.isExhausted else { return answer }
        stop(node, keyword, question: "\(path.subject) is accepted by the schema under '\(keyword)'")
        return nil
    }

    /// Ends the explanation after an interruption, and says what could not be decided.
    mutating func stop(_ node: Int32, _ keyword: String, question: String) {
        isTruncated = true
        guard !isStopped else { return }
        let reason: String
        switch run.interruption {
        case .pattern(let index):
            reason = "the pattern \(shortened(program.patterns[Int(index)].source)) takes too many steps"
        case .divisor(let index):
            reason = "dividing by \(Phrase.shown(program.divisorValues[Int(index)])) takes too many steps"
        default:
            // Explaining takes more steps than validating did; what was found so far is true.
            isStopped = true
            return
        }
        let sentence = ErrorDraft.Sentence(head: "it could not be decided whether \(question): \(reason)")
        report(node, ValidationError.undecided, "/" + keyword, sentence)
        isStopped = true
    }

    // MARK: Reporting

    /// Adds an error.
    ///
    /// - Parameters:
    ///   - suffix: pointer from the node to the keyword.
    ///   - sentence: with the value that it ends in, if any.
    mutating func report(
        _ node: Int32,
        _ keyword: String,
        _ suffix: String,
        _ sentence: ErrorDraft.Sentence,
        expected: [JSONValue] = [],
        causes: [ErrorDraft] = [],
        alternative: (number: Int, count: Int)? = nil
    ) {
        guard !isFull else {
            isTruncated = true
            return
        }
        guard said.insert(path.pointer + "\u{0}" + sentence.head + sentence.tail).inserted else { return }
        let info = program.infos[Int(node)]
        drafts.append(
            ErrorDraft(
                path: path,
                keywordLocation: evaluation.joined() + suffix,
                absoluteKeywordLocation: info.resourceURI + "#" + info.pointer + suffix,
                keyword: keyword,
                sentence: sentence,
                expected: expected,
                causes: causes,
                alternative: alternative
            )
        )
    }

    /// Takes over an error that a trial has found.
    mutating func adopt(_ draft: ErrorDraft) {
        if isFull { isTruncated = true } else { drafts.append(draft) }
    }

    /// Adds an error about the value at hand: `subject`, what is expected, what there is.
    mutating func report(_ node: Int32, _ keyword: String, expected: String, _ value: JSONValue, tail: String = "") {
        report(
            node,
            keyword,
            "/" + keyword,
            .init(head: "\(path.subject) \(expected), got ", value: value, tail: tail)
        )
    }

    // MARK: Walking

    mutating func descend(_ step: PathStep, _ body: (inout Explainer) -> Void) {
        path.steps.append(step)
        body(&self)
        path.steps.removeLast()
    }

    /// Explains a subschema of a node.
    mutating func explain(_ node: Int32, under suffix: String, _ value: JSONValue) {
        evaluation.append(suffix)
        explain(node, value)
        evaluation.removeLast()
    }

    /// The errors that a branch would give, without reporting them.
    mutating func trial(_ node: Int32, under suffix: String, _ value: JSONValue) -> [ErrorDraft] {
        let (outer, outerSaid) = (drafts, said)
        drafts = []
        said = []
        explain(node, under: suffix, value)
        let found = drafts
        (drafts, said) = (outer, outerSaid)
        return found
    }

    mutating func explain(_ index: Int32, _ value: JSONValue) {
        run.stepsLeft -= 1
        run.depthLeft -= 1
        defer { run.depthLeft += 1 }
        guard run.stepsLeft > 0, run.depthLeft > 0, !isFull, !run.isExhausted else {
            isTruncated = true
            return
        }
        let node = program.nodes[Int(index)]
        let opensScope = program.tracksScope && run.scopes.last != node.resource
        if opensScope { run.scopes.append(node.resource) }
        defer { if opensScope { run.scopes.removeLast() } }
        guard node.types.contains(TypeSet.of(value)) else { return reportType(index, node, value) }
        let before = drafts.count
        switch value {
        case .integer, .double, .bigNumber: explainNumber(index, value, node.number)
        case .string(let text): explainText(index, text, node.string)
        case .array(let elements): explainArray(index, elements, node.array)
        case .object(let object):
            if node.members >= 0 { explainMembers(index, object, program.memberRules[Int(node.members)]) }
            explainObject(index, object, value, node.object)
        default: break
        }
        explainGeneral(index, value, node.general)
        // What was left over is only known when everything else accepted.
        if drafts.count == before { explainUnevaluated(index, node, value) }
    }

    private mutating func reportType(_ index: Int32, _ node: Node, _ value: JSONValue) {
        guard node.types != [] else {
            return report(index, "", "", .init(head: "\(path.subject) is not allowed"))
        }
        let types = node.types.names
        var expected = "must be \(Phrase.alternatives(types.map(Phrase.article)))"
        if types == ["integer"], value.isNumber { expected = "must be an integer" }
        report(index, "type", expected: expected, value)
    }

    // MARK: Unevaluated

    private mutating func explainUnevaluated(_ index: Int32, _ node: Node, _ value: JSONValue) {
        switch value {
        case .array(let elements) where node.unevaluatedItems >= 0:
            for position in unmarked(elements.count, value, node) {
                descend(.index(position)) {
                    $0.explainLeftOver(index, node.unevaluatedItems, "unevaluatedItems", elements[position])
                }
            }
        case .object(let object) where node.unevaluatedProperties >= 0:
            let left = Set(unmarked(object.count, value, node))
            for (position, (key, member)) in object.enumerated() where left.contains(position) {
                descend(.key(key)) {
                    $0.explainLeftOver(index, node.unevaluatedProperties, "unevaluatedProperties", member)
                }
            }
        default: break
        }
    }

    private mutating func explainLeftOver(_ index: Int32, _ child: Int32, _ keyword: String, _ value: JSONValue) {
        guard program.nodes[Int(child)].types == [] else { return explain(child, under: "/" + keyword, value) }
        report(index, keyword, "/" + keyword, .init(head: "\(path.subject) is not expected here"))
    }

    /// Positions that no other keyword has evaluated.
    private mutating func unmarked(_ count: Int, _ value: JSONValue, _ node: Node) -> [Int] {
        EvaluatedSet.withTemporary(count: count) { marks in
            switch value {
            case .array(let elements): _ = run.acceptsArray(elements, node.array, marks)
            case .object(let object):
                if node.members >= 0 {
                    _ = run.acceptsMembers(object, run.program.memberRules + Int(node.members), marks)
                }
                _ = run.acceptsObject(object, HeldValue(value), node.object, marks)
            default: break
            }
            _ = run.acceptsGeneral(HeldValue(value), node.general, marks)
            return (0..<count).filter { !marks.contains($0) }
        }
    }
}

extension Phrase {
    /// A type's name with its article.
    static func article(_ type: String) -> String {
        switch type {
        case "null": "null"
        case "array", "integer", "object": "an \(type)"
        default: "a \(type)"
        }
    }
}
