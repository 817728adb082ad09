import JSON

/// Equality as JSON Schema means it: numbers by value, texts by code points, members in any order.
enum ValueEquality {
    static func areEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.string(let left), .string(let right)): return isSameText(left, right)
        case (.array(let left), .array(let right)):
            guard left.count == right.count else { return false }
            for index in left.indices where !areEqual(left[index], right[index]) { return false }
            return true
        case (.object(let left), .object(let right)): return areEqual(left, right)
        default: return left.isNumber && right.isNumber && NumberComparison.compare(left, right) == 0
        }
    }

    private static func areEqual(_ left: JSONObject, _ right: JSONObject) -> Bool {
        guard left.count == right.count else { return false }
        for (key, value) in left {
            guard let position = right.firstIndex(of: key), isSameText(right.keys[position], key),
                areEqual(value, right.values[position])
            else { return false }
        }
        return true
    }

    /// Equal values have equal hashes.
    static func hash(_ value: JSONValue) -> Int {
        var hasher = Hasher()
        combine(value, &hasher)
        return hasher.finalize()
    }

    private static func combine(_ value: JSONValue, _ hasher: inout Hasher) {
        switch value {
        case .null: hasher.combine(0 as UInt8)
        case .bool(let flag): hasher.combine(flag ? 1 : 2 as UInt8)
        case .integer, .double, .bigNumber:
            if let small = NumberComparison.smallInteger(value) {
                hasher.combine(small)
            } else if let exact = ExactDecimal(value) {
                hasher.combine(exact)
            }
        case .string(let text): hasher.combine(text)
        case .array(let elements):
            hasher.combine(3 as UInt8)
            for element in elements { combine(element, &hasher) }
        case .object(let object):
            // Order does not count, so neither may it in the hash.
            var sum = 0
            for (key, value) in object {
                var member = Hasher()
                member.combine(key)
                combine(value, &member)
                sum &+= member.finalize()
            }
            hasher.combine(sum)
        }
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
