/// Finds states by what they are: a table with open addressing, because hashing is most of the time of making states.
struct StateIndex {
    /// Numbers of states plus one; 0 is free.
    private var slots = [Int32](repeating: 0, count: 32)
    private var count = 0

    mutating func removeAll() {
        for slot in slots.indices { slots[slot] = 0 }
        count = 0
    }

    func number(of state: StateBuilder.State, in states: [StateBuilder.State]) -> Int? {
        var slot = Self.hash(state) & (slots.count - 1)
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if states[number] == state { return number }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Adds a state that is not there yet.
    mutating func insert(_ number: Int, _ states: [StateBuilder.State]) {
        count += 1
        if count * 2 > slots.count {
            slots = [Int32](repeating: 0, count: slots.count * 4)
            for earlier in 0..<number { place(earlier, states[earlier]) }
        }
        place(number, states[number])
    }

    private mutating func place(_ number: Int, _ state: StateBuilder.State) {
        var slot = Self.hash(state) & (slots.count - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Int32(number + 1)
    }

    private static func hash(_ state: StateBuilder.State) -> Int {
        var hash = UInt64(state.before.rawValue) &+ 0x9E37_79B9_7F4A_7C15
        for item in state.items {
            hash = (hash ^ UInt64(UInt32(bitPattern: item))) &* 0xBF58_476D_1CE4_E5B9
            hash ^= hash >> 29
        }
        return Int(truncatingIfNeeded: hash)
    }
}
