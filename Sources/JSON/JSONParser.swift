/// What a parser accepts before it gives up.
public struct JSONLimits: Sendable {
    /// Nesting of arrays and objects.
    public var depth: Int
    /// UTF-8 bytes of the whole text.
    public var size: Int

    public init(depth: Int = 256, size: Int = 64 << 20) {
        self.depth = depth
        self.size = size
    }
}

extension JSONValue {
    /// Parses one JSON text.
    ///
    /// Strict RFC 8259: no comments, no trailing commas, no leading zeros, valid UTF-8 only. When a key is repeated in
    /// an object the last value wins and keeps the first one's place. A lone surrogate escape becomes U+FFFD.
    ///
    /// - Throws: `JSONError` with the place of the first fault.
    public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        self = try JSONValue(parsing: Array(text.utf8), limits: limits)
    }

    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        let result: Result<JSONValue, JSONError> = bytes.withUnsafeBufferPointer { buffer in
            var parser = JSONParser(bytes: buffer, limits: limits)
            do throws(JSONError) { return .success(try parser.parse()) } catch { return .failure(error) }
        }
        self = try result.get()
    }
}

/// A recursive-descent parser over UTF-8 bytes.
struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let limits: JSONLimits
    var offset = 0
    private var depth = 0

    init(bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func parse() throws(JSONError) -> JSONValue {
        guard bytes.count <= limits.size else {
            throw error(.tooLarge, "text of \(bytes.count) bytes is larger than the limit of \(limits.size)")
        }
        let value = try parseValue()
        skipSpace()
        guard offset == bytes.count else {
            throw error(.trailingText, "unexpected text after the value")
        }
        return value
    }

    private mutating func parseValue() throws(JSONError) -> JSONValue {
        skipSpace()
        guard offset < bytes.count else { throw error(.unexpectedEnd, "the text ends where a value is expected") }
        switch bytes[offset] {
        case UInt8(ascii: "{"): return try parseObject()
        case UInt8(ascii: "["): return try parseArray()
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
        default: throw unexpectedCharacter(expected: "a value")
        }
    }

    private mutating func parseObject() throws(JSONError) -> JSONValue {
        try descend()
        var object = JSONObject()
        offset += 1
        skipSpace()
        if consume(UInt8(ascii: "}")) {
            depth -= 1
            return .object(object)
        }
        while true {
            skipSpace()
            guard offset < bytes.count else { throw error(.unexpectedEnd, "the text ends inside an object") }
            guard bytes[offset] == UInt8(ascii: "\"") else { throw unexpectedCharacter(expected: "a key in quotes") }
            let key = try parseString()
            skipSpace()
            guard consume(UInt8(ascii: ":")) else { throw unexpectedCharacter(expected: "':'") }
            object[key] = try parseValue()
            skipSpace()
            if consume(UInt8(ascii: ",")) { continue }
            guard consume(UInt8(ascii: "}")) else { throw unexpectedCharacter(expected: "',' or '}'") }
            depth -= 1
            return .object(object)
        }
    }

    private mutating func parseArray() throws(JSONError) -> JSONValue {
        try descend()
        var array: [JSONValue] = []
        offset += 1
        skipSpace()
        if consume(UInt8(ascii: "]")) {
            depth -= 1
            return .array(array)
        }
        while true {
            array.append(try parseValue())
            skipSpace()
            if consume(UInt8(ascii: ",")) { continue }
            guard consume(UInt8(ascii: "]")) else { throw unexpectedCharacter(expected: "',' or ']'") }
            depth -= 1
            return .array(array)
        }
    }

    private mutating func descend() throws(JSONError) {
        depth += 1
        guard depth <= limits.depth else {
            throw error(.tooDeep, "nested deeper than the limit of \(limits.depth)")
        }
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let count = word.utf8CodeUnitCount
        guard offset + count <= bytes.count, (0..<count).allSatisfy({ bytes[offset + $0] == word.utf8Start[$0] }) else {
            throw unexpectedCharacter(expected: "a value")
        }
        offset += count
        return value
    }

    mutating func skipSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }

    mutating func consume(_ byte: UInt8) -> Bool {
        guard offset < bytes.count, bytes[offset] == byte else { return false }
        offset += 1
        return true
    }

    func unexpectedCharacter(expected: String) -> JSONError {
        guard offset < bytes.count else { return error(.unexpectedEnd, "the text ends where \(expected) is expected") }
        let byte = bytes[offset]
        let shown = byte >= 0x20 && byte < 0x7F ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)"
        return error(.unexpectedCharacter, "unexpected \(shown), expected \(expected)")
    }

    func error(_ code: JSONError.Code, _ message: String, at position: Int? = nil) -> JSONError {
        let place = min(position ?? offset, bytes.count)
        var line = 1
        var lineStart = 0
        for index in 0..<place where bytes[index] == 0x0A {
            line += 1
            lineStart = index + 1
        }
        return JSONError(code: code, message: message, offset: place, line: line, column: place - lineStart + 1)
    }
}
