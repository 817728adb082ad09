/// Variables or arguments of a running template, the newest on top.
///
/// Memory of its own, so that a call of a function allocates nothing. The owner empties it with `release`.
struct ValueStack<Element> {
    private var memory: UnsafeMutablePointer<Element>?
    private(set) var count = 0
    private var capacity = 0

    subscript(index: Int) -> Element {
        @inline(__always) _read {
            precondition(index < count)
            yield memory.unsafelyUnwrapped[index]
        }
        set {
            precondition(index < count)
            memory.unsafelyUnwrapped[index] = newValue
        }
    }

    mutating func push(_ value: Element) {
        if count == capacity { grow() }
        (memory.unsafelyUnwrapped + count).initialize(to: value)
        count += 1
    }

    /// Takes off everything above `count` values.
    mutating func pop(to count: Int) {
        guard count < self.count, let memory else { return }
        (memory + count).deinitialize(count: self.count - count)
        self.count = count
    }

    /// The values from `start` on; valid until the stack changes.
    func top(from start: Int) -> UnsafeBufferPointer<Element> {
        precondition(start <= count)
        guard let memory else { return UnsafeBufferPointer(start: nil, count: 0) }
        return UnsafeBufferPointer(start: memory + start, count: count - start)
    }

    mutating func release() {
        pop(to: 0)
        memory?.deallocate()
        memory = nil
        capacity = 0
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: max(16, capacity * 2))
        if let memory {
            larger.moveInitialize(from: memory, count: count)
            memory.deallocate()
        }
        memory = larger
        capacity = max(16, capacity * 2)
    }
}
