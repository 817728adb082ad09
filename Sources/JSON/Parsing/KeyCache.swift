/// Remembers the keys of a text, so that the same key in a thousand objects is one string, made once.
///
/// Each key has one place; one that comes later to the same place takes it. Keys that meet in one place on purpose only
/// cost the time that the cache would save.
struct KeyCache: ~Copyable {
    /// What tells a key from others: up to sixteen bytes are the key itself, longer ones are compared in the text.
    struct Signature {
        /// The first eight bytes, or all of them.
        var first: UInt64
        /// The last eight bytes of a longer key; zero otherwise.
        var last: UInt64
        var count: Int

        @inline(__always)
        init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, count: Int) {
            self.count = count
            if count < 8 {
                first = bytes.shortWord(at: start, count: count)
                last = 0
            } else {
                first = bytes.word(at: start)
                last = bytes.word(at: start &+ count &- 8)
            }
        }

        @inline(__always)
        var hash: UInt64 {
            var hash = (first ^ UInt64(truncatingIfNeeded: count)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
            hash = (hash ^ last) &* 0xBF58_476D_1CE4_E5B9
            return hash ^ (hash >> 29)
        }
    }

    private struct Entry {
        var first: UInt64 = 0
        var last: UInt64 = 0
        /// Where the key stands in the text; -1 marks a free place.
        var offset = -1
        var count = 0
        var key = ""
    }

    private let entries: UnsafeMutablePointer<Entry>
    private let size: Int

    /// A cache for a text of `textSize` bytes. In a short one few keys come twice, so that there is none: filling its
    /// places would take longer than making the keys.
    init(textSize: Int) {
        size = textSize < 512 ? 0 : textSize < 1024 ? 16 : textSize < 16384 ? 64 : 512
        entries = .allocate(capacity: size)
        entries.initialize(repeating: Entry(), count: size)
    }

    deinit {
        entries.deinitialize(count: size)
        entries.deallocate()
    }

    /// Whether it remembers anything.
    @inline(__always)
    var isThere: Bool { size > 0 }

    /// The place of a key with this hash.
    @inline(__always)
    func place(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (size &- 1) }

    /// The key at `start` in the text, when `place` holds it.
    @inline(__always)
    func key(
        at place: Int,
        _ signature: Signature,
        _ bytes: UnsafeBufferPointer<UInt8>,
        from start: Int
    ) -> String? {
        let entry = entries + place
        guard entry.pointee.first == signature.first, entry.pointee.last == signature.last,
            entry.pointee.count == signature.count, entry.pointee.offset >= 0
        else { return nil }
        if signature.count > 16 {
            let known = UnsafeBufferPointer(
                rebasing: bytes[entry.pointee.offset..<entry.pointee.offset &+ signature.count]
            )
            let wanted = UnsafeBufferPointer(rebasing: bytes[start..<start &+ signature.count])
            guard known.isEqual(to: wanted) else { return nil }
        }
        return entry.pointee.key
    }

    @inline(__always)
    mutating func remember(_ key: String, at place: Int, _ signature: Signature, from start: Int) {
        let entry = entries + place
        entry.pointee = Entry(
            first: signature.first,
            last: signature.last,
            offset: start,
            count: signature.count,
            key: key
        )
    }
}
