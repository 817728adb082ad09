/// Bytes that are written, with room for more.
///
/// Room is made first (`reserve`), then filled (`put…`): writes beyond what was reserved are stopped in debug builds only,
/// so every caller reserves what it puts.
struct OutputBuffer: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int) {
        self.capacity = max(capacity, 64)
        base = .allocate(capacity: self.capacity)
    }

    deinit { base.deallocate() }

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

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
        base.deallocate()
        base = moved
        capacity = larger
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

    @inline(__always)
    mutating func put(_ source: UnsafeBufferPointer<UInt8>) {
        assert(count + source.count <= capacity, "nothing was reserved")
        if let start = source.baseAddress { (base + count).update(from: start, count: source.count) }
        count &+= source.count
    }

    /// Sets a byte that is not yet counted.
    @inline(__always)
    mutating func set(_ byte: UInt8, ahead: Int) {
        assert(count + ahead < capacity, "nothing was reserved")
        base[count &+ ahead] = byte
    }

    @inline(__always)
    mutating func set(_ first: UInt8, _ second: UInt8, ahead: Int) {
        set(first, ahead: ahead)
        set(second, ahead: ahead &+ 1)
    }

    /// Moves the last `size` bytes on by one and puts a point before them; needs room for it.
    mutating func insertPoint(before size: Int) {
        assert(count < capacity && size <= count, "nothing was reserved")
        var position = count
        for _ in 0..<size {
            base[position] = base[position &- 1]
            position &-= 1
        }
        base[position] = UInt8(ascii: ".")
        count &+= 1
    }

    /// Counts bytes that have been set ahead.
    @inline(__always)
    mutating func skip(_ size: Int) {
        assert(count + size <= capacity, "nothing was reserved")
        count &+= size
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
