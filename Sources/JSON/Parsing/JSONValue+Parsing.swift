extension JSONValue {
    /// Parses one JSON text.
    ///
    /// Strict RFC 8259: no comments, no trailing commas, no leading zeros, no byte order mark, valid UTF-8 only. When a
    /// key is repeated in an object the last value wins and keeps the first one's place; ``JSONDocument`` tells which
    /// keys were. A lone surrogate escape becomes U+FFFD.
    ///
    /// - Throws: `JSONError` with the place of the first fault.
    public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        self = try text.withBytes { bytes in JSONParser.result(of: bytes, limits: limits) }.get()
    }

    /// Parses one JSON text, as ``init(parsing:limits:)-(String,_)`` does.
    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        self = try bytes.withUnsafeBufferPointer { JSONParser.result(of: $0, limits: limits) }.get()
    }

    /// Parses one JSON text, as ``init(parsing:limits:)-(String,_)`` does: part of an array, for example a line.
    public init(parsing bytes: ArraySlice<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        self = try bytes.withUnsafeBufferPointer { JSONParser.result(of: $0, limits: limits) }.get()
    }

    /// Parses one JSON text in somebody else's memory, as ``init(parsing:limits:)-(String,_)`` does.
    public init(parsing bytes: Span<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        self = try bytes.withUnsafeBufferPointer { JSONParser.result(of: $0, limits: limits) }.get()
    }
}

extension JSONParser {
    static func result(of bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) -> Result<JSONValue, JSONError> {
        if bytes.count < 1024 { return withParser(ofShort: bytes, limits: limits) { $0.result() } }
        var parser = JSONParser(bytes: bytes, limits: limits)
        return parser.result()
    }

    private mutating func result() -> Result<JSONValue, JSONError> {
        do throws(JSONError) { return .success(try parse()) } catch { return .failure(error) }
    }
}
