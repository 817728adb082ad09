/// An element of an array, looked at where it is.
///
/// Reading an element out of memory copies it, and a copy counts references, atomically: in a walk over a large value
/// that was half of the time. A value that cannot be copied is borrowed instead, for as long as the call takes. A struct
/// has the layout of its only member, so memory that holds the one holds the other.
struct HeldValue: ~Copyable {
    let value: JSONValue
}

/// A member of an object, looked at where it is.
struct HeldMember: ~Copyable {
    let member: JSONObject.Member
}

extension Array<JSONValue> {
    /// Calls `body` with the elements, which it may not keep.
    @inline(__always)
    func withHeld<Result>(_ body: (UnsafeBufferPointer<HeldValue>) -> Result) -> Result {
        withUnsafeBytes { body($0.assumingMemoryBound(to: HeldValue.self)) }
    }
}

extension JSONObject {
    /// Calls `body` with the members, which it may not keep.
    @inline(__always)
    func withHeld<Result>(_ body: (UnsafeBufferPointer<HeldMember>) -> Result) -> Result { members.withHeld(body) }
}

extension ContiguousArray<JSONObject.Member> {
    @inline(__always)
    func withHeld<Result>(_ body: (UnsafeBufferPointer<HeldMember>) -> Result) -> Result {
        withUnsafeBytes { body($0.assumingMemoryBound(to: HeldMember.self)) }
    }
}
