/// Cuts a template's bytes into tokens, one at a time.
///
/// Comments vanish here, and so does the white space that trim markers eat.
struct Lexer {
    let bytes: [UInt8]
    var offset = 0
    private var isInsideAction = false
    /// Set by a closing `-}}`: the next text loses its leading white space.
    private var trimsNextText = false
    private var actionStart = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() throws(TemplateError) -> Token {
        if isInsideAction { return try nextInAction() }
        return try nextText()
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }

    func byte(at index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

    func has(_ first: UInt8, _ second: UInt8, at index: Int) -> Bool {
        index + 1 < bytes.count && bytes[index] == first && bytes[index + 1] == second
    }

    func error(_ message: String, at place: Int? = nil) -> TemplateError {
        TemplateError(.syntax, message, at: place ?? offset)
    }

    // MARK: Text

    private mutating func nextText() throws(TemplateError) -> Token {
        while true {
            var start = offset
            if trimsNextText {
                while start < bytes.count, Self.isSpace(bytes[start]) { start += 1 }
                trimsNextText = false
            }
            var open = start
            while open < bytes.count, !has(0x7B, 0x7B, at: open) { open += 1 }
            guard open < bytes.count else {
                offset = bytes.count
                return Token(kind: start < offset ? .text : .end, start: start, end: offset)
            }
            var end = open
            if opensWithTrim(at: open) {
                while end > start, Self.isSpace(bytes[end - 1]) { end -= 1 }
            }
            if end > start {
                offset = open
                return Token(kind: .text, start: start, end: end)
            }
            if let token = try openAction(at: open) { return token }
        }
    }

    /// `{{-` trims only when white space follows, so that `{{-1}}` is a number.
    private func opensWithTrim(at open: Int) -> Bool {
        guard byte(at: open + 2) == UInt8(ascii: "-"), let next = byte(at: open + 3) else { return false }
        return Self.isSpace(next)
    }

    /// The opening delimiter, or nil after a comment.
    private mutating func openAction(at open: Int) throws(TemplateError) -> Token? {
        actionStart = open
        offset = open + 2
        let isTrimming = opensWithTrim(at: open)
        let content = isTrimming ? offset + 2 : offset
        if has(UInt8(ascii: "/"), UInt8(ascii: "*"), at: content) {
            try skipComment(from: content + 2)
            return nil
        }
        if isTrimming { offset += 1 }
        isInsideAction = true
        return Token(kind: .leftDelimiter, start: open, end: offset)
    }

    private mutating func skipComment(from start: Int) throws(TemplateError) {
        var index = start
        while index < bytes.count, !has(UInt8(ascii: "*"), UInt8(ascii: "/"), at: index) { index += 1 }
        guard index < bytes.count else { throw error("unclosed comment", at: actionStart) }
        index += 2
        if closesWithTrim(at: index) {
            trimsNextText = true
            offset = index + 4
        } else if has(0x7D, 0x7D, at: index) {
            offset = index + 2
        } else {
            throw error("comment ends before closing delimiter", at: index)
        }
    }

    private func closesWithTrim(at index: Int) -> Bool {
        guard let space = byte(at: index), Self.isSpace(space), byte(at: index + 1) == UInt8(ascii: "-") else {
            return false
        }
        return has(0x7D, 0x7D, at: index + 2)
    }

    // MARK: Actions

    private mutating func nextInAction() throws(TemplateError) -> Token {
        var followsSpace = false
        while let byte = byte(at: offset), Self.isSpace(byte) {
            if closesWithTrim(at: offset) { return close(length: 4, trims: true, followsSpace: followsSpace) }
            followsSpace = true
            offset += 1
        }
        guard offset < bytes.count else { throw error("unclosed action", at: actionStart) }
        if has(0x7D, 0x7D, at: offset) { return close(length: 2, trims: false, followsSpace: followsSpace) }
        var token = try scanToken()
        token.followsSpace = followsSpace
        return token
    }

    private mutating func close(length: Int, trims: Bool, followsSpace: Bool) -> Token {
        let start = offset
        offset += length
        trimsNextText = trims
        isInsideAction = false
        return Token(kind: .rightDelimiter, start: start, end: offset, followsSpace: followsSpace)
    }
}
