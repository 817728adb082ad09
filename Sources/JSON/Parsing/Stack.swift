/// A growing buffer of values that are finished but whose array or object is not.
///
/// It owns its elements: what is still in it when a parse fails is released with it.
struct Stack<Element>: ~Copyable {
    private var base: UnsafeMutablePointer<Element>
    private(set) var count = 0
    private var capacity: Int
    /// Whether the memory is somebody else's. Once there is too much for it, the elements move into memory of their own.
    private var isBorrowed: Bool

    init(capacity: Int) {
        base = .allocate(capacity: capacity)
        self.capacity = capacity
        isBorrowed = false
    }

    /// Keeps elements in `memory` for as long as it suffices; the memory has to outlive the stack.
    init(in memory: UnsafeMutableBufferPointer<Element>) {
        isBorrowed = memory.baseAddress != nil
        capacity = isBorrowed ? memory.count : 16
        base = memory.baseAddress ?? .allocate(capacity: 16)
    }

    deinit {
        base.deinitialize(count: count)
        if !isBorrowed { base.deallocate() }
    }

    subscript(position: Int) -> Element {
        @inline(__always) _read {
            precondition(position >= 0 && position < count, "no element at this position")
            yield base[position]
        }
        @inline(__always) _modify {
            precondition(position >= 0 && position < count, "no element at this position")
            yield &base[position]
        }
    }

    @inline(__always)
    mutating func push(_ element: consuming Element) {
        if count == capacity { grow() }
        (base + count).initialize(to: element)
        count &+= 1
    }

    @inline(__always)
    mutating func pop() -> Element {
        precondition(count > 0, "nothing to take")
        count &-= 1
        return (base + count).move()
    }

    /// Moves the elements from `start` on out of the stack: `body` gets their place and has to move all of them.
    @inline(__always)
    mutating func take<Result>(from start: Int, _ body: (UnsafeMutablePointer<Element>) -> Result) -> Result {
        precondition(start >= 0 && start <= count, "no element at this position")
        count = start
        return body(base + start)
    }

    /// The elements from `start` on.
    @inline(__always)
    func elements(from start: Int) -> UnsafeBufferPointer<Element> {
        precondition(start >= 0 && start <= count, "no element at this position")
        return UnsafeBufferPointer(start: base + start, count: count &- start)
    }

    @inline(never)
    private mutating func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: base, count: count)
        if !isBorrowed { base.deallocate() }
        base = larger
        capacity *= 2
        isBorrowed = false
    }
}
