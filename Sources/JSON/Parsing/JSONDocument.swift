/// A parsed text together with what its value cannot show: keys that stood in an object more than once.
public struct JSONDocument: Sendable {
    /// A key that its object already had.
    public struct DuplicateKey: Hashable, Sendable, CustomStringConvertible {
        /// The member, from the whole value.
        public var pointer: JSONPointer
        /// Where the later key begins: UTF-8 byte offset from the start of the text.
        public var offset: Int
        /// 1-based.
        public var line: Int
        /// 1-based, counted in bytes.
        public var column: Int

        public var description: String { "the key \(pointer) is repeated at line \(line), column \(column)" }
    }

    public let value: JSONValue
    /// In the order of the text; only the first ones when there are many.
    public let duplicateKeys: [DuplicateKey]
    /// How many there are in the whole text.
    public let duplicateKeyCount: Int

    /// Parses a text as `JSONValue(parsing:)` does, and notes up to `maximumDuplicates` repeated keys.
    ///
    /// - Throws: `JSONError` with the place of the first fault. Repeated keys are no fault.
    public init(
        parsing bytes: [UInt8],
        limits: JSONLimits = JSONLimits(),
        maximumDuplicates: Int = 100
    ) throws(JSONError) {
        self = try bytes.withUnsafeBufferPointer { bytes throws(JSONError) in
            var parser = JSONParser(bytes: bytes, limits: limits, duplicates: DuplicateKeys(limit: maximumDuplicates))
            return JSONDocument(value: try parser.parse(), parser.duplicates)
        }
    }

    public init(
        parsing text: String,
        limits: JSONLimits = JSONLimits(),
        maximumDuplicates: Int = 100
    ) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), limits: limits, maximumDuplicates: maximumDuplicates)
    }

    private init(value: JSONValue, _ duplicates: DuplicateKeys?) {
        self.value = value
        duplicateKeys = duplicates?.found ?? []
        duplicateKeyCount = duplicates?.count ?? 0
    }
}

/// Collects repeated keys while a text is parsed.
struct DuplicateKeys {
    private let limit: Int
    private(set) var found: [JSONDocument.DuplicateKey] = []
    private(set) var count = 0
    private var place = TextPlace()

    init(limit: Int) { self.limit = limit }

    /// Whether further ones are only counted.
    var isFull: Bool { found.count >= limit }

    /// Offsets have to ascend from call to call.
    mutating func note(_ pointer: JSONPointer?, at offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        count += 1
        guard let pointer, !isFull else { return }
        place.advance(to: offset, in: bytes)
        found.append(
            JSONDocument.DuplicateKey(pointer: pointer, offset: offset, line: place.line, column: place.column)
        )
    }
}
