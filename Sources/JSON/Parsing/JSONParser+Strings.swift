extension JSONParser {
    /// What a string's first stretch, up to its first escape or its end, looks like.
    struct StringScan {
        var hasEscape: Bool
        var isASCII: Bool
    }

    @inline(__always)
    mutating func parseString() throws(JSONError) -> String {
        let start = offset &+ 1
        let scan = try scanString(from: start)
        if scan.hasEscape { return try parseEscapedString(from: start, isASCII: scan.isASCII) }
        let text = try makeString(from: start, isASCII: scan.isASCII)
        offset &+= 1
        return text
    }

    /// Goes from the byte before a string's text to the quote that ends it or to its next backslash.
    @inline(__always)
    mutating func scanString(from start: Int) throws(JSONError) -> StringScan {
        offset &+= 1
        var seen: UInt64 = 0
        var position = offset
        let shortEnd = position &+ 32
        while position &+ 8 <= bytes.count {
            // Most strings have ended by now.
            if position == shortEnd { seen |= WordScan.skipClear(bytes, &position) }
            guard position &+ 8 <= bytes.count else { break }
            let word = bytes.word(at: position)
            let stops = WordScan.stops(word)
            if stops != 0 {
                let count = WordScan.position(stops)
                seen |= WordScan.low(word, count)
                position &+= count
                return try endScan(from: start, at: position, seen)
            }
            seen |= word
            position &+= 8
        }
        while position < bytes.count, !WordScan.isStop(bytes[position]) {
            seen |= UInt64(bytes[position])
            position &+= 1
        }
        return try endScan(from: start, at: position, seen)
    }

    @inline(__always)
    private mutating func endScan(
        from start: Int,
        at position: Int,
        _ seen: UInt64
    ) throws(JSONError) -> StringScan {
        guard position < bytes.count, bytes[position] >= 0x20 else { throw brokenString(from: start, at: position) }
        offset = position
        return StringScan(hasEscape: bytes[position] == UInt8(ascii: "\\"), isASCII: seen & WordScan.highBits == 0)
    }

    /// The string from `start` to `offset`, which holds no escapes.
    @inline(__always)
    func makeString(from start: Int, isASCII: Bool) throws(JSONError) -> String {
        if !isASCII, let fault = UTF8Check.firstFault(in: bytes, start..<offset) { throw invalidUTF8(at: fault) }
        return String(checked: UnsafeBufferPointer(rebasing: bytes[start..<offset]), isASCII: isASCII)
    }

    /// Goes on with a string from its first escape, at `offset`; `start` is the first byte of its content.
    @inline(never)
    mutating func parseEscapedString(from start: Int, isASCII: Bool) throws(JSONError) -> String {
        scratch.clear()
        scratch.reserve(offset &- start &+ 64)
        scratch.put(UnsafeBufferPointer(rebasing: bytes[start..<offset]))
        var isSourceASCII = isASCII
        var areEscapesASCII = true
        while bytes[offset] == UInt8(ascii: "\\") {
            offset &+= 1
            if try !appendEscape() { areEscapesASCII = false }
            let stretch = scratch.appendStretch(of: bytes, from: offset)
            offset = stretch.end
            if stretch.seen & WordScan.highBits != 0 { isSourceASCII = false }
            guard offset < bytes.count, bytes[offset] >= 0x20 else { throw brokenString(from: start, at: offset) }
        }
        if !isSourceASCII, let fault = UTF8Check.firstFault(in: bytes, start..<offset) { throw invalidUTF8(at: fault) }
        offset &+= 1
        let isASCII = areEscapesASCII && (isSourceASCII || UTF8Check.isASCII(scratch.bytes))
        return String(checked: scratch.bytes, isASCII: isASCII)
    }

    /// Reads what follows a backslash. Returns whether the character is ASCII.
    @inline(__always)
    private mutating func appendEscape() throws(JSONError) -> Bool {
        guard offset < bytes.count else { throw error(.unexpectedEnd, "string without end") }
        let byte = bytes[offset]
        offset &+= 1
        let meant = Self.meaning(ofEscape: byte)
        if meant != 0 {
            scratch.append(meant)
            return true
        }
        guard byte == UInt8(ascii: "u") else { throw unknownEscape(at: offset - 1) }
        return try appendUnicodeEscape()
    }

    /// The byte that a backslash and `byte` stand for; zero when they stand for none. The compiler makes a table of it.
    private static func meaning(ofEscape byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: 0
        }
    }

    @inline(never)
    private mutating func appendUnicodeEscape() throws(JSONError) -> Bool {
        let scalar = try parseUnicodeEscape()
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { scratch.append(byte) }
        return scalar.isASCII
    }

    /// The character of one escape, or of two that make a surrogate pair; U+FFFD for a surrogate without its partner.
    private mutating func parseUnicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let high = try parseFourHexDigits()
        if (0xD800..<0xDC00).contains(high), offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
            bytes[offset + 1] == UInt8(ascii: "u")
        {
            let resume = offset
            offset += 2
            let low = try parseFourHexDigits()
            if (0xDC00..<0xE000).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
            {
                return scalar
            }
            offset = resume
        }
        return Unicode.Scalar(high) ?? "\u{FFFD}"
    }

    private mutating func parseFourHexDigits() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard offset < bytes.count else { throw error(.unexpectedEnd, "string without end") }
            let byte = bytes[offset]
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x41 + 10
            case 0x61...0x66: digit = byte - 0x61 + 10
            default: throw error(.invalidString, "'\\u' in a string needs four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        return value
    }
}

extension String {
    /// The string with these bytes; nil when they are not UTF-8.
    package init?(checking bytes: UnsafeBufferPointer<UInt8>) {
        let isASCII = UTF8Check.isASCII(bytes)
        guard isASCII || UTF8Check.firstFault(in: bytes, 0..<bytes.count) == nil else { return nil }
        self.init(checked: bytes, isASCII: isASCII)
    }

    /// The string with these bytes, which have been found to be valid UTF-8.
    @inline(__always)
    init(checked bytes: UnsafeBufferPointer<UInt8>, isASCII: Bool) {
        self.init(copying: UTF8Span(unchecked: Span(_unsafeElements: bytes), isKnownASCII: isASCII))
    }
}
