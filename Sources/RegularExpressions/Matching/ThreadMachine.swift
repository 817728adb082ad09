/// Follows all ways through a program at once, with the groups of each: time is text times program, whatever the pattern.
struct ThreadMachine {
    /// Slots of all threads at one place.
    private static let slotLimit = 1 << 22

    private let program: Program
    private let alphabet: Alphabet
    private let slotCount: Int
    private var current: Threads
    private var next: Threads
    private var explorer: ThreadExplorer

    init(_ program: Program, _ alphabet: Alphabet, slotCount: Int) {
        self.program = program
        self.alphabet = alphabet
        self.slotCount = slotCount
        current = Threads(size: program.size)
        next = Threads(size: program.size)
        explorer = ThreadExplorer(program, slotCount: slotCount)
    }

    /// The slots of the leftmost match at or behind `start`. Nil without a match, or when `steps` are used up.
    mutating func find(_ text: UnsafeBufferPointer<UInt8>, from start: Int, steps: inout Int) -> [Int]? {
        current.clear()
        next.clear()
        var best: [Int]?
        var position = start
        while steps >= 0 {
            if best == nil {
                explorer.forgetSlots()
                explorer.add(program.start, text, position, to: &current)
            } else if current.list.items.isEmpty {
                break
            }
            let read = position < text.count ? Scalars.at(text, position) : nil
            let symbol = read.map { Int(alphabet.classOf($0.scalar)) }
            let after = position + (read?.width ?? 0)
            threads: for (index, item) in current.list.items.enumerated() {
                switch program.instructions[Int(item)] {
                case .match:
                    best = Array(current.slots[index * slotCount..<(index + 1) * slotCount])
                    // Threads behind this one are less preferred.
                    break threads
                case .set(let set, let follower):
                    guard let symbol, alphabet.contains(set: set, symbol) else { continue }
                    explorer.takeSlots(current.slots, from: index * slotCount)
                    explorer.add(follower, text, after, to: &next)
                default: break
                }
            }
            steps -= 4 + current.list.items.count * 4 + current.slots.count
            swap(&current, &next)
            next.clear()
            guard symbol != nil else { break }
            position = after
            if current.slots.count > Self.slotLimit { steps = -1 }
        }
        return steps >= 0 ? best : nil
    }
}

/// Threads at one place in the text, in order of preference.
private struct Threads {
    var list: ItemList
    /// The slots of all items, one after the other.
    var slots: [Int] = []

    init(size: Int) { list = ItemList(size: size) }

    mutating func clear() {
        list.clear()
        slots.removeAll(keepingCapacity: true)
    }
}

/// Follows a thread to all instructions that it reaches without reading.
private struct ThreadExplorer {
    private enum Job {
        case visit(Int32)
        case restore(slot: Int, value: Int)
    }

    private let program: Program
    private var jobs: [Job] = []
    /// The slots of the thread that is followed.
    private var scratch: [Int]

    init(_ program: Program, slotCount: Int) {
        self.program = program
        scratch = [Int](repeating: -1, count: slotCount)
    }

    mutating func forgetSlots() {
        for slot in scratch.indices { scratch[slot] = -1 }
    }

    mutating func takeSlots(_ slots: [Int], from start: Int) {
        for slot in scratch.indices { scratch[slot] = slots[start + slot] }
    }

    /// Adds all threads that can be reached without reading; `scratch` has the slots of the first.
    mutating func add(
        _ start: Int32,
        _ text: UnsafeBufferPointer<UInt8>,
        _ position: Int,
        to threads: inout Threads
    ) {
        jobs.append(.visit(start))
        while let job = jobs.popLast() {
            switch job {
            case .restore(let slot, let value): scratch[slot] = value
            case .visit(let item): visit(item, text, position, to: &threads)
            }
        }
    }

    private mutating func visit(
        _ start: Int32,
        _ text: UnsafeBufferPointer<UInt8>,
        _ position: Int,
        to threads: inout Threads
    ) {
        var item = start
        while threads.list.mark(item) {
            switch program.instructions[Int(item)] {
            case .split(let first, let second):
                jobs.append(.visit(second))
                item = first
            case .save(let slot, let next):
                save(Int(slot), position)
                item = next
            case .forget(let first, let last, let next):
                for slot in Int(first) * 2...Int(last) * 2 + 1 { save(slot, -1) }
                item = next
            case .assertion(let assertion, let next):
                guard assertion.holds(text, position) else { return }
                item = next
            case .set, .match:
                threads.list.items.append(item)
                threads.slots.append(contentsOf: scratch)
                return
            default: return
            }
        }
    }

    private mutating func save(_ slot: Int, _ value: Int) {
        guard slot < scratch.count, scratch[slot] != value else { return }
        jobs.append(.restore(slot: slot, value: scratch[slot]))
        scratch[slot] = value
    }
}
