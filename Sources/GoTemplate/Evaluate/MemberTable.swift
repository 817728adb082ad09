import JSON

/// Members of an object that a function made, in the order in which they came, with keys compared byte by byte.
///
/// Few are searched one by one, which is faster than hashing; many have an index.
struct MemberTable {
    private static let linearLimit = 12

    private struct ByteKey: Hashable {
        var text: String

        static func == (left: ByteKey, right: ByteKey) -> Bool { left.text.hasSameBytes(as: right.text) }

        func hash(into hasher: inout Hasher) { text.hashBytes(into: &hasher) }
    }

    private(set) var keys: [String] = []
    private(set) var values: [Value] = []
    private var positions: [ByteKey: Int] = [:]

    init() {}

    /// Converts JSON; `tracks` as for `Value`.
    init(_ object: JSONObject, tracks: Bool) {
        reserveCapacity(object.count)
        for (key, value) in object { append(key, Value(value, tracks: tracks)) }
    }

    var count: Int { keys.count }

    mutating func reserveCapacity(_ count: Int) {
        keys.reserveCapacity(count)
        values.reserveCapacity(count)
    }

    /// The member's value. Setting a new key appends it; setting nil removes the member.
    subscript(key: String) -> Value? {
        get { position(of: key).map { values[$0] } }
        set {
            guard let newValue else { return remove(key) }
            if let position = position(of: key) { values[position] = newValue } else { append(key, newValue) }
        }
    }

    func position(of key: String) -> Int? {
        if !positions.isEmpty { return positions[ByteKey(text: key)] }
        return keys.firstIndex { $0.hasSameBytes(as: key) }
    }

    /// Appends a member whose key is known to be new.
    mutating func append(_ key: String, _ value: Value) {
        keys.append(key)
        values.append(value)
        if !positions.isEmpty {
            positions[ByteKey(text: key)] = keys.count - 1
        } else if keys.count > Self.linearLimit {
            indexAll()
        }
    }

    /// The last member takes the removed one's place, so that removing many takes no longer than adding them.
    private mutating func remove(_ key: String) {
        guard let position = position(of: key) else { return }
        let last = keys.count - 1
        positions[ByteKey(text: key)] = nil
        if position != last {
            keys.swapAt(position, last)
            values.swapAt(position, last)
            if !positions.isEmpty { positions[ByteKey(text: keys[position])] = position }
        }
        keys.removeLast()
        values.removeLast()
    }

    private mutating func indexAll() {
        for (position, key) in keys.enumerated() { positions[ByteKey(text: key)] = position }
    }
}

extension MemberTable: Sequence {
    func makeIterator() -> Zip2Sequence<[String], [Value]>.Iterator { zip(keys, values).makeIterator() }

    var underestimatedCount: Int { keys.count }
}

extension MemberTable: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (String, Value)...) {
        for (key, value) in elements { self[key] = value }
    }
}
