import JSON

extension ValueEquality {
    @inline(__always)
    static func areEqual(_ left: borrowing HeldValue, _ right: borrowing HeldValue) -> Bool {
        areEqual(left.value, right.value)
    }

    /// Up to here comparing every pair is quicker than hashing.
    private static let pairwiseLimit = 12

    /// The first pair of equal elements; nil when all differ.
    static func firstDuplicate(_ elements: [JSONValue]) -> (Int, Int)? {
        guard elements.count > pairwiseLimit else { return firstEqualPair(elements) }
        var slots = [Int32](repeating: -1, count: 1 << (64 - (elements.count * 2).leadingZeroBitCount))
        let mask = slots.count - 1
        var hashes: [Int] = []
        hashes.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            let hash = hash(element)
            var slot = hash & mask
            while slots[slot] >= 0 {
                let other = Int(slots[slot])
                if hashes[other] == hash, areEqual(elements[other], element) { return (other, index) }
                slot = (slot + 1) & mask
            }
            slots[slot] = Int32(truncatingIfNeeded: index)
            hashes.append(hash)
        }
        return nil
    }

    private static func firstEqualPair(_ elements: [JSONValue]) -> (Int, Int)? {
        for index in elements.indices.dropFirst() {
            for other in 0..<index where areEqual(elements[other], elements[index]) { return (other, index) }
        }
        return nil
    }
}
