extension Diagnostic {
    /// The finding as text for a person: place, sentence, the source line and a caret under the range.
    ///
    /// ```
    /// workflows/a.yaml:7:11: error[WF0203]: step 'b' is used before it runs
    ///   7 |     tool: "x_{{ .results.b.name }}"
    ///     |               ^^^^^^^^^^^^^^^^^
    ///   = hint: move step 'b' before this one
    /// ```
    package func rendered() -> String {
        var lines: [String] = []
        let head = "\(severity.rawValue)[\(code)]: \(message)"
        if let range {
            lines.append("\(range.place): \(head)")
            lines += sourceExcerpt(range)
        } else {
            lines.append(head)
        }
        lines += notes.map { "  = note: \($0)" }
        if let hint { lines.append("  = hint: \(hint)") }
        return lines.joined(separator: "\n")
    }

    private func sourceExcerpt(_ range: SourceRange) -> [String] {
        let (line, column) = range.file.position(at: range.start)
        let (endLine, endColumn) = range.file.position(at: max(range.end, range.start))
        let text = range.file.text(ofLine: line)
        let scalars = Array(text.unicodeScalars)
        let width = endLine == line ? max(endColumn - column, 1) : max(scalars.count - column + 1, 1)
        // Tabs are kept in the padding, so that the caret stands under its character.
        let padding = scalars.prefix(column - 1).map { $0 == "\t" ? "\t" : " " }.joined()
        let number = String(line)
        let gutter = String(repeating: " ", count: number.count)
        return [
            "  \(number) | \(text)",
            "  \(gutter) | \(padding)\(String(repeating: "^", count: width))",
        ]
    }
}

extension DiagnosticBag {
    /// All findings as text, in the order of file and place, errors and warnings together.
    package func rendered() -> String { sorted.map { $0.rendered() }.joined(separator: "\n") }

    package var sorted: [Diagnostic] {
        diagnostics.enumerated().sorted { left, right in
            let a = (left.element.range?.file.name ?? "", left.element.range?.start ?? 0, left.offset)
            let b = (right.element.range?.file.name ?? "", right.element.range?.start ?? 0, right.offset)
            return a < b
        }.map(\.element)
    }
}
