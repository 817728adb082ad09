/// An object's members in the order in which they were written, with unique keys.
///
/// Keys are compared byte by byte: `é` as one scalar and as two are different keys. Up to sixteen members are searched
/// one by one, which is faster than hashing; more have an index. Copies share their members until one of them changes.
public struct JSONObject: Sendable {
    /// A key with its value.
    public struct Member: Sendable {
        public internal(set) var key: String
        public internal(set) var value: JSONValue
    }

    static let linearLimit = 16

    @usableFromInline private(set) var members: ContiguousArray<Member>
    /// Nil while the object is small enough to be searched linearly.
    private var index: KeyIndex?

    public init() {
        members = []
    }

    public init(minimumCapacity: Int) {
        self.init()
        members.reserveCapacity(minimumCapacity)
    }

    /// Later members win over earlier ones with the same key, and take their place.
    public init(_ members: some Sequence<(String, JSONValue)>) {
        self.init(minimumCapacity: members.underestimatedCount)
        for (key, value) in members { self[key] = value }
    }

    /// Takes members whose keys are known to be unique; `index` covers them if there are many.
    init(unique members: ContiguousArray<Member>, index: KeyIndex?) {
        self.members = members
        self.index = index
    }

    public var count: Int { members.count }
    public var isEmpty: Bool { members.isEmpty }

    /// The keys in order; makes an array.
    public var keys: [String] { members.map(\.key) }

    /// The values in order; makes an array.
    public var values: [JSONValue] { members.map(\.value) }

    /// Calls `body` with the members in order, where they are in memory; it may not keep the buffer.
    @inlinable
    public func withMembers<Result>(_ body: (UnsafeBufferPointer<Member>) -> Result) -> Result {
        members.withUnsafeBufferPointer(body)
    }

    /// The position of the member `key`; nil when there is none.
    public func firstIndex(of key: String) -> Int? {
        withUnsafePointer(to: key) { firstIndex(ofKeyAt: $0) }
    }

    /// The position of the member whose key is the string at a place; nil when there is none.
    func firstIndex(ofKeyAt key: UnsafePointer<String>) -> Int? {
        if let index { return index.position(of: key.pointee) { members[$0].key } }
        return members.withUnsafeBufferPointer { $0.position(ofKeyAt: key) }
    }

    public func hasKey(_ key: String) -> Bool { firstIndex(of: key) != nil }

    /// The member at a position from 0 up to `count`, exclusive.
    public func member(at position: Int) -> (key: String, value: JSONValue) {
        (members[position].key, members[position].value)
    }

    /// The member's value. Setting a new key appends it; setting nil removes the member.
    public subscript(key: String) -> JSONValue? {
        get { firstIndex(of: key).map { members[$0].value } }
        set {
            guard let newValue else {
                removeValue(forKey: key)
                return
            }
            if let position = firstIndex(of: key) {
                members[position].value = newValue
            } else {
                append(key, newValue)
            }
        }
    }

    /// Removes a member and returns its value; the order of the others stays. Takes time in proportion to `count`.
    @discardableResult
    public mutating func removeValue(forKey key: String) -> JSONValue? {
        guard let position = firstIndex(of: key) else { return nil }
        let removed = members.remove(at: position)
        index = members.count > Self.linearLimit ? KeyIndex(members.lazy.map(\.key)) : nil
        return removed.value
    }

    /// Changes a member's value in place, without copying it. Returns nil when there is no such member.
    public mutating func update<Result>(_ key: String, _ body: (inout JSONValue) -> Result) -> Result? {
        guard let position = firstIndex(of: key) else { return nil }
        return body(&members[position].value)
    }

    /// The same members ordered by key, byte by byte.
    public var sortedByKey: [(key: String, value: JSONValue)] {
        let all = members.map { (key: $0.key, value: $0.value) }
        return isSortedByKey ? all : all.sorted { $0.key.precedesByBytes($1.key) }
    }

    /// Whether the members are ordered by key, byte by byte, as they are.
    public var isSortedByKey: Bool {
        members.withUnsafeBufferPointer { members in
            var index = 1
            while index < members.count {
                guard members[index - 1].key.precedesByBytes(members[index].key) else { return false }
                index += 1
            }
            return true
        }
    }

    private mutating func append(_ key: String, _ value: JSONValue) {
        members.append(Member(key: key, value: value))
        if members.count <= Self.linearLimit { return }
        if index == nil { index = KeyIndex(members.lazy.map(\.key)) } else { index?.insert(key, at: members.count - 1) }
    }
}

extension UnsafePointer<JSONObject.Member> {
    /// Where the member's key is, which is its beginning.
    @inline(__always)
    var keyPlace: UnsafePointer<String> { UnsafeRawPointer(self).assumingMemoryBound(to: String.self) }
}

extension UnsafeBufferPointer<JSONObject.Member> {
    /// The position of the member whose key is the string at a place, found by looking at each.
    @inline(__always)
    func position(ofKeyAt key: UnsafePointer<String>) -> Int? {
        guard let start = baseAddress else { return nil }
        let words = StringWords(at: key)
        for position in 0..<count where StringWords(at: (start + position).keyPlace) == words { return position }
        return position(ofBytesOf: key.pointee)
    }

    @inline(never)
    private func position(ofBytesOf key: String) -> Int? {
        let size = key.utf8.count
        return key.withBytes { bytes in
            for position in 0..<count where self[position].key.utf8.count == size {
                if self[position].key.withBytes({ $0.isEqual(to: bytes) }) { return position }
            }
            return nil
        }
    }
}

extension JSONObject: Sequence {
    /// Gives the members in order.
    public struct Iterator: IteratorProtocol {
        private let members: ContiguousArray<Member>
        private var position = 0

        init(_ members: ContiguousArray<Member>) { self.members = members }

        public mutating func next() -> (String, JSONValue)? {
            guard position < members.count else { return nil }
            defer { position += 1 }
            return (members[position].key, members[position].value)
        }
    }

    public func makeIterator() -> Iterator { Iterator(members) }

    public var underestimatedCount: Int { members.count }
}

extension JSONObject: Hashable {
    /// Whether both have equal members; their order does not count.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.count == right.count else { return false }
        return left.hasMembers(of: right) { $0 == $1 }
    }

    /// Whether each of the members has a counterpart in `other` that is equal as `areEqual` says.
    func hasMembers(of other: JSONObject, _ areEqual: (JSONValue, JSONValue) -> Bool) -> Bool {
        for (position, member) in members.enumerated() {
            // Most objects that are compared have their members in the same order.
            if position < other.members.count, other.members[position].key.hasSameBytes(as: member.key) {
                guard areEqual(member.value, other.members[position].value) else { return false }
            } else {
                guard let counterpart = other[member.key], areEqual(member.value, counterpart) else { return false }
            }
        }
        return true
    }

    public func hash(into hasher: inout Hasher) {
        // Member order does not count, so neither may it in the hash.
        var sum = 0
        for member in members {
            var one = Hasher()
            member.key.hashBytes(into: &one)
            one.combine(member.value)
            sum &+= one.finalize()
        }
        hasher.combine(sum)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
