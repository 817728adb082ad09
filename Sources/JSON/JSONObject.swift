/// An object's members in the order in which they were written, with unique keys.
///
/// Up to eight members are searched linearly, which is faster than hashing; more build an index.
package struct JSONObject: Sendable {
    private static let linearLimit = 8

    package private(set) var keys: [String]
    package private(set) var values: [JSONValue]
    /// Position of each key; empty while the object is small enough to be searched linearly.
    private var index: [String: Int]

    package init() {
        keys = []
        values = []
        index = [:]
    }

    package init(minimumCapacity: Int) {
        self.init()
        keys.reserveCapacity(minimumCapacity)
        values.reserveCapacity(minimumCapacity)
    }

    /// Later members win over earlier ones with the same key.
    package init(_ members: some Sequence<(String, JSONValue)>) {
        self.init()
        for (key, value) in members { self[key] = value }
    }

    package var count: Int { keys.count }
    package var isEmpty: Bool { keys.isEmpty }

    package func firstIndex(of key: String) -> Int? {
        if index.isEmpty { keys.firstIndex(of: key) } else { index[key] }
    }

    package func hasKey(_ key: String) -> Bool { firstIndex(of: key) != nil }

    /// The member's value. Setting a new key appends it; setting nil removes the member.
    package subscript(key: String) -> JSONValue? {
        get { firstIndex(of: key).map { values[$0] } }
        set {
            guard let newValue else {
                removeValue(forKey: key)
                return
            }
            if let position = firstIndex(of: key) { values[position] = newValue } else { append(key, newValue) }
        }
    }

    @discardableResult
    package mutating func removeValue(forKey key: String) -> JSONValue? {
        guard let position = firstIndex(of: key) else { return nil }
        keys.remove(at: position)
        let removed = values.remove(at: position)
        rebuildIndex()
        return removed
    }

    /// Changes a member's value in place, without copying it.
    package mutating func update<Result>(_ key: String, _ body: (inout JSONValue) -> Result) -> Result? {
        guard let position = firstIndex(of: key) else { return nil }
        return body(&values[position])
    }

    /// The same members ordered by key, byte by byte.
    package var sortedByKey: [(key: String, value: JSONValue)] {
        zip(keys, values).map { (key: $0, value: $1) }
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    private mutating func append(_ key: String, _ value: JSONValue) {
        keys.append(key)
        values.append(value)
        if !index.isEmpty {
            index[key] = keys.count - 1
        } else if keys.count > Self.linearLimit {
            rebuildIndex()
        }
    }

    private mutating func rebuildIndex() {
        index.removeAll(keepingCapacity: true)
        guard keys.count > Self.linearLimit else { return }
        for (position, key) in keys.enumerated() { index[key] = position }
    }
}

extension JSONObject: Sequence {
    package func makeIterator() -> Zip2Sequence<[String], [JSONValue]>.Iterator { zip(keys, values).makeIterator() }

    package var underestimatedCount: Int { keys.count }
}

extension JSONObject: Hashable {
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.allSatisfy { key, value in right[key] == value }
    }

    package func hash(into hasher: inout Hasher) {
        // Member order does not count, so neither may it in the hash.
        var sum = 0
        for (key, value) in self {
            var member = Hasher()
            member.combine(key)
            member.combine(value)
            sum &+= member.finalize()
        }
        hasher.combine(sum)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
