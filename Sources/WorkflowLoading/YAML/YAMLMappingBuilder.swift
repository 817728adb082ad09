import Diagnostics

/// Collects the members of one mapping: refuses repeated keys and merges `<<`.
struct YAMLMappingBuilder {
    private(set) var entries: [YAMLEntry] = []
    private var positions: [String: Int] = [:]
    private var merges: [(node: YAMLNode, keyRange: SourceRange)] = []
    /// The place of the last member that was written in this mapping.
    private(set) var lastRange: SourceRange?

    mutating func add(key: YAMLNode, keyRange: SourceRange, value: YAMLNode, _ diagnostics: inout DiagnosticBag) {
        lastRange = value.range.map { $0.end > keyRange.end ? $0 : keyRange } ?? keyRange
        guard let scalar = key.scalar else {
            diagnostics.error("WF0101", "malformed YAML: a key must be text, not a list or a map", at: keyRange)
            return
        }
        if scalar.style == .plain, scalar.text == "<<" {
            merges.append((value, keyRange))
            return
        }
        if let position = positions[scalar.text] {
            var finding = Diagnostic(.error, "WF0102", "duplicate key '\(scalar.text)'", at: keyRange)
            if let first = entries[position].keyRange { finding.notes.append("it is first written at \(first.place)") }
            diagnostics.append(finding)
            return
        }
        append(YAMLEntry(key: scalar.text, keyRange: keyRange, value: value))
    }

    /// Adds the members of merged mappings that are not written here; returns how many they are.
    mutating func finish(_ diagnostics: inout DiagnosticBag) -> Int {
        let written = entries.count
        for (node, keyRange) in merges {
            for source in node.elements ?? [node] {
                guard let members = source.entries else {
                    diagnostics.error("WF0101", "malformed YAML: '<<' merges maps only", at: keyRange)
                    continue
                }
                for entry in members where positions[entry.key] == nil { append(entry) }
            }
        }
        return entries.count - written
    }

    private mutating func append(_ entry: YAMLEntry) {
        positions[entry.key] = entries.count
        entries.append(entry)
    }
}
