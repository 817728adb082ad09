/// A value inside another one, looked at where it is.
///
/// Reading an element out of memory copies it, and a copy counts references, atomically: in a walk over a large value
/// that was half of the time. A value that cannot be copied is borrowed instead, for as long as the call takes. A struct
/// has the layout of its only member, so memory that holds the one holds the other.
package struct HeldValue: ~Copyable {
    package let value: JSONValue
}

/// A member of an object, looked at where it is.
package struct HeldMember: ~Copyable {
    package let member: JSONObject.Member
}

extension Array<JSONValue> {
    /// Calls `body` with the elements, which it may not keep.
    @inline(__always)
    func withHeld<Result>(_ body: (UnsafeBufferPointer<HeldValue>) -> Result) -> Result {
        withUnsafeBytes { body($0.assumingMemoryBound(to: HeldValue.self)) }
    }

    /// The elements where they are. Valid while somebody keeps this array, unchanged: its elements are in one piece of
    /// memory that does not move.
    package var held: UnsafeBufferPointer<HeldValue> { withHeld { $0 } }
}

extension JSONObject {
    /// Calls `body` with the members, which it may not keep.
    @inline(__always)
    func withHeld<Result>(_ body: (UnsafeBufferPointer<HeldMember>) -> Result) -> Result { members.withHeld(body) }

    /// The members where they are; valid while somebody keeps this object, unchanged.
    package var held: UnsafeBufferPointer<HeldMember> { withHeld { $0 } }

    /// Where the value of a member is; nil when there is none. Valid while somebody keeps this object, unchanged.
    package func place(ofKeyAt key: UnsafePointer<String>) -> UnsafePointer<HeldValue>? {
        guard let position = firstIndex(ofKeyAt: key), let start = held.baseAddress else { return nil }
        return (start + position).valuePlace
    }

    /// The positions of the members in the order of their keys, byte by byte; nil when they are in that order as they are.
    package var positionsByKey: [Int]? { withHeld { KeyOrder.positions($0) } }
}

extension ContiguousArray<JSONObject.Member> {
    @inline(__always)
    func withHeld<Result>(_ body: (UnsafeBufferPointer<HeldMember>) -> Result) -> Result {
        withUnsafeBytes { body($0.assumingMemoryBound(to: HeldMember.self)) }
    }
}

extension HeldValue {
    /// Where the value of a member is, for as long as this value is there; nil when this is no object or has none.
    package borrowing func place(ofKeyAt key: UnsafePointer<String>) -> UnsafePointer<HeldValue>? {
        if case .object(let object) = value { object.place(ofKeyAt: key) } else { nil }
    }
}

extension HeldMember {
    @inline(__always)
    borrowing func hasKey(before other: borrowing HeldMember) -> Bool {
        member.key.precedesByBytes(other.member.key)
    }

    /// The first eight bytes of the key as a number that is ordered as they are; zeros stand behind a shorter one.
    @inline(__always)
    borrowing func keyBeginning() -> UInt64 {
        member.key.withBytes { bytes in
            if bytes.count >= 8 { return bytes.word(at: 0).byteSwapped }
            return bytes.isEmpty ? 0 : bytes.lastWord(count: bytes.count).byteSwapped
        }
    }
}

extension UnsafePointer<HeldMember> {
    /// Where the member's value is.
    @inline(__always)
    package var valuePlace: UnsafePointer<HeldValue> {
        let offset = MemoryLayout<JSONObject.Member>.offset(of: \.value) ?? MemoryLayout<String>.stride
        return (UnsafeRawPointer(self) + offset).assumingMemoryBound(to: HeldValue.self)
    }
}
