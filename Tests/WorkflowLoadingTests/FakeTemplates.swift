import WorkflowLoading

/// Stands in for the template engine: `.a.b` chains inside `{{ }}`, and bare words that are no keywords.
enum FakeTemplates {
    @Sendable static func references(_ text: String) -> Result<[TemplateReference], TemplateProblem> {
        let bytes = Array(text.utf8)
        var found: [TemplateReference] = []
        var cursor = 0
        while let open = find("{{", in: bytes, from: cursor) {
            guard let close = find("}}", in: bytes, from: open) else {
                return .failure(TemplateProblem(message: "unclosed action", offset: open))
            }
            found += chains(bytes, open + 2, close)
            cursor = close + 2
        }
        return .success(found)
    }

    private static func find(_ pair: String, in bytes: [UInt8], from start: Int) -> Int? {
        let wanted = Array(pair.utf8)
        guard start + 1 < bytes.count else { return nil }
        return (start..<bytes.count - 1).first { bytes[$0] == wanted[0] && bytes[$0 + 1] == wanted[1] }
    }

    private static func chains(_ bytes: [UInt8], _ start: Int, _ end: Int) -> [TemplateReference] {
        var found: [TemplateReference] = []
        var cursor = start
        while cursor < end {
            let first = cursor
            while cursor < end, bytes[cursor] != 0x20 { cursor += 1 }
            let word = String(decoding: bytes[first..<cursor], as: UTF8.self)
            if word.contains(where: \.isLetter), !word.hasPrefix("\"") {
                let path = word.split(separator: ".").map(String.init)
                found.append(TemplateReference(path: path, start: first, end: cursor))
            }
            cursor += 1
        }
        return found
    }
}
