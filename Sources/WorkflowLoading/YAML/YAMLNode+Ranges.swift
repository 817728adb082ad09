package import Diagnostics

extension YAMLNode {
    /// The place in the file of part of a scalar's text.
    ///
    /// `start` and `end` are UTF-8 offsets into the text. The characters other than blanks are matched one by one with
    /// the file, which works for plain, block and simply quoted scalars. Where escapes or `''` make text and file
    /// differ, the whole scalar is returned. Nil for a node without a place.
    package func range(ofText start: Int, _ end: Int) -> SourceRange? {
        guard let range, let scalar, scalar.style != .doubleQuoted || hasNoEscapes(range) else { return range }
        let text = Array(scalar.text.utf8)
        guard start >= 0, start <= end, end <= text.count else { return range }
        guard let places = places(of: text, in: range, style: scalar.style) else { return range }
        let first = start < text.count ? places[start] : places.last.map { $0 + 1 } ?? range.start
        let last = end > start ? places[end - 1] + 1 : first
        return SourceRange(file: range.file, start: first, end: max(first, last))
    }

    private func hasNoEscapes(_ range: SourceRange) -> Bool {
        !range.file.bytes[range.start..<range.end].contains(UInt8(ascii: "\\"))
    }

    /// The file offset of each byte of the text; nil when text and file do not match.
    private func places(of text: [UInt8], in range: SourceRange, style: YAMLScalar.Style) -> [Int]? {
        let bytes = range.file.bytes
        var cursor = contentStart(range, style: style)
        var places: [Int] = []
        places.reserveCapacity(text.count)
        for byte in text {
            if Self.isBlank(byte) {
                // A blank stands for itself where it can; a folded line break stands where the file breaks the line.
                if cursor < range.end, Self.isBlank(bytes[cursor]) {
                    places.append(cursor)
                    cursor += 1
                } else {
                    places.append(min(cursor, max(range.end - 1, range.start)))
                }
                continue
            }
            while cursor < range.end, Self.isBlank(bytes[cursor]) { cursor += 1 }
            guard cursor < range.end, bytes[cursor] == byte else { return nil }
            places.append(cursor)
            cursor += 1
        }
        return places
    }

    /// Where the text begins: after the quote, after the header line of a block, after tag and anchor.
    private func contentStart(_ range: SourceRange, style: YAMLScalar.Style) -> Int {
        let bytes = range.file.bytes
        var cursor = range.start
        while cursor < range.end, bytes[cursor] == UInt8(ascii: "!") || bytes[cursor] == UInt8(ascii: "&") {
            while cursor < range.end, !Self.isBlank(bytes[cursor]) { cursor += 1 }
            while cursor < range.end, Self.isBlank(bytes[cursor]) { cursor += 1 }
        }
        switch style {
        case .plain: return cursor
        case .singleQuoted, .doubleQuoted: return cursor + 1
        case .literal, .folded:
            while cursor < range.end, bytes[cursor] != 0x0A { cursor += 1 }
            return cursor
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
}
