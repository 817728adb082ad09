/// A parser over UTF-8 bytes that keeps its own stack, so that nesting costs no stack of the thread.
///
/// Finished values wait on `values`, keys of open objects on `keys`, until the array or object around them closes and
/// takes them in one piece. Every access to the text is inside its bounds: `offset` is compared with the count first.
struct JSONParser: ~Copyable {
    /// An array or object that is not yet closed.
    struct Frame {
        /// Where its values and keys begin on the stacks.
        var firstValue = 0
        var firstKey = 0
        var isObject = false
        /// A bit for each key so far: a key whose bit is not set is new.
        var seenKeys: UInt64 = 0
        /// The position of the member that the value being parsed replaces, when its key is a repeated one.
        var replaced: Int?
        /// Finds keys once there are many.
        var index: KeyIndex?
    }

    let bytes: UnsafeBufferPointer<UInt8>
    var offset = 0
    /// The innermost open array or object; the ones around it are on `frames`.
    var frame = Frame()
    var values: Stack<JSONValue>
    var keys: Stack<String>
    var frames: Stack<Frame>
    var cache: KeyCache
    var duplicates: DuplicateKeys?
    /// Where strings with escapes are put together.
    var scratch = OutputBuffer(capacity: 0)
    private let limits: JSONLimits
    private let depthLimit: Int

    init(bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits, duplicates: DuplicateKeys? = nil) {
        self.init(
            bytes,
            limits,
            values: Stack(capacity: 256),
            keys: Stack(capacity: 64),
            frames: Stack(capacity: 8),
            duplicates: duplicates
        )
    }

    private init(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ limits: JSONLimits,
        values: consuming Stack<JSONValue>,
        keys: consuming Stack<String>,
        frames: consuming Stack<Frame>,
        duplicates: DuplicateKeys? = nil
    ) {
        self.bytes = bytes
        self.limits = limits
        self.values = values
        self.keys = keys
        self.frames = frames
        self.duplicates = duplicates
        depthLimit = min(limits.depth, JSONLimits.maximumDepth)
        cache = KeyCache(textSize: bytes.count)
    }

    /// Calls `body` with a parser for a short text, which has its stacks on the thread's own: allocating them would take a
    /// good part of the time.
    static func withParser<Result>(
        ofShort bytes: UnsafeBufferPointer<UInt8>,
        limits: JSONLimits,
        _ body: (inout JSONParser) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(of: JSONValue.self, capacity: 32) { values in
            withUnsafeTemporaryAllocation(of: String.self, capacity: 32) { keys in
                withUnsafeTemporaryAllocation(of: Frame.self, capacity: 8) { frames in
                    var parser = JSONParser(
                        bytes,
                        limits,
                        values: Stack(in: values),
                        keys: Stack(in: keys),
                        frames: Stack(in: frames)
                    )
                    return body(&parser)
                }
            }
        }
    }

    mutating func parse() throws(JSONError) -> JSONValue {
        guard bytes.count <= limits.size else {
            throw error(.tooLarge, "text of \(bytes.count) bytes is larger than the limit of \(limits.size)")
        }
        while true {
            skipSpace()
            if try beginValue() { continue }
            if try finishValue() { break }
        }
        skipSpace()
        guard offset == bytes.count else {
            throw error(.trailingText, "unexpected text after the value; a JSON text is one value")
        }
        return values.pop()
    }

    /// Parses a value that stands alone, or goes into an array or object as far as its first value.
    ///
    /// - Returns: Whether the next thing to parse is a value in an array or object that has just begun.
    @inline(__always)
    private mutating func beginValue() throws(JSONError) -> Bool {
        switch peek() {
        case UInt8(ascii: "\""): values.push(.string(try parseString()))
        case UInt8(ascii: "{"):
            try open(isObject: true)
            skipSpace()
            if peek() != UInt8(ascii: "}") {
                try parseKey()
                return true
            }
            offset &+= 1
            closeObject()
        case UInt8(ascii: "["):
            try open(isObject: false)
            skipSpace()
            if peek() != UInt8(ascii: "]") { return true }
            offset &+= 1
            closeArray()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): values.push(try parseNumber())
        case UInt8(ascii: "t"): values.push(try parseWord("true", .bool(true)))
        case UInt8(ascii: "f"): values.push(try parseWord("false", .bool(false)))
        case UInt8(ascii: "n"): values.push(try parseWord("null", .null))
        default: throw noValue()
        }
        return false
    }

    /// Goes from the end of a value to the beginning of the next one, and closes what ends between them.
    ///
    /// - Returns: Whether the value was the whole text's.
    @inline(__always)
    private mutating func finishValue() throws(JSONError) -> Bool {
        while frames.count > 0 {
            skipSpace()
            let byte = peek()
            if frame.isObject {
                if let position = frame.replaced { replaceMember(at: position) }
                if byte == UInt8(ascii: ",") {
                    offset &+= 1
                    skipSpace()
                    try parseKey()
                    return false
                }
                guard byte == UInt8(ascii: "}") else { throw unexpectedCharacter(expected: "',' or '}'") }
                offset &+= 1
                closeObject()
            } else {
                if byte == UInt8(ascii: ",") {
                    offset &+= 1
                    return false
                }
                guard byte == UInt8(ascii: "]") else { throw unexpectedCharacter(expected: "',' or ']'") }
                offset &+= 1
                closeArray()
            }
        }
        return true
    }

    @inline(__always)
    private mutating func open(isObject: Bool) throws(JSONError) {
        guard frames.count < depthLimit else {
            throw error(.tooDeep, "nested deeper than the limit of \(depthLimit)")
        }
        offset &+= 1
        frames.push(frame)
        frame = Frame(firstValue: values.count, firstKey: keys.count, isObject: isObject)
    }

    /// Makes an array of its elements.
    ///
    /// Appending is faster than filling an uninitialized array, for which the runtime looks up the type each time.
    @inline(__always)
    private mutating func closeArray() {
        let start = frame.firstValue
        let count = values.count &- start
        frame = frames.pop()
        guard count > 0 else { return values.push(.array([])) }
        let array = values.take(from: start) { source in
            var array: [JSONValue] = []
            array.reserveCapacity(count)
            for position in 0..<count { array.append((source + position).move()) }
            return array
        }
        values.push(.array(array))
    }

    @inline(__always)
    private mutating func closeObject() {
        let start = frame.firstValue
        let count = values.count &- start
        let firstKey = frame.firstKey
        let index = frame.index
        frame = frames.pop()
        guard count > 0 else { return values.push(.object(JSONObject())) }
        let members = values.take(from: start) { values in
            keys.take(from: firstKey) { keys in
                var members: ContiguousArray<JSONObject.Member> = []
                members.reserveCapacity(count)
                for position in 0..<count {
                    members.append(
                        JSONObject.Member(key: (keys + position).move(), value: (values + position).move())
                    )
                }
                return members
            }
        }
        values.push(.object(JSONObject(unique: members, index: index)))
    }

    @inline(__always)
    private mutating func parseWord(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let count = word.utf8CodeUnitCount
        guard offset &+ count <= bytes.count else { throw wrongWord(word) }
        for index in 0..<count where bytes[offset &+ index] != word.utf8Start[index] { throw wrongWord(word) }
        offset &+= count
        return value
    }

    /// The byte at `offset`; zero, which no rule of JSON asks for, at the end.
    @inline(__always)
    func peek() -> UInt8 { offset < bytes.count ? bytes[offset] : 0 }

    @inline(__always)
    mutating func skipSpace() {
        // Most texts have no space here, or one.
        guard peek() <= 0x20 else { return }
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset &+= 1
            default: return
            }
        }
    }
}
