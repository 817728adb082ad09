package import Diagnostics

/// Reads YAML texts into nodes with places.
package enum YAMLReader {
    /// The documents of `file` in order, and what is wrong with it.
    ///
    /// Documents before a syntax error are kept. An empty file has no documents; an empty document is a null scalar.
    /// Findings: `WF0101` syntax, `WF0102` duplicate key, `WF0103` limits, `WF0113` odd scalars and tags.
    package static func documents(
        in file: SourceFile,
        limits: YAMLLimits = YAMLLimits()
    ) -> (documents: [YAMLNode], diagnostics: DiagnosticBag) {
        var diagnostics = DiagnosticBag()
        guard file.bytes.count <= limits.size else {
            let message = "the file has \(file.bytes.count) bytes, more than the limit of \(limits.size)"
            diagnostics.error("WF0103", message, at: SourceRange(file: file, start: 0, end: 0))
            return ([], diagnostics)
        }
        guard let events = YAMLEvents(file: file) else {
            diagnostics.error("WF0101", "the YAML parser could not be started", at: nil)
            return ([], diagnostics)
        }
        var composer = YAMLComposer(file: file, events: events, limits: limits)
        let documents = composer.documents()
        return (documents, composer.diagnostics)
    }
}
