/// Whether a URI can have come from a template. Source: RFC 6570, expressions taken as "anything".
enum URITemplate {
    static func matches(_ template: String, _ uri: String) -> Bool {
        var pieces: [[UInt8]] = [[]]
        var isInside = false
        for byte in template.utf8 {
            switch byte {
            case UInt8(ascii: "{"):
                isInside = true
                pieces.append([])
            case UInt8(ascii: "}"): isInside = false
            default: if !isInside { pieces[pieces.count - 1].append(byte) }
            }
        }
        let text = Array(uri.utf8)
        guard pieces.count > 1 else { return pieces[0] == text }
        guard text.starts(with: pieces[0]) else { return false }
        var rest = text[pieces[0].count...]
        for piece in pieces[1..<(pieces.count - 1)] {
            guard let found = find(piece, in: rest) else { return false }
            rest = rest[(found + piece.count)...]
        }
        let last = pieces[pieces.count - 1]
        return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
    }

    private static func find(_ piece: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
        guard !piece.isEmpty else { return text.startIndex }
        guard text.count >= piece.count else { return nil }
        for start in text.startIndex...(text.endIndex - piece.count)
        where text[start..<(start + piece.count)].elementsEqual(piece) { return start }
        return nil
    }
}
