/// Code points that are equal when case is ignored: k, K and the Kelvin sign are one orbit.
enum CaseOrbits {
    private struct Member {
        var scalar: UInt32
        /// Index of the group.
        var group: Int
    }

    private static let groups: [[UInt32]] = {
        var result: [[UInt32]] = []
        var reader = TableReader(CaseOrbitTable.groups)
        var first: UInt32 = 0
        while let distance = reader.next(), let count = reader.next() {
            first += distance
            var group = [first]
            for _ in 0..<count { group.append((group.last ?? 0) + (reader.next() ?? 0)) }
            result.append(group)
        }
        return result
    }()

    private static let members: [Member] = groups.enumerated()
        .flatMap { index, group in group.map { Member(scalar: $0, group: index) } }
        .sorted { $0.scalar < $1.scalar }

    /// The set and all that equals one of its members.
    static func closure(_ set: ScalarSet) -> ScalarSet {
        var added: [(UInt32, UInt32)] = []
        for span in set.spans {
            var index = firstMember(notBelow: span.low)
            while index < members.count, members[index].scalar <= span.high {
                for other in groups[members[index].group] where other < span.low || other > span.high {
                    added.append((other, other))
                }
                index += 1
            }
        }
        return added.isEmpty ? set : set.union(ScalarSet(added))
    }

    /// The same for all members of an orbit.
    static func representative(_ scalar: UInt32) -> UInt32 {
        let index = firstMember(notBelow: scalar)
        guard index < members.count, members[index].scalar == scalar else { return scalar }
        return groups[members[index].group][0]
    }

    private static func firstMember(notBelow scalar: UInt32) -> Int {
        var low = 0
        var high = members.count
        while low < high {
            let middle = (low + high) / 2
            if members[middle].scalar < scalar { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
