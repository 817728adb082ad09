/// How many bytes a small value should need when it is written: it can then be written to where it stays, which spares a
/// long text in a small answer a copy.
struct SizeEstimate {
    /// Nil when there are too many values to look at each.
    private(set) var size: Int? = 16
    /// Values that are still looked at.
    private var budget = 32

    init(_ value: JSONValue) { add(value) }

    fileprivate mutating func add(_ value: JSONValue) {
        budget -= 1
        guard budget >= 0, let known = size else {
            size = nil
            return
        }
        switch value {
        case .string(let text): size = known + Self.size(of: text)
        case .bigNumber(let number): size = known + Self.size(of: number.text)
        case .array(let elements):
            elements.withHeld { elements in
                for index in 0..<elements.count where size != nil { elements[index].add(to: &self) }
            }
        case .object(let object):
            object.withHeld { members in
                for index in 0..<members.count where size != nil { members[index].add(to: &self) }
            }
        default: size = known + 26
        }
    }

    fileprivate mutating func add(_ key: String, _ value: JSONValue) {
        if let known = size { size = known + Self.size(of: key) }
        add(value)
    }

    /// A few escapes are expected. Bytes that are reserved and not used cost nothing.
    private static func size(of text: String) -> Int {
        let count = text.utf8.count
        return count + count / 16 + 16
    }
}

extension HeldValue {
    fileprivate borrowing func add(to estimate: inout SizeEstimate) { estimate.add(value) }
}

extension HeldMember {
    fileprivate borrowing func add(to estimate: inout SizeEstimate) { estimate.add(member.key, member.value) }
}
