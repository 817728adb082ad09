/// How many bytes a value should need when it is written: it can then be written to where it stays, which spares a copy,
/// or several while a buffer grows.
///
/// Of a large array or object a few values are looked at, in equal distances, and stand for the others.
struct SizeEstimate {
    /// Values that are still looked at.
    private var budget = 48

    /// Values of one array or object that are looked at, at most.
    private static let sample = 8
    /// An estimate beyond is not believed: memory that is not used would be taken from others.
    private static let most = 16 << 20
    /// Bytes of a value that nobody looks at.
    private static let unseen = 24

    /// UTF-8 bytes; nil when the value is too large to be estimated.
    static func bytes(of value: JSONValue) -> Int? {
        var estimate = SizeEstimate()
        let size = estimate.size(of: value)
        return size < most ? size + 16 : nil
    }

    fileprivate mutating func size(of value: JSONValue) -> Int {
        budget &-= 1
        switch value {
        case .string(let text): return Self.size(of: text)
        case .bigNumber(let number): return Self.size(of: number.text)
        case .array(let elements): return size(of: elements.held)
        case .object(let object): return size(of: object.held)
        default: return 8
        }
    }

    private mutating func size(of elements: UnsafeBufferPointer<HeldValue>) -> Int {
        let looked = looked(of: elements.count)
        var sum = 0
        for number in 0..<looked {
            let position = looked == elements.count ? number : number * elements.count / looked
            sum &+= elements[position].size(in: &self)
        }
        return Self.extended(sum, from: looked, to: elements.count)
    }

    private mutating func size(of members: UnsafeBufferPointer<HeldMember>) -> Int {
        let looked = looked(of: members.count)
        var sum = 0
        for number in 0..<looked {
            let position = looked == members.count ? number : number * members.count / looked
            sum &+= members[position].size(in: &self)
        }
        return Self.extended(sum, from: looked, to: members.count)
    }

    private func looked(of count: Int) -> Int { max(0, min(count, Self.sample, budget)) }

    /// The size of all, with brackets and commas, by the size of some. Does not overflow: a sample's size is bounded.
    private static func extended(_ sum: Int, from looked: Int, to count: Int) -> Int {
        if looked == count { return sum &+ count &+ 2 }
        let size = looked == 0 ? Double(count * unseen) : Double(sum) * Double(count) / Double(looked)
        return size < Double(most) ? Int(size) + count + 2 : most
    }

    fileprivate mutating func size(of key: String, _ value: JSONValue) -> Int { Self.size(of: key) &+ size(of: value) }

    /// A few escapes are expected.
    @inline(__always)
    private static func size(of text: String) -> Int {
        let count = text.utf8.count
        return count &+ count / 16 &+ 12
    }
}

extension HeldValue {
    fileprivate borrowing func size(in estimate: inout SizeEstimate) -> Int { estimate.size(of: value) }
}

extension HeldMember {
    fileprivate borrowing func size(in estimate: inout SizeEstimate) -> Int {
        estimate.size(of: member.key, member.value)
    }
}
