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
    private var hidden: Set<InstancePath> = []
    private var isTruncated = false
    /// Sentences that were already said about a place: the same schema may apply twice.
    private var said: Set<String> = []

    init(run: Run, options: ValidationOptions) {
        self.run = run
        self.options = options
    }

    var program: Program { run.program }

    mutating func explain(_ value: JSONValue) -> ValidationResult {
        explain(0, value)
        if drafts.isEmpty {
            report(0, "", "", .init(head: "\(path.subject) does not satisfy the schema"))
        }
        return ValidationResult(errors: drafts.map { $0.finished(hidden: hidden) }, isTruncated: isTruncated)
    }

    var isFull: Bool { drafts.count >= options.maximumErrors }

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
        guard run.stepsLeft > 0, run.depthLeft > 0, !isFull else {
            isTruncated = true
            return
        }
        let node = program.nodes[Int(index)]
        let opensScope = program.tracksScope && run.scopes.last != node.resource
        if opensScope { run.scopes.append(node.resource) }
        defer { if opensScope { run.scopes.removeLast() } }
        noteSensitivity(index)
        guard node.types.contains(TypeSet.of(value)) else { return reportType(index, node, value) }
        let before = drafts.count
        switch value {
        case .integer, .double, .bigNumber: explainNumber(index, value, node.number)
        case .string(let text): explainText(index, text, node.string)
        case .array(let elements): explainArray(index, elements, node.array)
        case .object(let object): explainObject(index, object, value, node.object)
        default: break
        }
        explainGeneral(index, value, node.general)
        // What was left over is only known when everything else accepted.
        if drafts.count == before { explainUnevaluated(index, node, value) }
    }

    private mutating func noteSensitivity(_ index: Int32) {
        guard case .object(let schema) = program.infos[Int(index)].schema else { return }
        if options.isSensitive(path.pointer, schema) { hidden.insert(path) }
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
                descend(.index(position)) { $0.explainLeftOver(index, node.unevaluatedItems, "unevaluatedItems", elements[position]) }
            }
        case .object(let object) where node.unevaluatedProperties >= 0:
            let left = Set(unmarked(object.count, value, node))
            for (position, (key, member)) in object.enumerated() where left.contains(position) {
                descend(.key(key)) { $0.explainLeftOver(index, node.unevaluatedProperties, "unevaluatedProperties", member) }
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
            case .object(let object): _ = run.acceptsObject(object, value, node.object, marks)
            default: break
            }
            _ = run.acceptsGeneral(value, node.general, marks)
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
