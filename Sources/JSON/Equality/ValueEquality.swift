/// Equality by meaning: numbers by value, texts by their bytes, members in any order.
///
/// A double that is not finite means null, as which it is written.
package enum ValueEquality {
    package static func areEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch left {
        case .null: return right.meansNull
        case .bool(let left):
            if case .bool(let right) = right { return left == right }
            return false
        case .string(let left):
            if case .string(let right) = right { return left.hasSameBytes(as: right) }
            return false
        case .array(let left):
            if case .array(let right) = right { return areEqual(left, right) }
            return false
        case .object(let left):
            guard case .object(let right) = right, left.count == right.count else { return false }
            return left.hasMembers(of: right, areEqual)
        case .double(let number) where !number.isFinite: return right.meansNull
        case .integer, .double, .bigNumber:
            return right.isNumber && !right.meansNull && NumberComparison.compare(left, right) == 0
        }
    }

    private static func areEqual(_ left: [JSONValue], _ right: [JSONValue]) -> Bool {
        guard left.count == right.count else { return false }
        for index in left.indices where !areEqual(left[index], right[index]) { return false }
        return true
    }

    /// Equal values have equal hashes.
    package static func hash(_ value: JSONValue) -> Int {
        var hasher = Hasher()
        combine(value, &hasher)
        return hasher.finalize()
    }

    static func combine(_ value: JSONValue, _ hasher: inout Hasher) {
        switch value {
        case .null: hasher.combine(0 as UInt8)
        case .bool(let flag): hasher.combine(flag ? 1 : 2 as UInt8)
        case .integer, .double, .bigNumber:
            if let small = NumberComparison.smallInteger(value) {
                hasher.combine(small)
            } else if let exact = ExactDecimal(value) {
                hasher.combine(exact)
            } else {
                hasher.combine(0 as UInt8)
            }
        case .string(let text): text.hashBytes(into: &hasher)
        case .array(let elements):
            hasher.combine(3 as UInt8)
            hasher.combine(elements.count)
            for element in elements { combine(element, &hasher) }
        case .object(let object):
            // Order does not count, so neither may it in the hash.
            var sum = 0
            for (key, value) in object {
                var member = Hasher()
                key.hashBytes(into: &member)
                combine(value, &member)
                sum &+= member.finalize()
            }
            hasher.combine(sum)
        }
    }
}

extension JSONValue {
    /// Null, or a number that JSON does not have.
    fileprivate var meansNull: Bool {
        switch self {
        case .null: true
        case .double(let number): !number.isFinite
        default: false
        }
    }
}
