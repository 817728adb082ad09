/// Bytes that are written, with room for more.
///
/// Room is made first (`reserve`), then filled (`put…`): writes beyond what was reserved are stopped in debug builds only,
/// so every caller reserves what it puts.
@usableFromInline
package struct OutputBuffer: ~Copyable {
    /// Nil until there is something to write.
    @usableFromInline var base: UnsafeMutablePointer<UInt8>?
    @usableFromInline package private(set) var count = 0
    @usableFromInline var capacity: Int
    /// Whether the memory is somebody else's. Once there is too much for it, the bytes move into memory of their own.
    private(set) var isBorrowed = false

    /// An empty buffer. Memory is only taken for a capacity above zero, or once something is written.
    package init(capacity: Int = 0) {
        self.capacity = capacity
        base = capacity > 0 ? .allocate(capacity: capacity) : nil
    }

    /// Writes into `memory` for as long as it suffices; the memory has to outlive the buffer. Nil when there is none.
    init?(into memory: UnsafeMutableBufferPointer<UInt8>) {
        guard let start = memory.baseAddress else { return nil }
        base = start
        capacity = memory.count
        isBorrowed = true
    }

    deinit {
        if !isBorrowed { base?.deallocate() }
    }

    /// What was written; valid until more is.
    package var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

    package mutating func clear() { count = 0 }

    /// Where the bytes are, once room was made.
    @inlinable
    @inline(__always)
    var start: UnsafeMutablePointer<UInt8> {
        assert(base != nil, "nothing was reserved")
        return base.unsafelyUnwrapped
    }

    /// Makes room for `size` bytes.
    @inlinable
    @inline(__always)
    package mutating func reserve(_ size: Int) {
        if size > capacity &- count { grow(by: size) }
    }

    @usableFromInline
    @inline(never)
    mutating func grow(by size: Int) {
        let larger = max(capacity * 2, count + size, 64)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        if let base {
            moved.moveInitialize(from: base, count: count)
            if !isBorrowed { base.deallocate() }
        }
        base = moved
        capacity = larger
        isBorrowed = false
    }

    @inlinable
    @inline(__always)
    package mutating func put(_ byte: UInt8) {
        assert(count < capacity, "nothing was reserved")
        start[count] = byte
        count &+= 1
    }

    /// Puts the lowest `size` bytes of `word`, lowest first; needs room for eight.
    @inlinable
    @inline(__always)
    package mutating func put(_ word: UInt64, size: Int) {
        assert(count + 8 <= capacity, "nothing was reserved")
        UnsafeMutableRawPointer(start + count).storeBytes(of: word.littleEndian, as: UInt64.self)
        count &+= size
    }

    /// Puts sixteen bytes.
    @inlinable
    @inline(__always)
    package mutating func put(_ words: SIMD2<UInt64>) {
        assert(count + 16 <= capacity, "nothing was reserved")
        UnsafeMutableRawPointer(start + count).storeBytes(of: words, as: SIMD2<UInt64>.self)
        count &+= 16
    }

    /// Puts thirty-two bytes.
    @inlinable
    @inline(__always)
    package mutating func put(_ words: SIMD4<UInt64>) {
        assert(count + 32 <= capacity, "nothing was reserved")
        UnsafeMutableRawPointer(start + count).storeBytes(of: words, as: SIMD4<UInt64>.self)
        count &+= 32
    }

    @inlinable
    @inline(__always)
    package mutating func put(_ source: UnsafeBufferPointer<UInt8>) {
        assert(count + source.count <= capacity, "nothing was reserved")
        // Nothing has been reserved for nothing.
        guard source.count > 0, let first = source.baseAddress else { return }
        (start + count).update(from: first, count: source.count)
        count &+= source.count
    }

    /// Puts `count` times the same byte before what stands from `place` on.
    package mutating func insert(_ byte: UInt8, count size: Int, at place: Int) {
        precondition(place >= 0 && place <= count && size >= 0, "no such place")
        guard size > 0 else { return }
        reserve(size)
        (start + place + size).update(from: start + place, count: count - place)
        (start + place).update(repeating: byte, count: size)
        count += size
    }

    /// Takes off everything behind the first `count` bytes.
    package mutating func cut(to count: Int) {
        precondition(count >= 0 && count <= self.count, "no such place")
        self.count = count
    }

    /// Moves the last `size` bytes, sixteen at most, on by one and puts a point before them; needs room for sixteen more.
    @inlinable
    @inline(__always)
    package mutating func insertPoint(before size: Int) {
        let point = count &- size
        assert(point >= 0 && size <= 16 && point + 17 <= capacity, "nothing was reserved")
        let place = UnsafeMutableRawPointer(start + point)
        let words = place.loadUnaligned(as: (UInt64, UInt64).self)
        (place + 1).storeBytes(of: words, as: (UInt64, UInt64).self)
        start[point] = UInt8(ascii: ".")
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

    @inlinable
    @inline(__always)
    package mutating func append(_ byte: UInt8) {
        reserve(1)
        put(byte)
    }

    /// Appends a short text, as a word whose lowest byte comes first.
    @inlinable
    @inline(__always)
    package mutating func append(word: UInt64, size: Int) {
        reserve(8)
        put(word, size: size)
    }

    @inlinable
    package mutating func append(_ text: String) {
        text.withBytes { append($0) }
    }

    @inlinable
    package mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        reserve(bytes.count)
        put(bytes)
    }
}
