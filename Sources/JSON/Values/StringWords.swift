/// What a string is made of in memory: its bytes when it is short, else where they are.
///
/// Strings with the same words are the same string, which finds short keys in two comparisons. Different words say
/// nothing: the same bytes may stand in two places.
struct StringWords: Equatable {
    private let first: UInt64
    private let second: UInt64

    /// Only reads the memory that the string takes itself, without counting a reference. Its layout is not looked into, so
    /// any layout will do.
    @inline(__always)
    init(at text: UnsafePointer<String>) {
        let raw = UnsafeRawPointer(text)
        first = raw.loadUnaligned(as: UInt64.self)
        second = raw.loadUnaligned(
            fromByteOffset: MemoryLayout<String>.size - MemoryLayout<UInt64>.size,
            as: UInt64.self
        )
    }
}
