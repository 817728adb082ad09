/// Finds the members of a large object by key: a hash table of positions, with linear probing.
///
/// Keys come from hostile texts, so they are hashed by the seeded `Hasher`: nobody outside can choose keys that collide.
struct KeyIndex: Sendable {
    /// Upper half: the upper half of the key's hash. Lower half: the member's position plus one; zero marks a free slot.
    /// The count is a power of two, at least twice the number of members.
    private var slots: ContiguousArray<UInt64>

    /// The index of keys that are all different.
    init(_ keys: some Collection<String>) {
        var size = 32
        while size < keys.count * 2 { size *= 2 }
        slots = ContiguousArray(repeating: 0, count: size)
        for (position, key) in keys.enumerated() { insert(key, at: position) }
    }

    /// The position of `key`; nil when it is not there. `keyAt` gives the key of a position.
    @inline(__always)
    func position(of key: String, keyAt: (Int) -> String) -> Int? {
        let hash = Self.hash(key)
        var slot = start(of: hash)
        while true {
            let entry = slots[slot]
            if entry == 0 { return nil }
            if entry >> 32 == hash >> 32 {
                let position = Int(entry & 0xFFFF_FFFF) - 1
                if keyAt(position).hasSameBytes(as: key) { return position }
            }
            slot = (slot + 1) & (slots.count - 1)
        }
    }

    /// Adds the key of the next member: one that is not yet in the index, at a position equal to their number.
    mutating func insert(_ key: String, at position: Int) {
        if (position + 1) * 2 > slots.count { grow() }
        place(Self.hash(key) & 0xFFFF_FFFF_0000_0000 | UInt64(position + 1))
    }

    private mutating func grow() {
        let old = slots
        slots = ContiguousArray(repeating: 0, count: old.count * 2)
        for entry in old where entry != 0 { place(entry) }
    }

    private mutating func place(_ entry: UInt64) {
        var slot = start(of: entry)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = entry
    }

    /// The slot to look at first. It comes from the half of the hash that entries keep, so that growing hashes nothing.
    private func start(of hash: UInt64) -> Int { Int(hash >> 32) & (slots.count - 1) }

    private static func hash(_ key: String) -> UInt64 {
        var hasher = Hasher()
        // The hasher counts the bytes itself.
        key.withBytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
