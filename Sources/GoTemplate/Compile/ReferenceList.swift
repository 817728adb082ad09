/// Collects the data that a template reads by constant names, in the order of the text.
struct ReferenceList: Sendable {
    /// Names that stand for a root key rather than for something inside one.
    static let rootKeys: Set<String> = [
        "input", "results", "context", "vars", "execution", "step", "result", "error", "args", "stepResults",
    ]

    private var references: [TemplateReference] = []

    var count: Int { references.count }

    /// Every occurrence, once for each path that is read there.
    var all: [TemplateReference] {
        var seen: Set<TemplateReference> = []
        return references.filter { seen.insert($0).inserted }.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
    }

    /// Every path once, at its first place. What is read of a list's element belongs to the list.
    var distinct: [TemplateReference] {
        var seen: Set<[String]> = []
        return all.compactMap { reference in
            var reference = reference
            reference.path = Array(reference.path.prefix { $0.first != "[" })
            return !reference.path.isEmpty && seen.insert(reference.path).inserted ? reference : nil
        }
    }

    mutating func add(_ origin: Origin, at place: Place) {
        guard case .path(let path) = origin, let first = path.first else { return }
        references.append(
            TemplateReference(
                path: path,
                start: Int(place.start),
                end: Int(place.end),
                isBare: !Self.rootKeys.contains(first)
            )
        )
    }

    mutating func add(contentsOf other: ReferenceList) { references += other.references }

    /// Forgets the one at `position` when it is the last: a longer path takes its place.
    mutating func replaceLast(from position: Int) {
        if references.count == position + 1 { references.removeLast() }
    }
}
