package import Diagnostics

/// The file that a definition was read from, and where its templates stand in it.
package struct DefinitionOrigin: Sendable {
    /// A text of the definition that is a template.
    package struct Text: Sendable {
        /// Key of the step that it belongs to, without numbers of iterations; empty for what belongs to no step.
        package var owner: String
        /// Dotted, e.g. `labels.team` or `items[2]`, below the owner's arguments or the definition.
        package var path: String
        package var text: String
        /// The place of a part of the text, given as UTF-8 offsets into it.
        package var range: @Sendable (Range<Int>) -> SourceRange?

        package init(
            owner: String,
            path: String,
            text: String,
            range: @escaping @Sendable (Range<Int>) -> SourceRange?
        ) {
            self.owner = owner
            self.path = path
            self.text = text
            self.range = range
        }
    }

    private let file: SourceFile
    private let texts: [String: [Text]]

    package init(file: SourceFile, texts: [Text]) {
        self.file = file
        self.texts = Dictionary(grouping: texts, by: \.text)
    }

    package var fileName: String { file.name }
    package var fileText: String { String(decoding: file.bytes, as: UTF8.self) }

    /// `file:line:column` of a part of a template; nil when the file has no such text.
    ///
    /// The same text may stand in several places: one of this owner and path is preferred.
    package func place(of part: Range<Int>, in text: String, owner: String, path: String) -> String? {
        func fit(_ candidate: Text) -> Int {
            (candidate.owner == owner ? 2 : 0) + (candidate.path.hasSuffix(path) ? 1 : 0)
        }
        guard let candidates = texts[text], var best = candidates.first else { return nil }
        for candidate in candidates where fit(candidate) > fit(best) { best = candidate }
        return best.range(part)?.place
    }
}
