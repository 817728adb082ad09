/// Finds the groups of a match whose ends are known, by trying ways in order of preference.
///
/// A set of bits keeps it from trying an instruction twice at one place, so that it is linear too.
struct GroupTracer {
    private struct Job {
        /// An instruction to go on at, or -1 less a slot that gets its old value back.
        var item: Int32
        /// An offset in the text, or the old value.
        var position: Int
    }

    /// Bits of instructions times places.
    private static let bitLimit = 1 << 18

    private let program: Program
    private let alphabet: Alphabet
    private var visited: [UInt64] = []
    private var jobs: [Job] = []

    init(_ program: Program, _ alphabet: Alphabet) {
        self.program = program
        self.alphabet = alphabet
    }

    func canTrace(_ range: Range<Int>) -> Bool { (range.count + 1) * program.size <= Self.bitLimit }

    /// Fills `slots` with the groups of the match in `range`; false if there is none, which would be a fault.
    mutating func trace(
        _ text: UnsafeBufferPointer<UInt8>,
        _ range: Range<Int>,
        _ slots: inout [Int],
        steps: inout Int
    ) -> Bool {
        let words = ((range.count + 1) * program.size + 63) / 64
        for index in 0..<min(words, visited.count) { visited[index] = 0 }
        if visited.count < words { visited += repeatElement(0, count: words - visited.count) }
        for slot in slots.indices { slots[slot] = -1 }
        jobs.removeAll(keepingCapacity: true)
        jobs.append(Job(item: program.start, position: range.lowerBound))
        steps -= words
        while let job = jobs.popLast() {
            if job.item < 0 {
                slots[Int(-1 - job.item)] = job.position
            } else if run(job, text, range, &slots, &steps) {
                return true
            }
        }
        return false
    }

    private mutating func run(
        _ job: Job,
        _ text: UnsafeBufferPointer<UInt8>,
        _ range: Range<Int>,
        _ slots: inout [Int],
        _ steps: inout Int
    ) -> Bool {
        var item = job.item
        var position = job.position
        while visit(item, position - range.lowerBound) {
            steps -= 1
            switch program.instructions[Int(item)] {
            case .match: return position == range.upperBound
            case .set(let set, let next):
                guard position < range.upperBound else { return false }
                let read = Scalars.at(text, position)
                guard alphabet.contains(set: set, Int(alphabet.classOf(read.scalar))) else { return false }
                position += read.width
                item = next
            case .split(let first, let second):
                jobs.append(Job(item: second, position: position))
                item = first
            case .save(let slot, let next):
                save(Int(slot), position, &slots)
                item = next
            case .forget(let first, let last, let next):
                for slot in Int(first) * 2...Int(last) * 2 + 1 { save(slot, -1, &slots) }
                item = next
            case .assertion(let assertion, let next):
                guard assertion.holds(text, position) else { return false }
                item = next
            default: return false
            }
        }
        return false
    }

    private mutating func visit(_ item: Int32, _ place: Int) -> Bool {
        let bit = place * program.size + Int(item)
        let mask: UInt64 = 1 << UInt64(bit & 63)
        if visited[bit >> 6] & mask != 0 { return false }
        visited[bit >> 6] |= mask
        return true
    }

    private mutating func save(_ slot: Int, _ value: Int, _ slots: inout [Int]) {
        guard slots[slot] != value else { return }
        jobs.append(Job(item: Int32(-1 - slot), position: slots[slot]))
        slots[slot] = value
    }
}
