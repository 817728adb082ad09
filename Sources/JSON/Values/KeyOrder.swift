/// The order of an object's members by key, byte by byte.
struct KeyOrder {
    /// Beginnings of keys tell most of them apart.
    private var beginning: UInt64
    private var position: Int

    /// The positions of the members in that order; nil when they are in it as they are.
    static func positions(_ members: UnsafeBufferPointer<HeldMember>) -> [Int]? {
        var isSorted = true
        var last: UInt64 = 0
        for position in 0..<members.count where isSorted {
            let beginning = members[position].keyBeginning()
            if beginning < last || (beginning == last && position > 0) {
                isSorted = position > 0 && beginning == last && members[position - 1].hasKey(before: members[position])
            }
            last = beginning
        }
        return isSorted ? nil : sorted(members)
    }

    private static func sorted(_ members: UnsafeBufferPointer<HeldMember>) -> [Int] {
        guard members.count <= JSONObject.linearLimit else {
            return (0..<members.count).sorted { members[$0].hasKey(before: members[$1]) }
        }
        return withUnsafeTemporaryAllocation(of: KeyOrder.self, capacity: members.count) { orders in
            for position in 0..<members.count {
                let order = KeyOrder(beginning: members[position].keyBeginning(), position: position)
                var place = position
                while place > 0, order.isBefore(orders[place - 1], members) {
                    orders[place] = orders[place - 1]
                    place -= 1
                }
                orders[place] = order
            }
            return orders.map(\.position)
        }
    }

    @inline(__always)
    private func isBefore(_ other: KeyOrder, _ members: UnsafeBufferPointer<HeldMember>) -> Bool {
        if beginning != other.beginning { return beginning < other.beginning }
        return members[position].hasKey(before: members[other.position])
    }
}
