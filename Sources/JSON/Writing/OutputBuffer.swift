/// Bytes that are written, with room for more.
///
/// Room is made first (`reserve`), then filled (`put…`): writes beyond what was reserved are stopped in debug builds only,
/// so every caller reserves what it puts.
struct OutputBuffer: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    private var capacity: Int
    /// Whether the memory is somebody else's. Once there is too much for it, the bytes move into memory of their own.
    private(set) var isBorrowed: Bool

    init(capacity: Int) {
        self.capacity = max(capacity, 64)
        base = .allocate(capacity: self.capacity)
        isBorrowed = false
    }

    /// Writes into `memory` for as long as it suffices; the memory has to outlive the buffer. Nil when there is none.
    init?(into memory: UnsafeMutableBufferPointer<UInt8>) {
        guard let start = memory.baseAddress else { return nil }
        base = start
        capacity = memory.count
        isBorrowed = true
    }

    deinit {
        if !isBorrowed { base.deallocate() }
    }

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

    mutating func clear() { count = 0 }

    /// Makes room for `size` bytes.
    @inline(__always)
    mutating func reserve(_ size: Int) {
        if size > capacity &- count { grow(by: size) }
    }

    @inline(never)
    private mutating func grow(by size: Int) {
        let larger = max(capacity * 2, count + size)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        moved.moveInitialize(from: base, count: count)
        if !isBorrowed { base.deallocate() }
        base = moved
        capacity = larger
        isBorrowed = false
    }

    @inline(__always)
    mutating func put(_ byte: UInt8) {
        assert(count < capacity, "nothing was reserved")
        base[count] = byte
        count &+= 1
    }

    /// Puts the lowest `size` bytes of `word`, lowest first; needs room for eight.
    @inline(__always)
    mutating func put(_ word: UInt64, size: Int) {
        assert(count + 8 <= capacity, "nothing was reserved")
        UnsafeMutableRawPointer(base + count).storeBytes(of: word.littleEndian, as: UInt64.self)
        count &+= size
    }

    /// Puts thirty-two bytes.
    @inline(__always)
    mutating func put(_ words: SIMD4<UInt64>) {
        assert(count + 32 <= capacity, "nothing was reserved")
        UnsafeMutableRawPointer(base + count).storeBytes(of: words, as: SIMD4<UInt64>.self)
        count &+= 32
    }

    @inline(__always)
    mutating func put(_ source: UnsafeBufferPointer<UInt8>) {
        assert(count + source.count <= capacity, "nothing was reserved")
        if let start = source.baseAddress { (base + count).update(from: start, count: source.count) }
        count &+= source.count
    }

    /// Moves the last `size` bytes, sixteen at most, on by one and puts a point before them; needs room for sixteen more.
    @inline(__always)
    mutating func insertPoint(before size: Int) {
        let start = count &- size
        assert(start >= 0 && size <= 16 && start + 17 <= capacity, "nothing was reserved")
        let place = UnsafeMutableRawPointer(base + start)
        let words = place.loadUnaligned(as: (UInt64, UInt64).self)
        (place + 1).storeBytes(of: words, as: (UInt64, UInt64).self)
        base[start] = UInt8(ascii: ".")
        count &+= 1
    }

    /// Appends bytes of `source` from `start` up to the first one that a string cannot hold as it is, or to the end.
    ///
    /// - Returns: Where it stopped, and bits that have those of all bytes that were appended, and perhaps of later ones.
    @inline(__always)
    mutating func appendStretch(
        of source: UnsafeBufferPointer<UInt8>,
        from start: Int
    ) -> (end: Int, seen: UInt64) {
        var position = start
        var seen = SIMD4<UInt64>()
        while position &+ 32 <= source.count {
            let words = source.words(at: position)
            let marks = WordScan.stops(words)
            seen |= words
            reserve(32)
            put(words)
            if !WordScan.isClear(marks) {
                let rest = WordScan.position(marks)
                count &-= 32 &- rest
                return (position &+ rest, WordScan.union(seen))
            }
            position &+= 32
        }
        while position < source.count, !WordScan.isStop(source[position]) {
            append(source[position])
            seen[0] |= UInt64(source[position])
            position &+= 1
        }
        return (position, WordScan.union(seen))
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        reserve(1)
        put(byte)
    }

    /// Appends a short text, as a word whose lowest byte comes first.
    @inline(__always)
    mutating func append(word: UInt64, size: Int) {
        reserve(8)
        put(word, size: size)
    }

    mutating func append(_ text: String) {
        text.withBytes { bytes in
            reserve(bytes.count)
            put(bytes)
        }
    }
}
