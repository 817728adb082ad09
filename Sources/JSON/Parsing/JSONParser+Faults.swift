/// What is wrong, and where. None of this runs while a text is right.
extension JSONParser {
    @inline(never)
    func error(_ code: JSONError.Code, _ message: String, at position: Int? = nil) -> JSONError {
        var place = TextPlace()
        place.advance(to: min(position ?? offset, bytes.count), in: bytes)
        return JSONError(code: code, message: message, offset: place.offset, line: place.line, column: place.column)
    }

    @inline(never)
    func unexpectedCharacter(expected: String) -> JSONError {
        guard offset < bytes.count else { return error(.unexpectedEnd, "the text ends where \(expected) is expected") }
        let byte = bytes[offset]
        let shown = byte >= 0x20 && byte < 0x7F ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)"
        return error(.unexpectedCharacter, "unexpected \(shown), expected \(expected)")
    }

    @inline(never)
    func noValue() -> JSONError {
        if offset == 0 {
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
                return error(.byteOrderMark, "the text begins with a byte order mark (bytes EF BB BF); JSON has none, remove it")
            }
            if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) {
                return error(.byteOrderMark, "the text begins with the byte order mark of UTF-16 or UTF-32; JSON is UTF-8")
            }
        }
        return unexpectedCharacter(expected: "a value")
    }

    /// Why a string that begins at `start` cannot go on at `position`.
    @inline(never)
    func brokenString(from start: Int, at position: Int) -> JSONError {
        guard position < bytes.count else { return error(.unexpectedEnd, "string without end", at: start - 1) }
        return error(.invalidString, "control character in a string must be escaped", at: position)
    }

    @inline(never)
    func invalidUTF8(at position: Int) -> JSONError {
        error(.invalidUTF8, "byte \(bytes[position]) is not part of valid UTF-8", at: position)
    }
}

/// A place in a text, found by walking on from an earlier one.
struct TextPlace {
    private(set) var offset = 0
    /// 1-based.
    private(set) var line = 1
    private var lineStart = 0

    /// 1-based, counted in bytes.
    var column: Int { offset - lineStart + 1 }

    mutating func advance(to position: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        for index in offset..<max(offset, position) where bytes[index] == 0x0A {
            line += 1
            lineStart = index + 1
        }
        offset = position
    }
}
