/// Collects the data that a template reads by constant names, in the order of the text.
struct ReferenceList {
    /// Names that stand for a root key rather than for something inside one.
    static let rootKeys: Set<String> = [
        "input", "results", "context", "vars", "execution", "step", "result", "error", "args", "stepResults",
    ]

    private var references: [TemplateReference] = []

    var count: Int { references.count }

    /// Every path once, at its first place.
    var ordered: [TemplateReference] {
        var seen: Set<[String]> = []
        return references.sorted { ($0.start, $0.end) < ($1.start, $1.end) }.filter { seen.insert($0.path).inserted }
    }

    mutating func add(_ path: [String], _ operand: OperandSyntax) { add(path, start: operand.start, end: operand.end) }

    mutating func add(_ path: [String], start: Int, end: Int) {
        // What is read of a list's element belongs to the list.
        let path = Array(path.prefix { $0.first != "[" })
        guard let first = path.first else { return }
        references.append(
            TemplateReference(path: path, start: start, end: end, isBare: !Self.rootKeys.contains(first))
        )
    }

    /// `index .results "a" "b"` reads `results.a.b`: the constant keys are added to the path just noted.
    mutating func noteIndex(_ operands: [OperandSyntax], dotIsRoot: Bool, isMain: Bool, start: Int, end: Int) {
        guard let first = operands.first, let position = references.lastIndex(where: { $0.start == first.start }) else {
            return
        }
        for operand in operands.dropFirst() {
            guard case .text(let key) = operand.term else { return }
            references[position].path.append(key)
            references[position].end = operand.end
        }
    }

    /// `(…).a.b`: when the parentheses hold nothing but one reference, the fields belong to it.
    mutating func extend(from count: Int, by fields: [String], _ inner: PipelineSyntax, end: Int) {
        guard inner.commands.count == 1, inner.variables.isEmpty, references.count == count + 1 else { return }
        let operands = inner.commands[0].operands
        if operands.count > 1 {
            guard case .name("index") = operands[0].term else { return }
            let areTexts = operands.dropFirst(2).allSatisfy { if case .text = $0.term { true } else { false } }
            guard areTexts, references[count].start == operands[1].start else { return }
        }
        references[count].path += fields.prefix { $0.first != "[" }
        references[count].end = end
    }
}
