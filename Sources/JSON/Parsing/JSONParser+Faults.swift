/// What is wrong, and where. None of this runs while a text is right.
extension JSONParser {
    @inline(never)
    func error(_ code: JSONError.Code, _ message: String, at position: Int? = nil) -> JSONError {
        // Zero bytes are nowhere valid, and nearly every text in UTF-16 or UTF-32 has one here.
        if code != .tooLarge, let zero = bytes.prefix(2).firstIndex(of: 0), bytes.count > 1 {
            return fault(
                .wrongEncoding,
                "the text looks like UTF-16 or UTF-32 (byte 0 near its start); JSON is UTF-8",
                at: zero
            )
        }
        return fault(code, message, at: position)
    }

    private func fault(_ code: JSONError.Code, _ message: String, at position: Int?) -> JSONError {
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
                return error(
                    .byteOrderMark,
                    "the text begins with a byte order mark (bytes EF BB BF); JSON has none, remove it"
                )
            }
            if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) {
                return error(
                    .byteOrderMark,
                    "the text begins with the byte order mark of UTF-16 or UTF-32; JSON is UTF-8"
                )
            }
        }
        return unexpectedCharacter(expected: "a value\(slip)")
    }

    /// What somebody who wrote the byte at `offset` in the place of a value probably took for JSON.
    private var slip: String {
        guard offset < bytes.count else { return "" }
        switch bytes[offset] {
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            let before = bytes[..<offset].last { $0 > 0x20 }
            return before == UInt8(ascii: ",") ? "; no comma may stand before it" : ""
        case UInt8(ascii: "/"): return "; JSON has no comments"
        case UInt8(ascii: "'"): return "; strings stand in double quotes"
        case UInt8(ascii: "+"): return "; a number has no plus sign"
        case UInt8(ascii: "."): return "; a number needs a digit before the point"
        case UInt8(ascii: "N"), UInt8(ascii: "I"):
            return "; JSON has no NaN and no Infinity, and its words are lower case"
        default: return ""
        }
    }

    /// Why the word at `offset` is not `word`, with whose letter it begins.
    @inline(never)
    mutating func wrongWord(_ word: StaticString) -> JSONError {
        var count = 0
        while peek() == word.utf8Start[count] {
            offset &+= 1
            count += 1
        }
        return unexpectedCharacter(expected: "'\(word)'")
    }

    /// Why no key begins at `offset`.
    @inline(never)
    func noKey() -> JSONError {
        unexpectedCharacter(expected: "a key in quotes\(peek() == UInt8(ascii: "}") ? slip : "")")
    }

    @inline(never)
    func unknownEscape(at position: Int) -> JSONError {
        error(
            .invalidString,
            "unknown escape in a string; after a backslash comes one of \" \\ / b f n r t u",
            at: position
        )
    }

    /// Why a string that begins at `start` cannot go on at `position`.
    @inline(never)
    func brokenString(from start: Int, at position: Int) -> JSONError {
        guard position < bytes.count else {
            return error(.unexpectedEnd, "string without end: its closing quote is missing", at: start - 1)
        }
        return error(
            .invalidString,
            "byte \(bytes[position]) is a control character, which a string holds only as an escape",
            at: position
        )
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
