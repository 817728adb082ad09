/// A name in a key table.
struct KeySlot: Sendable {
    var words: KeyWords
    /// Index of the name, or -1 for an empty slot.
    var key: Int32
    /// Node for the member's value, or -1 when the name is only required.
    var node: Int32
    /// Bit of the name among those that are required, or -1.
    var requiredBit: Int8
    var isDeclared: Bool

    static let empty = KeySlot(words: KeyWords(""), key: -1, node: -1, requiredBit: -1, isDeclared: false)
}

/// A hash table of names in `ProgramTables.keySlots`, with open addressing.
struct KeyTable: Sendable {
    var start: Int32
    /// Slots minus one; the number of slots is a power of two.
    var mask: Int32
    var count: Int32

    @inline(__always)
    static func hash(_ words: KeyWords, _ text: String, seed: UInt64) -> UInt64 {
        let mixed = words.mixed(seed: seed)
        return words.length <= KeyWords.complete ? mixed : mixed ^ longHash(text, seed)
    }

    private static func longHash(_ text: String, _ seed: UInt64) -> UInt64 {
        text.utf8.withContiguousStorageIfAvailable { bytes in
            let raw = UnsafeRawBufferPointer(bytes)
            var hash = seed
            var offset = 8
            while offset + 8 < raw.count {
                hash = (hash ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0x9E37_79B9_7F4A_7C15
                hash ^= hash >> 32
                offset += 8
            }
            return hash
        } ?? 0
    }
}

/// Collects names and lays them out.
struct KeyTableBuilder {
    struct Entry {
        var name: String
        var node: Int32
        var isDeclared: Bool
        var requiredBit: Int8
    }

    private(set) var entries: [Entry] = []
    private var positions: [ByteText: Int] = [:]

    mutating func declare(_ name: String, node: Int32) {
        let position = position(of: name)
        entries[position].node = node
        entries[position].isDeclared = true
    }

    mutating func require(_ name: String, bit: Int8) {
        entries[position(of: name)].requiredBit = bit
    }

    private mutating func position(of name: String) -> Int {
        if let position = positions[ByteText(name)] { return position }
        positions[ByteText(name)] = entries.count
        entries.append(Entry(name: name, node: -1, isDeclared: false, requiredBit: -1))
        return entries.count - 1
    }

    func build(into program: inout ProgramTables) -> KeyTable {
        var size = 2
        while size < entries.count * 2 { size *= 2 }
        let start = program.keySlots.count
        program.keySlots.append(contentsOf: repeatElement(.empty, count: size))
        for entry in entries {
            let words = KeyWords(entry.name)
            var slot = Int(truncatingIfNeeded: KeyTable.hash(words, entry.name, seed: KeyWords.seed) >> 32) & (size - 1)
            while program.keySlots[start + slot].key >= 0 { slot = (slot + 1) & (size - 1) }
            program.keySlots[start + slot] = KeySlot(
                words: words,
                key: Int32(program.keys.count),
                node: entry.node,
                requiredBit: entry.requiredBit,
                isDeclared: entry.isDeclared
            )
            program.keys.append(entry.name)
        }
        return KeyTable(start: Int32(start), mask: Int32(size - 1), count: Int32(entries.count))
    }
}
