/// A set of positions in memory that is lent: which members or elements of one value have been evaluated.
struct EvaluatedSet {
    let count: Int
    private let words: UnsafeMutableBufferPointer<UInt64>

    /// Lends an empty set for `count` positions; small ones live on the stack.
    @inline(__always)
    static func withTemporary<Result>(count: Int, _ body: (EvaluatedSet) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: (count + 63) / 64) { words in
            words.initialize(repeating: 0)
            return body(EvaluatedSet(count: count, words: words))
        }
    }

    func insert(_ position: Int) { words[position >> 6] |= 1 << UInt64(position & 63) }

    func insertAll() { words.update(repeating: .max) }

    func contains(_ position: Int) -> Bool { words[position >> 6] & (1 << UInt64(position & 63)) != 0 }

    func formUnion(_ other: EvaluatedSet) { for index in words.indices { words[index] |= other.words[index] } }
}
